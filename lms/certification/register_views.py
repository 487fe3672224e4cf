"""The public side: the register of those who agreed, and whether a file is the one that the school issued."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.core.clock import arrival, school_day
from lms.core.exceptions import DomainError

from . import register
from .documents import certificate_by_file
from .limits import rate_limited
from .views import check_page, own_certificate

DIGEST = re.compile(r"[0-9a-f]{64}")
#: A certificate has some 100 kB.
MOST_BYTES = 5_000_000
PER_PAGE = 50


@never_cache
@rate_limited
@require_GET
def public_register(request: HttpRequest) -> HttpResponse:
    """Certificates that hold today and whose holders want them to be found."""
    words = request.GET.get("q", "").strip()[:100]
    rows = register.public_register(school_day(arrival(request)), words)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = urlencode({"q": words}) + "&" if words else ""
    return render(request, "lms/certification/register.html", {"page_obj": page, "words": words, "query": query})


@login_required
@require_POST
def listing(request: HttpRequest, number: str) -> HttpResponse:
    """The holder agrees to be in the register, or no longer."""
    row = own_certificate(request, number)
    is_listed = request.POST.get("listed") == "yes"
    try:
        changed = register.list_publicly(certificate=row, is_listed=is_listed, by=request.user, at=arrival(request))
    except DomainError as error:
        messages.error(request, error.message)
        changed = False
    if changed and is_listed:
        messages.success(request, _("Your certificate is in the public register from now on."))
    elif changed:
        messages.success(request, _("Your certificate is no longer in the public register."))
    return redirect("certification:certificate", row.number)


@never_cache
@rate_limited
@require_http_methods(["GET", "POST"])
def verify_file(request: HttpRequest) -> HttpResponse:
    """Is this file the document that the school issued? The browser sends its digest, or without a script the file."""
    if request.method == "POST":
        return _digest_upload(request)
    asked = request.GET.get("digest", "").strip().lower()
    if not asked:
        return redirect(reverse("certification:verify_search") + "#file")
    if not DIGEST.fullmatch(asked):
        problem = _("This is not the digest of a file: it has 64 characters, from 0 to 9 and a to f.")
        return render(request, "lms/certification/verify_search.html", {"file_problem": problem}, status=400)
    return check_page(request, "lms/certification/verify_file.html", certificate_by_file(asked), digest=asked)


def _digest_upload(request: HttpRequest) -> HttpResponse:
    """Digest what was sent, keep nothing of it, and go to the answer."""
    file = request.FILES.get("file")
    problem = ""
    if file is None:
        problem = _("Choose a file.")
    elif (file.size or 0) > MOST_BYTES:
        problem = _("The file is larger than 5 MB, which no certificate of ours is.")
    if file is None or problem:
        return render(request, "lms/certification/verify_search.html", {"file_problem": problem}, status=400)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.close()
    return redirect(reverse("certification:verify_file") + "?" + urlencode({"digest": digest.hexdigest()}))
