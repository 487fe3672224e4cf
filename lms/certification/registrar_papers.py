"""Pages of the registrar on what candidates handed in, and on what they paid."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.accounts.api import User, role_required
from lms.core.clock import arrival, school_day
from lms.core.exceptions import DomainError
from lms.core.forms import show_errors
from lms.core.uploads import download

from . import papers
from . import papers_queries as reads
from .exceptions import AlreadyReviewed
from .forms import DocumentReviewForm, PaymentForm

PER_PAGE = 50


@role_required("registrar")
@never_cache
@require_GET
def documents(request: HttpRequest) -> HttpResponse:
    """Documents that wait for somebody to look at them."""
    page = Paginator(reads.waiting_documents(), PER_PAGE).get_page(request.GET.get("page"))
    titles = reads.document_titles({row.user_id for row in page})
    lines = [{"document": row, "title": titles.get(row.code, row.code)} for row in page]
    return render(request, "lms/certification/registrar/documents.html", {"page_obj": page, "lines": lines})


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """One document: what it says of itself, what came before it, and the verdict."""
    row = get_object_or_404(reads.documents(), uuid=document_id)
    form = DocumentReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accepted = form.cleaned_data["verdict"] == "accept"
        try:
            papers.review_document(
                document=row,
                accepted=accepted,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=arrival(request),
            )
        except AlreadyReviewed as error:
            messages.error(request, error.message)
            return redirect("registrar:document", row.uuid)
        except DomainError as error:
            show_errors(form, error)
        else:
            said = _("The document is accepted.") if accepted else _("The candidate sees why it is refused.")
            messages.success(request, said)
            return redirect("registrar:documents")
    today = school_day(arrival(request))
    others = reads.documents_of(row.user, row.code).exclude(pk=row.pk)
    context = {
        "document": row,
        "title": reads.document_titles([row.user_id]).get(row.code, row.code),
        "state": reads.document_state(row, today),
        "others": [{"document": other, "state": reads.document_state(other, today)} for other in others[:20]],
        "same_file": reads.with_the_same_file(row)[:5],
        "form": form,
        "is_own": row.user == request.user,
    }
    return render(request, "lms/certification/registrar/document.html", context)


@role_required("registrar")
@require_GET
def document_file(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The file itself."""
    row = get_object_or_404(reads.documents(), uuid=document_id)
    return download(row.file, row.file_name, row.media_type)


@role_required("registrar")
@never_cache
@require_http_methods(["GET", "POST"])
def payment(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Note that a candidate paid a fee."""
    candidate = get_object_or_404(User, uuid=user_id)
    fees = reads.fees_of(candidate)
    form = PaymentForm(request.POST or None, fees=fees, initial={"paid_on": arrival(request).date()})
    if request.method == "POST" and form.is_valid():
        try:
            papers.note_payment(user=candidate, by=request.user, at=arrival(request), **form.terms)
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The payment is noted."))
            return redirect("registrar:candidate", candidate.uuid)
    context = {"candidate": candidate, "form": form, "fees": fees, "is_own": candidate == request.user}
    return render(request, "lms/certification/registrar/payment.html", context)
