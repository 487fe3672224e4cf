"""Forms of cases: opening one, and what the desk does with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.core.forms import DateInput

from .case_commands import MOST_FACTOR, MOST_MINUTES, NOTES_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from .case_matters import Matter
from .enums import CaseKind, CaseSubject


class PersonField(forms.ModelChoiceField):
    """People by their names."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name())


class CaseForm(forms.Form):
    """What somebody asks for, what it is about, and their words."""

    kind = forms.ChoiceField(label=_("What do you ask for?"), choices=CaseKind.choices, widget=forms.RadioSelect)
    about = forms.ChoiceField(
        label=_("What is it about?"),
        required=False,
        help_text=_("Not needed for accommodations. An appeal is against something that was decided about you."),
    )
    person = PersonField(
        label=_("Who is it about?"),
        queryset=None,
        required=False,
        to_field_name="uuid",
        empty_label=_("Nobody in particular"),
        help_text=_("Only for a complaint about somebody of the school. This person will not read it."),
    )
    title = forms.CharField(label=_("In short"), max_length=TITLE_LENGTH)
    text = forms.CharField(
        label=_("What happened, and what you ask for"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    file = forms.FileField(
        label=_("Document"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        help_text=_("A PDF of at most 10 MB, such as a letter. Only those who handle your case open it."),
    )

    def __init__(self, *args: Any, matters: Sequence[Matter], people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *((f"{row.subject}:{row.reference}", row.title) for row in matters),
            (CaseSubject.CONDUCT.value, CaseSubject.CONDUCT.label),
            (CaseSubject.OTHER.value, CaseSubject.OTHER.label),
        ]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """`subject` and `reference` as the command takes them."""
        data = super().clean() or {}
        about = data.get("about", "") or (CaseSubject.OTHER.value if data.get("kind") == CaseKind.ACCOMMODATION else "")
        if not about and "about" not in self.errors:
            self.add_error("about", _("Say what it is about."))
        data["subject"], _colon, data["reference"] = about.partition(":")
        person = data.get("person")
        if data["subject"] == CaseSubject.CONDUCT and person is not None:
            data["reference"] = str(person.uuid)
        return data


class NoteForm(forms.Form):
    """Something to add."""

    text = forms.CharField(label=_("Note"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))


class DeskNoteForm(NoteForm):
    """A note of the school, shared or not."""

    is_shared = forms.BooleanField(label=_("The person who opened the case reads it"), required=False)


class AssignForm(forms.Form):
    """A third person."""

    assignee = PersonField(
        label=_("Give it to"),
        queryset=None,
        empty_label=_("Choose somebody"),
        help_text=_("Only people of the school who are no part of it are listed."),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]


class DeferForm(forms.Form):
    """A later or earlier day, and why."""

    due_on = forms.DateField(label=_("Answer by"), widget=DateInput())
    reason = forms.CharField(
        label=_("Why"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The person who opened the case reads it."),
    )


class CaseDecisionForm(forms.Form):
    """Uphold or reject, in writing."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[("upheld", _("Uphold")), ("rejected", _("Reject"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The person who opened the case reads it."),
    )

    def conditions(self) -> dict[str, Any]:
        """What is granted; nothing here."""
        return {}


class AccommodationDecisionForm(CaseDecisionForm):
    """Uphold or reject a request; what is granted holds in every timed assessment from then on."""

    time_factor = forms.DecimalField(
        label=_("Time, times"),
        initial="1.00",
        min_value=1,
        max_value=MOST_FACTOR,
        decimal_places=2,
        required=False,
        help_text=_("1.25 is a quarter more."),
    )
    extra_minutes = forms.IntegerField(
        label=_("Minutes on top"), initial=0, min_value=0, max_value=MOST_MINUTES, required=False
    )
    break_minutes = forms.IntegerField(
        label=_("Minutes of breaks"), initial=0, min_value=0, max_value=MOST_MINUTES, required=False
    )
    notes_for_invigilators = forms.CharField(
        label=_("For the invigilators"),
        max_length=NOTES_LENGTH,
        required=False,
        help_text=_("What they must know to make it work; never the medical reason."),
    )
    valid_until = forms.DateField(
        label=_("Until"), required=False, widget=DateInput(), help_text=_("Left empty, it has no end.")
    )

    def conditions(self) -> dict[str, Any]:
        """What is granted, as the command takes it; a day counts to its end."""
        names = ("time_factor", "extra_minutes", "break_minutes", "notes_for_invigilators")
        day: date | None = self.cleaned_data["valid_until"]
        end = timezone.make_aware(datetime.combine(day, time.max)) if day else None
        return {**{name: self.cleaned_data[name] for name in names}, "valid_until": end}
