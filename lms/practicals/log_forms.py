"""Forms of the hours log and of case reports. What may be, the commands say; here is how it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import log_queries
from .enums import ReviewOutcome, SessionCategory, SessionSetting, Technique
from .log_commands import CONSENT, NOTE_LENGTH, supervisors

NEW = "new"
POINTS = (("0", gettext_lazy("missing")), ("1", gettext_lazy("partly")), ("2", gettext_lazy("there")))


def client_choices(student: Any) -> list[tuple[str, str]]:
    """The student's clients by code, the one seen last first, with the day that tells them apart."""
    rows = sorted(log_queries.clients_of(student), key=lambda row: (row.last is not None, row.last), reverse=True)
    return [
        (
            row.code,
            _("%(code)s, last on %(day)s") % {"code": row.code, "day": date_format(row.last, "j F Y")}
            if row.last
            else row.code,
        )
        for row in rows
    ]


class SessionForm(forms.Form):
    """A supervised session. There is no field for a name: the log gives a code."""

    client = forms.ChoiceField(
        label=gettext_lazy("Client"),
        help_text=gettext_lazy("The log knows clients by a code. Who it is you keep on paper, with the consent."),
    )
    supervisor = forms.ModelChoiceField(
        label=gettext_lazy("Supervised by"), queryset=None, empty_label=gettext_lazy("Choose a person")
    )
    held_on = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    starts_at = forms.TimeField(
        label=gettext_lazy("From"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=1,
        max_value=720,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    setting = forms.ChoiceField(label=gettext_lazy("Where"), choices=SessionSetting.choices, widget=forms.RadioSelect)
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("What it was about"),
        choices=SessionCategory.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    techniques = forms.MultipleChoiceField(
        label=gettext_lazy("What you did"), choices=Technique.choices, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        help_text=gettext_lazy("Nothing that tells who it was: no name, birthday, address or number."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, student: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = client_choices(student)
        someone_new = (NEW, _("Someone new (will be %(code)s)") % {"code": log_queries.next_client_code(student)})
        client: Any = self.fields["client"]
        client.choices = [("", _("Choose a client")), someone_new, *known] if known else [someone_new]
        supervisor: Any = self.fields["supervisor"]
        supervisor.queryset = supervisors().exclude(pk=student.pk).order_by("sort_name", "email")
        supervisor.label_from_instance = lambda person: person.get_full_name()


class ReportForm(forms.Form):
    """A case report: written here, or handed in as a PDF."""

    client = forms.ChoiceField(label=gettext_lazy("Client"))
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=200, help_text=gettext_lazy("What it is about, and nobody’s name.")
    )
    text = forms.CharField(
        label=gettext_lazy("Report as text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 18, "class": "answer-text essay__text"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or as a PDF"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("At most 10 MB. Its name, too, must not tell who the client is."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    has_consent = forms.BooleanField(label=CONSENT, required=False)

    def __init__(self, *args: Any, student: Any, terms: log_queries.ReportTerms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = client_choices(student)
        client: Any = self.fields["client"]
        client.choices = known if len(known) == 1 else [("", _("Choose a client")), *known]
        words = {"least": terms.min_words, "most": terms.max_words}
        self.fields["text"].help_text = _("%(least)s to %(most)s words.") % words


class ReviewForm(forms.Form):
    """A reader's judgement: points and a remark for each criterion, and what becomes of the report."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=ReviewOutcome.choices, widget=forms.RadioSelect, required=False
    )
    comment = forms.CharField(
        label=gettext_lazy("To the student"),
        required=False,
        max_length=5000,
        help_text=gettext_lazy("Needed when you return it: what to do better."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, criteria: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = criteria
        for number, criterion in enumerate(criteria, 1):
            self.fields[f"points-{number}"] = forms.ChoiceField(
                label=criterion,
                choices=POINTS,
                widget=forms.RadioSelect,
                error_messages={"required": _("Give 0, 1 or 2 points.")},
            )
            self.fields[f"remark-{number}"] = forms.CharField(
                label=_("Remark"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 1})
            )

    @property
    def criteria(self) -> Iterator[dict[str, Any]]:
        """Each criterion with its two fields, for the template."""
        for number, criterion in enumerate(self.asked, 1):
            yield {
                "number": number,
                "criterion": criterion,
                "points": self[f"points-{number}"],
                "remark": self[f"remark-{number}"],
            }

    @property
    def rubric(self) -> list[dict[str, Any]]:
        """What was judged, as the command takes it."""
        return [
            {
                "criterion": criterion,
                "points": int(self.cleaned_data[f"points-{number}"]),
                "comment": self.cleaned_data[f"remark-{number}"],
            }
            for number, criterion in enumerate(self.asked, 1)
        ]
