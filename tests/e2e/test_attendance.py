"""A class on a phone: the session is entered, everybody is noted, one note is corrected, and the student reads why."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.looks import PHONE
from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e

TITLE = "Palpation of the shoulder"
LATE = "Ana Ferreira"


def line(page: Page, name: str) -> Locator:
    """Somebody's line on the roster."""
    return page.get_by_role("group", name=name)


def choose(page: Page, name: str, way: str) -> None:
    """Tap one of the three ways to have been there."""
    line(page, name).get_by_text(way, exact=True).click()


def plan(window: Visit) -> None:
    """From the teacher's side to the roster of a session that began an hour ago."""
    page = window.go("/teach/")
    page.get_by_role("link", name="Autumn evenings").click()
    window.examine("cohort")
    page.get_by_role("link", name="Plan a session").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Begins").fill(f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    page.get_by_label("Minutes that count").fill("120")
    page.get_by_label("Technique lab").check()
    window.examine("plan a session")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def test_a_class_is_noted_with_one_tap_and_a_note_is_corrected(visit: Callable[..., Visit]) -> None:
    teacher = visit("instructor@example.org")
    teacher.page.set_viewport_size(PHONE)
    plan(teacher)
    page = teacher.page
    teacher.examine("roster, nothing noted")
    minutes = line(page, LATE).get_by_label("Minutes")
    expect(minutes).to_be_hidden()
    choose(page, LATE, "Part")
    minutes.fill("1000")
    page.get_by_role("button", name="Everybody else was there").click()
    expect(line(page, LATE)).to_contain_text("Write from 0 to 120 minutes.")
    teacher.examine("roster, with an error")
    minutes.fill("45")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Noted for")).to_be_visible()
    expect(line(page, LATE)).to_contain_text("45 min, noted by")
    expect(page.get_by_role("button", name="Everybody else was there")).to_have_count(0)

    choose(page, LATE, "Not there")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why you correct what was noted.")
    expect(line(page, LATE).get_by_label("Not there")).to_be_checked()
    page.get_by_label("Why you correct what was noted").fill("Another Ana")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Noted for 1 person.")).to_be_visible()
    expect(page.locator(".history")).to_contain_text(f"corrected {LATE} from 45 to 0 min: Another Ana")
    teacher.examine("roster, corrected")

    student = visit("student@example.org")
    row = student.go("/learn/attendance/").get_by_role("row", name=re.compile(TITLE))
    expect(row).to_contain_text("Corrected from 45 to 0 min: Another Ana")
    student.examine("own attendance")
