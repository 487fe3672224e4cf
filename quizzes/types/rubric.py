"""A rubric: what a written answer is judged by, and what the points a marker gave come to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from quizzes.types import draft as drafts
from quizzes.types import markup, numbers
from quizzes.types import scoring as rules
from quizzes.types.base import CompileProblem, Problem, Record, gettext_noop

MOST_CRITERIA = 20
MOST_LEVELS = 10
MOST_POINTS = 100
POINT_PLACES = 2


class RubricProblem(Problem):
    """Points that do not fit the rubric. `field` is the criterion."""


class Level(Record):
    """What an answer must show to earn this many points of its criterion."""

    points: int
    html: str


class Criterion(Record):
    """One thing to look for. With levels only their points may be given, the lowest first."""

    id: str
    title: str
    description: str
    points: int
    required: bool = False
    levels: tuple[Level, ...] = ()


class Rubric(Record):
    """The criteria in the author's order.

    An answer that earns nothing for a required criterion is worth at most `cap_percent` of the marks,
    however good the rest is.
    """

    criteria: tuple[Criterion, ...]
    cap_percent: int | None = None

    @property
    def points(self) -> int:
        """The points of a perfect answer."""
        return sum(criterion.points for criterion in self.criteria)


def read_rubric(draft: Mapping[str, Any]) -> Rubric:
    """The rubric an author wrote, from the entries `criteria` and `cap_percent`."""
    criteria = tuple(
        _read_criterion(entry, number)
        for number, entry in enumerate(drafts.rows(draft, "criteria", least=1, most=MOST_CRITERIA), start=1)
    )
    markup.refuse_repeats([criterion.title for criterion in criteria], "criteria")
    cap = None
    if draft.get("cap_percent") is not None:
        cap = whole_number(draft, "cap_percent", "cap_percent", least=0, most=99)
    if any(criterion.required for criterion in criteria) != (cap is not None):
        raise CompileProblem(
            gettext_noop("A required criterion and the limit for answers without it go together: give both or none."),
            "cap_percent",
        )
    return Rubric(criteria=criteria, cap_percent=cap)


def read_points(rubric: Rubric, given: Mapping[str, Any]) -> dict[str, Decimal]:
    """The points for each criterion, or RubricProblem: none may be missing, stray or out of bounds.

    Each may be a number or a text with a decimal comma or point, with at most two decimals.
    """
    known = {criterion.id for criterion in rubric.criteria}
    if set(given) - known:
        raise RubricProblem(gettext_noop("Points are given for something the rubric does not name."))
    return {criterion.id: _points_for(criterion, given.get(criterion.id)) for criterion in rubric.criteria}


def share_earned(rubric: Rubric, points: Mapping[str, Decimal]) -> Decimal:
    """Points over possible points, capped where a required criterion earned nothing. Takes what `read_points` gave."""
    share = sum(points.values(), Decimal(0)) / Decimal(rubric.points)
    if rubric.cap_percent is not None and any(
        criterion.required and not points[criterion.id] for criterion in rubric.criteria
    ):
        return min(share, rules.share(rubric.cap_percent, 100))
    return share


def whole_number(parts: Mapping[str, Any], name: str, field: str, least: int, most: int) -> int:
    """A whole number within its bounds; a missing one is refused."""
    value = parts.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise CompileProblem(gettext_noop("This must be a whole number."), field)
    if not least <= value <= most:
        raise CompileProblem(
            gettext_noop("This must lie between %(least)s and %(most)s."), field, least=least, most=most
        )
    return value


def _read_criterion(entry: Any, number: int) -> Criterion:
    field = f"criteria.{number}"
    parts = drafts.row(entry, field, {"title", "description", "points", "required", "levels"})
    points = whole_number(parts, "points", f"{field}.points", least=1, most=MOST_POINTS)
    return Criterion(
        id=f"c{number}",
        title=markup.required_inline(parts.get("title"), f"{field}.title"),
        description=markup.clean_inline(markup.source_of(parts.get("description"), f"{field}.description")),
        points=points,
        required=drafts.flag(parts, "required", f"{field}.required", default=False),
        levels=_read_levels(parts, field, points),
    )


def _read_levels(parts: Mapping[str, Any], field: str, points: int) -> tuple[Level, ...]:
    try:
        entries = drafts.rows(parts, "levels", least=0, most=MOST_LEVELS)
    except CompileProblem as problem:
        raise CompileProblem(problem.template, f"{field}.levels", **problem.params) from None
    levels = []
    for number, entry in enumerate(entries, start=1):
        place = f"{field}.levels.{number}"
        row = drafts.row(entry, place, {"points", "description"})
        levels.append(
            Level(
                points=whole_number(row, "points", f"{place}.points", least=0, most=points),
                html=markup.required_inline(row.get("description"), f"{place}.description"),
            )
        )
    levels.sort(key=lambda level: level.points)
    steps = [level.points for level in levels]
    if len(set(steps)) != len(steps):
        raise CompileProblem(gettext_noop("Two levels are worth the same points."), f"{field}.levels")
    if steps and (steps[0] != 0 or steps[-1] != points):
        raise CompileProblem(
            gettext_noop("The levels must go from 0 to all the points of the criterion."), f"{field}.levels"
        )
    return tuple(levels)


def _points_for(criterion: Criterion, value: Any) -> Decimal:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise RubricProblem(gettext_noop("Points are missing."), criterion.id)
    try:
        points = numbers.read_number(value)
    except numbers.NotANumber:
        raise RubricProblem(gettext_noop("Points must be a number."), criterion.id) from None
    if not 0 <= points <= criterion.points:
        raise RubricProblem(
            gettext_noop("Points must lie between 0 and %(most)s."), criterion.id, most=criterion.points
        )
    if points != round(points, POINT_PLACES):
        raise RubricProblem(gettext_noop("Points have at most two decimals."), criterion.id)
    if criterion.levels and points not in {level.points for level in criterion.levels}:
        raise RubricProblem(gettext_noop("Give the points of one of the levels."), criterion.id)
    return points
