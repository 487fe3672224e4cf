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
}


def stored(value: Any) -> Any:
    """A draft as Wagtail stores it: rows of a list carry their kind and an id."""
    if isinstance(value, dict):
        return {name: stored(part) for name, part in value.items()}
    if isinstance(value, list):
        return [
            {"type": "item", "value": stored(row), "id": f"00000000-0000-4000-8000-{place:012}"}
            for place, row in enumerate(value)
        ]
    return value


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
