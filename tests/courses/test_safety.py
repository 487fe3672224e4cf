"""Safety notes at the end of a lesson: the most urgent decision first, and folded where there are many."""

from __future__ import annotations

from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from courses.safety import READ_AT_ONCE, WORDS, by_decision
from lms.knowledge.api import SafetyDecision, SafetyNote


def note(number: int, decision: str) -> SafetyNote:
    return SafetyNote(code=f"SF-{number:02}", pattern=f"Pattern {number}.", decision=decision, action=f"Do {number}.")


def test_every_decision_has_its_word() -> None:
    assert set(WORDS) == set(SafetyDecision.values)
    assert len({str(word.word) for word in WORDS.values()}) == len(WORDS)


@given(st.lists(st.sampled_from(SafetyDecision.values), max_size=30))
def test_no_note_is_lost_and_the_urgent_ones_come_first(decisions: list[str]) -> None:
    notes = [note(number, decision) for number, decision in enumerate(decisions, 1)]
    groups = by_decision(notes)
    assert sorted(row.code for group in groups for row in group.notes) == sorted(row.code for row in notes)
    assert all(group.notes for group in groups)
    order = list(WORDS.values())
    assert [order.index(group.decision) for group in groups] == sorted(order.index(group.decision) for group in groups)
    assert all(WORDS[row.decision] == group.decision for group in groups for row in group.notes)


def test_codes_count_on_beyond_two_digits() -> None:
    [group] = by_decision([note(100, "refer"), note(12, "refer"), note(9, "refer")])
    assert [row.code for row in group.notes] == ["SF-09", "SF-12", "SF-100"]


def test_few_notes_stand_open_and_many_are_folded() -> None:
    for count, is_open in ((READ_AT_ONCE, True), (READ_AT_ONCE + 1, False)):
        groups = by_decision([note(number, "emergency" if number % 2 else "local") for number in range(1, count + 1)])
        html = render_to_string("courses/_safety.html", {"groups": groups})
        assert (" open>" in html) is is_open
        assert html.count("<b>EMERGENCY</b>") + html.count("<b>LOCAL</b>") == count
        assert html.index("EMERGENCY") < html.index("LOCAL")


def test_what_a_note_says_is_text() -> None:
    hostile = SafetyNote(code="SF-01", pattern="<b>x", consider="<i>y", decision="refer", action="<script>")
    html = render_to_string("courses/_safety.html", {"groups": by_decision([hostile])})
    assert "&lt;b&gt;x" in html
    assert "<script>" not in html
    assert "<i>y" not in html
