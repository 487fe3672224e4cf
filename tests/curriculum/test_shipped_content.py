"""The shipped curriculum keeps what it promises: whole lessons, honest words, sources that carry, exams that fill."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any

import pytest

from lms.portal import coverage
from tests.curriculum.reading import grade, syllables
from tests.curriculum.shipped import banned_in, blocks, own_words, package, plain, prose, questions, texts

FEWEST_WORDS, MOST_WORDS = 700, 1500
HARDEST_GRADE = 11.0
FORMS = 3
#: Items on a form of the final examination by domain: recall, application, analysis.
BLUEPRINT = {
    "D1": (3, 1, 1), "D2": (6, 3, 1), "D3": (3, 5, 3), "D4": (2, 4, 2), "D5": (2, 6, 4), "D6": (3, 3, 2),
    "D7": (2, 2, 2),
}  # fmt: skip
#: Claims with no source that was read and is strong. Their pages say so; the list may shrink and must not grow.
MARKED_CLAIMS = {"CE-14", "CE-16", "CH-18", "CR-01", "CS-05", "CS-19", "CT-08", "CT-09", "CT-14", "CT-24"}
#: Alike beyond this share, two stems are one item.
SAME = 0.9
YEAR = re.compile(r"\b(18|19|20)\d\d\b")
PERCENT = re.compile(r"\d\s?%")
#: A confidence level is no statistic about the world.
LEVEL = re.compile(r"\b9[059]\s?%\s(CI|confidence)")


def lessons() -> dict[str, Any]:
    return package().of("lesson")


# Lessons ------------------------------------------------------------------------------------------------------------


def test_every_lesson_is_whole() -> None:
    lacking = {
        code: missing
        for code, lesson in lessons().items()
        if (
            missing := [
                name
                for name, is_there in (
                    ("objectives", bool(lesson.objectives)),
                    ("sources", bool(lesson.sources)),
                    ("in_short", len(blocks(lesson, "in_short")) == 1),
                    ("check", len(blocks(lesson, "check")) == 1),
                    ("say_instead", bool(blocks(lesson, "say_instead"))),
                )
                if not is_there
            ]
        )
    }
    assert lacking == {}


def test_every_lesson_says_in_five_sentences_what_it_is_about() -> None:
    found = {code: len(block["rows"]) for code, one in lessons().items() for block in blocks(one, "in_short")}
    assert {code: count for code, count in found.items() if count != 5} == {}


def test_lessons_are_long_enough_and_no_longer() -> None:
    counts = {code: len(prose(lesson).split()) for code, lesson in lessons().items()}
    assert {code: count for code, count in counts.items() if not FEWEST_WORDS <= count <= MOST_WORDS} == {}


def test_lessons_can_be_read_by_those_who_are_no_scholars() -> None:
    grades = {code: round(grade(prose(lesson)), 1) for code, lesson in lessons().items()}
    assert {code: value for code, value in grades.items() if value > HARDEST_GRADE} == {}


def test_no_lesson_uses_a_banned_word_in_its_own_voice() -> None:
    found = {code: sorted({word for text in own_words(one) for word in banned_in(text)})
             for code, one in lessons().items()}  # fmt: skip
    assert {code: words for code, words in found.items() if words} == {}


@pytest.mark.parametrize("kind", ["course", "module", "agreement", "path", "term", "contradiction", "figure"])
def test_nothing_else_uses_a_banned_word(kind: str) -> None:
    kept_out = frozenset({"code", "slug", "svg", "says", "provenance"})
    found = {
        code: sorted({word for text in texts(row.model_dump(mode="json"), but=kept_out) for word in banned_in(text)})
        for code, row in package().of(kind).items()
    }
    assert {code: words for code, words in found.items() if words} == {}


# Knowledge ----------------------------------------------------------------------------------------------------------


def test_no_claim_rests_on_weak_or_unread_sources_alone() -> None:
    marks = {code: source.mark for code, source in package().of("source").items()}
    alone = {
        code
        for code, claim in package().of("claim").items()
        if claim.sources and all(marks[source] != "read" for source in claim.sources)
    }
    assert alone - MARKED_CLAIMS == set()
    assert MARKED_CLAIMS - alone == set(), "these have a source that was read by now: take them off the list"


def test_every_number_in_a_claim_has_its_year() -> None:
    undated = [
        code
        for code, claim in package().of("claim").items()
        if PERCENT.search(LEVEL.sub("", claim.teaching)) and not YEAR.search(f"{claim.teaching} {claim.statement}")
    ]
    assert undated == []


def test_every_figure_says_in_words_what_it_shows() -> None:
    figures = package().of("figure")
    assert figures
    assert [code for code, figure in figures.items() if len(figure.alt.split()) < 8 or len(figure.table) < 2] == []


def test_all_contradictions_are_told() -> None:
    found = package().of("contradiction")
    assert set(found) == {f"X{number}" for number in range(1, 19)}
    assert [code for code, row in found.items() if not row.claims or not row.lessons or len(row.sides) < 2] == []
    assert len(found["X6"].table) == 8, "the crosswalk of sources, factors and domains"


# Questions ----------------------------------------------------------------------------------------------------------


def test_every_objective_is_taught_and_asked() -> None:
    taught = defaultdict(list)
    for code, lesson in lessons().items():
        for objective in lesson.objectives:
            taught[objective].append(code)
    goals = [
        coverage.Goal(code, row.text, row.domain, row.practical, tuple(taught[code]))
        for code, row in package().of("objective").items()
    ]
    gaps = coverage.gaps(coverage.table(goals, questions()))
    assert {row.goal.code: (len(row.goal.lessons), row.teaching_total) for row in gaps} == {}


def test_every_question_has_an_objective_a_rationale_and_something_to_rest_on() -> None:
    assert coverage.incomplete(questions(), package().of("objective")) == []


def test_each_cell_of_the_final_examination_fills_three_forms() -> None:
    held = coverage.cells(question for question in questions() if question.bank == "final-exam")
    short = {
        f"{domain} {level}": (held.get(("final-exam", domain, level), 0), need * FORMS)
        for domain, needs in BLUEPRINT.items()
        for level, need in zip(coverage.LEVELS, needs, strict=True)
        if held.get(("final-exam", domain, level), 0) < need * FORMS
    }
    assert short == {}


def test_there_are_enough_questions_about_safety() -> None:
    count = Counter((question.bank, question.domain) for question in questions())
    assert count["final-exam", "D6"] >= 30
    assert sum(number for (bank, _domain), number in count.items() if bank == "safety-exam") >= 48


def pool_of(bank: str) -> str:
    """Teaching banks are one pool, each confidential bank is its own."""
    return "teaching" if package().of("bank")[bank].purpose == "teaching" else bank


def asked_words(entry: Any) -> str:
    """What an item asks, in small letters; a short stem asks nothing without its options."""
    stem = plain(entry.stem)
    whole = stem if len(stem) > 80 else f"{stem} {' '.join(texts(entry.interaction, but=frozenset({'feedback'})))}"
    return " ".join(re.findall(r"[a-z0-9]+", whole.lower()))


def same_item(one: str, other: str) -> bool:
    """Nearly the same words in nearly the same order."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() > SAME and matcher.quick_ratio() > SAME and matcher.ratio() > SAME


def test_no_item_stands_in_two_pools() -> None:
    pools: dict[str, list[tuple[str, str, frozenset[str]]]] = defaultdict(list)
    for code, entry in package().of("question").items():
        words = asked_words(entry)
        pools[pool_of(entry.bank)].append((code, words, frozenset(words.split())))
    twins = [
        (one, other)
        for first, second in combinations(sorted(pools), 2)
        for one, words, mine in pools[first]
        for other, others, theirs in pools[second]
        if len(mine & theirs) > 0.7 * max(len(mine), len(theirs)) and same_item(words, others)
    ]
    assert twins == []


# The yardsticks themselves ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "count"),
    [("pain", 1), ("muscle", 2), ("table", 2), ("ease", 1), ("therapy", 3), ("pressed", 1), ("treated", 2), ("a", 1)],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_grade_rises_with_longer_sentences_and_words() -> None:
    easy = "Press. Wait. Ask. The ache may fade. Then stop."
    hard = "Practitioners consistently overestimate interindividual comparability despite considerable variability."
    assert grade(easy) < 3 < HARDEST_GRADE < grade(hard)
    assert grade("") == 0.0


@pytest.mark.parametrize(
    "text", ["It is proven.", "This cures you", "flushing toxins", "your pelvis is misaligned", "No pain. Guaranteed!"]
)
def test_banned_words_are_found(text: str) -> None:
    assert banned_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "a secure hold", "flushed cheeks", "healing takes weeks", "obscure", "the nature-cure movement",
        "We do not promise a cure.", "The page says “proven”.", 'They print "instant relief" in bold.',
    ],
)  # fmt: skip
def test_what_is_held_up_or_denied_is_not_said(text: str) -> None:
    assert not banned_in(text)


def test_twins_are_found() -> None:
    one = "which muscle is most often taught as a source of temple pain"
    assert same_item(one, one.replace("as a source", "as source"))
    assert not same_item(one, "how long is a point held at this school")
