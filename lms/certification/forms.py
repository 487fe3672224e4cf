"""Forms of the registrar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .enums import DecisionOutcome, PublicReason

REVOKING = [
    PublicReason.HOLDER_REQUEST,
    PublicReason.ISSUED_IN_ERROR,
    PublicReason.REQUIREMENTS_NOT_MET,
    PublicReason.CONDUCT,
]
SUSPENDING = [PublicReason.UNDER_REVIEW, PublicReason.CONDUCT, PublicReason.HOLDER_REQUEST]


class DecisionForm(forms.Form):
    """Award or refuse; a refusal says why."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=DecisionOutcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you refuse; the candidate reads it."),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal without a reason is no decision."""
        data = super().clean() or {}
        if data.get("outcome") == DecisionOutcome.REFUSE and not data.get("reason", "").strip():
            self.add_error("reason", _("Say why you refuse; the candidate reads it."))
        return data


class StatusChangeForm(forms.Form):
    """Revoke or suspend: what the public learns, and what the record keeps for the school."""

    public_reason = forms.ChoiceField(label=_("Reason the public sees"))
    internal_reason = forms.CharField(
        label=_("Reason for the school’s record"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Never shown outside the school."),
    )

    def __init__(self, *args: Any, reasons: list[PublicReason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["public_reason"].choices = [
            ("", _("Choose a reason")),
            *((row.value, row.label) for row in reasons),
        ]  # type: ignore[attr-defined]


class ReinstateForm(forms.Form):
    """End a suspension."""

    internal_reason = forms.CharField(
        label=_("Reason for the school’s record"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
