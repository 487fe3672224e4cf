"""Random drafts, twins that differ only in what a candidate must not notice, and answers, type by type."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from quizzes.types import markup
from quizzes.types.base import ScoringRule

CANARY = "zqcanaryqz"


@dataclass(frozen=True)
class Case:
    """A draft, and a twin of it with another key, other feedback and perhaps another scoring rule."""

    draft: dict[str, Any]
    scoring: ScoringRule
    twin: dict[str, Any]
    twin_scoring: ScoringRule


@dataclass(frozen=True)
class Form:
    """A posted form, as much of Django's QueryDict as types use."""

    values: dict[str, list[str]]

    def get(self, name: str, /) -> str | None:
        return self.getlist(name)[-1] if self.getlist(name) else None

    def getlist(self, name: str, /) -> list[str]:
        return self.values.get(name, [])


words = st.text(alphabet="abcdEF ghé<&²'-", min_size=1, max_size=8).map(html.escape).filter(markup.has_words)
feedback = st.one_of(st.just(""), words.map(lambda text: f"<p>{CANARY} {text}</p>"))
any_rule = st.sampled_from(ScoringRule)

# What a hostile or broken client may send: any JSON, lists and objects of the right names included.
_leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["a", "b", "p1", "e1", "c1", "o1", "true", "1e5", "NaN", "Infinity", "1,000", "-"])
)
_json = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
_members = st.sampled_from(["choice", "choices", "value", "pairs", "order", "text", "gaps", ""])
_objects = st.dictionaries(_members, _json, max_size=2)
_pairs = st.fixed_dictionaries({"pairs": st.dictionaries(st.sampled_from(["p1", "p2", "p9", "a"]), _json)})
junk = _json | _objects | _pairs

junk_forms = st.dictionaries(
    st.sampled_from(["answer", "pair-p1", "pair-p2", "position-e1", "position-e2", "position-e3"]),
    st.lists(st.text(max_size=5) | st.sampled_from(["a", "b", "1", "2", "0", "²", "true"]), max_size=3),
).map(Form)


def texts(least: int, most: int) -> st.SearchStrategy[list[str]]:
    """Texts that no reader would confuse."""
    return st.lists(words, min_size=least, max_size=most, unique_by=markup.comparable)


def choice_rows(written: Iterable[str], keys: set[int], said: list[str]) -> list[dict[str, Any]]:
    """Rows of a choice list."""
    return [{"text": text, "key": place in keys, "feedback": said[place]} for place, text in enumerate(written)]


@st.composite
def single_choice(draw: st.DrawFn) -> Case:
    written = draw(texts(2, 6))
    shuffle = draw(st.booleans())
    places = st.integers(0, len(written) - 1)
    said = st.lists(feedback, min_size=len(written), max_size=len(written))

    def one() -> dict[str, Any]:
        return {"shuffle": shuffle, "choices": choice_rows(written, {draw(places)}, draw(said))}

    return Case(one(), ScoringRule.all_or_nothing, one(), ScoringRule.all_or_nothing)


@st.composite
def multiple_response(draw: st.DrawFn) -> Case:
    written = draw(texts(2, 6))
    most = draw(st.integers(1, len(written)))
    least = draw(st.integers(0, most))
    shuffle = draw(st.booleans())
    keys = st.sets(st.integers(0, len(written) - 1), min_size=max(1, least), max_size=most)
    said = st.lists(feedback, min_size=len(written), max_size=len(written))

    def one() -> dict[str, Any]:
        rows = choice_rows(written, draw(keys), draw(said))
        return {"shuffle": shuffle, "min": least, "max": most, "choices": rows}

    return Case(one(), draw(any_rule), one(), draw(any_rule))


@st.composite
def true_false(draw: st.DrawFn) -> Case:
    def one() -> dict[str, Any]:
        return {
            "correct": draw(st.booleans()),
            "feedback_true": draw(feedback),
            "feedback_false": draw(feedback),
        }

    return Case(one(), ScoringRule.all_or_nothing, one(), ScoringRule.all_or_nothing)


decimals = st.decimals(min_value=-(10**6), max_value=10**6, places=4, allow_nan=False, allow_infinity=False)


@st.composite
def numeric(draw: st.DrawFn) -> Case:
    unit = draw(st.sampled_from(["", "cm", "kg/m²", "°"]))

    def one() -> dict[str, Any]:
        if draw(st.booleans()):
            tolerance = abs(draw(decimals))
            return {"value": str(draw(decimals)), "tolerance": str(tolerance), "unit": unit}
        low, high = sorted([draw(decimals), draw(decimals)])
        return {"value": None, "tolerance": "0", "low": low, "high": high, "unit": unit}

    return Case(one(), ScoringRule.all_or_nothing, one(), ScoringRule.all_or_nothing)


@st.composite
def matching(draw: st.DrawFn) -> Case:
    prompts = draw(texts(2, 5))
    options = draw(texts(len(prompts), len(prompts) + 3))

    def one() -> dict[str, Any]:
        ordered = draw(st.permutations(options))
        pairs = [{"prompt": prompt, "option": ordered[place]} for place, prompt in enumerate(prompts)]
        return {"pairs": pairs, "extra_options": ordered[len(prompts) :]}

    return Case(one(), draw(any_rule), one(), draw(any_rule))


@st.composite
def ordering(draw: st.DrawFn) -> Case:
    elements = draw(texts(2, 7))
    one, other = draw(st.permutations(elements)), draw(st.permutations(elements))
    return Case({"elements": one}, draw(any_rule), {"elements": other}, draw(any_rule))


def ids(rows: list[dict[str, str]]) -> list[str]:
    """The aliases of a group."""
    return [row["id"] for row in rows]


def some_of(rows: list[dict[str, str]], most: int | None = None) -> st.SearchStrategy[list[str]]:
    """Distinct aliases of a group, in any order."""
    return st.lists(st.sampled_from(ids(rows)), unique=True, max_size=most)
