"""Pages on which candidates hand in documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lms.core.clock import arrival, school_day
from lms.core.exceptions import DomainError
from lms.core.forms import ask_for_file_again, show_errors
from lms.core.uploads import download

from . import papers, queries
from . import papers_queries as reads
from .forms import DocumentForm
from .models import CandidateDocument


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, code: str) -> HttpResponse:
    """What is asked of a document, what one has handed in, and the form for a new one."""
    terms = reads.document_terms(request.user, code)
    if terms is None:
        raise Http404
    form = DocumentForm(request.POST or None, request.FILES or None, expires=terms["expires"])
    if request.method == "POST" and form.is_valid():
        try:
            papers.hand_in_document(user=request.user, code=code, at=arrival(request), **form.cleaned_data)
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("We have your document. Somebody of the school looks at it."))
            return redirect("certification:document", code)
    ask_for_file_again(form)
    today = school_day(arrival(request))
    context: dict[str, Any] = {
        "terms": terms,
        "form": form,
        "path": queries.path_asking_for(request.user, code, "document"),
        "lines": [
            {"document": row, "state": reads.document_state(row, today)}
            for row in reads.documents_of(request.user, code)
        ],
    }
    return render(request, "lms/certification/document.html", context)


@login_required
@require_GET
def document_file(request: HttpRequest, code: str, document_id: UUID) -> HttpResponse:
    """One's own document, as it was handed in."""
    row = get_object_or_404(CandidateDocument, user=request.user, code=code, uuid=document_id)
    return download(row.file, row.file_name, row.media_type)
