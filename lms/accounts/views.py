"""Pages for people about themselves."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from .forms import PreferencesForm
from .queries import agreements_at_sign_up


def agreement(request: HttpRequest, code: str) -> HttpResponse:
    """Terms or privacy notice in force, for everybody to read."""
    found = next((row for row in agreements_at_sign_up() if row.code == code), None)
    if found is None:
        raise Http404
    return render(request, "lms/accounts/agreement.html", {"agreement": found})


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Names, time zone and reading preferences."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your preferences are saved."))
        return redirect("accounts:preferences")
    return render(request, "lms/accounts/preferences.html", {"form": form})
