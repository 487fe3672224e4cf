"""Forms of continuing education and renewal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.core.forms import DateInput
from lms.core.uploads import ACCEPT

from .enums import CourseType, DecisionOutcome


class CeClaimForm(forms.Form):
    """What was attended, when, for how long, and the file that shows it."""

    title = forms.CharField(label=_("What you attended"), max_length=200, help_text=_("As the certificate names it."))
    provider = forms.CharField(label=_("Provider"), max_length=200)
    category = forms.ChoiceField(label=_("What it was about"))
    course_type = forms.ChoiceField(label=_("How it was taken"), choices=[("", _("Choose")), *CourseType.choices])
    hours = forms.DecimalField(
        label=_("Hours"), max_digits=5, decimal_places=2, min_value=0,
        help_text=_("In quarters, without meal breaks: 50 minutes of teaching and 10 of pause are one hour."),
        widget=forms.NumberInput(attrs={"step": "0.25", "min": "0.25", "inputmode": "decimal"}),
    )  # fmt: skip
    completed_on = forms.DateField(label=_("Completed on"), widget=DateInput())
    file = forms.FileField(
        label=_("Evidence"), help_text=_("A PDF, a JPEG or a PNG of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )  # fmt: skip

    def __init__(self, *args: Any, categories: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Choose")), *categories.items()]  # type: ignore[attr-defined]


class CeReviewForm(forms.Form):
    """So many hours count; whoever allows fewer than were claimed says why."""

    accepted_hours = forms.DecimalField(
        label=_("Hours that count"), max_digits=5, decimal_places=2, min_value=0,
        help_text=_("0 when nothing counts."),
        widget=forms.NumberInput(attrs={"step": "0.25", "min": "0", "inputmode": "decimal"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when fewer hours count than were claimed; the holder reads it."),
    )  # fmt: skip


class RenewalDecisionForm(forms.Form):
    """Award, return or refuse; the last two say why, and an audit always says what it found."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=DecisionOutcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, is_audited: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        if is_audited:
            field.label = _("Auditor’s note")
            field.help_text = _("What you looked at and what you found. The holder reads it when you do not award.")
        else:
            field.help_text = _("Needed when you return or refuse; the holder reads it.")
