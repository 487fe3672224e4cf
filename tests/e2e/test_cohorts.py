"""A cohort begins: the registrar makes it and pastes a list, the instructor finds the people, and one is taken off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looks import PHONE
from tests.e2e.newcomers import NAMES
from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e

PASTED = "Ines Novak <ines@example.org>\njonas@example.org\nnobody@example.org\nJonas@example.org\nkira@example.org"


def make(window: Visit) -> Page:
    """From the registrar's desk to the members of a new cohort, with an instructor who was searched for."""
    page = window.go("/registrar/")
    page.get_by_role("navigation", name="Registrar").get_by_role("link", name="Cohorts").click()
    window.examine("cohorts of the registrar")
    page.get_by_role("link", name="Make a cohort").click()
    page.get_by_label("Title").fill("Winter weekends")
    page.get_by_label("First day").fill(f"{datetime.now(UTC):%Y-%m-%d}")
    page.get_by_label("Find an instructor").fill("ingrid")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_label("Title")).to_have_value("Winter weekends")
    page.get_by_label("Ingrid Solberg").check()
    window.examine("make a cohort")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add members")
    return page


def test_a_list_is_pasted_looked_at_and_confirmed(visit: Callable[..., Visit]) -> None:
    registrar = visit("registrar@example.org")
    registrar.site.do("tests.e2e.newcomers")
    page = make(registrar)
    page.get_by_label("C1 · Foundations").check()
    page.get_by_label("E-mail addresses").fill(PASTED)
    page.get_by_role("button", name="Look at the list").click()
    expect(page.locator(".lede")).to_contain_text("3 people would be added to Winter weekends. 2 lines are left out.")
    lines = page.get_by_role("row")
    expect(lines.filter(has_text="nobody@example.org")).to_contain_text("Nobody has this address.")
    expect(lines.filter(has_text="Twice")).to_contain_text("Jonas@example.org")
    registrar.examine("list of members, line by line")
    page.get_by_role("button", name="Add 3 people").click()
    expect(page.get_by_text("3 people added to Winter weekends.")).to_be_visible()
    registrar.examine("cohort of the registrar")

    teacher = visit("instructor@example.org")
    teacher.page.set_viewport_size(PHONE)
    roster = teacher.go("/teach/")
    roster.get_by_role("link", name="Winter weekends").click()
    for name in NAMES:
        expect(roster.get_by_role("link", name=name)).to_be_visible()
    expect(roster.get_by_role("link", name="Add members")).to_have_count(0)
    roster.get_by_role("link", name=NAMES[0]).click()
    expect(roster.get_by_text("lessons completed")).to_be_visible()
    teacher.examine("member of a cohort")

    page.get_by_role("link", name=NAMES[1]).click()
    page.get_by_role("link", name="Take off the cohort").click()
    registrar.examine("take off the cohort")
    page.get_by_label("They go on with them without a cohort").check()
    page.get_by_label("Reason").fill("Works on Saturdays")
    page.get_by_role("button", name="Take off the cohort").click()
    expect(page.get_by_text("Jonas Weber is not in the cohort any more.")).to_be_visible()
    expect(page.get_by_text("1 person who left")).to_be_visible()
    page.get_by_role("link", name="Change the cohort").click()
    expect(page.locator(".history")).to_contain_text("Ruth Brandt made the cohort")
    registrar.examine("change the cohort")
