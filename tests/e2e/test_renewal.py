"""Renewing a certificate in a browser: hand in, be looked at, sign anew, be renewed, and the old number says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e

EMAIL = "renata@journey.example"
TITLE = "Neuromuscular Therapy Practitioner"


def test_from_continuing_education_to_the_next_certificate(visit: Callable[..., Visit], tmp_path: Path) -> None:
    file = tmp_path / "ethics.pdf"
    file.write_bytes(b"%PDF-1.7 a certificate of continuing education")
    desk = visit("registrar@example.org")
    number = desk.site.do("tests.e2e.renewal_before", EMAIL).strip()

    holder = visit()
    holder.log_in(EMAIL)
    page = holder.go("/dashboard/")
    holder.examine("dashboard with a renewal")
    page.get_by_role("link", name="See the renewal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Renewal")
    expect(page.get_by_role("main")).to_contain_text("21 of 24 hours")
    expect(page.get_by_role("main")).to_contain_text("0 of 3 hours")
    expect(page.get_by_role("button", name="Sign and apply")).to_have_count(0)
    holder.examine("renewal, something missing")

    page.get_by_role("link", name="Hand in continuing education").first.click()
    page.get_by_label("What you attended").fill("Ethics at the table")
    page.get_by_label("Provider").fill("A school far away")
    page.get_by_label("What it was about").select_option(label="Ethics")
    page.get_by_label("How it was taken").select_option(label="Live")
    page.get_by_label("Hours").fill("3")
    page.get_by_label("Completed on").fill(page.evaluate("new Date(Date.now() - 864e5).toISOString().slice(0, 10)"))
    page.get_by_label("Evidence", exact=True).set_input_files(file)
    holder.examine("continuing education, form")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("main")).to_contain_text("With the school")

    window = desk.go("/registrar/continuing-education/")
    desk.examine("registrar, continuing education")
    window.get_by_role("link", name=re.compile(r"Look at it\W+Ethics at the table")).click()
    desk.examine("registrar, one claim")
    window.get_by_role("button", name="Save").click()
    expect(window.get_by_role("main")).not_to_contain_text("Ethics at the table")

    page = holder.go(f"/certification/renewal/{number}/")
    expect(page.get_by_role("main")).to_contain_text("3 of 3 h count")
    for box in page.locator(".renewal-statements").get_by_role("checkbox").all():
        box.check()
    holder.examine("renewal, to be signed")
    page.get_by_role("button", name="Sign and apply").click()
    expect(page.get_by_role("heading", name="With the registrar")).to_be_visible()
    holder.examine("renewal, applied")

    window = desk.go("/registrar/renewals/")
    desk.examine("registrar, renewals")
    window.get_by_role("link", name=re.compile(r"Decide\W+Renata Holder")).click()
    desk.examine("registrar, renewal")
    window.get_by_label("Award").check()
    window.get_by_label("Reason").or_(window.get_by_label("Auditor’s note")).fill("The evidence was looked at.")
    window.get_by_role("button", name="Decide").click()
    window.wait_for_url("**/registrar/certificates/**")
    successor = window.get_by_role("heading", level=1).inner_text()
    assert successor != number

    page = holder.go(f"/certification/renewal/{number}/")
    page.get_by_role("link", name="See the certificate").click()
    expect(page.get_by_role("main")).to_contain_text(successor)
    anyone = visit()
    expect(anyone.go(f"/verify/{successor}/").get_by_text("This certificate is valid")).to_be_visible()
    expect(anyone.go(f"/verify/{number}/").get_by_role("main")).to_contain_text("Replaced on renewal")
