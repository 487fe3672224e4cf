"""The pages with forms alone: a question, an answer, why, and the next card."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile

from quizzes.bank.models import Picture
from quizzes.practice.commands import next_card
from quizzes.practice.models import PracticeCard, PracticeReview
from tests.lms.learning.studying import study
from tests.quizzes.delivery.test_pages import Fields, form_of
from tests.quizzes.making import SIX_TYPES, make_assessment, make_bank, make_question, wrong
from tests.quizzes.practice.conftest import BY_MACHINE, answer_to

pytestmark = pytest.mark.django_db
CANARY = "zqsaidqz"


@pytest.fixture
def browser(client: Any, student: Any, clock: Any) -> Any:
    client.force_login(student)
    return client


def text(response: Any) -> str:
    assert response.status_code == 200, (response.status_code, response.headers)
    return response.content.decode()


def ask(browser: Any, query: str = "") -> tuple[PracticeCard, Fields, str]:
    """Open the next card as a browser would."""
    page = text(browser.get(f"/practice/card/{query}"))
    action = re.search(r'action="/practice/cards/([0-9a-f-]+)/"', page)
    assert action, page
    return PracticeCard.objects.get(uuid=action[1]), Fields(page), page


def send(browser: Any, card: PracticeCard, fields: Fields, **given: Any) -> Any:
    body = {name: values for name, values in fields.values.items() if values}
    return browser.post(f"/practice/cards/{card.uuid}/", {**body, "go": "check", **given})


@pytest.mark.parametrize("slug", SIX_TYPES)
def test_a_card_from_the_button_to_the_next(slug: str, browser: Any, student: Any, learned: Any) -> None:
    learned(student, "TST-1.1")
    make_question(slug=slug, said=CANARY)
    overview = text(browser.get("/practice/"))
    assert 'href="/practice/card/"' in overview
    card, fields, page = ask(browser)
    assert CANARY not in page
    assert "This is why" not in page
    landed = send(browser, card, fields, **form_of(slug, answer_to(card, True)))
    review = PracticeReview.objects.get()
    assert landed["Location"] == f"/practice/reviews/{review.uuid}/"
    told = text(browser.get(landed["Location"]))
    assert "Right" in told
    assert f"This is why. {CANARY}" in told
    assert "comes back in 2 days" in told
    assert Fields(told).buttons["rating"] == {"2", "3", "4"}
    assert browser.get("/practice/card/")["Location"] == "/practice/"
    assert "Nothing is due just now" in text(browser.get("/practice/"))


def test_a_wrong_answer_has_no_ratings_and_comes_back(browser: Any, student: Any, learned: Any, clock: Any) -> None:
    learned(student, "TST-1.1")
    make_question()
    card, fields, _page = ask(browser)
    landed = send(browser, card, fields, **form_of("single_choice", answer_to(card, False)))
    told = text(browser.get(landed["Location"]))
    assert "Not right" in told
    assert "comes back in 10 minutes" in told
    assert "rating" not in Fields(told).buttons
    clock.forward(minutes=11)
    assert ask(browser)[0] == card


def test_i_do_not_know_shows_the_answer_and_a_blank_does_not(browser: Any, student: Any, learned: Any) -> None:
    learned(student, "TST-1.1")
    make_question()
    card, fields, _page = ask(browser)
    assert send(browser, card, fields)["Location"] == "/practice/card/"
    assert not PracticeReview.objects.exists()
    assert "Choose an answer first" in text(browser.get("/practice/card/"))
    landed = send(browser, card, fields, go="unknown")
    assert "Not answered" in text(browser.get(landed["Location"]))
    assert PracticeReview.objects.get().rating == 1


@pytest.mark.parametrize("slug", BY_MACHINE)
def test_every_kind_of_question_is_asked_and_explained(slug: str, browser: Any, student: Any, learned: Any) -> None:
    learned(student, "TST-1.1")
    make_question(slug=slug, said=CANARY)
    card, fields, page = ask(browser)
    assert CANARY not in page
    told = text(browser.get(send(browser, card, fields, go="unknown")["Location"]))
    assert "Not answered" in told
    assert CANARY in told


def test_a_form_sent_twice_lands_on_the_first_answer(browser: Any, student: Any, learned: Any) -> None:
    learned(student, "TST-1.1")
    make_question()
    card, fields, _page = ask(browser)
    given = form_of("single_choice", answer_to(card, True))
    assert send(browser, card, fields, **given)["Location"] == send(browser, card, fields, **given)["Location"]
    assert PracticeReview.objects.count() == 1


def test_a_rating_moves_the_next_time(browser: Any, student: Any, learned: Any) -> None:
    learned(student, "TST-1.1")
    make_question()
    card, fields, _page = ask(browser)
    landed = send(browser, card, fields, **form_of("single_choice", answer_to(card, True)))["Location"]
    rated = browser.post(landed, {"rating": "4"})
    assert "comes back in 8 days" in text(browser.get(rated["Location"]))
    refused = browser.post(rated["Location"], {"rating": "1"}, follow=True)
    assert "This rating does not fit" in text(refused) or "does not fit" in text(refused)
    card.refresh_from_db()
    assert PracticeReview.objects.filter(card=card).order_by("-id")[0].rating == 4


def test_nothing_of_it_belongs_to_somebody_else(browser: Any, make_user: Any, learned: Any, now: datetime) -> None:
    other = make_user("other", "student")
    learned(other, "TST-1.1")
    make_question()
    card = next_card(by=other, at=now)
    assert card
    assert browser.post(f"/practice/cards/{card.uuid}/", {"go": "unknown"}).status_code == 404
    assert not PracticeReview.objects.exists()


def test_an_explanation_hides_while_an_attempt_asks_the_same(
    browser: Any, student: Any, learned: Any, begin: Any, show_to: Any
) -> None:
    learned(student, "TST-1.1")
    question = make_question(said=CANARY)
    card, fields, _page = ask(browser)
    landed = send(browser, card, fields, go="unknown")["Location"]
    assert CANARY in text(browser.get(landed))
    quiz = make_assessment(questions=[question])
    show_to(student, quiz)
    begin(quiz)
    hidden = browser.get(landed, follow=True)
    assert CANARY not in text(hidden)
    assert hidden.redirect_chain == [("/practice/", 302)]


def test_a_picture_is_served_through_its_card_only(
    browser: Any, student: Any, learned: Any, now: datetime, make_user: Any, client: Any
) -> None:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (300, 200), "white").save(out, "PNG")
    bank = make_bank()
    picture = Picture.objects.create(
        bank=bank, title="A shoulder", alt="A shoulder", file=ContentFile(out.getvalue(), "x")
    )
    learned(student, "TST-1.1")
    make_question(picture=picture, bank=bank)
    card, fields, page = ask(browser)
    found = re.search(r'src="(/practice/cards/[^"]+)"', page)
    assert found
    served = browser.get(found[1])
    assert served.status_code == 200
    assert served["Content-Type"] == "image/png"
    assert b"".join(served.streaming_content)[:4] == b"\x89PNG"
    assert browser.get(f"/practice/cards/{card.uuid}/pictures/{'0' * 32}").status_code == 404
    landed = send(browser, card, fields, go="unknown")["Location"]
    assert found[1] in text(browser.get(landed)), "it is there with the answer too"
    client.force_login(make_user("other", "student"))
    assert client.get(found[1]).status_code == 404


def test_the_overview_counts_by_module_and_names_what_adds_to_it(
    enrolled: Any, client: Any, clock: Any, now: datetime, reply: Any
) -> None:
    client.force_login(enrolled)
    empty = client.get("/practice/")
    assert "Complete a lesson" in text(empty)
    assert empty.context["practice"].more[0]["url"] in text(empty)
    study(enrolled, "ORI-1", now)
    card = next_card(by=enrolled, at=now)
    assert card
    reply(card)
    page = client.get("/practice/")
    shown = page.context["practice"]
    assert [(row.begun, row.learned, row.due) for row in shown.modules] == [(1, 1, 0)]
    assert shown.modules[0].total == shown.total > 1
    assert all(lesson["code"] != "ORI-1" for lesson in shown.more)
    assert 'href="/practice/"' in text(client.get("/dashboard/"))


def test_between_a_fail_and_the_retake(
    browser: Any, student: Any, show_to: Any, begin: Any, answer: Any, hand_in: Any, clock: Any, now: datetime
) -> None:
    secret = make_bank("secret", "exam")
    questions = [make_question(bank=secret, objective=f"EX-{n}", said=CANARY) for n in (1, 2)]
    make_question("Q-TEACH", objective="EX-1")
    exam = make_assessment(
        questions=questions, kind="exam", feedback="never", domain_report="bands",
        retake_needs_remediation=True, cooldown=timedelta(days=2),
    )  # fmt: skip
    show_to(student, exam)
    attempt = begin(exam)
    answer(attempt, 1, answer=wrong(attempt, 1))
    hand_in(attempt)
    here = f"/practice/after/{attempt.uuid}/"
    assert here in text(browser.get(f"/attempts/{attempt.uuid}/result/"))
    page = text(browser.get(here))
    assert "0 of 1 objective practised" in page
    assert "The next attempt opens on 4 November 2026 at 10:00" in page
    assert "It also waits until all of this is practised" in page
    assert "Below what it needs" in page
    assert "EX-1" in page
    assert "To read" in page
    assert "What is asked by" not in page, "no item of the exam is told"
    assert CANARY not in page
    card, fields, _page = ask(browser, f"?after={attempt.uuid}")
    landed = send(browser, card, fields, **form_of("single_choice", answer_to(card, True)))["Location"]
    assert landed.endswith(f"?after={attempt.uuid}")
    assert f"/practice/card/?after={attempt.uuid}" in text(browser.get(landed))
    assert browser.get(f"/practice/card/?after={attempt.uuid}")["Location"] == here
    assert "1 of 1 objective practised" in text(browser.get(here))
    clock.forward(days=3)
    assert "The next attempt is open to you" in text(browser.get(here))
    assert exam.start_url in text(browser.get(here))
