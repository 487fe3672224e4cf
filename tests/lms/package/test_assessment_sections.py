"""What an assessment consists of, and when and how it opens: said in short where that says everything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from lms.package.faults import InvalidPackage
from lms.package.loader import entries_of, validate
from lms.package.reader import read_package
from lms.package.schema import AssessmentEntry
from lms.package.sections.assessments import ASSESSMENT, FLAGS, MOMENTS, banks_of, in_short, questions_of
from quizzes.api import Assessment
from quizzes.bank.models import Stimulus
from tests.lms.package.folders import change, small
from tests.quizzes.making import make_bank, make_question

ITEMS = ["Q-TST-A", "Q-TST-B"]
RULE = {"count": 1, "domain": None, "level": None, "tag": "", "pilot": False}
DRAW = {"bank": "test-bank", "rules": [RULE], "max_per_objective": None, "marks": "1"}
CASES = {"bank": "case-bank", "sets": 1, "items_per_set": 2, "marks": "1.5"}


def entry(**said: Any) -> dict[str, Any]:
    """An entry as the loader gives it to its section."""
    read = AssessmentEntry.model_validate({"code": "mixed", "title": "Mixed", "kind": "quiz", **said})
    return in_short(read.model_dump(mode="json"))


@pytest.fixture
def banks(db: None) -> None:
    """Two questions to name, one to draw, and a case of three."""
    for code in [*ITEMS, "Q-TST-C"]:
        make_question(code)
    bank = make_bank("case-bank")
    story = Stimulus.objects.create(code="CASE-T", title="A case", text="<p>Once.</p>", bank=bank)
    for place in (1, 2, 3):
        make_question(f"Q-CASE-{place}", bank=bank, stimulus=story)


# Pure ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sections", "short"),
    [
        ([{"items": ITEMS}], {"items": ITEMS, "draw": None}),
        ([{"items": ITEMS, "marks": "1.00"}], {"items": ITEMS, "draw": None}),
        ([{"draw": DRAW}], {"items": [], "draw": DRAW}),
    ],
)
def test_one_plain_section_is_said_in_short(sections: list[Any], short: dict[str, Any]) -> None:
    told = entry(sections=sections)
    assert "sections" not in told
    assert {name: told[name] for name in short} == short
    assert told == entry(**{name: value for name, value in short.items() if value})


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        ([{"items": ITEMS, "marks": 2}], [{"items": ITEMS, "marks": "2"}]),
        ([{"items": ITEMS, "marks": 0}], [{"items": ITEMS, "marks": "0"}]),
        ([{"case_sets": CASES}], [{"case_sets": CASES}]),
        ([{"items": ITEMS}, {"draw": DRAW}], [{"items": ITEMS, "marks": "1"}, {"draw": DRAW}]),
        ([{"draw": DRAW}, {"draw": DRAW}], [{"draw": DRAW}, {"draw": DRAW}]),
    ],
)
def test_what_the_short_forms_cannot_say_stays_in_sections(sections: list[Any], told: list[Any]) -> None:
    found = entry(sections=sections)
    assert (found["items"], found["draw"], found["sections"]) == ([], None, told)


def test_an_entry_knows_what_it_draws_from_and_what_it_names() -> None:
    mixed = entry(sections=[{"items": ITEMS}, {"draw": DRAW}, {"case_sets": CASES}])
    assert (banks_of(mixed), questions_of(mixed)) == ({"test-bank", "case-bank"}, set(ITEMS))
    assert (banks_of(entry(items=ITEMS)), questions_of(entry(items=ITEMS))) == (set(), set(ITEMS))
    assert (banks_of(entry(draw=DRAW)), questions_of(entry(draw=DRAW))) == ({"test-bank"}, set())


def test_what_is_as_usual_is_not_said() -> None:
    usual = entry(items=ITEMS)
    assert {"sections", *MOMENTS, *FLAGS}.isdisjoint(usual)
    assert usual == entry(items=ITEMS, opens_at=None, needs_sitting=False)


@pytest.mark.parametrize("written", ["2026-12-01T09:00:00+01:00", "2026-12-01 08:00:00Z", "2026-12-01T08:00:00.000Z"])
def test_a_moment_is_the_same_in_every_time_zone(written: str) -> None:
    assert entry(items=ITEMS, opens_at=written)["opens_at"] == "2026-12-01T08:00:00Z"
    # As YAML reads it without quotes.
    assert entry(items=ITEMS, opens_at=yaml.safe_load(written))["opens_at"] == "2026-12-01T08:00:00Z"


# Written and dumped -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        {"items": ITEMS},
        {"draw": DRAW},
        {"sections": [{"items": ITEMS, "marks": 2}]},
        {"sections": [{"case_sets": CASES}, {"draw": DRAW}, {"items": ITEMS}]},
        {"items": ITEMS, "form_policy": "fixed", **dict.fromkeys(FLAGS, True)},
        {
            "items": ITEMS,
            "opens_at": "2026-12-01T08:00:00Z",
            "starts_until": "2026-12-01T09:30:00Z",
            "closes_at": "2026-12-01T10:00:00.250000Z",
            "feedback": "after_close",
        },
    ],
)
def test_an_assessment_is_dumped_as_it_was_written(banks: None, said: dict[str, Any]) -> None:
    ASSESSMENT.write(entry(**said), None)
    assert ASSESSMENT.dumps()["mixed"] == entry(**said)


def test_sections_are_published_in_order_with_their_marks(banks: None) -> None:
    parts = [{"case_sets": CASES}, {"items": ITEMS, "marks": 2}]
    ASSESSMENT.write(entry(form_policy="fixed", shuffle_items=False, sections=parts), None)
    quiz = Assessment.objects.get(code="mixed")
    form = quiz.current_version.forms.get()
    found = [(row.version.question.code, str(row.marks.normalize())) for row in form.items.order_by("slot")]
    assert found == [("Q-CASE-1", "1.5"), ("Q-CASE-2", "1.5"), ("Q-TST-A", "2"), ("Q-TST-B", "2")]


def test_what_is_not_said_any_more_is_as_usual_again(banks: None) -> None:
    ASSESSMENT.write(entry(items=ITEMS, opens_at="2026-12-01T08:00:00Z", asks_certainty=True), None)
    quiz = Assessment.objects.get(code="mixed")
    assert (quiz.opens_at, quiz.asks_certainty) == (datetime(2026, 12, 1, 8, tzinfo=UTC), True)
    ASSESSMENT.write(entry(items=ITEMS), None)
    quiz.refresh_from_db()
    assert (quiz.opens_at, quiz.asks_certainty) == (None, False)
    assert quiz.current_version.number == 2


def test_a_whole_package_with_sections_has_no_faults(tmp_path: Path) -> None:
    file = small(tmp_path) / "assessments/more.yaml"
    file.write_text(
        "code: more\ntitle: More\nkind: quiz\nopens_at: 2026-12-01T09:00:00+01:00\nneeds_sitting: true\nsections:\n"
        "- items: [Q-1]\n  marks: 2\n- case_sets: {bank: basics, sets: 1, items_per_set: 2}\n"
    )
    package = read_package(tmp_path)
    validate(package)
    told = entries_of(package, ASSESSMENT)["more"]
    assert [list(part) for part in told["sections"]] == [["items", "marks"], ["case_sets"]]
    assert told["opens_at"] == "2026-12-01T08:00:00Z"


# Faults -------------------------------------------------------------------------------------------------------------

CHECK = "assessments/m1-1-check.yaml"
BLUEPRINT = "{bank: basics, rules: [{count: 1}]}"


@pytest.mark.parametrize(
    ("said", "shift", "reason"),
    [
        (f"sections:\n- items: [Q-1]\n  draw: {BLUEPRINT}", 1, "either items, a draw or case_sets"),
        ("sections:\n- items: [Q-1]\n- {}", 2, "either items, a draw or case_sets"),
        (f"sections:\n- marks: 2\n  draw: {BLUEPRINT}", 1, "marks belong inside"),
        ("sections:\n- items: [Q-1]\n  marks: -1", 2, "sections.0.marks"),
        ("sections:\n- items: [Q-1]\n- items:\n  - Q-1\n  - Q-9", 4, "there is no question Q-9"),
        ("sections:\n- draw: {bank: nowhere, rules: [{count: 1}]}", 1, "there is no bank nowhere"),
        ("sections:\n- draw:\n    bank: basics\n    rules:\n    - {count: 1, domain: D9}", 4, "there is no domain D9"),
        (
            "sections:\n- case_sets:\n    bank: nowhere\n    sets: 1\n    items_per_set: 4",
            2,
            "there is no bank nowhere",
        ),
        ("sections:\n- case_sets:\n    bank: basics\n    sets: 1\n    items_per_set: 1", 4, "items_per_set"),
        ("sections:\n- cases: {bank: basics}", 1, "cases"),
        ("items: [Q-1]\nopens_at: 2026-12-01 09:00:00", 1, "timezone"),
        ("items: [Q-1]\nstarts_until: tomorrow", 1, "starts_until"),
        ("items: [Q-1]\nneeds_sitting: sometimes", 1, "needs_sitting"),
    ],
)
def test_a_fault_is_named_at_its_line(said: str, shift: int, reason: str, tmp_path: Path) -> None:
    line = change(small(tmp_path), CHECK, "items: [Q-1]", said) + shift
    with pytest.raises(InvalidPackage) as caught:
        read_package(tmp_path)
    found = [fault.reason for fault in caught.value.faults if (fault.file, fault.line) == (CHECK, line)]
    assert found, caught.value.faults
    assert reason in found[0]


def test_items_and_sections_together_are_a_fault(tmp_path: Path) -> None:
    change(small(tmp_path), CHECK, "items: [Q-1]", "items: [Q-1]\nsections:\n- items: [Q-1]")
    with pytest.raises(InvalidPackage, match="either items, a draw or sections"):
        read_package(tmp_path)
