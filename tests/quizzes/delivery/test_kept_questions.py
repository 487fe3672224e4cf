"""What a browser may keep of an open attempt, so that one can go on while the network fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from quizzes.attempts.models import Attempt
from quizzes.types import registry
from tests.quizzes.delivery.test_pages import Fields, form_of, press
from tests.quizzes.delivery.test_statements import quiz_with, statements
from tests.quizzes.making import SIX_TYPES, right

pytestmark = pytest.mark.django_db
ALL_TYPES = tuple(sorted(kind.slug for kind in registry.all_types()))


@pytest.fixture
def browser(client: Any, student: Any, clock: Any) -> Any:
    client.force_login(student)
    return client


def kept(browser: Any, attempt: Attempt) -> list[dict[str, Any]]:
    response = browser.get(f"/attempts/{attempt.uuid}/questions/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    found: list[dict[str, Any]] = response.json()["questions"]
    return found


def test_every_question_as_its_page_shows_it(quiz_of: Any, begin: Any, browser: Any) -> None:
    attempt = begin(quiz_of(ALL_TYPES, said="zqsaidqz"))
    found = kept(browser, attempt)
    assert [one["type"] for one in found] == list(ALL_TYPES)
    for one in found:
        page = browser.get(f"/attempts/{attempt.uuid}/?slot={one['slot']}").content.decode()
        assert one["question"].strip() in page
        assert one["actions"].strip() in page
        assert "zqsaidqz" not in one["question"]


def test_it_has_the_answers_so_far_and_their_revisions(quiz_of: Any, begin: Any, browser: Any) -> None:
    attempt = begin(quiz_of(SIX_TYPES))
    press(browser, attempt, 3, "next", flagged="on", **form_of(SIX_TYPES[2], right(attempt, 3)))
    found = kept(browser, attempt)
    assert [one["revision"] for one in found] == [0, 0, 1, 0, 0, 0]
    fields = Fields(found[2]["question"]).values
    assert fields["flagged"] == ["on"]
    assert fields["answer"] == [str(right(attempt, 3)["value"])]
    assert Fields(found[0]["actions"]).buttons["go"] == {"next"}
    assert Fields(found[2]["actions"]).buttons["go"] == {"previous", "next"}
    assert Fields(found[5]["actions"]).buttons["go"] == {"previous", "summary"}


@pytest.mark.parametrize("rules", [{"navigation": "one_way"}, {"feedback": "immediate", "kind": "check"}])
def test_nothing_is_kept_where_one_may_not_look_ahead(
    quiz_of: Any, begin: Any, browser: Any, rules: dict[str, Any]
) -> None:
    attempt = begin(quiz_of(["single_choice"] * 3, **rules))
    assert kept(browser, attempt) == []
    assert "questions-url" not in browser.get(f"/attempts/{attempt.uuid}/").content.decode()


def test_nothing_is_given_out_once_it_is_handed_in(quiz_of: Any, begin: Any, hand_in: Any, browser: Any) -> None:
    attempt = begin(quiz_of(["single_choice"]))
    assert kept(browser, attempt)
    hand_in(attempt)
    assert kept(browser, attempt) == []


def test_nobody_else_gets_them(quiz_of: Any, begin: Any, client: Any, others: Any, clock: Any) -> None:
    attempt = begin(quiz_of(["single_choice"]))
    for person in others.values():
        client.force_login(person)
        assert client.get(f"/attempts/{attempt.uuid}/questions/").status_code == 404


def test_statements_do_not_grow_with_the_questions(begin: Any, show_to: Any, student: Any, browser: Any) -> None:
    cost = []
    for count in (2, 20):
        quiz = quiz_with(count)
        show_to(student, quiz)
        attempt = begin(quiz)
        cost.append(len(statements(lambda one=attempt: browser.get(f"/attempts/{one.uuid}/questions/"))))
    assert cost[0] == cost[1] <= 5


def test_the_script_reads_an_answer_of_every_type() -> None:
    script = Path(settings.BASE_DIR, "quizzes/static/quizzes/delivery/answers.js").read_text()
    missing = [slug for slug in ALL_TYPES if f"\n  {slug}: {{" not in script]
    assert not missing, "these would be saved by their form alone"
