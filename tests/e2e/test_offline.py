"""When the network fails, when two tabs disagree, and what the clock shows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.answers import Answer, kept, right_answer, wrong_answer
from tests.e2e.player import answer_by_mouse, is_at, read_item
from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e

COUNT = re.compile(r"\d+:\d\d$")


def note(page: Page) -> str:
    """The title of what the player has to say."""
    return page.locator("[data-notes] .alert__title").inner_text()


def state_is(page: Page, state: str) -> None:
    """Wait until the player says so of the answer on the page."""
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", state)


def stored(student: Visit, attempt: str, slot: int) -> Answer | None:
    """The answer that the server has."""
    response = student.send("GET", attempt.strip("/") + "/")["items"][slot - 1]["response"]
    return response and response["answer"]


def begin(student: Visit, quiz: str) -> str:
    """Begin or go on; the address of the attempt."""
    student.go(f"/quizzes/{quiz}/")
    steps.start(student)
    # The script comes after the page; without a network it would never come.
    student.page.wait_for_load_state("networkidle")
    return steps.path_of(student.page)


def test_an_answer_given_offline_is_kept_and_sent_when_the_network_is_back(visit: Callable[..., Visit]) -> None:
    student = visit("graduate@example.org")
    student.tolerate("ERR_INTERNET_DISCONNECTED")
    student.tolerate("ERR_FAILED")
    student.context.route("**/questions/", lambda route: route.abort())  # It has no other question to go on with.
    attempt, page = begin(student, "his-quiz"), student.page
    item = read_item(page)

    student.context.set_offline(True)
    answer_by_mouse(page, item, right_answer(item))
    state_is(page, "offline")
    expect(page.locator("[data-notes]")).to_contain_text("What you answer is kept in this browser")
    page.get_by_role("button", name="Save and go on").click()
    is_at(page, 1)
    assert note(page) == "Offline"

    student.context.set_offline(False)
    state_is(page, "saved")
    expect(page.locator("[data-notes]")).to_be_empty()
    assert stored(student, attempt, 1) == kept(item, right_answer(item))


def test_an_answer_given_offline_outlives_its_tab(visit: Callable[..., Visit]) -> None:
    student = visit("graduate@example.org")
    student.tolerate("ERR_INTERNET_DISCONNECTED")
    student.tolerate("ERR_FAILED")
    attempt, page = begin(student, "src-quiz"), student.page
    page.get_by_role("button", name="Save and go on").click()
    is_at(page, 2)
    page.wait_for_load_state("networkidle")
    item = read_item(page)
    address = page.url

    student.context.set_offline(True)
    answer_by_mouse(page, item, right_answer(item))
    state_is(page, "offline")
    page.close()
    student.context.set_offline(False)
    assert stored(student, attempt, 2) is None

    # The network is back, but the server cannot be reached yet: the page has the answer all the same.
    student.context.route("**/responses/2/", lambda route: route.abort())
    page = student.context.new_page()
    student.watch(page)
    page.goto(address)
    state_is(page, "offline")
    assert stored(student, attempt, 2) is None

    student.context.unroute("**/responses/2/")
    page.reload()
    state_is(page, "saved")
    assert stored(student, attempt, 2) == kept(item, right_answer(item))
    page.reload()
    is_at(page, 2)
    assert page.evaluate("() => Object.keys(localStorage).filter((name) => name.startsWith('unsent-answer/'))") == []


def test_a_second_tab_does_not_overwrite_unseen_what_the_first_one_saved(visit: Callable[..., Visit]) -> None:
    student = visit("graduate@example.org")
    student.tolerate("status of 412")
    attempt, first = begin(student, "ori-quiz"), student.page
    item = read_item(first)
    second = student.context.new_page()
    student.watch(second)
    second.goto(first.url)
    is_at(second, 1)

    answer_by_mouse(first, item, wrong_answer(item))
    state_is(first, "saved")
    answer_by_mouse(second, item, right_answer(item))
    expect(second.locator("[data-notes]")).to_contain_text("Another page saved a newer answer")
    assert stored(student, attempt, 1) == kept(item, wrong_answer(item))

    second.get_by_role("button", name="Save this one instead").click()
    state_is(second, "saved")
    assert stored(student, attempt, 1) == kept(item, right_answer(item))

    # The first tab is the stale one now, and takes what is saved.
    first.get_by_label("Flag").check()
    expect(first.locator("[data-notes]")).to_contain_text("Another page saved a newer answer")
    first.get_by_role("button", name="Show the saved answer").click()
    is_at(first, 1)
    expect(first.get_by_label("Flag")).not_to_be_checked()
    assert stored(student, attempt, 1) == kept(item, right_answer(item))


def test_the_clock_counts_down_and_can_be_hidden(visit: Callable[..., Visit]) -> None:
    student = visit("graduate@example.org")
    begin(student, "foundations-exam")
    page = student.page
    left = page.locator(".timer__text")
    expect(left).to_have_text(COUNT)
    before = left.inner_text()
    expect(left).not_to_have_text(before)
    student.examine("player with a clock")

    page.get_by_role("button", name="Hide time").click()
    expect(left).to_be_hidden()
    page.get_by_role("button", name="Save and go on").click()
    is_at(page, 2)
    expect(page.get_by_role("button", name="Show time")).to_be_visible()
    expect(left).to_be_hidden()
    page.get_by_role("button", name="Show time").click()
    expect(left).to_be_visible()
