"""Forms of candidates and of the registrar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.core.forms import DateInput
from lms.core.uploads import ACCEPT

from .enums import DecisionOutcome, PublicReason
from .papers import MOST_PAID, REASON_LENGTH
from .taking_back import REASON_LENGTH as TAKING_BACK_LENGTH


class ApplicationForm(forms.Form):
    """The name that the certificate shall bear, confirmed letter by letter."""

    legal_name = forms.CharField(
        label=_("Your name on the certificate"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As in your identity document. It cannot be changed once the certificate is issued."),
        error_messages={"required": _("Say how your name shall stand on the certificate.")},
    )
    confirm = forms.BooleanField(
        label=_("My name is written as it shall stand on the certificate."),
        error_messages={"required": _("Confirm that the name is written as it shall stand on the certificate.")},
    )


class DocumentForm(forms.Form):
    """A document, with the days that it says of itself."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("A PDF, a JPEG or a PNG of at most 10 MB. Your name must be readable on it."),
        error_messages={"required": _("Choose a file.")},
    )
    issued_on = forms.DateField(label=_("Issued on"), widget=DateInput())
    expires_on = forms.DateField(label=_("Valid until"), required=False, widget=DateInput())

    def __init__(self, *args: Any, expires: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if expires:
            self.fields["expires_on"].required = True
            self.fields["expires_on"].help_text = _("It must still be valid on the day of the award.")


class DocumentReviewForm(forms.Form):
    """Accept a document, or refuse it and say why."""

    verdict = forms.ChoiceField(
        label=_("Decision"), choices=[("accept", _("Accept")), ("refuse", _("Refuse"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you refuse; the candidate reads it."),
    )


class PaymentForm(forms.Form):
    """A fee that the school received."""

    fee = forms.ChoiceField(label=_("Fee"))
    amount = forms.DecimalField(
        label=_("Amount"), min_value=Decimal("0.01"), max_value=MOST_PAID, max_digits=9, decimal_places=2
    )
    reference = forms.CharField(
        label=_("Receipt or reference"), max_length=120, help_text=_("Where the school finds the payment again.")
    )
    paid_on = forms.DateField(label=_("Paid on"), widget=DateInput())

    def __init__(self, *args: Any, fees: Iterable[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fee"].choices = [  # type: ignore[attr-defined]
            (f"{fee['reference']}:{fee['currency']}", f"{fee['title']}: {fee['amount']} {fee['currency']}")
            for fee in fees
        ]

    @property
    def terms(self) -> dict[str, Any]:
        """The cleaned data as the command takes it."""
        data = dict(self.cleaned_data)
        code, _colon, currency = data.pop("fee").rpartition(":")
        return {**data, "code": code, "currency": currency}


class TakingBackForm(forms.Form):
    """Why something that was noted no longer counts."""

    reason = forms.CharField(label=_("Reason"), max_length=TAKING_BACK_LENGTH, widget=forms.Textarea(attrs={"rows": 2}))


class WaiverForm(forms.Form):
    """Waive a requirement for one person, or accept something equivalent."""

    requirement = forms.ChoiceField(label=_("Requirement"))
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            ("equivalence", _("Something equivalent is accepted")),
            ("waiver", _("The school does without it")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the school’s record; auditors read it."),
    )
    proof = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=300,
        help_text=_("For something equivalent: what it is, who gave it, and when. Keep a copy of it."),
    )

    def __init__(self, *args: Any, requirements: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirement"].choices = [("", _("Choose a requirement")), *requirements]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Award, return or refuse; what is not an award says why."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=DecisionOutcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you return or refuse; the candidate reads it."),
    )


class BatchForm(forms.Form):
    """Applications to award together."""

    title = forms.CharField(
        label=_("Name of the batch"), max_length=200, help_text=_("So that you find it again, such as “Cohort of May”.")
    )
    confirm = forms.BooleanField(
        label=_("I have looked at these applications and award the certificates."),
        error_messages={"required": _("Confirm that you have looked at them.")},
    )


class ReissueForm(forms.Form):
    """The name as it shall stand from now on, and why."""

    legal_name = forms.CharField(
        label=_("Name on the new certificate"),
        max_length=200,
        help_text=_("As in the identity document that you have seen."),
    )
    internal_reason = forms.CharField(
        label=_("Reason for the school’s record"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Which document shows the new name. Never shown outside the school."),
    )


class StatusChangeForm(forms.Form):
    """Revoke or suspend: what the public learns, and what the record keeps for the school."""

    public_reason = forms.ChoiceField(label=_("Reason the public sees"))
    internal_reason = forms.CharField(
        label=_("Reason for the school’s record"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Never shown outside the school."),
    )

    def __init__(self, *args: Any, reasons: Iterable[PublicReason], **kwargs: Any) -> None:
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
