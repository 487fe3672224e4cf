"""Types are found, and the purity of the package holds."""

from __future__ import annotations

import subprocess
import sys

import pytest

from quizzes.types import base, markup, registry


def test_every_type_is_found_under_its_slug() -> None:
    found = registry.types_by_slug()
    assert set(found) >= {
        "single_choice",
        "multiple_response",
        "true_false",
        "numeric",
        "matching",
        "ordering",
    }
    assert all(registry.get(slug) is found[slug] for slug in found)
    assert [question_type.slug for question_type in registry.all_types()] == sorted(found)


def test_an_unknown_slug_says_so() -> None:
    with pytest.raises(registry.UnknownQuestionType):
        registry.get("no_such_type")


def test_no_type_needs_django() -> None:
    program = (
        "import sys; from quizzes.types import registry; registry.all_types(); "
        "sys.exit(any(name.partition('.')[0] in ('django', 'wagtail') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == 0


def test_aliases_count_on_past_the_alphabet() -> None:
    assert [base.alias("choices", place) for place in (0, 25, 26, 51, 52)] == ["a", "z", "aa", "az", "ba"]
    assert base.alias("prompts", 0) == "p1"
    assert base.alias("elements", 9) == "e10"


def test_feedback_is_shown_under_aliases() -> None:
    arrangement = {"choices": ["c2", "c1"]}
    assert base.feedback_by_alias(arrangement, {"c1": "no", "true": "yes"}) == {"b": "no", "true": "yes"}


def test_a_refusal_can_be_translated() -> None:
    problem = base.AnswerProblem("Pick at most %(most)s.", "choices", most=3)
    assert problem.message == str(problem) == "Pick at most 3."
    assert problem.translated({"Pick at most %(most)s.": "Höchstens %(most)s."}.__getitem__) == "Höchstens 3."


@pytest.mark.parametrize(
    ("source", "cleaned", "inline", "plain"),
    [
        ("<p>a</p><p>b</p>", "<p>a</p><p>b</p>", "a<br>b", "a b"),
        ("a &lt; b & c", "a &lt; b &amp; c", "a &lt; b &amp; c", "a < b & c"),
        ("H<sub>2</sub>O, 10<sup>-3</sup>", None, None, "H₂O, 10⁻³"),
        ("x<sup>th</sup>", None, None, "x^th"),
        ("<p> </p>", "", "", ""),
        ("<b>\u200b</b>", "", "", ""),
        ("<img src=x onerror=alert(1)>ok", "ok", "ok", "ok"),
        ("<i>a</i>&nbsp;b\n c", "<em>a</em> b c", "<em>a</em> b c", "a b c"),
    ],
)
def test_markup(source: str, cleaned: str | None, inline: str | None, plain: str) -> None:
    assert markup.clean(source) == (source if cleaned is None else cleaned)
    assert markup.clean_inline(source) == (source if inline is None else inline)
    assert markup.plain_text(markup.clean(source)) == plain
    assert markup.clean(markup.clean(source)) == markup.clean(source)
