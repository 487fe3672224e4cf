"""Pages of standard setting: studies of an assessment, the manager's view of one, and the judge's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.accounts.api import STAFF_ROLES, role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from quizzes.bank.commands import note_accesses
from quizzes.bank.enums import BankAction
from quizzes.statistics.angoff import APART
from quizzes.statistics.commands import add_judge, adopt_cut, close_study, open_study, rate
from quizzes.statistics.models import StandardSettingStudy
from quizzes.statistics.studies import ENOUGH_JUDGES, LAST_ROUND, LEAST_JUDGES, Standing, figures_of, standing_of

from .access import STAFF, assessment_or_404, assessments_for
from .analysis_words import shown
from .forms import shown_item
from .standard_forms import JudgeForm, StudyForm, field_name, read_ratings

#: Agreement of the panel above which a cut stands firmly.
GOOD_AGREEMENT = 0.75


def study_or_404(user: Any, study_id: UUID) -> StandardSettingStudy:
    """A study of an assessment that the person may examine."""
    rows = StandardSettingStudy.objects.select_related(
        "form__version__assessment", "opened_by", "closed_by", "adopted_by"
    )
    return get_object_or_404(rows, uuid=study_id, form__version__assessment__in=assessments_for(user))


@role_required(*STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def standard(request: HttpRequest, slug: str) -> HttpResponse:
    """The studies of an assessment, and a form for a new one."""
    assessment = assessment_or_404(request.user, slug)
    form = StudyForm(request.POST or None, assessment=assessment, initial={"title": _("Modified Angoff study")})
    if request.method == "POST" and form.is_valid():
        study = open_study(**form.cleaned_data, by=request.user, at=arrival(request))
        messages.success(request, _("The study is open. Now name its judges."))
        return redirect("examining:study", study.uuid)
    studies = StandardSettingStudy.objects.filter(form__version__assessment=assessment).select_related("form__version")
    context = {
        "assessment": assessment,
        "studies": studies,
        "form": form,
        "has_forms": form.fields["form"].queryset.exists(),  # type: ignore[attr-defined]
    }
    return render(request, "quizzes/examining/standard.html", context)


def _figures(study: StandardSettingStudy, standing: Standing) -> dict[str, Any]:
    """What the panel came to, in words; empty before anybody has rated."""
    found = study.figures if study.closed_at else figures_of(standing)
    if not found or found["cut"] is None:
        return {}
    agreement = found["icc_average"]
    judges = {row["judge"]: row for row in found["judges"]}
    return {
        "cut": shown(found["cut"], 2),
        "maximum": shown(found["maximum"], 2),
        "cut_percent": shown(found["cut_percent"], 2, "%"),
        "standard_error": shown(found["standard_error"], 2),
        "judges_counted": found["judges_counted"],
        "is_thin": found["judges_counted"] < ENOUGH_JUDGES,
        "agreement": shown(agreement, 2),
        "agrees": agreement is not None and agreement >= GOOD_AGREEMENT,
        "rounds": [
            {
                "number": number,
                "cut_percent": shown(row["cut_percent"], 2, "%"),
                "standard_error": shown(row["standard_error"], 2),
                "change": shown(row["cut_change"], 2),
                "moved": shown(None if row["rating_change"] is None else 100 * row["rating_change"], 1),
            }
            for number, row in enumerate(found["rounds"], start=1)
        ],
        "items": [
            {
                "slot": row["slot"],
                "mean": shown(100 * row["mean"], 0, "%"),
                "sd": shown(None if row["sd"] is None else 100 * row["sd"], 0),
                "range": f"{shown(100 * row['low'], 0)} – {shown(100 * row['high'], 0)}",
                "is_disputed": row["is_disputed"],
            }
            for row in found["items"]
        ],
        "disputed": sum(row["is_disputed"] for row in found["items"]),
        "by_judge": judges,
    }


@role_required(*STAFF)
@never_cache
@require_GET
def study(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """The manager's view: judges and how far they are, what the panel came to, closing and adopting."""
    row = study_or_404(request.user, study_id)
    return _study_page(request, row, JudgeForm())


def _study_page(request: HttpRequest, row: StandardSettingStudy, judge_form: JudgeForm) -> HttpResponse:
    standing = standing_of(row)
    figures = _figures(row, standing)
    by_judge = figures.get("by_judge", {})
    context = {
        "study": row,
        "assessment": row.form.version.assessment,
        "form": row.form,
        "judge_form": judge_form,
        "open_round": standing.open_round,
        "last_round": LAST_ROUND,
        "item_count": len(standing.items),
        "judges": [
            {
                "judge": judge,
                "rated": standing.rated(judge, standing.open_round),
                "is_done": standing.has_finished(judge, standing.open_round),
                "counts": judge in standing.counted,
                "cut": shown(by_judge[judge.pk]["cut"], 2) if judge.pk in by_judge else "–",
                "apart": shown(_points(by_judge.get(judge.pk)), 0),
                "note": _noticed(by_judge.get(judge.pk)),
            }
            for judge in standing.judges
        ],
        "figures": figures,
        "may_close": row.closed_at is None and len(standing.counted) >= LEAST_JUDGES,
        "least_judges": LEAST_JUDGES,
        "enough_judges": ENOUGH_JUDGES,
        "is_judge": any(judge.judge_id == request.user.pk for judge in standing.judges),
    }
    return render(request, "quizzes/examining/study.html", context)


def _points(figures: dict[str, Any] | None) -> float | None:
    return None if figures is None or figures["apart"] is None else 100 * figures["apart"]


def _noticed(figures: dict[str, Any] | None) -> str:
    """Why a judge stands apart, if so."""
    if figures is None or not figures["is_outlier"]:
        return ""
    if abs(_points(figures) or 0.0) > 100 * APART:
        return _("far from the others")
    return _("finds other questions hard than the others do")


@role_required(*STAFF)
@never_cache
@require_POST
def study_judge(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Name a judge."""
    row = study_or_404(request.user, study_id)
    form = JudgeForm(request.POST)
    if not form.is_valid():
        return _study_page(request, row, form)
    person = form.cleaned_data["email"]

    def act() -> str:
        _judge, is_new = add_judge(
            study=row, judge=person, qualification=form.cleaned_data["qualification"], by=request.user,
            at=arrival(request),
        )  # fmt: skip
        said = _("%(name)s is a judge now.") if is_new else _("%(name)s was a judge already.")
        return said % {"name": person.get_full_name()}

    return _done(request, row, act)


@role_required(*STAFF)
@never_cache
@require_POST
def study_close(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Work out the cut, and take no more ratings."""
    row = study_or_404(request.user, study_id)

    def act() -> str:
        closed = close_study(study=row, by=request.user, at=arrival(request))
        return _("The study is closed. Its cut score is %(cut)s.") % {
            "cut": shown(float(closed.cut_percent or 0), 2, "%")
        }

    return _done(request, row, act)


@role_required(*STAFF)
@never_cache
@require_POST
def study_adopt(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Make the cut of the study that of the assessment."""
    row = study_or_404(request.user, study_id)

    def act() -> str:
        adopt_cut(study=row, by=request.user, at=arrival(request))
        return _(
            "Attempts that begin from now on are judged by this cut score. "
            "Read and approve the forms again: an exam is not given before that."
        )

    return _done(request, row, act)


def _done(request: HttpRequest, row: StandardSettingStudy, act: Callable[[], str]) -> HttpResponse:
    """Do it, say what came of it, and go back to the study."""
    try:
        messages.success(request, act())
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("examining:study", row.uuid)


@role_required(*STAFF_ROLES)
@never_cache
@require_http_methods(["GET", "POST"])
def study_rate(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """The judge's page: every item with its key, and one number each. Only judges of the study find it."""
    rows = StandardSettingStudy.objects.select_related("form__version__assessment").filter(
        judges__judge=request.user.pk
    )
    row = get_object_or_404(rows, uuid=study_id)
    standing = standing_of(row)
    number = standing.open_round
    errors: dict[int, str] = {}
    if request.method == "POST":
        ratings, errors = read_ratings(standing.items, request.POST)
        try:
            asked = int(request.POST.get("round", ""))
        except ValueError:
            asked = 0
        if not errors:
            return _store(request, row, standing, ratings, asked)
    note_accesses(
        questions=[item.version.question for item in standing.items],
        action=BankAction.VIEWED,
        by=request.user,
        at=arrival(request),
    )
    return _rate_page(request, row, standing, number, errors)


def _store(
    request: HttpRequest, row: StandardSettingStudy, standing: Standing, ratings: dict[Any, Any], number: int
) -> HttpResponse:
    judge = next(judge for judge in standing.judges if judge.judge_id == request.user.pk)
    changed = {
        item: share
        for item, share in ratings.items()
        if standing.ratings.get((judge.pk, item.pk, number)) != float(round(share, 3))
    }
    try:
        rate(study=row, ratings=changed, number=number, by=request.user, at=arrival(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("examining:study-rate", row.uuid)
    open_ones = len(standing.items) - len(ratings)
    if open_ones:
        said = ngettext("Kept. %(n)d item is still open.", "Kept. %(n)d items are still open.", open_ones)
        messages.info(request, said % {"n": open_ones})
    else:
        messages.success(request, _("Kept: you have rated every item of round %(number)d.") % {"number": number})
    return redirect("examining:study-rate", row.uuid)


def _rate_page(
    request: HttpRequest, row: StandardSettingStudy, standing: Standing, number: int, errors: dict[int, str]
) -> HttpResponse:
    judge = next(judge for judge in standing.judges if judge.judge_id == request.user.pk)
    means = standing.group_means(number - 1) if number > 1 else {}
    items = []
    for item in standing.items:
        own = standing.ratings.get((judge.pk, item.pk, number))
        before = standing.ratings.get((judge.pk, item.pk, number - 1))
        start = before if own is None else own
        value = request.POST.get(field_name(item), "") if request.method == "POST" else _number(start)
        data = shown_item(row.form, item)
        items.append(
            {
                **data,
                "name": field_name(item),
                "value": value,
                "error": errors.get(item.slot, ""),
                "before": _number(before),
                "group": _number(means.get(item.pk)),
            }
        )
    context = {
        "study": row,
        "assessment": row.form.version.assessment,
        "form": row.form,
        "items": items,
        "number": number,
        "rated": standing.rated(judge, number),
        "is_done": standing.has_finished(judge, number),
        "is_last": number == LAST_ROUND,
        "errors": errors,
    }
    return render(request, "quizzes/examining/study_rate.html", context)


def _number(share: float | None) -> str:
    """A share as a percentage without needless places."""
    return "" if share is None else f"{100 * share:.1f}".removesuffix(".0")
