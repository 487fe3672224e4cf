"""Forms of what staff may do with one attempt; each says why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.attempts.enums import GrantKind

MOST_MINUTES = 24 * 60


def reason_field(hint: Any = "") -> forms.CharField:
    """Why; kept with the change."""
    return forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
    )


class VoidForm(forms.Form):
    """The attempt shall not count."""

    reason = reason_field(_("Stays in the record of the attempt."))


class TimeForm(forms.Form):
    """Time for an attempt that runs."""

    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=-MOST_MINUTES,
        max_value=MOST_MINUTES,
        help_text=_("A negative number takes time away; at least a minute is left."),
    )
    reason = reason_field(_("Stays in the record of the attempt."))


class ContinueForm(forms.Form):
    """Going on after an interruption."""

    minutes = forms.IntegerField(label=_("Minutes to go on with"), min_value=1, max_value=MOST_MINUTES)
    reason = reason_field(_("What interrupted the attempt. Stays in the record."))


class GrantForm(forms.Form):
    """A rule of starting waived for this candidate."""

    kind = forms.ChoiceField(label=_("What is waived"), choices=GrantKind.choices, widget=forms.RadioSelect)
    reason = reason_field(_("Stays in the record of the person."))


class LateForm(forms.Form):
    """Whether a late answer counts."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("accept", _("Let it count")), ("reject", _("Leave it uncounted"))],
        widget=forms.RadioSelect,
    )
    reason = reason_field(_("The candidate may ask; it stays in the record of the attempt."))

    def __init__(self, *args: Any, may_accept: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_accept:
            self.fields["decision"].choices = [("reject", _("Leave it uncounted"))]  # type: ignore[attr-defined]
