"""An exam as it happens: no network for a while, a stopped clock, time given, time up, and what the browser keeps."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player import is_at
from tests.e2e.server import Site
from tests.e2e.test_offline import state_is
from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e

PERSON = "student2@example.org"
KEPT = """async () => [
  ...(await caches.keys()),
  ...Object.keys(localStorage).filter((name) => /^(unsent-answer|known-answer)/.test(name)),
]"""


class Room:
    """Somebody at an attempt, and the hands of those who run the exam."""

    def __init__(self, site: Site, window: Visit, seconds: int = 3600) -> None:
        self.site, self.window, self.page = site, window, window.page
        self.attempt = self.do("begin", PERSON, str(seconds)).split()[-1]

    def do(self, action: str, *words: str) -> str:
        """Something that staff does on the other side."""
        return self.site.do("tests.e2e.conditions", action, *words)

    def open(self, slot: int = 1) -> Page:
        """The page of a question."""
        self.window.go(f"/attempts/{self.attempt}/?slot={slot}")
        is_at(self.page, slot)
        return self.page

    def ask(self) -> None:
        """The page asks how things stand, as it does every few seconds."""
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def keep_asking(self) -> None:
        """Ask until an answer can only be younger than this call: one that is on its way already may be older."""
        self.page.evaluate(
            """() => {
              const again = setInterval(() => dispatchEvent(new Event("online")), 300);
              setTimeout(() => clearInterval(again), 3000);
            }"""
        )

    def responses(self) -> list[Any]:
        """What the server has of each question."""
        items = self.window.send("GET", f"attempts/{self.attempt}/")["items"]
        return [item["response"] for item in items]

    def wait_for_questions(self) -> None:
        """Until the browser has kept the questions of the attempt."""
        expect(self.page.locator("[data-player][data-kept]")).to_be_attached(timeout=15_000)


@pytest.fixture
def room(site: Site, visit: Callable[..., Visit]) -> Callable[..., Room]:
    return lambda seconds=3600: Room(site, visit(PERSON), seconds)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Save and go on").click()


def test_without_the_network_one_goes_on_and_nothing_is_lost(room: Callable[..., Room]) -> None:
    exam = room()
    exam.window.tolerate("ERR_INTERNET_DISCONNECTED")
    page, network = exam.open(), exam.window.context
    exam.wait_for_questions()

    network.set_offline(True)
    notes = page.locator("[data-notes]")
    expect(notes).to_contain_text("Answers not sent yet: 0")
    page.locator(".option").nth(1).click()
    page.get_by_label("Fairly sure").check()
    expect(notes).to_contain_text("Answers not sent yet: 1")
    exam.window.examine("player without the network")
    go_on(page)
    is_at(page, 2)
    assert page.url.endswith("?slot=2")
    expect(page.locator(".dot--current")).to_contain_text("2")
    page.locator('[data-move="down"]').first.click()
    go_on(page)
    is_at(page, 3)
    assert page.locator(".plate__image").evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 400
    page.locator(".hotspot__surface").click(position={"x": 40, "y": 40})
    page.get_by_label("Flag").check()
    go_on(page)
    is_at(page, 4)
    page.get_by_role("textbox").fill("Slowly, and you can stop me.")
    expect(notes).to_contain_text("Answers not sent yet: 4")
    state_is(page, "offline")

    # Back and forth: what was given stands there again.
    page.locator(".dot", has_text="1").first.click()
    is_at(page, 1)
    expect(page.locator(".option__input").nth(1)).to_be_checked()
    expect(page.get_by_label("Fairly sure")).to_be_checked()
    page.go_back()
    is_at(page, 4)
    expect(page.get_by_role("textbox")).to_have_value("Slowly, and you can stop me.")
    page.get_by_role("button", name="Overview").click()
    is_at(page, 4)

    network.set_offline(False)
    expect(notes).to_be_empty()
    state_is(page, "saved")
    first, second, third, fourth, *rest = exam.responses()
    assert (first["confidence"], len(second["answer"]["order"])) == (2, 4)
    assert (len(third["answer"]["points"]), third["flagged"]) == (1, True)
    assert fourth["answer"] == {"text": "Slowly, and you can stop me."}
    assert rest == [None, None]
    assert [row["revision"] for row in (first, third, fourth)] == [1, third["revision"], 1]

    # The page goes on as a page, and hands in; then nothing is kept.
    page.get_by_role("button", name="Previous").click()
    is_at(page, 3)
    page.get_by_role("button", name="Overview").click()
    page.wait_for_url("**/summary/")
    exam.window.examine("overview with certainty")
    page.get_by_role("button", name="Hand in my answers").click()
    page.wait_for_url("**/result/")
    assert page.evaluate(KEPT) == []


def test_an_answer_saved_before_the_network_failed_is_there_while_it_fails(room: Callable[..., Room]) -> None:
    exam = room()
    exam.window.tolerate("ERR_INTERNET_DISCONNECTED")
    page = exam.open()
    exam.wait_for_questions()
    page.locator(".option").nth(2).click()
    state_is(page, "saved")
    expect(page.locator('[data-save-state] [data-part="time"]')).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))
    go_on(page)
    is_at(page, 2)
    exam.wait_for_questions()

    exam.window.context.set_offline(True)
    expect(page.locator("[data-notes]")).to_contain_text("Offline")
    page.get_by_role("button", name="Previous").click()
    is_at(page, 1)
    expect(page.locator(".option__input").nth(2)).to_be_checked()
    page.locator(".option").nth(0).click()
    exam.window.context.set_offline(False)
    state_is(page, "saved")
    assert exam.responses()[0]["revision"] == 2, "no conflict with one's own earlier answer"


def test_a_stopped_clock_covers_the_question_and_keeps_the_answer(room: Callable[..., Room]) -> None:
    exam = room()
    exam.window.tolerate("status of 409")
    page = exam.open(5)
    exam.do("pause", exam.attempt)
    page.locator('.numeric input[name="answer"]').fill("20")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Paused by the invigilator")
    expect(page.locator("[data-unsent]")).to_contain_text("1")
    expect(page.locator(".question__stem")).to_have_count(0)
    assert exam.responses() == []
    exam.window.examine("paused")

    exam.do("resume", exam.attempt)
    exam.ask()
    is_at(page, 5)
    expect(page.locator('.numeric input[name="answer"]')).to_have_value("20")
    state_is(page, "saved")
    assert exam.responses()[4]["answer"] == {"value": 20}


def test_time_that_is_given_is_said(room: Callable[..., Room]) -> None:
    exam = room(300)
    page = exam.open()
    exam.do("give", exam.attempt, "600")
    exam.keep_asking()
    expect(page.locator(".timer__note")).to_have_text("You have 10 more minutes.")
    expect(page.locator("#announcer")).to_have_text("You have 10 more minutes.")
    expect(page.locator(".timer__text")).to_contain_text(re.compile(r"1[34]:\d\d"))
    exam.window.examine("player with more time")
    # Given while no page is open that could hear of it, it is said on the next one.
    page.goto("about:blank")
    exam.do("give", exam.attempt, "60")
    exam.open(slot=2)
    expect(page.locator(".timer__note")).to_have_text("You have 1 more minute.")


def test_at_the_end_of_the_time_the_answers_are_handed_in(room: Callable[..., Room]) -> None:
    exam = room(12)
    page = exam.open()
    page.locator(".option").nth(1).click()
    state_is(page, "saved")
    page.wait_for_url("**/result/", timeout=40_000)
    assert page.evaluate(KEPT) == []


def test_what_is_handed_in_elsewhere_leads_to_the_result(room: Callable[..., Room]) -> None:
    exam = room()
    page = exam.open()
    exam.window.send("POST", f"attempts/{exam.attempt}/submit/")
    exam.ask()
    page.wait_for_url("**/result/")


def test_on_a_phone_a_case_is_folded_up_once_it_was_read(room: Callable[..., Room]) -> None:
    exam = room()
    exam.page.set_viewport_size({"width": 360, "height": 740})
    page = exam.open(5)
    expect(page.get_by_text("Case: question 1 of 2")).to_be_visible()
    expect(page.get_by_text("A runner of 34.")).to_be_visible()
    exam.window.examine("case on a phone")
    go_on(page)
    is_at(page, 6)
    expect(page.get_by_text("A runner of 34.")).to_be_hidden()
    page.get_by_text("Case: question 2 of 2").click()
    expect(page.get_by_text("A runner of 34.")).to_be_visible()


def test_logging_out_leaves_nothing_behind(site: Site, visit: Callable[..., Visit]) -> None:
    window = visit()
    window.log_in(PERSON)  # A session of its own: the others go on.
    exam = Room(site, window)
    page = exam.open()
    exam.wait_for_questions()
    page.locator(".option").nth(1).click()
    state_is(page, "saved")
    assert page.evaluate(KEPT)
    window.go("/dashboard/")
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(lambda url: "/dashboard/" not in url)
    assert page.evaluate(KEPT) == []
