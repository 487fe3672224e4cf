"""What an audit pack is to be about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.core.forms import DateInput
from lms.learning.api import Cohort

from .audit_tables import Selection
from .models import Path


class AuditPackForm(forms.Form):
    """A cohort, or a path with two days."""

    cohort = forms.ModelChoiceField(
        label=_("Cohort"), queryset=Cohort.objects.all(), required=False, empty_label=_("No cohort: a path and a span")
    )
    path = forms.ModelChoiceField(
        label=_("Path"),
        queryset=Path.objects.exclude(current_version=None),
        required=False,
        empty_label=_("Choose a path"),
    )
    first = forms.DateField(label=_("From"), required=False, widget=DateInput())
    last = forms.DateField(label=_("Until"), required=False, widget=DateInput())

    def clean(self) -> dict[str, Any]:
        """Enough to know what is meant, and not two things at once."""
        data = super().clean() or {}
        if data.get("cohort") and data.get("path"):
            self.add_error("path", _("Choose a cohort or a path, not both."))
        if data.get("cohort"):
            for name in ("first", "last"):
                if data.get(name):
                    self.add_error(name, _("A cohort is taken whole. Leave the days empty."))
        else:
            for name in ("path", "first", "last"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed where no cohort is chosen."))
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", _("This day lies before the first."))
        return data

    def selection(self) -> Selection:
        """What was chosen."""
        data = self.cleaned_data
        if data["cohort"]:
            return Selection(cohort=data["cohort"])
        return Selection(path=data["path"], first=data["first"], last=data["last"])
