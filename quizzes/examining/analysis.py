"""Pages of the item analysis: a quiz with its forms and items, one item with its picture, and kept analyses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.accounts.api import role_required
from lms.core.clock import arrival
from lms.knowledge.api import domain_titles
from quizzes.assembly.models import Assessment
from quizzes.bank.commands import note_accesses
from quizzes.bank.enums import BankAction
from quizzes.bank.models import Question
from quizzes.statistics.commands import recompute_snapshot, take_snapshot
from quizzes.statistics.models import AnalysisSnapshot
from quizzes.statistics.queries import stamp_of
from quizzes.statistics.report import analyse, flagged_first, in_words, item_report

from .access import STAFF, assessment_or_404
from .analysis_words import readings, shown
from .item_picture import letter_of, picture_of

#: Seconds for which an analysis is remembered; a new result or a regrade makes a new one at once.
REMEMBERED = 900
#: Name in the address -> figure of an item.
COLUMNS = {
    "question": "question",
    "answers": "answers",
    "facility": "facility",
    "discrimination": "discrimination",
    "upper_lower": "upper_lower",
    "time": "mean_seconds",
}


@dataclass(frozen=True)
class Column:
    """The head of a column: where a click on it leads, and how the table is sorted now."""

    title: str
    query: str
    is_current: bool
    is_descending: bool
    is_number: bool


def current_analysis(assessment: Assessment, *, includes_retakes: bool, at: datetime) -> dict[str, Any]:
    """The analysis as it stands, remembered until something changes."""
    name = f"analysis:{assessment.pk}:{int(includes_retakes)}:{stamp_of(assessment)}".replace(" ", "_")
    found = cache.get(name)
    if found is None:
        found = analyse(assessment, includes_retakes=includes_retakes, as_of=at)
        cache.set(name, found, REMEMBERED)
    return found


def note_looks(items: Iterable[Mapping[str, Any]], by: Any, at: datetime) -> None:
    """Write down a look at confidential items: what is right, and what candidates chose."""
    codes = [item["question"] for item in items]
    note_accesses(
        questions=Question.objects.filter(code__in=codes).select_related("bank"),
        action=BankAction.VIEWED,
        by=by,
        at=at,
    )


def sorted_items(items: list[dict[str, Any]], order: str) -> list[Mapping[str, Any]]:
    """Items by a column (with `-` in front downwards), those without the figure last; else flags first."""
    name = COLUMNS.get(order.removeprefix("-"))
    if name is None:
        return flagged_first(items)
    known = [item for item in items if item[name] is not None]
    known.sort(key=lambda item: item[name], reverse=order.startswith("-"))
    return [*known, *(item for item in items if item[name] is None)]


def _columns(order: str, attempts: str) -> list[Column]:
    titles = {
        "question": _("Question"),
        "answers": _("Answers"),
        "facility": _("Facility"),
        "discrimination": _("Discrimination"),
        "upper_lower": _("Upper − lower"),
        "time": _("Mean time"),
    }
    found = []
    for name, title in titles.items():
        is_current = order.removeprefix("-") == name
        going = f"-{name}" if order == name else name
        query = urlencode({"attempts": attempts, "o": going})
        found.append(Column(title, query, is_current, is_current and order.startswith("-"), name != "question"))
    return found


def _lines(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "item": item,
            "facility": shown(item["facility"], 0, "%"),
            "interval": " – ".join(shown(bound, 0) for bound in item["facility_interval"] or ()),
            "discrimination": shown(item["discrimination"], 0),
            "upper_lower": shown(item["upper_lower"], 0),
            "time": shown(item["mean_seconds"], 0, "s"),
        }
        for item in items
    ]


def figures_context(report: dict[str, Any], order: str = "") -> dict[str, Any]:
    """What the tables of an analysis need, kept or current."""
    columns = [report["overall"], *report["forms"]]
    titles = domain_titles()
    return {
        "report": report,
        "forms": report["forms"],
        "readings": readings(columns),
        "lines": _lines(sorted_items(report["items"], order)),
        "columns": _columns(order, report["attempts"]),
        "hurdles": [
            {**hurdle, "title": titles.get(hurdle["domain"], hurdle["domain"])} for hurdle in report["hurdles"]
        ],
        "flags": report["overall"]["flags"],
        "alarms": sum(any(flag["weight"] == "alarm" for flag in item["flags"]) for item in report["items"]),
    }


def _asked(request: HttpRequest) -> bool:
    """All attempts rather than first ones?"""
    return (request.POST if request.method == "POST" else request.GET).get("attempts") == "all"


@role_required(*STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def analysis(request: HttpRequest, slug: str) -> HttpResponse:
    """How a quiz and its items behaved; posting keeps the analysis as it stands."""
    assessment = assessment_or_404(request.user, slug)
    includes_retakes, at = _asked(request), arrival(request)
    if request.method == "POST":
        kept = take_snapshot(assessment=assessment, includes_retakes=includes_retakes, by=request.user, at=at)
        messages.success(request, _("This analysis is kept as it stands."))
        return redirect("examining:analysis-kept", assessment.code, kept.uuid)
    report = in_words(current_analysis(assessment, includes_retakes=includes_retakes, at=at), _)
    note_looks(report["items"], request.user, at)
    context = {
        "assessment": assessment,
        "snapshots": AnalysisSnapshot.objects.filter(assessment=assessment).select_related("by").defer("figures"),
        **figures_context(report, request.GET.get("o", "")),
    }
    return render(request, "quizzes/examining/analysis.html", context)


@role_required(*STAFF)
@never_cache
@require_GET
def analysis_item(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One question: its picture, its options, what the figures mean and what to do."""
    assessment = assessment_or_404(request.user, slug)
    includes_retakes, at = _asked(request), arrival(request)
    report = in_words(current_analysis(assessment, includes_retakes=includes_retakes, at=at), _)
    items = item_report(report, code)
    if not items:
        raise Http404
    note_looks(items, request.user, at)
    question = get_object_or_404(Question, code=code)
    about = urlencode({"assessment": assessment.code, "question": code})
    context = {
        "assessment": assessment,
        "report": report,
        "question": question,
        "variants": [_variant(item) for item in items],
        "regrade_url": f"{reverse('examining:regrade-new')}?{about}",
        "domain": domain_titles().get(items[0]["domain"], items[0]["domain"]),
        "has_many": len(items) > 1,
    }
    return render(request, "quizzes/examining/analysis_item.html", context)


def _variant(item: Mapping[str, Any]) -> dict[str, Any]:
    """One way in which a question was shown, ready for the template."""
    interval = item["facility_interval"]
    return {
        "item": item,
        "numbers": ", ".join(map(str, item["versions"])),
        "picture": picture_of(item["options"]),
        "options": [
            {
                "letter": letter_of(option, place),
                "text": option["text"] or option["label"],
                "is_key": option["is_key"],
                "count": option["count"],
                "share": shown(option["share"], 0, "%"),
                "upper": shown(option["upper_share"], 0, "%"),
                "lower": shown(option["lower_share"], 0, "%"),
                "correlation": shown(option["point_biserial"], 2),
                "groups": [shown(share, 0, "%") for share in option["shares_by_group"]],
            }
            for place, option in enumerate(item["options"])
        ],
        "groups": range(1, 1 + max((len(option["shares_by_group"]) for option in item["options"]), default=0)),
        "figures": [
            (
                _("Facility"),
                shown(item["facility"], 1, "%"),
                _("Share of the marks that were earned. By chance alone it might be between %(low)s and %(high)s.")
                % {"low": shown(interval[0], 0, "%"), "high": shown(interval[1], 0, "%")}
                if interval
                else _("Share of the marks that were earned."),
            ),
            (_("Blind guessing"), shown(100 * item["chance"] if item["chance"] is not None else None, 0, "%"), ""),
            (_("Standard deviation"), shown(item["sd"], 2), _("In marks.")),
            (
                _("Discrimination"),
                shown(item["discrimination"], 0),
                _("Correlation with the rest of the test, × 100. Above 30 is good, below 10 poor."),
            ),
            (
                _("Efficiency"),
                shown(item["efficiency"], 0, "%"),
                _("How much of the discrimination that its difficulty allows."),
            ),
            (
                _("Upper − lower"),
                shown(item["upper_lower"], 0),
                _("Facility among the best 27 % minus that among the weakest 27 %, in points."),
            ),
            (
                _("Weight"),
                shown(item["effective_weight"], 1, "%"),
                _("How much it really decides; meant to be %(percent)s.")
                % {"percent": shown(item["intended_weight"], 1, "%")},
            ),
            (_("Left blank"), shown(item["blank_share"], 0, "%"), ""),
            (
                _("Time"),
                shown(item["mean_seconds"], 0, "s"),
                _("Mean; the median is %(median)s.") % {"median": shown(item["median_seconds"], 0, "s")},
            ),
        ],
    }


@role_required(*STAFF)
@never_cache
@require_GET
def analysis_kept(request: HttpRequest, slug: str, snapshot_id: UUID) -> HttpResponse:
    """An analysis that was kept; with `check` it is worked out again from the record and compared."""
    assessment = assessment_or_404(request.user, slug)
    snapshot = get_object_or_404(
        AnalysisSnapshot.objects.select_related("by", "assessment"), assessment=assessment, uuid=snapshot_id
    )
    report = in_words(snapshot.figures, _)
    note_looks(report["items"], request.user, arrival(request))
    context = {
        "assessment": assessment,
        "snapshot": snapshot,
        "check": recompute_snapshot(snapshot) if "check" in request.GET else None,
        "check_url": f"{reverse('examining:analysis-kept', args=[assessment.code, snapshot.uuid])}?check=1",
        **figures_context(report),
    }
    return render(request, "quizzes/examining/analysis_kept.html", context)
