"""Marking written answers: what waits, one answer at a time, and deciding where two markers disagree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.accounts.api import role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError, InvalidInput
from quizzes.attempts.models import AttemptItem, Response
from quizzes.bank.models import QuestionVersion
from quizzes.grading import queue
from quizzes.grading.marking import (
    Marked,
    MarkingState,
    agree,
    mark_item,
    markings_in_force,
    moderate_item,
    needs_second_marker,
)
from quizzes.grading.models import Grade, Marking
from quizzes.grading.queries import current_result
from quizzes.types import registry
from quizzes.types.essay import EssayKey

from .access import STAFF, attempts_for
from .marking_forms import MarkingForm, initial_of

PER_PAGE = 50


@role_required(*STAFF)
@never_cache
@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """The questions with answers that wait for this person."""
    rows = queue.waiting_questions(attempts_for(request.user), request.user)
    return render(request, "quizzes/examining/marking.html", {"rows": rows})


@role_required(*STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One answer at a time, and the next one after it."""
    version = _version_or_404(request.user, version_id)
    attempts = attempts_for(request.user)
    if request.method == "POST":
        item = _posted_item(request, version)
        form = MarkingForm(_key(version).rubric, request.POST)
        marked = _save(request, item, form)
        if marked is not None or form.is_valid():
            return redirect("examining:marking-question", version.uuid)
    else:
        place = _next_place(request, queue.to_mark(attempts, request.user).filter(version=version))
        if place is None:
            return render(request, "quizzes/examining/marking_empty.html", _head(request, version))
        item = _item_or_404(request.user, version, *place)
        form = None
    left = queue.to_mark(attempts, request.user).filter(version=version).count()
    done = queue.marked_by(attempts, request.user).filter(version=version).count()
    context = {
        **_head(request, version),
        **_sheet(item, form),
        "number": done + 1,
        "count": done + max(left, 1),
        "done": done,
        "after": f"{item.attempt.uuid}-{item.slot}" if left > 1 else "",
    }
    return render(request, "quizzes/examining/marking_sheet.html", context)


@role_required(*STAFF)
@never_cache
@require_GET
def marked(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """What this person has marked of a question, to look at it again."""
    version = _version_or_404(request.user, version_id)
    rows = queue.marked_by(attempts_for(request.user), request.user).filter(version=version).select_related("attempt")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    own = Marking.objects.in_bulk([row.own_marking for row in page])
    lines = [{"item": row, "name": queue.pseudonym(row.attempt), "marking": own[row.own_marking]} for row in page]
    return render(
        request, "quizzes/examining/marking_done.html", {**_head(request, version), "page_obj": page, "lines": lines}
    )


@role_required(*STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, version_id: UUID, attempt_id: UUID, slot: int) -> HttpResponse:
    """One's own marking once more: freely until it is decided, then with a reason until the result is released."""
    version = _version_or_404(request.user, version_id)
    item = _item_or_404(request.user, version, attempt_id, slot)
    own = _markings(item).get(request.user.pk)  # type: ignore[arg-type]
    if own is None:
        raise Http404
    is_decided = _is_decided(item)
    form = MarkingForm(
        _key(version).rubric,
        request.POST or None,
        needs_reason=is_decided,
        initial=initial_of(own.points, comment=own.comment, revision=own.response.sequence),
    )
    if request.method == "POST" and (_save(request, item, form) or form.is_valid()):
        return redirect("examining:marking-done", version.uuid)
    context = {**_head(request, version), **_sheet(item, form), "is_again": True, "why_closed": _why_closed(item)}
    return render(request, "quizzes/examining/marking_sheet.html", context)


@role_required(*STAFF)
@never_cache
@require_GET
def disagreements(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Answers on which two markers differ, for a third person."""
    version = _version_or_404(request.user, version_id)
    rows = queue.to_moderate(attempts_for(request.user), request.user).filter(version=version).select_related("attempt")
    page = Paginator(rows.order_by("pk"), PER_PAGE).get_page(request.GET.get("page"))
    found: dict[int, dict[int, Marking]] = {}
    for marking in Marking.objects.filter(item__in=[row.pk for row in page], is_moderation=False).order_by("id"):
        found.setdefault(marking.item_id, {})[marking.by_id] = marking
    lines = [
        {
            "item": row,
            "name": queue.pseudonym(row.attempt),
            "percents": sorted(100 * marking.fraction for marking in found[row.pk].values()),
        }
        for row in page
    ]
    context = {**_head(request, version), "page_obj": page, "lines": lines}
    return render(request, "quizzes/examining/marking_disagreements.html", context)


@role_required(*STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def moderate(request: HttpRequest, version_id: UUID, attempt_id: UUID, slot: int) -> HttpResponse:
    """Both markings side by side, and the decision between them."""
    version = _version_or_404(request.user, version_id)
    item = _item_or_404(request.user, version, attempt_id, slot)
    markings = _markings(item)
    is_own = request.user.pk in markings and not request.user.has_role("admin")  # type: ignore[union-attr]
    # Whoever marked it and is no moderator would see the other marking here.
    if len(markings) < 2 or is_own or item.attempt.candidate_id == request.user.pk:
        raise Http404
    is_decided = _is_decided(item)
    sequence = next(iter(markings.values())).response.sequence
    form = MarkingForm(
        _key(version).rubric, request.POST or None, needs_reason=is_decided, initial={"revision": sequence}
    )
    if request.method == "POST" and (_save(request, item, form, moderates=True) or form.is_valid()):
        return redirect("examining:marking-disagreements", version.uuid)
    context = {
        **_head(request, version),
        **_sheet(item, form),
        "markings": list(markings.values()),
        "comparison": _comparison(_key(version), list(markings.values())),
        "is_agreed": agree(markings.values()),
        "is_decided": is_decided,
        "why_closed": _released(item) if is_decided else "",
    }
    return render(request, "quizzes/examining/marking_moderate.html", context)


# Reading -------------------------------------------------------------------------------------------------------------


def _version_or_404(user: Any, version_id: UUID) -> QuestionVersion:
    """A question that people mark, met in an attempt that this person may see."""
    version = get_object_or_404(QuestionVersion.objects.select_related("question", "answer_key"), uuid=version_id)
    seen = AttemptItem.objects.filter(version=version, attempt__in=attempts_for(user))
    if not registry.get(version.type).marked_by_person or not seen.exists():
        raise Http404
    return version


def _item_or_404(user: Any, version: QuestionVersion, attempt_id: Any, slot: Any) -> AttemptItem:
    rows = AttemptItem.objects.filter(version=version, attempt__in=attempts_for(user)).select_related(
        "attempt", "version__answer_key"
    )
    return get_object_or_404(rows, attempt__uuid=attempt_id, slot=slot)


def _posted_item(request: HttpRequest, version: QuestionVersion) -> AttemptItem:
    attempt, _dash, slot = request.POST.get("place", "").rpartition("-")
    try:
        return _item_or_404(request.user, version, UUID(attempt), int(slot[:4]))
    except ValueError:
        raise Http404 from None


def _next_place(request: HttpRequest, rows: QuerySet[AttemptItem]) -> tuple[UUID, int] | None:
    """The first answer in this marker's order, or the one behind the answer that was skipped."""
    places = queue.in_blind_order(rows, request.user)
    if not places:
        return None
    skipped = request.GET.get("after", "")
    names = [f"{attempt}-{slot}" for attempt, slot in places]
    return places[(names.index(skipped) + 1) % len(places)] if skipped in names else places[0]


def _key(version: QuestionVersion) -> EssayKey:
    return EssayKey.model_validate(version.answer_key.key)


def _response(item: AttemptItem) -> Response:
    row = Response.objects.filter(item=item, counted=True).order_by("-sequence").first()
    if row is None or row.data is None:
        raise Http404
    return row


def _markings(item: AttemptItem) -> dict[int, Marking]:
    return markings_in_force(item, _response(item))


def _is_decided(item: AttemptItem) -> bool:
    grade = Grade.objects.filter(item=item).order_by("-id").first()
    return grade is not None and grade.fraction is not None


def _why_closed(item: AttemptItem) -> str:
    """Why a marking can no longer be changed by its marker; empty when it can."""
    if needs_second_marker(item.attempt) and len(_markings(item)) > 1:
        return _("Two people have marked this answer. Where they differ, a third decides.")
    return _released(item)


def _released(item: AttemptItem) -> str:
    result = current_result(item.attempt)
    if result is None or result.released_at is None:
        return ""
    return _("The result was released. A mark changes now only by a regrade, with its preview.")


def _head(request: HttpRequest, version: QuestionVersion) -> dict[str, Any]:
    moderated = queue.to_moderate(attempts_for(request.user), request.user).filter(version=version)
    return {"version": version, "disagreement_count": moderated.count()}


def _sheet(item: AttemptItem, form: MarkingForm | None) -> dict[str, Any]:
    """An answer and what it is judged by. Nothing here names the candidate."""
    kind = registry.get(item.version.type)
    response, key = _response(item), _key(item.version)
    feedback = kind.choice_feedback(key, None)
    return {
        "name": queue.pseudonym(item.attempt),
        "place": f"{item.attempt.uuid}-{item.slot}",
        "interaction": kind.interaction(kind.Presentation.model_validate(item.version.presentation), item.arrangement),
        "answer": response.data,
        "pass_note": feedback.get("pass_note", ""),
        "model_answer": feedback["model_answer"],
        "cap_percent": key.rubric.cap_percent,
        "is_double": needs_second_marker(item.attempt),
        "form": form or MarkingForm(key.rubric, initial={"revision": response.sequence}),
    }


def _comparison(key: EssayKey, markings: list[Marking]) -> list[dict[str, Any]]:
    """A row per criterion with the points of each marker, and whether they differ."""
    rows = []
    for criterion in key.rubric.criteria:
        given = [marking.points.get(criterion.id, "") for marking in markings]
        rows.append({"criterion": criterion, "given": given, "differs": len(set(given)) > 1})
    return rows


# Writing -------------------------------------------------------------------------------------------------------------


def _save(request: HttpRequest, item: AttemptItem, form: MarkingForm, *, moderates: bool = False) -> Marked | None:
    """Store what the form says. None if it was refused: with an error in the form, or with a message."""
    if not form.is_valid():
        return None
    try:
        done = (moderate_item if moderates else mark_item)(
            attempt_uuid=item.attempt.uuid,
            slot=item.slot,
            revision=form.cleaned_data["revision"],
            points=form.points,
            comment=form.cleaned_data["comment"],
            reason=form.cleaned_data.get("reason", ""),
            by=request.user,
            at=arrival(request),
        )
    except InvalidInput as problem:
        form.take(problem)
        return None
    except DomainError as problem:
        messages.warning(request, problem.message)
        return None
    if done.state is MarkingState.needs_second:
        messages.success(request, _("Saved. A second person marks this answer too."))
    elif done.state is MarkingState.needs_moderation:
        messages.info(request, _("Saved. The other marker came to another result, so a third person decides."))
    else:
        messages.success(request, _("Saved. This answer is marked."))
    return done
