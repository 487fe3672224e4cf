"""Keeping analyses, and setting a cut score by a study. Each command owns its transaction; `by` and `at` come last."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.accounts.api import STAFF_ROLES
from quizzes.assembly.enums import CutBasis
from quizzes.assembly.models import Assessment, Form, FormItem

from .exceptions import CannotAdopt, CannotClose, CannotRate, NotAJudge, StudyClosed
from .models import AnalysisSnapshot, AngoffRating, StandardSettingStudy, StudyJudge
from .report import analyse
from .studies import LEAST_JUDGES, figures_of, standing_of

PLACES = Decimal("0.01")
PROBABILITY_PLACES = Decimal("0.001")
#: Figures are the same if they differ by no more than another machine's arithmetic may make them.
SAME = 1e-9
#: What is said about figures, and may be said better one day.
WORDING = frozenset({"flags", "title"})


@dataclass(frozen=True)
class Recomputed:
    """An analysis worked out again: are grades and results still those, and do they give the same figures?"""

    same_inputs: bool
    same_figures: bool


def take_snapshot(*, assessment: Assessment, includes_retakes: bool = False, by: Any, at: datetime) -> AnalysisSnapshot:
    """Keep the analysis as it stands now."""
    figures = analyse(assessment, includes_retakes=includes_retakes, as_of=at)
    return AnalysisSnapshot.objects.create(
        assessment=assessment,
        includes_retakes=includes_retakes,
        attempt_count=figures["overall"]["attempts"],
        figures=figures,
        input_digest=figures["input_digest"],
        by=by,
        at=at,
    )


def recompute_snapshot(snapshot: AnalysisSnapshot) -> Recomputed:
    """Work a kept analysis out again from the record as it stood at that moment. Writes nothing."""
    again = analyse(snapshot.assessment, includes_retakes=snapshot.includes_retakes, as_of=snapshot.at)
    return Recomputed(
        same_inputs=again["input_digest"] == snapshot.input_digest, same_figures=_same(again, snapshot.figures)
    )


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        names = (set(one) | set(other)) - WORDING - {"input_digest"}
        return all(name in one and name in other and _same(one[name], other[name]) for name in names)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(_same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) or isinstance(other, float):
        return one is not None and other is not None and math.isclose(one, other, rel_tol=SAME, abs_tol=SAME)
    return bool(one == other)


def open_study(*, form: Form, title: str, description: str, by: Any, at: datetime) -> StandardSettingStudy:
    """Begin a study of a fixed form."""
    return StandardSettingStudy.objects.create(
        form=form, title=title, description=description, opened_by=by, opened_at=at
    )


def add_judge(
    *, study: StandardSettingStudy, judge: Any, qualification: str, by: Any, at: datetime
) -> tuple[StudyJudge, bool]:
    """Let a member of staff rate. Returns (the place on the panel, is it new). Raises `StudyClosed`, `NotAJudge`."""
    if not judge.has_role(*STAFF_ROLES):
        raise NotAJudge(_("Judges are members of staff: their account must have a role of its own."))
    try:
        with transaction.atomic():
            _open(study)
            return StudyJudge.objects.create(
                study=study, judge=judge, qualification=qualification, added_by=by, added_at=at
            ), True
    except IntegrityError:
        return StudyJudge.objects.get(study=study, judge=judge), False


def rate(
    *, study: StandardSettingStudy, ratings: Mapping[FormItem, Any], number: int, by: Any, at: datetime
) -> list[AngoffRating]:
    """A judge's estimates of one round, all or none; the last of an item counts.

    Args:
        study: an open one.
        ratings: item -> share of minimally competent candidates who get it right, 0 to 1.
        number: the round, which must be the open one.
        by: the judge.
        at: when.

    Raises `StudyClosed`, `NotAJudge` or `CannotRate`.
    """
    with transaction.atomic():
        _open(study)
        standing = standing_of(study)
        judge = next((row for row in standing.judges if row.judge_id == by.pk), None)
        if judge is None:
            raise NotAJudge
        if number != standing.open_round:
            raise CannotRate(_("Round %(number)d is open now.") % {"number": standing.open_round})
        ratable = {item.pk for item in standing.items}
        if any(item.pk not in ratable for item in ratings):
            raise CannotRate(_("This item is not one of the form's scored items."))
        return AngoffRating.objects.bulk_create(
            AngoffRating(judge=judge, item=item, round=number, probability=_probability(value), at=at)
            for item, value in ratings.items()
        )


def _probability(value: Any) -> Decimal:
    try:
        probability = Decimal(str(value))
    except ArithmeticError as error:
        raise CannotRate(_("A rating is a number.")) from error
    if not probability.is_finite() or not 0 <= probability <= 1:
        raise CannotRate(_("A rating lies between 0 and 100 %."))
    return probability.quantize(PROBABILITY_PLACES, ROUND_HALF_UP)


def close_study(*, study: StandardSettingStudy, by: Any, at: datetime) -> StandardSettingStudy:
    """Work out the cut from the last round, and take no more ratings. Raises `StudyClosed` or `CannotClose`."""
    with transaction.atomic():
        _open(study)
        standing = standing_of(study)
        if len(standing.counted) < LEAST_JUDGES:
            raise CannotClose(
                _("It needs at least %(least)d judges who have rated every item in round %(number)d; there are %(n)d.")
                % {"least": LEAST_JUDGES, "number": max(standing.last_round, 1), "n": len(standing.counted)}
            )
        figures = figures_of(standing)
        StandardSettingStudy.objects.filter(pk=study.pk).update(
            closed_by=by,
            closed_at=at,
            figures=figures,
            cut_percent=Decimal(str(figures["cut_percent"])).quantize(PLACES, ROUND_HALF_UP),
        )
    study.refresh_from_db()
    return study


def adopt_cut(*, study: StandardSettingStudy, by: Any, at: datetime) -> Assessment:
    """Make the study's cut that of its assessment, and publish it. Attempts that began before keep the cut they had.

    Raises `CannotAdopt` unless the study is closed, its form is one that candidates get now, and the assessment has
    no unpublished draft that would be published along.
    """
    with transaction.atomic():
        locked = StandardSettingStudy.objects.select_for_update(of=("self",)).get(pk=study.pk)
        if locked.closed_at is None or locked.cut_percent is None:
            raise CannotAdopt(_("Close the study first."))
        if locked.adopted_at is not None:
            raise CannotAdopt(_("This cut was adopted already."))
        form = Form.objects.select_related("version__assessment__current_version").get(pk=locked.form_id)
        assessment = form.version.assessment
        current = Form.objects.filter(version=assessment.current_version, items_digest=form.items_digest)
        if not current.exists():
            raise CannotAdopt(_("Candidates get other forms by now: the items were changed after the study began."))
        if assessment.has_unpublished_changes:
            raise CannotAdopt(_("The assessment has a draft that is not published. Publish it or take it back first."))
        StandardSettingStudy.objects.filter(pk=locked.pk).update(adopted_by=by, adopted_at=at)
        assessment.cut_percent = locked.cut_percent
        assessment.cut_basis = CutBasis.STUDY
        assessment.full_clean(exclude=["structure"])
        assessment.save_revision(user=by).publish(user=by)
        assessment.refresh_from_db()
        # Publishing assembles the forms anew, from the bank as it is now.
        if not Form.objects.filter(version=assessment.current_version, items_digest=form.items_digest).exists():
            raise CannotAdopt(
                _("The bank has changed, so that publishing would give candidates other forms.")
                + " "
                + _("Publish the assessment in the CMS, approve its forms, and study one of those.")
            )
    study.refresh_from_db()
    return assessment


def _open(study: StandardSettingStudy) -> None:
    """Lock the study for this transaction, or refuse if it is closed."""
    locked = StandardSettingStudy.objects.select_for_update(of=("self",)).get(pk=study.pk)
    if locked.closed_at is not None:
        raise StudyClosed
