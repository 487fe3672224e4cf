"""From stored attempts to figures: which attempts and grades are taken, and what is said of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.accounts.api import User
from quizzes.assembly.commands import freeze_assessment
from quizzes.attempts.commands import record_response, start_attempt, submit_attempt, void_attempt
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.bank.commands import freeze_question
from quizzes.bank.enums import LifeCycle
from quizzes.grading.commands import grade_attempt
from quizzes.grading.enums import GradeSource
from quizzes.grading.models import Grade, Result
from quizzes.statistics.classical import item_figures, score_figures
from quizzes.statistics.commands import recompute_snapshot, take_snapshot
from quizzes.statistics.queries import load, stamp_of
from quizzes.statistics.report import analyse, in_words
from quizzes.statistics.simulation import simulate_cohort
from tests.quizzes.making import SIX_TYPES, choices, make_assessment, make_bank, make_question, make_quiz, right, wrong

pytestmark = pytest.mark.django_db

SMALL = ("1111", "1110", "1101", "1010", "1000", "0000")


@pytest.fixture
def sit(now: datetime) -> Callable[..., Attempt]:
    """Let somebody sit a quiz: `1` is a right answer, `0` a wrong one, `-` a blank."""
    count = iter(range(10_000))

    def one(quiz: Any, marks: Sequence[str], *, by: Any = None, at: datetime | None = None, **given: Any) -> Attempt:
        at = at or now - timedelta(hours=1)
        person = by or User.objects.create(email=f"candidate{next(count)}@test.example")
        attempt, _is_new = start_attempt(assessment=quiz, seed="test", by=person, at=at)
        for slot, mark in enumerate(marks, start=1):
            if mark == "-":
                continue
            sent = right(attempt, slot) if mark == "1" else wrong(attempt, slot)
            record_response(
                attempt_uuid=attempt.uuid, slot=slot, answer=sent, elapsed_ms=2000 * slot, by=person, at=at, **given
            )
        submit_attempt(attempt=attempt, by=person, at=at)
        grade_attempt(attempt=attempt, at=at)
        return attempt

    return one


def single_choices(count: int = 4, **fields: Any) -> Any:
    return make_assessment(questions=[make_question() for _each in range(count)], **fields)


def test_stored_attempts_give_the_figures_of_the_small_example(sit: Any, now: datetime) -> None:
    quiz = single_choices()
    for row in SMALL:
        sit(quiz, row)
    sample = load(quiz, as_of=now)
    assert sample.data.marks.sum() == 13
    figures = {
        item.newest.question.code: found for item, found in zip(sample.items, item_figures(sample.data), strict=True)
    }
    by_slot = AttemptItem.objects.filter(attempt=sample.attempts[0]).order_by("slot")
    codes = list(by_slot.values_list("version__question__code", flat=True))
    assert figures[codes[2]].discrimination == pytest.approx(30.151134)
    assert figures[codes[3]].efficiency == pytest.approx(57.142857)
    assert score_figures(sample.data).cic == pytest.approx(69.743590)
    seconds = dict(zip([item.newest.question.code for item in sample.items], sample.seconds[0].tolist(), strict=True))
    assert [seconds[code] for code in codes] == pytest.approx([2, 4, 6, 8])


def test_the_first_finished_attempt_of_each_candidate_counts_unless_all_are_asked_for(sit: Any, now: datetime) -> None:
    quiz = single_choices()
    first = sit(quiz, "0000", at=now - timedelta(days=2))
    again = sit(quiz, "1111", by=first.candidate, at=now - timedelta(days=1))
    other = sit(quiz, "1100")
    start_attempt(assessment=quiz, seed="open", by=first.candidate, at=now)
    assert load(quiz, as_of=now).attempts.tolist() == sorted([first.pk, other.pk])
    everything = load(quiz, includes_retakes=True, as_of=now)
    assert everything.attempts.tolist() == sorted([first.pk, again.pk, other.pk])
    assert load(quiz, as_of=now - timedelta(days=1, hours=1)).attempts.tolist() == [first.pk]


def test_a_void_attempt_makes_room_for_the_next_and_a_waiting_one_does_not(
    sit: Any, student: Any, now: datetime
) -> None:
    quiz = single_choices()
    first = sit(quiz, "0000", by=student, at=now - timedelta(days=2))
    second = sit(quiz, "1111", by=student, at=now - timedelta(days=1))
    void_attempt(attempt=first, reason="power cut", by=student, at=now - timedelta(hours=2))
    assert load(quiz, as_of=now).attempts.tolist() == [second.pk]
    assert load(quiz, as_of=now - timedelta(hours=3)).attempts.tolist() == [first.pk]
    waiting = make_quiz(["essay", "single_choice"])
    sit(waiting, "11", at=now - timedelta(days=2), by=student)
    assert load(waiting, as_of=now).attempts.tolist() == []


def test_the_grade_in_force_counts_and_a_dropped_item_was_not_met(sit: Any, now: datetime) -> None:
    quiz = single_choices(2)
    attempt = sit(quiz, "01")
    items = list(AttemptItem.objects.filter(attempt=attempt).order_by("slot"))
    one = Decimal(1)
    Grade.objects.create(item=items[0], source=GradeSource.REGRADE, fraction=one, mark=one, at=now)
    later = now + timedelta(minutes=1)
    Grade.objects.create(item=items[1], source=GradeSource.REGRADE, fraction=one, mark=one, excluded=True, at=later)
    assert load(quiz, as_of=now - timedelta(minutes=1)).data.marks.sum() == 1
    assert load(quiz, as_of=now).data.marks.sum() == 2
    sample = load(quiz, as_of=later)
    assert len(sample.items) == 1
    assert sample.data.marks.tolist() == [[1.0]]


def test_versions_that_look_alike_stand_together_and_others_apart(sit: Any, now: datetime) -> None:
    question = make_question("Q-REVISED")
    quiz = make_assessment(questions=[question])
    sit(quiz, "1")
    question.rationale = "<p>Better said.</p>"
    question.save()
    freeze_question(question=question, by=None, at=now - timedelta(days=1))
    same = make_assessment(questions=[question])
    sit(same, "0")
    assert load(quiz, as_of=now).items[0].newest.number == 1
    question.stem = "<p>Asked in other words?</p>"
    question.save()
    freeze_question(question=question, by=None, at=now - timedelta(hours=5))
    freeze_assessment(assessment=quiz, by=None, at=now - timedelta(hours=4))
    quiz.refresh_from_db()
    sit(quiz, "1")
    items = load(quiz, as_of=now).items
    assert [[version.number for version in item.versions] for item in items] == [[1], [3]]


def test_equal_looks_pool_their_answers(sit: Any, now: datetime) -> None:
    question = make_question("Q-REKEYED", value={"choices": choices([1])})
    quiz = make_assessment(questions=[question])
    sit(quiz, "1")
    question.interaction = [("single_choice", {"choices": choices([2])})]
    question.save()
    freeze_question(question=question, by=None, at=now - timedelta(hours=5))
    freeze_assessment(assessment=quiz, by=None, at=now - timedelta(hours=4))
    quiz.refresh_from_db()
    sit(quiz, "1")
    [item] = load(quiz, as_of=now).items
    assert [version.number for version in item.versions] == [1, 2]
    report = analyse(quiz, as_of=now)
    assert report["items"][0]["answers"] == 2
    assert [option["is_key"] for option in report["items"][0]["options"]] == [False, False, True, False]


def test_below_twenty_attempts_there_are_counts_and_one_remark(sit: Any, now: datetime) -> None:
    quiz = single_choices(2)
    for row in ("11", "10", "0-"):
        sit(quiz, row)
    report = in_words(analyse(quiz, as_of=now))
    overall, item = report["overall"], report["items"][0]
    assert (overall["attempts"], overall["items"], overall["maximum"]) == (3, 2, 2)
    assert overall["passed"] == 1
    for name in ("mean", "sd", "alpha", "cic", "sem", "pass_rate", "decision", "skewness", "is_kr20"):
        assert overall[name] is None, name
    assert [flag["code"] for flag in overall["flags"]] == ["too_few_answers"]
    assert item["answers"] == 3
    assert (item["facility"], item["discrimination"], item["mean_seconds"], item["blank_share"]) == (None,) * 4
    assert sum(option["count"] for option in item["options"]) == 3
    assert all(option["share"] is None for option in item["options"])
    assert item["flags"][0]["sentence"].startswith("Too few answers: 3 so far")


def test_a_wrong_key_is_found_and_said_in_plain_words(sit: Any, now: datetime) -> None:
    """The best fail the first item because they know better; one distractor nobody takes."""
    quiz = single_choices(6)
    for place in range(24):
        sit(quiz, "011111" if place < 12 else "100000")
    item = next(row for row in in_words(analyse(quiz, as_of=now))["items"] if row["discrimination"] < 0)
    codes = [flag["code"] for flag in item["flags"]]
    assert codes[:2] == ["key_doubtful", "negative_discrimination"]
    assert "dead_distractor" in codes
    assert item["flags"][0]["sentence"].startswith("100 % of your best candidates chose ")
    assert item["flags"][0]["sentence"].endswith(": the key may be wrong.")
    assert item["negative_covariance"]
    key = next(option for option in item["options"] if option["is_key"])
    assert (key["upper_share"], key["lower_share"]) == (pytest.approx(0), pytest.approx(100))
    assert key["shares_by_group"] == pytest.approx([100, 100, 50, 0, 0])


def test_a_whole_report_is_plain_json_with_every_part(now: datetime) -> None:
    # Codes of their own: how a synthetic question behaves follows from the seed and its code.
    questions = [make_question(f"Q-REPORT-{slug}", slug) for slug in SIX_TYPES]
    quiz = make_assessment(questions=questions, hurdles=[{"domain": "D1", "percent": "60"}])
    simulate_cohort(assessment=quiz, students=60, seed=4, at=now)
    report = json.loads(json.dumps(analyse(quiz, as_of=now), allow_nan=False))
    overall = report["overall"]
    assert overall["attempts"] == 60
    assert overall["pass_rate"] == pytest.approx(100 * overall["passed"] / 60)
    assert overall["pass_rate_interval"][0] < overall["pass_rate"] < overall["pass_rate_interval"][1]
    assert overall["decision"]["consistency"] >= 50
    assert overall["sem_at_cut"] > 0
    assert len(report["items"]) == 6
    types = {item["type"]: item for item in report["items"]}
    assert {option["id"] for option in types["true_false"]["options"]} <= {"true", "false"}
    assert all(" → " in option["text"] for option in types["matching"]["options"])
    assert types["numeric"]["options"][0]["is_key"]
    assert all(item["mean_seconds"] > 0 for item in report["items"])
    [hurdle] = report["hurdles"]
    assert (hurdle["items"], hurdle["cut_items"]) == (6, 4)
    assert len(hurdle["chances"]) > 3


def test_fixed_forms_are_analysed_each_and_pilot_items_apart(now: datetime) -> None:
    bank = make_bank("exam-bank")
    for number in range(8):
        make_question(f"Q-FORMS-{number}", bank=bank)
    make_question("Q-PILOT", bank=bank, life_cycle=LifeCycle.PILOT)
    quiz = make_assessment(
        draws=[{"bank": bank, "rules": [{"count": 4}, {"count": 1, "pilot": True}]}], form_policy="fixed", form_count=2
    )
    simulate_cohort(assessment=quiz, students=80, seed=6, at=now)
    report = analyse(quiz, as_of=now)
    assert [form["label"] for form in report["forms"]] == ["A", "B"]
    assert sum(form["attempts"] for form in report["forms"]) == 80
    assert all(form["items"] == 4 and form["maximum"] == 4 and form["alpha"] is not None for form in report["forms"])
    assert report["overall"]["alpha"] is None
    assert report["overall"]["maximum"] == 4
    pilot = next(item for item in report["items"] if item["question"] == "Q-PILOT")
    assert (pilot["counts"], pilot["answers"], pilot["intended_weight"]) == (False, 80, 0)
    assert sum(item["answers"] for item in report["items"] if item["counts"]) == 320


def test_the_number_of_statements_does_not_grow(now: datetime) -> None:
    quiz = single_choices(5)

    def statements(students: int) -> int:
        simulate_cohort(assessment=quiz, students=students, seed=8, at=now)
        with CaptureQueriesContext(connection) as captured:
            analyse(quiz, as_of=now)
        return len(captured)

    assert statements(2) == statements(60) <= 12


def test_nobody_yet_is_an_empty_report(now: datetime) -> None:
    report = analyse(single_choices(hurdles=[{"domain": "D1", "percent": "60"}]), as_of=now)
    assert (report["overall"]["attempts"], report["items"], report["forms"]) == (0, [], [])
    assert report["hurdles"][0]["items"] == 0


def test_a_kept_analysis_is_worked_out_again_from_the_record_of_its_moment(sit: Any, now: datetime) -> None:
    quiz = single_choices(3)
    simulate_cohort(assessment=quiz, students=25, seed=2, at=now)
    snapshot = take_snapshot(assessment=quiz, by=None, at=now)
    snapshot.refresh_from_db()
    assert snapshot.attempt_count == 25
    assert snapshot.figures["overall"]["attempts"] == 25
    sit(quiz, "111", at=now + timedelta(hours=1))
    again = recompute_snapshot(snapshot)
    assert (again.same_inputs, again.same_figures) == (True, True)
    snapshot.figures["items"][0]["facility"] += 0.001
    assert not recompute_snapshot(snapshot).same_figures
    # A grade that claims to be older than the analysis changes what it rests on.
    item = AttemptItem.objects.filter(attempt__assessment=quiz).order_by("pk").first()
    Grade.objects.create(item=item, source=GradeSource.REGRADE, fraction=Decimal("0.5"), mark=Decimal("0.5"), at=now)
    changed = recompute_snapshot(snapshot)
    assert (changed.same_inputs, changed.same_figures) == (False, False)


def test_the_stamp_changes_with_results_and_voided_attempts(sit: Any, student: Any, now: datetime) -> None:
    quiz = single_choices(1)
    stamps = [stamp_of(quiz)]
    attempt = sit(quiz, "1")
    stamps.append(stamp_of(quiz))
    void_attempt(attempt=attempt, reason="fire alarm", by=student, at=now)
    stamps.append(stamp_of(quiz))
    assert len(set(stamps)) == 3


def test_marks_that_no_person_has_given_yet_are_not_met(sit: Any, now: datetime) -> None:
    bank = make_bank("essays")
    make_question(bank=bank)
    make_question(slug="essay", bank=bank, life_cycle=LifeCycle.PILOT)
    quiz = make_assessment(draws=[{"bank": bank, "rules": [{"count": 1}, {"count": 1, "pilot": True}]}])
    sit(quiz, "11")
    assert Result.objects.filter(attempt__assessment=quiz).count() == 1
    sample = load(quiz, as_of=now)
    assert np.isnan(sample.data.marks).sum() == 1
    assert {item["type"]: item["answers"] for item in analyse(quiz, as_of=now)["items"]} == {
        "single_choice": 1,
        "essay": 0,
    }


def test_the_command_prints_for_people_and_for_programs(
    sit: Any, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    quiz = single_choices(3)
    simulate_cohort(assessment=quiz, students=30, seed=2, at=now - timedelta(days=365))
    call_command("item_analysis", quiz.code, json=True)
    report = json.loads(capsys.readouterr().out)
    assert report["overall"]["attempts"] == 30
    assert report["attempts"] == "first"
    call_command("item_analysis", quiz.code, all=True)
    said = capsys.readouterr().out
    assert "overall: 30 attempts, 3 items, maximum 3.00" in said
    assert "KR-20" in said
    assert all(item["question"] in said for item in report["items"])
    with pytest.raises(CommandError, match="no quiz"):
        call_command("item_analysis", "nowhere")
