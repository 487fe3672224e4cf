"""Every main page as each kind of visitor: no barriers by day or by night, no sideways scrolling, no complaints."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e import looks, steps
from tests.e2e.answers import right_answer
from tests.e2e.player import answer_by_mouse, is_at, read_item
from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e

LESSON = "/courses/foundations/orientation/how-claims-are-graded/"
OPEN_TO_ALL = (
    "/", "/courses/", "/courses/foundations/", "/courses/foundations/orientation/", LESSON, "/certification/",
    "/evidence/", "/evidence/CH-17/", "/evidence/contradictions/", "/glossary/", "/atlas/",
    "/atlas/?region=low-back", "/atlas/MU-02/", "/about-the-content/",
    "/verify/", "/api/docs/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/",
)  # fmt: skip
OF_A_STUDENT = (
    "/dashboard/", "/courses/", "/courses/foundations/", "/courses/foundations/orientation/", LESSON,
    "/courses/foundations/history/", "/courses/foundations/history/european-roots/", "/courses/understanding-pain/",
    "/quizzes/ori-quiz/", "/quizzes/his-quiz/", "/certification/", "/certification/foundations/",
    "/certification/statements/honour-statement/", "/accounts/preferences/", "/accounts/2fa/", "/accounts/email/",
    "/accounts/password/change/", "/accounts/logout/",
)  # fmt: skip
OF_AN_EXAMINER = (
    "/dashboard/", "/examine/", "/teach/coverage/", "/examine/sittings/", "/examine/sittings/new/",
    "/examine/authorisations/", "/examine/authorisations/new/", "/examine/assessments/",
    "/examine/assessments/foundations-exam/", "/examine/assessments/foundations-exam/forms/A/",
)  # fmt: skip
PLANT = """() => {
  const words = document.createElement("p");
  words.className = "planted";
  words.textContent = "Dark on dark, and wide";
  Object.assign(words.style, { color: "#222", inlineSize: "700px" });
  const picture = document.createElement("img");
  picture.src = "/static/lms/img/mark.svg";
  document.querySelector("main").append(words, picture);
}"""
EVERY_TYPE = ("ori-1-check", "his-1-check", "his-4-check")


def walk(window: Visit, who: str, paths: tuple[str, ...]) -> None:
    """Visit each page and look at it."""
    for path in paths:
        window.go(path)
        window.examine(f"{path} as {who}")


def test_the_checks_themselves_find_what_is_planted(visit: Callable[..., Visit]) -> None:
    page = visit().go("/verify/")
    page.evaluate(PLANT)
    found = "\n".join(looks.barriers(page))
    assert "(light) image-alt" in found
    assert "(dark) color-contrast" in found
    assert "(light) color-contrast" not in found
    assert looks.overflow(page) == [f'{page.url} at 360 px: <p class="planted">']


def test_pages_open_to_all(visit: Callable[..., Visit]) -> None:
    walk(visit(), "a stranger", OPEN_TO_ALL)


def test_pages_of_a_student(visit: Callable[..., Visit]) -> None:
    walk(visit("student@example.org"), "a student", OF_A_STUDENT)


def test_pages_that_say_no(visit: Callable[..., Visit]) -> None:
    stranger, student = visit(), visit("student@example.org")
    stranger.tolerate("status of 404")
    student.tolerate("status of 40[34]")
    stranger.go("/nothing/here/", status=404)
    stranger.examine("404 as a stranger")
    stranger.go("/verify/NMT-00000-00000/", status=404)
    stranger.examine("verify, unknown")
    stranger.go("/verify/?number=abc", status=404)
    stranger.examine("verify, no number")
    student.go("/nothing/here/", status=404)
    student.examine("404 as a student")
    student.go("/teach/", status=403)
    student.examine("403 as a student")
    stranger.page.goto(f"{stranger.site.url}/accounts/login/")
    stranger.page.get_by_label("E-mail address").fill("student@example.org")
    stranger.page.get_by_label("Password", exact=True).fill("not this one")
    stranger.page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(stranger.page.locator('[role="alert"], .field__error').first).to_be_visible()
    stranger.examine("log-in, refused")


def test_pages_of_a_graduate(visit: Callable[..., Visit]) -> None:
    graduate = visit("graduate@example.org")
    number = graduate.send("GET", "certificates/")["results"][0]["number"]
    attempts = {
        quiz: graduate.send("GET", f"quizzes/{quiz}/")["attempts"][0]["id"] for quiz in ("src-quiz", "foundations-exam")
    }
    walk(graduate, "a graduate", ("/dashboard/", "/certification/", "/certification/foundations/", LESSON))
    for path, name in (
        (f"/certification/certificates/{number}/", "own certificate"),
        (f"/attempts/{attempts['src-quiz']}/result/", "result, passed"),
        (f"/attempts/{attempts['src-quiz']}/review/", "review"),
        (f"/attempts/{attempts['foundations-exam']}/result/", "result of an exam"),
        ("/quizzes/foundations-exam/", "start of an exam"),
    ):
        graduate.go(path)
        graduate.examine(name)


@pytest.mark.parametrize("quiz", EVERY_TYPE)
def test_every_type_of_question_before_and_after_its_answer(visit: Callable[..., Visit], quiz: str) -> None:
    window = visit("graduate@example.org")
    attempt = window.send("POST", f"quizzes/{quiz}/attempts/")
    for slot in range(1, len(attempt["items"]) + 1):
        page = window.go(f"/attempts/{attempt['id']}/?slot={slot}")
        is_at(page, slot)
        item = read_item(page)
        window.examine(f"player with feedback, {item['type']}")
        answer_by_mouse(page, item, right_answer(item))
        page.get_by_role("button", name="Check my answer").click()
        expect(page.locator("[data-feedback]")).to_be_visible()
        window.examine(f"feedback, {item['type']}")
    window.go(f"/attempts/{attempt['id']}/summary/")
    window.examine("overview")


def test_pages_of_the_staff(visit: Callable[..., Visit]) -> None:
    walk(visit("instructor@example.org"), "an instructor", ("/dashboard/", "/teach/"))
    walk(visit("examiner@example.org"), "an examiner", OF_AN_EXAMINER)
    registrar = visit("registrar@example.org")
    walk(registrar, "a registrar", ("/dashboard/", "/registrar/", "/registrar/certificates/"))
    page = registrar.go("/registrar/")
    page.get_by_role("link", name="Joseph Mwangi", exact=True).click()
    page.wait_for_url("**/registrar/applications/**")
    registrar.examine("registrar, application")


def test_a_certificate_in_each_state_that_can_be_undone(visit: Callable[..., Visit]) -> None:
    registrar, anyone = visit("registrar@example.org"), visit()
    number = visit("graduate@example.org").send("GET", "certificates/")["results"][0]["number"]
    page, public = registrar.page, f"/verify/{number}/"
    anyone.go(public)
    anyone.examine("verify, active")

    registrar.go(f"/registrar/certificates/{number}/")
    registrar.examine("registrar, certificate")
    page.get_by_role("link", name="Suspend").click()
    registrar.examine("registrar, suspension")
    page.get_by_label("Reason the public sees").select_option(label="Under review")
    page.get_by_label("Reason for the school’s record").fill("A complaint is being looked at")
    page.get_by_role("button", name="Suspend").click()
    expect(page.get_by_role("link", name="Reinstate")).to_be_visible()
    expect(anyone.go(public).get_by_text("This certificate is suspended")).to_be_visible()
    assert "complaint" not in anyone.page.content()
    anyone.examine("verify, suspended")

    page.get_by_role("link", name="Reinstate").click()
    registrar.examine("registrar, reinstatement")
    page.get_by_label("Reason for the school’s record").fill("The complaint was about somebody else")
    page.get_by_role("button", name="Reinstate").click()
    expect(page.get_by_role("link", name="Suspend")).to_be_visible()
    expect(anyone.go(public).get_by_text("This certificate is valid")).to_be_visible()


@pytest.mark.smoke
def test_one_walk_from_log_in_to_a_quiz(visit: Callable[..., Visit]) -> None:
    student = visit()
    student.log_in("student@example.org")
    assert steps.path_of(student.page) == "/dashboard/"
    student.examine("/dashboard/ as a student")
    student.go(LESSON)
    student.examine(f"{LESSON} as a student")
    student.go("/quizzes/ori-1-check/")
    steps.start(student)
    student.examine("player with feedback")
    student.go("/quizzes/his-2-check/")
    steps.start(student)
    item = read_item(student.page)
    answer_by_mouse(student.page, item, right_answer(item))
    student.page.get_by_role("button", name="Check my answer").click()
    expect(student.page.locator("[data-feedback]")).to_be_visible()
