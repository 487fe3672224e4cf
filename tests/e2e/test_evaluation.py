"""A course is evaluated without a name: on a phone, with an answer forgotten, and what staff see of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.looks import PHONE
from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e


def test_a_graduate_evaluates_a_course_and_the_office_sees_that_somebody_did(visit: Callable[..., Visit]) -> None:
    graduate = visit("graduate@example.org")
    graduate.page.set_viewport_size(PHONE)
    page = graduate.go("/dashboard/")
    page.get_by_role("link", name=re.compile("Evaluate this course.*Understanding pain")).click()
    graduate.examine("evaluation")
    scales = page.get_by_role("group")
    for number in range(4):
        scales.nth(number).get_by_label("4").check()
    page.get_by_label("What helped you most?").fill("The figures.")
    page.get_by_role("button", name="Send without my name").click()
    # The browser, or the page after it, asks for the answer that is missing.
    expect(page.get_by_label("What helped you most?")).to_have_value("The figures.")
    scales.nth(4).get_by_label("does not apply").check()
    page.get_by_role("button", name="Send without my name").click()
    expect(page.get_by_text("Thank you. What you said is kept without your name.")).to_be_visible()
    expect(page.get_by_role("link", name="Tell us what you think of it")).to_have_count(0)
    graduate.go("/dashboard/")
    expect(page.get_by_role("link", name=re.compile("Evaluate this course"))).to_have_count(0)

    office = visit("registrar@example.org")
    page = office.go("/teach/cohorts/")
    page.get_by_role("link", name="Course evaluations").click()
    office.examine("evaluations")
    page.get_by_role("row", name=re.compile("Understanding pain")).get_by_role("link").click()
    expect(page.get_by_text("The results appear once there are 5.")).to_be_visible()
    expect(page.get_by_text("The figures.")).to_have_count(0)
    office.examine("evaluations of a course")
