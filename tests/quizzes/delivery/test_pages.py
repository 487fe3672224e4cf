"""Taking a quiz with forms alone: every step is a button, a POST and a redirect."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from quizzes.attempts.models import Attempt, Response
from tests.quizzes.making import SIX_TYPES, choices, make_assessment, make_question, right, wrong

pytestmark = pytest.mark.django_db


class Fields(HTMLParser):
    """The forms of a page as a browser would post them untouched, and the buttons they have."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.buttons: dict[str, set[str]] = {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        found = {name: value or "" for name, value in attributes}
        name = found.get("name", "")
        if tag == "select":
            self._select = name
            self.values.setdefault(name, [])
        elif tag == "option" and self._select and "selected" in found:
            self.values[self._select] = [found["value"]]
        elif tag == "button" and name:
            self.buttons.setdefault(name, set()).add(found.get("value", ""))
        elif tag == "input" and name:
            if found.get("type") in {"checkbox", "radio"} and "checked" not in found:
                return
            self.values.setdefault(name, []).append(found.get("value", "on"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


@pytest.fixture
def browser(client: Any, student: Any, clock: Any) -> Any:
    client.force_login(student)
    return client


def form_of(slug: str, answer: dict[str, Any]) -> dict[str, Any]:
    """What a browser posts for an answer."""
    if slug in {"single_choice", "multiple_response"}:
        return {"answer": answer.get("choice") or answer.get("choices")}
    if slug == "true_false":
        return {"answer": "true" if answer["value"] else "false"}
    if slug == "numeric":
        return {"answer": str(answer["value"])}
    if slug == "matching":
        return {f"pair-{prompt}": option for prompt, option in answer["pairs"].items()}
    return {f"position-{element}": str(place) for place, element in enumerate(answer["order"], start=1)}


def read(browser: Any, attempt: Attempt, slot: int) -> tuple[str, Fields]:
    page = browser.get(f"/attempts/{attempt.uuid}/?slot={slot}")
    assert page.status_code == 200
    text = page.content.decode()
    return text, Fields(text)


def press(browser: Any, attempt: Attempt, slot: int, go: str, **given: Any) -> str:
    """Fill in the page of a slot and press a button that it has; gives where the browser lands."""
    _text, fields = read(browser, attempt, slot)
    assert go in fields.buttons["go"], f"there is no button {go!r}"
    body = {name: values for name, values in fields.values.items() if values}
    body.update(given)
    response = browser.post(f"/attempts/{attempt.uuid}/", {**body, "go": go})
    assert response.status_code == 302
    return response["Location"]


def current(attempt: Attempt, slot: int) -> Response | None:
    return Response.objects.filter(item__attempt=attempt, item__slot=slot, counted=True).order_by("-sequence").first()


def test_a_quiz_from_its_start_page_to_the_review(quiz_of: Any, browser: Any) -> None:
    quiz = quiz_of(SIX_TYPES, said="zqsaidqz", cut_percent=50)
    page = browser.get(f"/quizzes/{quiz.code}/").content.decode()
    assert "Start" in page
    started = browser.post(f"/quizzes/{quiz.code}/")
    attempt = Attempt.objects.get(assessment=quiz)
    assert started["Location"] == f"/attempts/{attempt.uuid}/"
    here = f"/attempts/{attempt.uuid}/"

    for slot, slug in enumerate(SIX_TYPES, start=1):
        last = slot == len(SIX_TYPES)
        landed = press(browser, attempt, slot, "summary" if last else "next", **form_of(slug, right(attempt, slot)))
        assert landed == (f"{here}summary/" if last else f"{here}?slot={slot + 1}")
        # What was saved stands in the form again, and pressing on without a change stores nothing.
        _text, fields = read(browser, attempt, slot)
        assert fields.values["revision"] == ["1"]
        press(browser, attempt, slot, "summary" if last else "next")
        assert current(attempt, slot).sequence == 1  # type: ignore[union-attr]
    assert {row.input_mode for row in Response.objects.all()} == {"form"}

    assert press(browser, attempt, 3, "previous") == f"{here}?slot=2"
    assert press(browser, attempt, 3, "5") == f"{here}?slot=5", "a dot leads anywhere"
    press(browser, attempt, 3, "next", flagged="on")
    assert current(attempt, 3).flagged  # type: ignore[union-attr]
    press(browser, attempt, 2, "next", answer=[])
    assert current(attempt, 2).data is None  # type: ignore[union-attr]

    overview = browser.get(f"{here}summary/").content.decode()
    assert "1 question is still open" in overview
    assert "You flagged 1 question" in overview
    assert "zqsaidqz" not in overview
    done = browser.post(f"{here}submit/")
    assert done["Location"] == f"{here}result/"
    result = browser.get(f"{here}result/").content.decode()
    assert re.search(r"You passed, 83\.33", result)
    assert "5 of 6 marks" in result
    review = browser.get(f"{here}review/").content.decode()
    assert "zqsaidqz" in review
    assert "Not answered" in review


def test_every_answer_stands_in_its_form_again(quiz_of: Any, begin: Any, browser: Any) -> None:
    attempt = begin(quiz_of())
    for slot, slug in enumerate(SIX_TYPES, start=1):
        sent = form_of(slug, wrong(attempt, slot))
        press(browser, attempt, slot, "summary", **sent)
        _text, fields = read(browser, attempt, slot)
        for name, value in sent.items():
            assert fields.values[name] == (value if isinstance(value, list) else [value]), slug


def test_what_does_not_fit_is_said_and_not_saved(quiz_of: Any, begin: Any, browser: Any) -> None:
    attempt = begin(quiz_of(["numeric"]))
    landed = press(browser, attempt, 1, "summary", answer="1.000.000")
    assert landed == f"/attempts/{attempt.uuid}/?slot=1"
    assert current(attempt, 1) is None
    assert "alert" in browser.get(landed).content.decode()


def test_a_stale_form_does_not_overwrite_a_newer_answer(quiz_of: Any, begin: Any, browser: Any) -> None:
    attempt = begin(quiz_of(["single_choice", "single_choice"]))
    _text, old_tab = read(browser, attempt, 1)
    press(browser, attempt, 1, "next", answer="a")
    landed = browser.post(f"/attempts/{attempt.uuid}/", {**old_tab.values, "answer": "b", "go": "next"})
    assert landed["Location"] == f"/attempts/{attempt.uuid}/?slot=1"
    page = browser.get(landed["Location"]).content.decode()
    assert "newer answer" in page
    assert Fields(page).values["answer"] == ["a"]


def test_a_form_that_comes_too_late_is_kept_aside_and_leads_to_the_result(
    quiz_of: Any, begin: Any, browser: Any, clock: Any
) -> None:
    from datetime import timedelta

    attempt = begin(quiz_of(["single_choice"], time_limit=timedelta(hours=1)))
    _text, fields = read(browser, attempt, 1)
    clock.forward(hours=1, seconds=6)
    landed = browser.post(f"/attempts/{attempt.uuid}/", {**fields.values, "answer": "a", "go": "summary"})
    assert landed["Location"] == f"/attempts/{attempt.uuid}/result/"
    assert Response.objects.get().counted is False
    page = browser.get(landed["Location"]).content.decode()
    assert "what you had saved was handed in" in page


def test_pages_of_a_closed_attempt_lead_to_its_result(quiz_of: Any, begin: Any, hand_in: Any, browser: Any) -> None:
    attempt = begin(quiz_of(["single_choice"]))
    hand_in(attempt)
    for page in ("", "summary/"):
        assert browser.get(f"/attempts/{attempt.uuid}/{page}")["Location"] == f"/attempts/{attempt.uuid}/result/"
    assert browser.post(f"/attempts/{attempt.uuid}/submit/")["Location"] == f"/attempts/{attempt.uuid}/result/"


def test_a_refused_start_says_why(quiz_of: Any, begin: Any, hand_in: Any, browser: Any) -> None:
    quiz = quiz_of(["single_choice"], max_attempts=1)
    hand_in(begin(quiz))
    landed = browser.post(f"/quizzes/{quiz.code}/")
    assert landed["Location"] == f"/quizzes/{quiz.code}/"
    assert "You have no attempts left" in browser.get(landed["Location"]).content.decode()


def test_a_check_gives_its_feedback_at_once(quiz_of: Any, begin: Any, browser: Any) -> None:
    quiz = make_assessment(
        questions=[
            make_question(value={"choices": choices([1], "zqwhyqz"), "shuffle": False}, said="zqrationaleqz")
            for _ in range(2)
        ],
        kind="check",
        feedback="immediate",
    )
    attempt = begin(quiz)
    text, fields = read(browser, attempt, 1)
    assert "zqwhyqz" not in text
    assert "zqrationaleqz" not in text
    assert {"stay", "next"} <= fields.buttons["go"]
    # An empty form checks nothing; skipping stores nothing.
    press(browser, attempt, 1, "stay")
    press(browser, attempt, 1, "next")
    assert current(attempt, 1) is None

    landed = press(browser, attempt, 1, "stay", answer="a")
    assert landed == f"/attempts/{attempt.uuid}/?slot=1"
    text, fields = read(browser, attempt, 1)
    assert "Your answer, not right" in text
    assert "zqwhyqz 0" in text
    assert "zqrationaleqz" in text
    assert "answer" not in fields.values, "a final answer is no form any more"
    browser.post(f"/attempts/{attempt.uuid}/", {**fields.values, "answer": "b", "go": "next"})
    assert current(attempt, 1).sequence == 1  # type: ignore[union-attr]
    text, _fields = read(browser, attempt, 2)
    assert "zqwhyqz" not in text
    assert "zqrationaleqz" not in text
    # "Next" with an answer makes it final too, and shows what is right before going on.
    assert press(browser, attempt, 2, "summary", answer="b") == f"/attempts/{attempt.uuid}/?slot=2"
    assert "Your answer, right" in read(browser, attempt, 2)[0]
    done = browser.post(f"/attempts/{attempt.uuid}/submit/", follow=True).content.decode()
    assert "You answered all" in done
    assert "Not passed" not in done


@pytest.fixture
def one_way(quiz_of: Any, begin: Any) -> Attempt:
    return begin(quiz_of(["single_choice"] * 3, navigation="one_way"))


def test_one_way_there_is_no_going_back(one_way: Attempt, browser: Any, put: Any) -> None:
    here = f"/attempts/{one_way.uuid}/"
    text, fields = read(browser, one_way, 3)
    assert "Question 1 of 3" in text, "nobody jumps ahead"
    assert fields.buttons["go"] == {"next", "summary"}
    first = fields.values
    browser.post(here, {**first, "answer": "a", "go": "next"})
    text, fields = read(browser, one_way, 1)
    assert "Question 2 of 3" in text
    # The old form, the API behind the page, and another wording of either are all refused.
    browser.post(here, {**first, "revision": "1", "answer": "b", "go": "next"})
    refused = put(one_way, 1, {"answer": {"choice": "b"}})
    assert (refused.status_code, refused.json()["code"]) == (409, "response_locked")
    assert current(one_way, 1).sequence == 1  # type: ignore[union-attr]
    assert "Question 2 of 3" in read(browser, one_way, 1)[0]


def test_one_way_a_question_left_blank_is_left(one_way: Attempt, browser: Any) -> None:
    press(browser, one_way, 1, "next")
    assert current(one_way, 1).data is None  # type: ignore[union-attr]
    assert "Question 2 of 3" in read(browser, one_way, 1)[0]
    overview = browser.get(f"/attempts/{one_way.uuid}/summary/").content.decode()
    assert "?slot=" not in overview
    assert "What is asked by" not in overview, "what was not met yet is not shown"


def test_one_way_what_the_page_saves_by_itself_is_still_in_the_making(one_way: Attempt, browser: Any, put: Any) -> None:
    put(one_way, 1, {"answer": {"choice": "a"}})
    put(one_way, 1, {"answer": {"choice": "b"}})
    text, fields = read(browser, one_way, 1)
    assert "Question 1 of 3" in text
    assert fields.values["answer"] == ["b"]
    press(browser, one_way, 1, "next")
    assert "Question 2 of 3" in read(browser, one_way, 1)[0]
    assert put(one_way, 1, {"answer": {"choice": "c"}}).status_code == 409


def test_somebody_signed_out_is_sent_to_log_in(quiz_of: Any, begin: Any, client: Any) -> None:
    attempt = begin(quiz_of(["single_choice"]))
    for url in (
        f"/quizzes/{attempt.assessment.code}/",
        f"/attempts/{attempt.uuid}/",
        f"/attempts/{attempt.uuid}/review/",
    ):
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


def test_pages_of_an_attempt_are_kept_by_no_cache(quiz_of: Any, begin: Any, browser: Any) -> None:
    attempt = begin(quiz_of(["single_choice"]))
    for url in (
        f"/quizzes/{attempt.assessment.code}/",
        f"/attempts/{attempt.uuid}/",
        f"/attempts/{attempt.uuid}/summary/",
    ):
        assert "no-store" in browser.get(url)["Cache-Control"]


@pytest.mark.parametrize(("seconds", "is_said"), [(-1, False), (2, True)])
def test_the_result_says_when_the_time_ended(
    quiz_of: Any, begin: Any, hand_in: Any, browser: Any, seconds: int, is_said: bool
) -> None:
    # A page hands in by itself at zero, which arrives within the grace.
    attempt = begin(quiz_of(["numeric"], time_limit=timedelta(minutes=10)))
    hand_in(attempt, at=attempt.deadline_at + timedelta(seconds=seconds))
    page = browser.get(f"/attempts/{attempt.uuid}/result/").content.decode()
    assert ("Your time ended" in page) is is_said
