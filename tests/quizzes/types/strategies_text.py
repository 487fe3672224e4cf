"""Random drafts of the types that read text, with their twins."""

from __future__ import annotations

import string
from typing import Any

from hypothesis import strategies as st

from quizzes.types.texts import normalise
from tests.quizzes.types.strategies import Case, any_rule, choice_rows, feedback, texts

# Words as candidates write them: accents, capitals, blanks, and signs that mean something to HTML or to the key.
LETTERS = "abcdefgh ABÉéñ’'-<&*\\ß1"
answers = st.text(alphabet=LETTERS, min_size=1, max_size=14).filter(normalise)


def escaped(text: str) -> str:
    """A text as an accepted answer that stands for it alone."""
    return text.replace("\\", "/").replace("*", "\\*")


def accepted_texts(most: int = 3) -> st.SearchStrategy[list[str]]:
    """Accepted answers without wildcards, no two alike."""
    return st.lists(answers.map(escaped), min_size=1, max_size=most, unique_by=normalise)


@st.composite
def short_answer(draw: st.DrawFn) -> Case:
    most = draw(st.sampled_from([30, 100, None]))

    def one() -> dict[str, Any]:
        rows = [
            {"text": text, "share": draw(st.sampled_from([100, "50", None, "33.3"])), "feedback": draw(feedback)}
            for text in draw(accepted_texts())
        ]
        rows[0]["share"] = 100
        if draw(st.booleans()):
            rows.append({"text": "wild*card", "share": "25"})
        tolerant = draw(st.booleans())
        return {"answers": rows, "max_length": most, "typo_tolerance": tolerant, "samples": draw(st.text(max_size=9))}

    return Case(one(), draw(any_rule), one(), draw(any_rule))


decimals = st.decimals(min_value=-1000, max_value=1000, places=2, allow_nan=False, allow_infinity=False)


@st.composite
def _gap(draw: st.DrawFn, kind: str, choices: list[str]) -> dict[str, Any]:
    if kind == "text":
        parts: dict[str, Any] = {"answers": draw(accepted_texts()), "typo_tolerance": draw(st.booleans())}
    elif kind == "choice":
        key = draw(st.integers(0, len(choices) - 1))
        parts = {"choices": choice_rows(choices, {key}, [draw(feedback) for _ in choices])}
    else:
        parts = {"value": str(draw(decimals)), "tolerance": str(abs(draw(decimals)))}
    return {"kind": kind, **parts, "feedback": draw(feedback)}


@st.composite
def cloze(draw: st.DrawFn) -> Case:
    kinds = draw(st.lists(st.sampled_from(["text", "choice", "numeric"]), min_size=1, max_size=4))
    shown = [draw(texts(2, 4)) for _ in kinds]
    order = draw(st.permutations(range(1, len(kinds) + 1)))
    between = draw(st.lists(st.sampled_from(["<b>of</b> ", "</p><p>", " &lt;and&gt; ", " "]), min_size=len(kinds)))
    text = "<p>The " + "".join(f"{word}[[{number}]]" for word, number in zip(between, order, strict=False)) + ".</p>"

    def one() -> dict[str, Any]:
        return {"text": text, "gaps": [draw(_gap(kind, choices)) for kind, choices in zip(kinds, shown, strict=True)]}

    return Case(one(), draw(any_rule), one(), draw(any_rule))


def gap_values(gap: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What a candidate may put into a gap."""
    if gap["kind"] == "choice":
        return st.sampled_from([row["id"] for row in gap["choices"]])
    if gap["kind"] == "numeric":
        return decimals.map(str) | st.integers(-10, 10) | st.sampled_from(["1,5", " 7 "])
    return answers | st.text(alphabet=string.printable, max_size=30)
