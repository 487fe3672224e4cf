"""Publishing a question freezes a version: what candidates met never changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from lms.core.exceptions import RecordIsFixed
from quizzes.bank.commands import freeze_question
from quizzes.bank.exceptions import FreezeRefused
from quizzes.bank.models import AnswerKey, Question, QuestionVersion
from tests.quizzes.making import SIX_TYPES, choices, draft, make_bank, make_question, rewrite

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 3, 1, tzinfo=UTC)


def versions(question: Question) -> list[QuestionVersion]:
    return list(QuestionVersion.objects.filter(question=question).order_by("number"))


def publish(question: Question) -> None:
    """As the CMS and scripts publish."""
    question.save_revision().publish()
    question.refresh_from_db()


@pytest.mark.parametrize("slug", SIX_TYPES)
def test_freezing_makes_a_version_and_its_key(slug: str) -> None:
    question = make_question(slug=slug, said="said")
    (version,) = versions(question)
    assert question.current_version == version
    assert (version.number, version.type) == (1, slug)
    assert (version.domain_code, version.objective_code) == ("D1", "TST-1.1")
    assert version.answer_key.rationale_html == "<p>This is why. said</p>"
    assert version.answer_key.scoring == question.scoring
    assert version.summary == f"What is asked by {question.code}?"


def test_a_version_and_its_key_cannot_be_changed_or_deleted() -> None:
    version = make_question().current_version
    version.stem_html = "<p>Another question</p>"
    with pytest.raises(RecordIsFixed):
        version.save()
    with pytest.raises(RecordIsFixed):
        version.delete()
    with pytest.raises(RecordIsFixed):
        AnswerKey.objects.filter(version=version).update(key={})
    for statement in (
        "UPDATE quizzes_answerkey SET key = '{}' WHERE version_id = %s",
        "UPDATE quizzes_questionversion SET stem_html = 'Another' WHERE id = %s",
        "DELETE FROM quizzes_answerkey WHERE version_id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [version.pk])
    assert QuestionVersion.objects.get(pk=version.pk).stem_html != "<p>Another question</p>"


def test_unchanged_content_makes_no_version() -> None:
    question = make_question()
    before = question.current_version
    assert freeze_question(question=question, by=None, at=LATER) == before
    publish(question)
    assert versions(question) == [before]


def test_a_change_that_candidates_see_changes_both_digests() -> None:
    question = make_question()
    rewrite(question, "single_choice", draft("single_choice")[0], stem="<p>Asked in other words</p>")
    freeze_question(question=question, by=None, at=LATER)
    first, second = versions(question)
    assert second.number == 2
    assert first.content_digest != second.content_digest
    assert first.presentation_digest != second.presentation_digest
    assert question.current_version == second
    assert first.stem_html != second.stem_html


TWINS = {
    "single_choice": {"choices": choices([3], "another word")},
    "multiple_response": {"min": 1, "max": 3, "choices": choices([1], "another word")},
    "true_false": {"correct": False, "feedback_true": "another word", "feedback_false": ""},
    "numeric": {"low": "90", "high": "91.5", "unit": "kg"},
    "matching": {
        "pairs": [{"prompt": f"prompt {n}", "option": f"option {n + 1}"} for n in (1, 2, 3)],
        "extra_options": ["option 1"],
    },
    "ordering": {"elements": ["fourth", "second", "first", "third"]},
}


@pytest.mark.parametrize("slug", SIX_TYPES)
def test_another_key_is_other_content_behind_the_same_presentation(slug: str) -> None:
    question = make_question(slug=slug)
    rewrite(question, slug, TWINS[slug], rationale="<p>It was miskeyed.</p>")
    freeze_question(question=question, by=None, at=LATER)
    first, second = versions(question)
    assert first.presentation_digest == second.presentation_digest
    assert first.presentation == second.presentation
    assert first.content_digest != second.content_digest
    assert first.answer_key.key != second.answer_key.key


@pytest.mark.parametrize(
    "fields",
    [
        {"rationale": "<p>Said better</p>"},
        {"scoring": "all_or_nothing"},
        {"cognitive_level": "analysis"},
    ],
)
def test_what_is_known_beside_the_key_counts_as_content_too(fields: dict[str, str]) -> None:
    question = make_question(slug="matching")
    rewrite(question, "matching", draft("matching")[0], **fields)
    freeze_question(question=question, by=None, at=LATER)
    first, second = versions(question)
    assert first.presentation_digest == second.presentation_digest
    assert first.content_digest != second.content_digest


@pytest.mark.parametrize(
    ("slug", "value", "fields"),
    [
        ("single_choice", {"choices": choices([])}, {}),
        ("single_choice", {"choices": choices([0, 1])}, {}),
        ("numeric", {"unit": "kg"}, {}),
        ("numeric", {"value": "1", "tolerance": "0", "unit": ""}, {"stem": "<p>&nbsp;</p>"}),
        ("numeric", {"value": "1", "tolerance": "0", "unit": ""}, {"scoring": "partial"}),
        ("ordering", {"elements": ["same", "Same"]}, {}),
    ],
)
def test_what_cannot_be_scored_or_asked_is_refused_and_changes_nothing(slug: str, value: dict, fields: dict) -> None:
    question = make_question(slug=slug)
    before = question.current_version
    rewrite(question, slug, value, **fields)
    with pytest.raises(FreezeRefused) as caught:
        freeze_question(question=question, by=None, at=LATER)
    assert question.code in caught.value.message
    assert versions(question) == [before]
    question.refresh_from_db()
    assert question.current_version == before


def test_a_question_without_an_answer_format_is_refused() -> None:
    question = make_question(frozen=False)
    question.interaction = []
    question.save()
    with pytest.raises(FreezeRefused):
        freeze_question(question=question, by=None, at=LATER)
    assert not versions(question)


def test_a_refused_publication_leaves_the_live_question_as_it_was() -> None:
    question = make_question(live=True)
    question.interaction = [("single_choice", {"choices": choices([])})]
    question.stem = "<p>Half rewritten</p>"
    revision = question.save_revision()
    with pytest.raises(FreezeRefused), transaction.atomic():
        revision.publish()
    stored = Question.objects.get(pk=question.pk)
    assert "Half rewritten" not in stored.stem
    assert stored.current_version.number == 1


def test_publishing_an_older_revision_goes_forward_to_a_new_version() -> None:
    question = make_question(frozen=False)
    old = question.save_revision()
    old.publish()
    question.refresh_from_db()
    question.stem = "<p>Reworded</p>"
    publish(question)
    assert question.current_version.number == 2
    stale = old.as_object()
    assert stale.current_version_id == question.current_version_id, "a draft must not bring an old pointer back"
    old.publish()
    question.refresh_from_db()
    first, second, third = versions(question)
    assert question.current_version == third
    assert third.content_digest == first.content_digest != second.content_digest


def test_a_revision_saved_as_draft_leaves_the_version_in_force() -> None:
    question = make_question()
    question.stem = "<p>Not yet</p>"
    question.save_revision()
    stored = Question.objects.get(pk=question.pk)
    assert stored.current_version.number == 1
    assert "Not yet" not in stored.current_version.stem_html


def test_a_stimulus_belongs_to_what_is_shown() -> None:
    from quizzes.bank.models import Stimulus

    bank = make_bank()
    story = Stimulus.objects.create(code="story", title="A story", text="<p>A client comes in.</p>", bank=bank)
    question = make_question(bank=bank, stimulus=story)
    first = question.current_version
    assert first.stimulus_html == "<p>A client comes in.</p>"
    story.text = "<p>A client comes in, limping.</p>"
    story.save()
    assert QuestionVersion.objects.get(pk=first.pk).stimulus_html == "<p>A client comes in.</p>"
    second = freeze_question(question=question, by=None, at=LATER)
    assert second.presentation_digest != first.presentation_digest
