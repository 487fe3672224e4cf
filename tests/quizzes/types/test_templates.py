"""Each type's templates: the form posts what `parse_form` reads, and nothing but the interaction is in it."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string

from quizzes.types import registry
from quizzes.types.base import feedback_by_alias
from tests.quizzes.types.strategies import CANARY, Form

CHOICES = [
    {"text": "a &lt; b", "key": True, "feedback": f"{CANARY} because"},
    {"text": "10<sup>2</sup>", "key": True, "feedback": ""},
    {"text": "none of the above", "key": False, "feedback": f"{CANARY} <b>no</b>"},
]
DRAFTS: dict[str, dict[str, Any]] = {
    "single_choice": {"choices": [{**row, "key": place == 0} for place, row in enumerate(CHOICES)]},
    "multiple_response": {"choices": CHOICES, "min": 1, "max": 2},
    "true_false": {"correct": False, "feedback_true": f"{CANARY} no", "feedback_false": ""},
    "numeric": {"value": "20.5", "tolerance": "1", "unit": "kg/m²"},
    "matching": {
        "pairs": [
            {"prompt": "CO<sub>2</sub>", "option": "gas"},
            {"prompt": "b", "option": '"10<sup>2</sup>"'},
        ],
        "extra_options": ["water"],
    },
    "ordering": {"elements": ["first", "<b>second</b>", 'th"ird']},
}


def item(slug: str, answered: str = "", **more: Any) -> dict[str, Any]:
    """An item as pages get it; `answered` is empty, `right` or `wrong`."""
    question_type = registry.get(slug)
    rules = question_type.scoring_rules
    compiled = question_type.compile(DRAFTS[slug], rules[-1])
    arrangement = question_type.arrange(compiled.presentation, random.Random(7))
    correct = question_type.serialise(arrangement, question_type.correct_answer(compiled.key))
    wrong = {
        "single_choice": {"choice": "c"},
        "multiple_response": {"choices": ["c"]},
        "true_false": {"value": True},
        "numeric": {"value": 1234.5},
        "matching": {"pairs": {"p1": "a", "p2": "a"}},
        "ordering": {"order": list(reversed(correct.get("order", [])))},
    }[slug]
    answer = {"": None, "right": correct, "wrong": wrong}[answered]
    fraction = None
    if answer is not None:
        fraction = question_type.grade(
            compiled.key, question_type.parse(compiled.presentation, arrangement, answer)
        ).fraction
    return {
        "slot": 3,
        "interaction": question_type.interaction(compiled.presentation, arrangement),
        "answer": answer,
        "is_locked": False,
        "correct": correct,
        "feedback": feedback_by_alias(arrangement, question_type.choice_feedback(compiled.key, None)),
        "fraction": fraction,
        "arrangement": arrangement,
        "presentation": compiled.presentation,
        **more,
    }


def page(kind: str, slug: str, **context: Any) -> BeautifulSoup:
    text = render_to_string(f"quizzes/{kind}/{slug}.html", {"item": context})
    assert " style=" not in text
    assert "<script" not in text
    return BeautifulSoup(text, "html.parser")


def posted(soup: BeautifulSoup) -> Form:
    """What a browser would send."""
    values: dict[str, list[str]] = {}
    for field in soup.find_all("input"):
        if field["type"] not in {"radio", "checkbox"} or field.has_attr("checked"):
            values.setdefault(field["name"], []).append(field.get("value", ""))
    for field in soup.find_all("select"):
        chosen = field.find("option", selected=True) or field.find("option")
        values.setdefault(field["name"], []).append(chosen["value"])
    return Form(values)


@pytest.mark.parametrize("slug", DRAFTS)
@pytest.mark.parametrize("answered", ["", "right", "wrong"])
def test_the_form_posts_back_the_answer_it_shows(slug: str, answered: str) -> None:
    question_type = registry.get(slug)
    shown = item(slug, answered)
    soup = page("interactions", slug, **shown)
    presentation, arrangement = shown["presentation"], shown["arrangement"]
    read = question_type.parse_form(presentation, arrangement, posted(soup))
    if not answered:
        assert read is None
        return
    parse = question_type.parse
    assert parse(presentation, arrangement, read) == parse(presentation, arrangement, shown["answer"])


@pytest.mark.parametrize("slug", DRAFTS)
def test_the_form_is_built_of_the_interaction_and_the_answer_alone(slug: str) -> None:
    shown = item(slug, "wrong")
    known = {name: shown[name] for name in ("slot", "interaction", "answer", "is_locked")}
    whole = str(page("interactions", slug, **shown))
    assert whole == str(page("interactions", slug, **known))
    assert CANARY not in whole


@pytest.mark.parametrize("slug", DRAFTS)
def test_every_field_has_a_name_and_a_locked_form_is_switched_off(slug: str) -> None:
    soup = page("interactions", slug, **item(slug, "right"))
    fieldset = soup.find("fieldset")
    assert fieldset.find("legend").get_text(strip=True).startswith("Your answer")
    assert not fieldset.has_attr("disabled")
    for field in soup.find_all(["input", "select"]):
        named = (
            field.find_parent("label")
            or soup.find("label", attrs={"for": field.get("id", "-")})
            or field.get("aria-label")
        )
        assert named
    identities = [element["id"] for element in soup.find_all(id=True)]
    assert len(set(identities)) == len(identities)
    for element in soup.find_all(attrs={"aria-describedby": True}):
        assert set(element["aria-describedby"].split()) <= set(identities)
    assert page("interactions", slug, **item(slug, is_locked=True)).find("fieldset").has_attr("disabled")


@pytest.mark.parametrize("slug", DRAFTS)
@pytest.mark.parametrize(
    ("answered", "word"), [("", "Not answered"), ("right", "Right"), ("wrong", "Not right|Partly right")]
)
def test_a_review_says_it_in_words(slug: str, answered: str, word: str) -> None:
    soup = page("rationale", slug, **item(slug, answered))
    assert re.fullmatch(word, soup.find(class_="verdict").get_text(strip=True))
    assert soup.find(class_="verdict").find("svg")
    for mark in soup.find_all(class_="option__mark"):
        assert mark.find("svg")
        assert mark.get_text(strip=True)
    said = {text for text in item(slug)["feedback"].values() if CANARY in text}
    assert str(soup).count(CANARY) == len(said)


@pytest.mark.parametrize("slug", DRAFTS)
def test_a_review_without_the_key_tells_no_key(slug: str) -> None:
    shown = item(slug, "right", correct=None, feedback={}, fraction=None)
    soup = page("rationale", slug, **shown)
    assert soup.find(class_="verdict") is None
    assert not soup.find_all(class_=["option--key", "option--wrong"])
    assert "ight" not in soup.get_text()


def test_a_range_is_told() -> None:
    text = " ".join(page("rationale", "numeric", **item("numeric", "wrong")).get_text().split())
    assert "1234.5 kg/m²" in text
    assert "any number from 19.5 to 21.5 kg/m²" in text
