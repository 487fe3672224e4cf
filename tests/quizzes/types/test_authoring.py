"""What an author writes in the editor compiles to the same as the keys of a curriculum package."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.types import registry
from quizzes.types.base import CompileProblem, ScoringRule

DRAFTS: dict[str, dict[str, Any]] = {
    "single_choice": {
        "shuffle": False,
        "choices": [
            {"text": "<b>one</b>", "key": True, "feedback": "yes"},
            {"text": "two", "key": False, "feedback": ""},
        ],
    },
    "multiple_response": {
        "shuffle": True,
        "min": 1,
        "max": None,
        "choices": [
            {"text": "one", "key": True, "feedback": ""},
            {"text": "two", "key": True, "feedback": "yes"},
            {"text": "three", "key": False, "feedback": ""},
        ],
    },
    "true_false": {"correct": False, "feedback_true": "no", "feedback_false": ""},
    "numeric": {"value": "1925", "tolerance": "0", "low": None, "high": None, "unit": "AD"},
    "matching": {
        "pairs": [{"prompt": "a", "option": "1"}, {"prompt": "b", "option": "2"}],
        "extra_options": ["3"],
    },
    "ordering": {"elements": ["first", "second", "third"]},
    "essay": {
        "word_limit": 80,
        "criteria": [
            {
                "title": "The right to <i>stop</i>",
                "description": "",
                "points": 2,
                "required": True,
                "levels": [{"points": 0, "description": "not said"}, {"points": 2, "description": "said"}],
            },
            {"title": "Soreness", "description": "honestly", "points": 1, "required": False, "levels": []},
        ],
        "cap_percent": 50,
        "pass_note": "",
        "model_answer": "You can stop me.\n\nIt may be sore.",
    },
    "hotspot": {
        "min": 1,
        "max": 1,
        "regions": [
            {
                "text": "one",
                "shape": {"kind": "rectangle", "numbers": "10 10 30 30"},
                "key": True,
                "feedback": "yes",
            },
            {"text": "two", "shape": {"kind": "polygon", "numbers": "40 10 60 10 50 30"}, "key": False, "feedback": ""},
        ],
    },
    "labelling": {
        "targets": [{"at": "10 10", "label": "one"}, {"at": "50 50.5", "label": "<i>two</i>"}],
        "extra_labels": ["three"],
        "reuse": False,
    },
    "short_answer": {
        "answers": [
            {"text": "gluteus medius", "share": "100", "feedback": "<b>yes</b>"},
            {"text": "glut*", "share": "50", "feedback": ""},
        ],
        "max_length": 60,
        "typo_tolerance": True,
        "samples": "gluteus minimus",
    },
    "cloze": {
        "text": "<p>The [[2]] <b>moves</b> [[1]] by [[3]].</p>",
        "gaps": [
            {
                "kind": "choice",
                "choices": [
                    {"text": "in", "key": True, "feedback": ""},
                    {"text": "<i>out</i>", "key": False, "feedback": "no"},
                ],
                "feedback": "",
            },
            {"kind": "text", "answers": ["rib", "ribs"], "typo_tolerance": False, "samples": "", "feedback": "said"},
            {"kind": "numeric", "value": "2.5", "tolerance": "0.5", "low": None, "high": None, "feedback": ""},
        ],
    },
}


def stored(value: Any) -> Any:
    """A draft as Wagtail stores it: rows of a list carry their kind and an id."""
    if isinstance(value, dict):
        return {name: stored(part) for name, part in value.items()}
    if isinstance(value, list):
        return [{**stored_row(row), "id": f"00000000-0000-4000-8000-{place:012}"} for place, row in enumerate(value)]
    return value


def stored_row(row: Any) -> dict[str, Any]:
    """Rows of several kinds name theirs among their parts; Wagtail keeps it beside them."""
    if isinstance(row, dict) and "kind" in row:
        return {"type": row["kind"], "value": stored({name: part for name, part in row.items() if name != "kind"})}
    return {"type": "item", "value": stored(row)}


@pytest.mark.parametrize("slug", DRAFTS)
def test_the_editor_and_the_package_say_the_same(slug: str) -> None:
    question_type = registry.get(slug)
    block = question_type.authoring_block()
    assert set(block.child_blocks) == set(DRAFTS[slug])
    value = block.to_python(stored(DRAFTS[slug]))
    rule = ScoringRule.all_or_nothing
    assert question_type.compile(value, rule) == question_type.compile(DRAFTS[slug], rule)
    again = block.to_python(block.get_prep_value(value))
    assert question_type.compile(again, rule) == question_type.compile(DRAFTS[slug], rule)


@pytest.mark.parametrize("slug", DRAFTS)
def test_a_fresh_form_is_refused_with_a_sentence(slug: str) -> None:
    question_type = registry.get(slug)
    block = question_type.authoring_block()
    with pytest.raises(CompileProblem) as caught:
        question_type.compile(block.get_default(), ScoringRule.all_or_nothing)
    assert caught.value.message


@pytest.mark.parametrize("slug", DRAFTS)
def test_the_editor_can_show_it(slug: str) -> None:
    from wagtail.blocks.struct_block import StructBlockAdapter

    block = registry.get(slug).authoring_block()
    block.set_name(slug)
    assert block.label
    assert block.meta.icon != "placeholder"
    name, children, meta = StructBlockAdapter().js_args(block)
    assert name == slug
    assert [child.name for child in children] == list(DRAFTS[slug])
    assert meta["label"]


@pytest.mark.parametrize(("word", "verdict"), [("true", True), ("false", False)])
def test_a_verdict_is_stored_as_a_boolean(word: str, verdict: bool) -> None:
    block = registry.get("true_false").authoring_block().child_blocks["correct"]
    assert block.clean(block.value_from_form(word)) is verdict
    assert block.get_form_state(verdict) == [word]
    assert block.value_from_form("") is None
