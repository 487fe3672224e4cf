"""From a fresh account to a certificate, its public check and its end: the whole way in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.answers import right_answer, wrong_answer
from tests.e2e.player import answer_by_keyboard, answer_by_mouse, count_of, is_at, press_on, read_item
from tests.e2e.study import study_course
from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e

NAME = "Nadia Okonkwo"
EMAIL = "nadia@journey.example"
INTERNAL = "A marker saw the file of somebody else"
PUBLIC = "Issued in error"


def test_from_sign_up_to_certificate_to_revocation(visit: Callable[..., Visit]) -> None:
    student = visit()
    steps.sign_up(student, NAME, EMAIL)
    student.examine("dashboard at the beginning")
    steps.enrol_in_foundations(student)
    student.examine("course, enrolled")
    steps.read_lesson(student, "What NMT is, and is not", answer_by_mouse)
    steps.read_lesson(student, "How this course grades a claim", answer_by_mouse)

    fail_by_keyboard_alone(student)
    pass_by_keyboard_alone(student)

    study_course(student, "foundations")
    student.send("POST", "courses/understanding-pain/enrol/")
    study_course(student, "understanding-pain")

    steps.take(student, "foundations-exam", answer_by_mouse)
    expect(student.page.get_by_role("heading", level=1)).to_have_text("You passed, 100 %")
    expect(student.page.get_by_role("link", name="Look at the questions and why")).to_have_count(0)
    student.examine("result of an exam")

    steps.sign_statements(student)
    page = student.go("/certification/foundations/")
    student.examine("path, everything met")
    page.get_by_label("Your name on the certificate").fill(NAME)
    page.get_by_label("My name is written as it shall stand on the certificate.").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("heading", name="With the registrar")).to_be_visible()
    student.examine("path, applied")

    registrar = visit("registrar@example.org")
    number = award(registrar)

    anyone = visit()
    page = anyone.go(f"/verify/{number}/")
    expect(page.get_by_text("This certificate is valid")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    anyone.examine("verify, active")
    page = student.go("/certification/")
    page.get_by_role("link", name="Foundations of Neuromuscular Therapy").first.click()
    expect(page.get_by_text(number).first).to_be_visible()
    student.examine("own certificate")

    revoke(registrar, number)
    for window in (anyone, student):
        page = window.go(f"/verify/{number}/")
        expect(page.get_by_text("This certificate has been revoked")).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text(PUBLIC)
        assert INTERNAL not in page.content()
    anyone.examine("verify, revoked")
    page = student.go(f"/certification/certificates/{number}/")
    expect(page.get_by_role("main")).to_contain_text("This certificate has been revoked")
    assert INTERNAL not in page.content()
    student.examine("own certificate, revoked")


def begin_by_keyboard(page: Page) -> None:
    """Tab to the button that begins; after it reading starts at the question."""
    press_on(page, ".start-card button")
    is_at(page, 1)


def hand_in_by_keyboard(page: Page) -> None:
    """Tab to the button of the overview."""
    press_on(page, ".overview__actions button")
    page.wait_for_url("**/result/")


def fail_by_keyboard_alone(student: Visit) -> None:
    """One wrong answer, the rest left open, handed in from the overview."""
    page = student.go("/quizzes/ori-quiz/")
    begin_by_keyboard(page)
    item = read_item(page)
    answer_by_keyboard(page, item, wrong_answer(item))
    press_on(page, '.player__actions button[value="next"]')
    is_at(page, 2)
    press_on(page, '.player__row button[value="summary"]')
    page.wait_for_url("**/summary/")
    expect(page.get_by_role("heading", level=1)).to_have_text("7 questions are still open")
    hand_in_by_keyboard(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Not passed this time, 0 %")
    student.examine("result, not passed")


def pass_by_keyboard_alone(student: Visit) -> None:
    """Every question by Tab, arrows, Space and letters; going on and handing in by Enter."""
    page = student.page
    press_on(page, 'main a[href="/quizzes/ori-quiz/"]')
    page.wait_for_url("**/quizzes/ori-quiz/")
    begin_by_keyboard(page)
    count = count_of(page)
    for slot in range(1, count + 1):
        is_at(page, slot)
        item = read_item(page)
        student.examine(f"player, {item['type']}")
        answer_by_keyboard(page, item, right_answer(item))
        press_on(page, f'.player__actions button[value="{"summary" if slot == count else "next"}"]')
    page.wait_for_url("**/summary/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You have answered every question")
    hand_in_by_keyboard(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("You passed, 100 %")
    student.examine("result, passed")
    press_on(page, 'main a[href$="/review/"]')
    page.wait_for_url("**/review/")
    student.examine("review")


def award(registrar: Visit) -> str:
    """Decide on the application; the number of the certificate that is issued."""
    page = registrar.go("/registrar/")
    registrar.examine("registrar, applications")
    page.get_by_role("link", name=re.compile(rf"Decide\W+{NAME}")).click()
    registrar.examine("registrar, application")
    page.get_by_label("Award").check()
    page.get_by_role("button", name="Decide").click()
    page.wait_for_url("**/registrar/certificates/**")
    registrar.examine("registrar, certificate")
    return page.get_by_role("heading", level=1).inner_text()


def revoke(registrar: Visit, number: str) -> None:
    """For good, with a reason for the public and one for the record."""
    page = registrar.page
    page.get_by_role("link", name="Revoke").click()
    registrar.examine("registrar, revocation")
    page.get_by_label("Reason the public sees").select_option(label=PUBLIC)
    page.get_by_label("Reason for the school’s record").fill(INTERNAL)
    page.get_by_role("button", name="Revoke for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(number)
    expect(page.get_by_role("main")).to_contain_text(INTERNAL)
    expect(page.get_by_role("link", name="Revoke")).to_have_count(0)
    registrar.examine("registrar, certificate revoked")
