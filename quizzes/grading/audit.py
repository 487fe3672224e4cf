"""Working every score out again from the stored responses and the versions that were shown.

Every grade in an item's history is judged again by the rule of its source, each in a function of its own; then the
result in force is added up from the grades in force.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from quizzes.attempts.enums import InputMode
from quizzes.attempts.models import Attempt, AttemptItem, LateDecision, Response
from quizzes.bank.models import AnswerKey

from .audit_marking import marked_fraction
from .engine import GradedItem, work_out
from .enums import GradeSource, RegradeMethod
from .models import Grade, Regrade, Result
from .regrading import corrected, follows_new_key, fraction_under

TOLERANCE = Decimal("0.000001")


@dataclass(frozen=True)
class Difference:
    """A stored figure that does not follow from the record."""

    attempt: str
    what: str
    stored: str
    worked_out: str


@dataclass(frozen=True)
class Judgement:
    """What a grade should say: its fraction (None: a person is needed), whether it is left out, and its key.

    The key is None where nothing follows about it.
    """

    fraction: Decimal | None
    excluded: bool = False
    answer_key: int | None = None


@dataclass
class History:
    """Everything about one item that its grades rest on. `keys` by version."""

    item: AttemptItem
    grades: list[Grade]
    responses: dict[int, Response]
    current: Response | None
    keys: dict[int, AnswerKey]

    def answer(self, place: int) -> object:
        """The answer that a grade judged; for the grade in force it must be the current one."""
        if place == len(self.grades) - 1:
            return self.current.data if self.current else None
        response = self.responses.get(self.grades[place].response_id or 0)
        return response.data if response else None

    def worth(self, key: AnswerKey, place: int) -> Decimal | None:
        """What the answer behind a grade is worth under a key."""
        return fraction_under(self.item.version.type, key.key, self.answer(place))


def audit_attempt(attempt: Attempt) -> Iterator[Difference]:
    """Every difference between what is stored for an attempt and what its responses are worth."""
    histories = _histories(attempt)
    result = Result.objects.filter(attempt=attempt).order_by("-id").first()
    if result is None and not any(history.grades for history in histories):
        return  # Sealed and not graded yet: the sweep will, and until then there is no score to doubt.
    yield from _audit_late_answers(attempt, histories)
    name = str(attempt.uuid)
    graded = []
    for history in histories:
        item = history.item
        if not history.grades:
            yield Difference(name, f"slot {item.slot}", "no grade", "a grade")
            continue
        for place, grade in enumerate(history.grades):
            what = f"slot {item.slot}"
            if place < len(history.grades) - 1:
                what += f", earlier grade {place + 1}"
            yield from _compare(name, what, grade, judged_again(history, place))
        last = history.grades[-1]
        counts = item.counts and not last.excluded
        graded.append(GradedItem(item.slot, item.marks, counts, item.version.domain_code, last.fraction))
    yield from _audit_result(attempt, result, graded, is_overtaken=any(_is_overtaken(history) for history in histories))


def audit_scores() -> Iterator[Difference]:
    """All sealed attempts that were not voided."""
    for attempt in Attempt.objects.exclude(submitted_at=None).filter(voided_at=None).order_by("pk").iterator(200):
        yield from audit_attempt(attempt)


def _histories(attempt: Attempt) -> list[History]:
    items = list(AttemptItem.objects.filter(attempt=attempt).select_related("version", "attempt").order_by("slot"))
    grades: dict[int, list[Grade]] = {}
    versions = {item.version_id for item in items}
    named = set()
    for grade in Grade.objects.filter(item__attempt=attempt).select_related("regrade", "marking").order_by("id"):
        grades.setdefault(grade.item_id, []).append(grade)
        named.add(grade.answer_key_id)
        if grade.regrade is not None and grade.regrade.to_version_id is not None:
            versions.add(grade.regrade.to_version_id)
    responses: dict[int, dict[int, Response]] = {}
    for row in Response.objects.filter(item__attempt=attempt).order_by("item_id", "sequence"):
        responses.setdefault(row.item_id, {})[row.pk] = row
    keys = {row.version_id: row for row in AnswerKey.objects.filter(Q(version__in=versions) | Q(pk__in=named - {None}))}
    return [
        History(
            item,
            grades.get(item.pk, []),
            mine := responses.get(item.pk, {}),
            next((row for row in reversed(mine.values()) if row.counted), None),
            keys,
        )
        for item in items
    ]


def _compare(name: str, what: str, grade: Grade, again: Judgement | None) -> Iterator[Difference]:
    if again is None:
        return
    if (grade.fraction is None) != (again.fraction is None) or (
        grade.fraction is not None and again.fraction is not None and abs(again.fraction - grade.fraction) > TOLERANCE
    ):
        yield Difference(name, what, str(grade.fraction), str(again.fraction))
    elif grade.excluded != again.excluded:
        yield Difference(name, what, f"left out: {grade.excluded}", f"left out: {again.excluded}")
    elif again.answer_key is not None and grade.answer_key_id != again.answer_key:
        yield Difference(name, what, f"key {grade.answer_key_id}", f"key {again.answer_key}")


# One function for each source ----------------------------------------------------------------------------------------


def judged_again(history: History, place: int) -> Judgement | None:
    """What the grade at this place of the history should say; None where there is nothing to compare it with."""
    source = history.grades[place].source
    if source == GradeSource.AUTO:
        return _automatic(history, place)
    if source == GradeSource.REGRADE:
        return _regraded(history, place)
    return _marked(history, place)


def _automatic(history: History, place: int) -> Judgement:
    grade = history.grades[place]
    by_pk = {key.pk: key for key in history.keys.values()}
    key = by_pk.get(grade.answer_key_id or 0, history.keys[history.item.version_id])
    return Judgement(history.worth(key, place))


def _marked(history: History, place: int) -> Judgement:
    key = history.keys[history.item.version_id]
    return Judgement(marked_fraction(history.item, history.grades[place], key), answer_key=key.pk)


def _regraded(history: History, place: int) -> Judgement | None:
    grade = history.grades[place]
    regrade = grade.regrade
    if regrade is None:
        return None
    mine = [number for number, row in enumerate(history.grades[:place]) if row.regrade_id == regrade.pk]
    if regrade.undone_at is not None and mine:
        before = history.grades[mine[0] - 1]
        return Judgement(before.fraction, before.excluded, before.answer_key_id)
    if regrade.approved_at is None or place == 0:
        # Nobody approved it, so the grade before it should be in force.
        before = history.grades[place - 1]
        return Judgement(before.fraction if place else None, before.excluded if place else False)
    return _corrected_again(history, place, regrade)


def _corrected_again(history: History, place: int, regrade: Regrade) -> Judgement:
    grade, before = history.grades[place], history.grades[place - 1]
    shown = history.keys[history.item.version_id]
    under_shown = history.worth(shown, place)
    # A late answer that was let count is judged as if it had been there when the regrade came.
    fraction_before = before.fraction if before.response_id == grade.response_id else under_shown
    if regrade.method == RegradeMethod.DROP_ITEM:
        return Judgement(fraction_before, excluded=True)
    new = history.keys.get(regrade.to_version_id or 0)
    under_new = history.worth(new, place) if new else None
    fraction = corrected(
        regrade.method,
        before=fraction_before,
        under_shown=under_shown,
        under_new=under_new,
        never_lower=regrade.never_lower,
    )
    follows = new is not None and follows_new_key(regrade.method, under_shown, under_new)
    return Judgement(fraction, answer_key=new.pk if new and follows else None)


# Late answers and the result -----------------------------------------------------------------------------------------


def _audit_late_answers(attempt: Attempt, histories: list[History]) -> Iterator[Difference]:
    """A late answer that counts is an exact copy, and somebody decided so."""
    copies = {
        row.pk: (history.item.slot, row)
        for history in histories
        for row in history.responses.values()
        if row.input_mode == InputMode.LATE
    }
    if not copies:
        return
    decisions = LateDecision.objects.filter(counted_as__in=list(copies)).select_related("response")
    decided = {row.counted_as_id: row.response for row in decisions if row.accepted}
    for pk, (slot, copy) in copies.items():
        original = decided.get(pk)
        if original is None:
            yield Difference(str(attempt.uuid), f"slot {slot}, late answer", "counted", "not decided")
        elif original.data != copy.data or original.item_id != copy.item_id:
            yield Difference(str(attempt.uuid), f"slot {slot}, late answer", str(copy.data), str(original.data))


def _is_overtaken(history: History) -> bool:
    """A late answer was let count and waits for its marker: the result is still that of the answer before it."""
    if not history.grades or history.current is None or history.current.input_mode != InputMode.LATE:
        return False
    return history.grades[-1].fraction is None and len(history.grades) > 1


def _by_domain(result: Result) -> dict[str, tuple[Decimal, Decimal]]:
    return {row["code"]: (Decimal(row["score"]), Decimal(row["max_score"])) for row in result.domains}


def _audit_result(
    attempt: Attempt, result: Result | None, graded: list[GradedItem], *, is_overtaken: bool
) -> Iterator[Difference]:
    name = str(attempt.uuid)
    figures = work_out(
        graded, cut_percent=Decimal(str(attempt.policy["cut_percent"])), hurdles=attempt.policy["hurdles"]
    )
    if (result is None) != (figures is None):
        if not is_overtaken:
            yield Difference(name, "result", "none" if result is None else "present", "present" if figures else "none")
    elif result is not None and figures is not None:
        if abs(result.raw - figures.raw) > TOLERANCE or result.maximum != figures.maximum:
            yield Difference(name, "score", f"{result.raw}/{result.maximum}", f"{figures.raw}/{figures.maximum}")
        if abs(result.percent - figures.percent) > TOLERANCE:
            yield Difference(name, "percent", str(result.percent), str(figures.percent))
        by_domain = {row.code: (row.score, row.maximum) for row in figures.domains}
        if _by_domain(result) != by_domain:
            yield Difference(name, "domains", str(result.domains), str([row.as_dict() for row in figures.domains]))
        if result.passed != figures.passed:
            yield Difference(name, "passed", str(result.passed), str(figures.passed))
