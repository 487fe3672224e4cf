"""How sure a candidate is: asked where the rules say so, saved with the answer, told afterwards, never scored."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.attempts.models import Attempt
from tests.quizzes.delivery.test_pages import current, press, read
from tests.quizzes.making import right, wrong

pytestmark = pytest.mark.django_db
TYPES = ["single_choice"] * 4


@pytest.fixture
def browser(client: Any, student: Any, clock: Any) -> Any:
    client.force_login(student)
    return client


@pytest.fixture
def sit(quiz_of: Any, begin: Any, answer: Any, hand_in: Any) -> Any:
    """Answer with a level and a truth for each slot, and hand in."""

    def run(said: list[tuple[int | None, bool]], **rules: Any) -> Attempt:
        attempt = begin(quiz_of(["single_choice"] * len(said), **{"asks_certainty": True, **rules}))
        for slot, (level, is_right) in enumerate(said, start=1):
            given = (right if is_right else wrong)(attempt, slot)
            answer(attempt, slot, answer=given, **({"confidence": level} if level else {}))
        hand_in(attempt)
        return attempt

    return run


@pytest.fixture
def result(api: Any, student: Any, clock: Any) -> Any:
    client = api(student)
    return lambda attempt: client.post(f"/api/v1/attempts/{attempt.uuid}/submit/").json()


def test_it_is_asked_only_where_the_rules_say_so(quiz_of: Any, begin: Any, browser: Any) -> None:
    assert "confidence" not in read(browser, begin(quiz_of(["numeric"])), 1)[0]
    assert 'name="confidence"' in read(browser, begin(quiz_of(["numeric"], asks_certainty=True)), 1)[0]


def test_a_form_saves_it_with_the_answer(quiz_of: Any, begin: Any, browser: Any) -> None:
    attempt = begin(quiz_of(TYPES, asks_certainty=True))
    press(browser, attempt, 1, "next", answer="a", confidence="2")
    assert current(attempt, 1).confidence == 2  # type: ignore[union-attr]
    _text, fields = read(browser, attempt, 1)
    assert fields.values["confidence"] == ["2"]
    press(browser, attempt, 1, "next")
    assert current(attempt, 1).sequence == 1, "nothing new"  # type: ignore[union-attr]
    press(browser, attempt, 1, "next", confidence="1")
    row = current(attempt, 1)
    assert row is not None
    assert (row.sequence, row.confidence) == (2, 1)
    assert row.data is not None, "the answer stays"
    press(browser, attempt, 1, "next", confidence="7")
    assert current(attempt, 1).confidence == 1  # type: ignore[union-attr]


def test_the_overview_lists_what_one_was_not_sure_of(quiz_of: Any, begin: Any, browser: Any, answer: Any) -> None:
    attempt = begin(quiz_of(TYPES, asks_certainty=True))
    for slot, level in ((1, 1), (2, 3), (3, 1)):
        answer(attempt, slot, answer={"choice": "a"}, confidence=level)
    overview = browser.get(f"/attempts/{attempt.uuid}/summary/").content.decode()
    assert "You were not sure of 2 answers" in overview
    assert overview.count("Not sure") == 2
    assert "1 question is still open" in overview


def test_the_result_tells_how_sure_and_how_right(sit: Any, result: Any, browser: Any) -> None:
    attempt = sit([(1, True), (1, False), (3, True), (None, False)])
    said = result(attempt)
    assert said["certainty"] == {
        "levels": [
            {"certainty": 1, "answers": 2, "right": 1},
            {"certainty": 2, "answers": 0, "right": 0},
            {"certainty": 3, "answers": 1, "right": 1},
        ],
        "average": 1.3333,
    }
    assert said["percent"] == 50.0
    page = browser.get(f"/attempts/{attempt.uuid}/result/").content.decode()
    assert "How sure you were" in page
    assert "1.33" in page
    assert "changes no score" in page


def test_it_changes_no_score(sit: Any, result: Any) -> None:
    bold = result(sit([(3, True), (3, False), (3, False), (3, False)]))
    meek = result(sit([(1, True), (1, False), (1, False), (1, False)]))
    assert bold["certainty"]["average"] == -3.75
    assert meek["certainty"]["average"] == 0.25
    assert bold["percent"] == meek["percent"]
    assert bold["score"] == meek["score"]


@pytest.mark.parametrize("rules", [{"results": "held"}, {"asks_certainty": False}])
def test_nothing_is_told_before_the_score_or_unasked(
    sit: Any, result: Any, browser: Any, rules: dict[str, Any]
) -> None:
    attempt = sit([(3, True), (1, False)], **rules)
    assert "certainty" not in result(attempt)
    assert "How sure you were" not in browser.get(f"/attempts/{attempt.uuid}/result/").content.decode()


def test_where_keys_stay_hidden_a_handful_of_answers_tells_nothing(sit: Any, result: Any, browser: Any) -> None:
    attempt = sit([(3, True), *[(1, False)] * 5], feedback="never")
    said = result(attempt)["certainty"]
    assert [level["answers"] for level in said["levels"]] == [5, 0, 1]
    assert {level["right"] for level in said["levels"]} == {None}
    assert said["average"] is None
    assert "How many were right is not shown" in browser.get(f"/attempts/{attempt.uuid}/result/").content.decode()
    many = result(sit([*[(3, True)] * 5, *[(1, False)] * 5], feedback="never"))["certainty"]
    assert [level["right"] for level in many["levels"]] == [0, 0, 5]


def test_without_a_word_about_certainty_there_is_nothing_to_tell(sit: Any, result: Any) -> None:
    assert "certainty" not in result(sit([(None, True), (None, False)]))
