"""Forms of standard setting: a new study, a judge, and the judges' ratings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.accounts.api import STAFF_ROLES, User
from quizzes.assembly.models import Assessment, Form, FormItem

HUNDRED = Decimal(100)


class StudyForm(forms.Form):
    """What is studied, and whom the judges have in mind."""

    form = forms.ModelChoiceField(label=gettext_lazy("Form"), queryset=Form.objects.none(), empty_label=None)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("The minimally competent candidate"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Whom the judges have in mind: somebody who just deserves to pass. What can they do, and what not yet?"
        ),
    )

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms_now = Form.objects.filter(version=assessment.current_version_id).order_by("label")
        self.fields["form"].queryset = forms_now  # type: ignore[attr-defined]


class JudgeForm(forms.Form):
    """A member of staff who knows the subject."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), help_text=gettext_lazy("Of a member of staff."))
    qualification = forms.CharField(
        label=gettext_lazy("Qualification"),
        max_length=200,
        help_text=gettext_lazy("Why this person can judge: kept with the study."),
    )

    def clean_email(self) -> Any:
        """The account, if it belongs to the staff."""
        person = User.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if person is None or not person.has_role(*STAFF_ROLES):
            raise forms.ValidationError(_("No member of staff has this address."))
        return person


def field_name(item: FormItem) -> str:
    """The name of an item's number in the form."""
    return f"item-{item.slot}"


def read_ratings(items: Sequence[FormItem], data: Any) -> tuple[dict[FormItem, Decimal], dict[int, str]]:
    """Ratings that were filled in, as shares; and what is wrong with the others, by slot. An empty one is left out."""
    found: dict[FormItem, Decimal] = {}
    errors: dict[int, str] = {}
    for item in items:
        text = str(data.get(field_name(item), "")).strip().replace(",", ".").removesuffix("%").strip()
        if not text:
            continue
        try:
            percent = Decimal(text)
        except InvalidOperation:
            errors[item.slot] = _("Write a number from 0 to 100.")
            continue
        if not percent.is_finite() or not 0 <= percent <= HUNDRED:
            errors[item.slot] = _("Write a number from 0 to 100.")
            continue
        found[item] = percent / HUNDRED
    return found, errors
