"""Pages of practice. Every one works without JavaScript: a form, a button, a redirect."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from quizzes.bank.models import QuestionVersion
from quizzes.bank.views import picture_response

from . import presenters
from .after import after_context
from .commands import next_card, rate_review, review_card
from .exceptions import CardNotShown
from .judging import from_form
from .models import PracticeCard, PracticeReview
from .overview import overview_for
from .queries import may_explain, my_review, practice_summary
from .retakes import Focus, failed_result, focus_after


def _attempt_named(value: str | None) -> UUID | None:
    """The failed attempt that a page carries along; nonsense is none."""
    try:
        return UUID(value) if value else None
    except ValueError:
        return None


def _address(name: str, after: UUID | None, *args: Any) -> str:
    return reverse(name, args=args) + (f"?{urlencode({'after': after})}" if after else "")


@login_required
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What is due, what is learned, and one button."""
    return render(request, "quizzes/practice/overview.html", {"practice": overview_for(request.user, arrival(request))})


@login_required
@never_cache
@require_GET
def card(request: HttpRequest) -> HttpResponse:
    """The next question. Asking again gives the same one until it is answered."""
    at, after = arrival(request), _attempt_named(request.GET.get("after"))
    focus: Focus | None = None
    if after:
        focus = focus_after(request.user, after)
        if focus is None:
            raise Http404
    row = next_card(focus=focus, by=request.user, at=at)
    if row is None:
        if after and focus and not focus.objectives:
            messages.success(request, _("All of it is practised."))
        else:
            messages.info(request, _("Nothing is due just now."))
        return redirect("practice:after", after) if after else redirect("practice:overview")
    context = {"card": row, "item": presenters.question_context(row), "after": after, **_left(request, focus, at)}
    return render(request, "quizzes/practice/card.html", context)


def _left(request: HttpRequest, focus: Focus | None, at: datetime) -> dict[str, Any]:
    """How much there is still to do, in the words of where the person came from."""
    if focus is not None:
        return {"left_objectives": len(focus.objectives)}
    return {"left_cards": practice_summary(request.user, at).ready}


@login_required
@require_POST
def answer(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Take an answer and go on to what is right."""
    row = get_object_or_404(PracticeCard.objects.select_related("shown_version"), uuid=card_id, user=request.user.pk)
    after = _attempt_named(request.POST.get("after"))
    try:
        if row.shown_version is None:
            raise CardNotShown
        given = None if request.POST.get("go") == "unknown" else from_form(presenters.shown_of(row), request.POST)
        if given is None and request.POST.get("go") != "unknown":
            messages.info(request, _("Choose an answer first, or look at the answer if you do not know it."))
            return redirect(_address("practice:card", after))
        judged = review_card(
            card_uuid=card_id,
            answer=given,
            token=request.POST.get("token", ""),
            by=request.user,
            at=arrival(request),
        )
    except CardNotShown as error:
        # A form sent twice: what the first one said is what the person wants to see.
        last = PracticeReview.objects.filter(card=row).order_by("-id").first()
        if row.shown_version_id is None and last:
            return redirect(_address("practice:review", after, last.uuid))
        messages.warning(request, error.message)
        return redirect(_address("practice:card", after))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(_address("practice:card", after))
    return redirect(_address("practice:review", after, judged.review.uuid))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """What was right and why, when the card comes back, and how well it was remembered."""
    at, after = arrival(request), _attempt_named((request.POST or request.GET).get("after"))
    try:
        row = my_review(request.user, review_id)
    except PracticeReview.DoesNotExist as error:
        raise Http404 from error
    if request.method == "POST":
        rating = request.POST.get("rating", "")
        try:
            row = rate_review(
                review_uuid=review_id,
                rating=int(rating) if rating in {"1", "2", "3", "4"} else 0,
                by=request.user,
                at=at,
            )
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(_address("practice:review", after, row.uuid))
    if not may_explain(request.user, row.card.question):
        messages.info(request, _("You are being asked this question in an attempt that is open. Hand that in first."))
        return redirect("practice:overview")
    context = {
        "review": row,
        "item": presenters.review_context(row),
        "ratings": presenters.rating_choices(row),
        "seconds_until_due": (row.due_at - row.at).total_seconds(),
        "after": after,
        "next_url": _address("practice:card", after),
        **presenters.reading_on(row.version),
    }
    return render(request, "quizzes/practice/review.html", context)


@login_required
@require_GET
def picture(request: HttpRequest, card_id: UUID, token: str) -> HttpResponse:
    """A picture of a question that this card shows or has shown, under a name that holds for this card only."""
    row = get_object_or_404(PracticeCard, uuid=card_id, user=request.user.pk)
    versions = QuestionVersion.objects.filter(Q(pk=row.shown_version_id) | Q(practice_reviews__card=row))
    for version in versions.exclude(picture=None).select_related("picture").distinct():
        if version.picture and presenters.picture_token(row, version.picture_id) == token:
            return picture_response(version.picture, "private, max-age=3600")
    raise Http404


@login_required
@never_cache
@require_GET
def after(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """A retake that teaches: what was weak, where it is taught, what to practise, and when the retake opens."""
    result = failed_result(request.user, attempt_id)
    if result is None:
        raise Http404
    return render(request, "quizzes/practice/after.html", after_context(request.user, result, arrival(request)))
