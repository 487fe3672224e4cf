"""The same way as far as the result of the examination, in a browser that runs no script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e import steps
from tests.e2e.answers import right_answer
from tests.e2e.player import answer_by_form, is_at, read_item
from tests.e2e.study import study_course
from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e


def test_from_sign_up_to_the_result_of_the_examination(visit: Callable[..., Visit]) -> None:
    student = visit(javascript=False)
    steps.sign_up(student, "Piotr Zielinski", "piotr@plain.example")
    steps.enrol_in_foundations(student)
    steps.read_lesson(student, "What NMT is, and is not", answer_by_form)

    steps.take(student, "ori-quiz", answer_by_form)
    expect(student.page.get_by_role("heading", level=1)).to_have_text("You passed, 100 %")
    student.page.get_by_role("link", name="Look at the questions and why").click()
    expect(student.page.get_by_role("heading", name="Why").first).to_be_visible()

    study_course(student, "foundations")
    student.send("POST", "courses/understanding-pain/enrol/")
    study_course(student, "understanding-pain")

    page = student.go("/quizzes/foundations-exam/")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Your time ends")).to_be_visible()
    steps.take(student, "foundations-exam", answer_by_form)
    expect(page.get_by_role("heading", level=1)).to_have_text("You passed, 100 %")


@pytest.mark.smoke
def test_a_stale_page_is_told_that_a_newer_answer_stands(visit: Callable[..., Visit]) -> None:
    student = visit("student@example.org", javascript=False)
    page = student.go("/quizzes/ori-quiz/")
    page.get_by_role("button", name="Start").or_(page.get_by_role("button", name="Go on")).click()
    is_at(page, 1)
    item, attempt = read_item(page), steps.path_of(page)

    # Meanwhile the same question is answered elsewhere.
    saved = student.send("PUT", f"{attempt.strip('/')}/responses/1/", {"answer": right_answer(item)})
    answer_by_form(page, item, right_answer(item))
    page.get_by_label("Flag").check()
    page.get_by_role("button", name="Save and go on").click()

    is_at(page, 1)
    expect(page.get_by_role("main")).to_contain_text("newer")
    kept = student.send("GET", attempt.strip("/") + "/")["items"][0]["response"]
    assert (kept["revision"], kept["flagged"]) == (saved["revision"], False)
