"""Questions answered in words, from a package into the bank and back: plain data, texts in Markdown."""

from __future__ import annotations

from typing import Any

import pytest

from lms.package.sections.questions import QUESTION, from_block, to_block
from quizzes.types import registry
from quizzes.types.base import CompileProblem, ScoringRule
from tests.quizzes.making import make_question

SHORT: dict[str, Any] = {
    "answers": [
        {"text": "gluteus medius", "share": "100", "feedback": "It *steadies* the pelvis."},
        {"text": "glut*", "share": "50", "feedback": ""},
        {"text": "5 \\* 5", "share": "0", "feedback": ""},
    ],
    "max_length": 60,
    "typo_tolerance": True,
    "samples": "gluteus minimus\nglutaeus medius",
}
CLOZE: dict[str, Any] = {
    "text": "The [[2]] **lifts** the arm by [[1]] degrees.\n\nIt lies [[3]] the spine.",
    "gaps": [
        {"kind": "numeric", "value": "15", "tolerance": "0.5", "low": None, "high": None, "feedback": "About."},
        {
            "kind": "text",
            "answers": ["supraspinatus", "supra*"],
            "typo_tolerance": True,
            "samples": "infraspinatus",
            "feedback": "",
        },
        {
            "kind": "choice",
            "choices": [
                {"text": "*above*", "key": True, "feedback": "Yes."},
                {"text": "below", "key": False, "feedback": ""},
            ],
            "feedback": "",
        },
    ],
}
CASES = [("short_answer", SHORT), ("cloze", CLOZE)]


@pytest.mark.parametrize(("slug", "entry"), CASES)
def test_the_editor_gives_back_what_the_package_said(slug: str, entry: dict[str, Any]) -> None:
    block = registry.get(slug).authoring_block()
    value = block.to_python(block.get_prep_value(block.normalize(to_block(block, entry))))
    assert from_block(value) == entry
    checked = registry.get(slug).compile(to_block(block, entry), ScoringRule.partial)
    assert registry.get(slug).compile(value, ScoringRule.partial) == checked


def test_a_cloze_keeps_its_paragraphs() -> None:
    kind = registry.get("cloze")
    html = kind.compile(to_block(kind.authoring_block(), CLOZE), ScoringRule.partial).presentation.html
    assert html == (
        '<p>The <span data-gap="g1"></span> <strong>lifts</strong> the arm by <span data-gap="g2"></span> degrees.</p>'
        '<p>It lies <span data-gap="g3"></span> the spine.</p>'
    )


@pytest.mark.parametrize(
    ("gap", "field"),
    [
        ({"kind": "word", "answers": ["a"]}, "gaps.1.kind"),
        ({"answers": ["a"]}, "gaps.1.kind"),
        ({"kind": "text", "answer": "a"}, "gaps.1"),
        ("a", "gaps.1.kind"),
    ],
)
def test_a_fault_in_a_gap_is_named(gap: Any, field: str) -> None:
    kind = registry.get("cloze")
    with pytest.raises(CompileProblem) as caught:
        kind.compile(to_block(kind.authoring_block(), {"text": "[[1]]", "gaps": [gap]}), ScoringRule.partial)
    assert caught.value.field == field


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_school")
@pytest.mark.parametrize(("slug", "entry"), CASES)
def test_a_question_is_written_published_and_dumped(slug: str, entry: dict[str, Any]) -> None:
    question = make_question(slug=slug)
    dumped = QUESTION.dumps()[question.code]
    QUESTION.write({**dumped, "interaction": entry}, None)
    assert QUESTION.dumps()[question.code]["interaction"] == entry
    question.refresh_from_db()
    assert question.current_version.number == 2
    assert "samples" not in str(question.current_version.answer_key.key)
