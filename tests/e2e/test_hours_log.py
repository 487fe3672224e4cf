"""Supervised practice in a browser: sessions approved together, a case report returned and handed in anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e

STUDENT, NAME = "student2@example.org", "Tomasz Nowak"
PHONE = {"width": 360, "height": 800}
TEXT = " ".join(["the client felt less pain after gliding strokes and slept well"] * 80)
AGAIN = f"{TEXT} rotation was measured in degrees before and after"


def log_session(page: Page, client: str, hour: str, note: str = "") -> None:
    """Fill the form and save it; `client` is how the choice begins."""
    choices = page.get_by_label("Client", exact=True)
    labels = choices.locator("option").all_inner_texts()
    choices.select_option(label=next(label for label in labels if label.startswith(client)))
    page.get_by_label("Supervised by").select_option(label="Ingrid Solberg")
    page.get_by_label("Day").fill((datetime.now(UTC) - timedelta(days=2)).date().isoformat())
    page.get_by_label("From").fill(hour)
    page.get_by_label("Minutes").fill("60")
    page.get_by_label("School clinic").check()
    page.get_by_label("Head and neck").check()
    page.get_by_label("Gliding strokes").check()
    page.get_by_label("Note").fill(note)
    page.get_by_role("button", name="Save the session").click()


def test_sessions_are_logged_without_names_and_approved_together(visit: Callable[..., Visit]) -> None:
    student = visit(STUDENT)
    student.page.set_viewport_size(PHONE)
    page = student.go("/hours/")
    student.examine("hours log, empty")
    page.get_by_role("link", name="Log a session").click()
    student.examine("log a session")
    log_session(page, "Someone new (will be C-01)", "09:00", "Worked with Anna Schmidt")
    expect(page.get_by_role("alert")).to_contain_text("This was not saved yet")
    expect(page.get_by_text("Anna Schmidt”. Take it out")).to_be_visible()
    expect(page.get_by_label("Minutes")).to_have_value("60")
    student.examine("log a session, refused")
    page.get_by_label("Note").fill("Rotation better.")
    page.get_by_role("button", name="Save the session").click()
    expect(page.get_by_text("Session with C-01 saved. Ingrid Solberg approves it.")).to_be_visible()
    further = (("Someone new (will be C-02)", "10:30"), ("C-01", "10:00"), ("Someone new (will be C-03)", "12:00"))
    for client, hour in further:
        log_session(student.go("/hours/new/"), client, hour)
    expect(page.get_by_text("Overlaps with another entry")).to_have_count(2)
    student.examine("hours log")
    page.get_by_role("button", name=re.compile("^Take back C-02")).click()
    expect(page.get_by_text("The entry is taken back.")).to_be_visible()
    expect(page.get_by_text("Overlaps with another entry")).to_have_count(0)

    supervisor = visit("instructor@example.org")
    supervisor.page.set_viewport_size(PHONE)
    page = supervisor.go("/teach/")
    page.get_by_role("main").get_by_role("link", name="Supervision").click()
    supervisor.examine("supervised sessions")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Tick the sessions first.")).to_be_visible()
    rows = page.locator(".entries", has_text=NAME).get_by_role("checkbox")
    expect(rows).to_have_count(3)
    rows.first.check()
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_text("Say why you refuse it.")).to_be_visible()
    expect(rows.first).to_be_checked()
    page.get_by_label("Reason").fill("I was not in the room")
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_text("1 session refused; the student reads why.")).to_be_visible()

    plain = visit("instructor@example.org", javascript=False)
    page = plain.go("/supervise/")
    page.locator(".entries", has_text=NAME).get_by_role("link", name="Tick these 2").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("2 sessions approved.")).to_be_visible()
    expect(page.get_by_role("heading", name=NAME)).to_have_count(0)

    page = student.go("/hours/")
    expect(page.get_by_text("I was not in the room")).to_be_visible()
    expect(page.get_by_text("Approved", exact=True)).to_have_count(2)
    student.examine("hours log, decided")


def judge(page: Page, points: str, outcome: str, comment: str) -> None:
    """Give every criterion the same points."""
    for row in page.locator(".three-way").all():
        row.get_by_text(points, exact=True).click()
    page.get_by_label("To the student").fill(comment)
    page.get_by_label(outcome, exact=True).check()
    page.get_by_role("button", name="Save the judgement").click()
    expect(page.get_by_text("reads it now.")).to_be_visible()


def test_a_case_report_is_returned_and_handed_in_anew(visit: Callable[..., Visit]) -> None:
    student = visit("student@example.org")
    log_session(student.go("/hours/new/"), "Someone new", "15:00")
    page = student.go("/case-reports/")
    student.examine("case reports, none")
    page.get_by_role("link", name="Hand in a report").click()
    student.examine("hand in a report")
    clients = page.get_by_label("Client", exact=True)
    clients.select_option(index=clients.locator("option").count() - 1)
    page.get_by_label("Title").fill("Neck pain in a baker")
    page.get_by_label("Report as text").fill(TEXT)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("Without the client's written consent there is no report.")).to_be_visible()
    expect(page.get_by_label("Report as text")).to_have_value(TEXT)
    page.get_by_label(re.compile("^The client has read")).check()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("Your report is handed in.")).to_be_visible()
    student.examine("case report, handed in")

    reader = visit("examiner@example.org")
    reader.page.set_viewport_size(PHONE)
    page = reader.go("/examine/")
    page.get_by_role("main").get_by_role("link", name="Supervision").click()
    page.get_by_role("link", name="Case reports", exact=True).click()
    reader.examine("case reports to read")
    page.get_by_role("link", name="Neck pain in a baker").click()
    reader.examine("case report, to judge")
    judge(page, "partly", "Returned", "Say what you measured.")

    page = student.go("/case-reports/")
    page.get_by_role("link", name="Read why, and hand it in anew").click()
    expect(page.get_by_text("Say what you measured.")).to_be_visible()
    student.examine("case report, returned")
    page.get_by_role("link", name="Hand in anew").click()
    expect(page.get_by_label("Report as text")).to_have_value(TEXT)
    student.examine("hand in anew")
    page.get_by_label("Report as text").fill(AGAIN)
    page.get_by_label(re.compile("^The client has read")).check()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("heading", name="Editions")).to_be_visible()

    page = reader.go("/supervise/case-reports/")
    page.get_by_role("row", name=re.compile("Neck pain in a baker")).get_by_role("link").click()
    judge(page, "there", "Accepted", "")
    page = student.go("/case-reports/")
    expect(page.locator(".ledger__item", has_text="Neck pain in a baker")).to_contain_text("Accepted")
    student.examine("case reports")
