"""A refused candidate appeals; the registrar gives it to somebody else, who upholds it; the registrar sees the task."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.appeals import APPELLANT
from tests.e2e.visit import PASSWORD, Visit

pytestmark = pytest.mark.e2e

TITLE = "The paper was there"
SECRET = "For the school alone"


def test_an_appeal_from_the_refusal_to_the_task(visit: Callable[..., Visit]) -> None:
    registrar = visit("registrar@example.org")
    registrar.site.do("tests.e2e.appeals")

    candidate = visit(APPELLANT)
    page = candidate.go("/certification/foundations/")
    page.get_by_role("link", name="Appeal against this decision").click()
    expect(page.get_by_label("Appeal")).to_be_checked()
    candidate.examine("open a case")
    page.get_by_label("In short").fill(TITLE)
    page.get_by_role("button", name="Send it to the school").click()
    # Nothing that was typed is lost.
    expect(page.get_by_label("In short")).to_have_value(TITLE)
    page.get_by_label("What happened, and what you ask for").fill("I handed it in on the first day.")
    page.get_by_role("button", name="Send it to the school").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    candidate.examine("own case")
    candidate.go("/certification/cases/")
    candidate.examine("own cases")

    page = registrar.go("/registrar/cases/")
    registrar.examine("registrar, cases")
    page.get_by_role("link", name=TITLE).click()
    registrar.examine("registrar, case")
    people = page.get_by_label("Give it to", exact=True).locator("option").all_inner_texts()
    # Who refused the application is no third person.
    assert "Ruth Brandt" not in people
    page.get_by_label("Give it to", exact=True).select_option(label="Samuel Okafor")
    page.get_by_role("button", name="Give it to them").click()
    page.get_by_label("Note", exact=True).fill(SECRET)
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text(SECRET)).to_be_visible()

    decider = visit("examiner@example.org")
    page = decider.go("/examine/")
    page.get_by_role("link", name="Look at what you were given").click()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_label("Uphold").check()
    page.get_by_label("Reason", exact=True).fill("It was there in time.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Upheld").first).to_be_visible()

    page = candidate.go("/certification/cases/")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text("It was there in time.")).to_be_visible()
    expect(page.get_by_text(SECRET)).to_have_count(0)
    candidate.examine("own case, upheld")

    page = registrar.go("/registrar/cases/")
    expect(page.get_by_role("heading", name="Upheld: look at what follows")).to_be_visible()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="The application and its decision").first.click()
    expect(page.get_by_role("heading", name="Decision")).to_be_visible()


def test_an_audit_pack_and_ones_own_data_are_taken(visit: Callable[..., Visit]) -> None:
    registrar = visit("registrar@example.org")
    page = registrar.go("/registrar/audit-pack/")
    registrar.examine("registrar, audit pack")
    page.get_by_label("Cohort").select_option(index=1)
    with page.expect_download() as pack:
        page.get_by_role("button", name="Make the pack").click()
    assert pack.value.suggested_filename.startswith("audit-")

    # A session of its own, in which the password was not given once more yet.
    student = visit()
    student.log_in("student@example.org")
    page = student.go("/accounts/data/")
    student.examine("own data")
    page.get_by_role("button", name="Download my data").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_download() as own:
        page.get_by_role("button", name="Go on").click()
    assert own.value.suggested_filename.startswith("my-data-")
