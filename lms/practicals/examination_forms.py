"""Forms at the table: the checklist of a station, a withdrawal, a ruling, and the candidate's signature."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from .exceptions import InvalidSignOff

#: Points with the word below them, in the order of the buttons.
POINTS = ((0, _("not shown")), (1, _("partly")), (2, _("competent")))
#: What a third person can say of a station, each as (passed, whether a critical fail was shown).
RULINGS = {"yes": (True, False), "no": (False, False), "critical": (False, True)}
LONGEST_COMMENT, LONGEST_SEEN, LONGEST_REMARK = 500, 1000, 4000
A_DAY = 24 * 60 * 60


def _text(rows: int, most: int, **kwargs: Any) -> forms.CharField:
    """A text whose length the command judges, so that the reason stands at its line."""
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows, "maxlength": most}), **kwargs)


@dataclass(frozen=True)
class Row:
    """A line of the checklist with its fields."""

    position: int
    text: str
    choice: forms.BoundField
    words: forms.BoundField

    @property
    def value(self) -> str:
        """What is chosen, as the form has it."""
        value = self.choice.value()
        return "" if value is None else str(value)


class ChecklistForm(forms.Form):
    """A station of a version: points and comment for each criterion, critical fails with what was seen.

    `sign_off` judges what is complete; what it refuses is put at its line by `take`.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    seconds = forms.IntegerField(required=False, min_value=0, max_value=A_DAY, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment on the station"),
        required=False,
        max_length=LONGEST_REMARK,
        help_text=_("The candidate reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, data: Any = None, *, criteria: list[str], critical_fails: list[str], station: str, **kwargs: Any
    ) -> None:
        super().__init__(data, initial={"key": uuid4()}, **kwargs)
        self.station, self.criteria, self.critical = station, criteria, critical_fails
        for place in range(len(criteria)):
            self.fields[f"points-{place}"] = forms.TypedChoiceField(
                choices=POINTS, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
            )
            self.fields[f"comment-{place}"] = _text(2, LONGEST_COMMENT, required=False)
        for place in range(len(critical_fails)):
            self.fields[f"fail-{place}"] = forms.BooleanField(required=False)
            self.fields[f"seen-{place}"] = _text(2, LONGEST_SEEN, required=False)

    def rows(self) -> list[Row]:
        """The criteria in their order."""
        return self._rows(self.criteria, "points", "comment")

    def critical_rows(self) -> list[Row]:
        """The critical fails in their order."""
        return self._rows(self.critical, "fail", "seen")

    def _rows(self, texts: list[str], choice: str, words: str) -> list[Row]:
        return [Row(n, text, self[f"{choice}-{n}"], self[f"{words}-{n}"]) for n, text in enumerate(texts)]

    def clean(self) -> dict[str, Any]:
        """Words about a critical fail that nobody ticked must not get lost."""
        data = super().clean() or {}
        for place in range(len(self.critical)):
            if data.get(f"seen-{place}") and not data.get(f"fail-{place}"):
                self.add_error(f"seen-{place}", _("Tick the line if this happened, or clear the text."))
        return data

    def judged(self) -> dict[str, Any]:
        """What `sign_off` takes."""
        data = self.cleaned_data
        places = range(len(self.criteria))
        return {
            "station": self.station,
            "points": [data[f"points-{place}"] for place in places],
            "comments": [data[f"comment-{place}"] for place in places],
            "critical_fails": {
                text: data[f"seen-{place}"] for place, text in enumerate(self.critical) if data[f"fail-{place}"]
            },
            "comment": data["comment"],
            "seconds": data["seconds"],
            "key": data["key"],
        }

    def take(self, error: InvalidSignOff) -> None:
        """Put what was refused at its line."""
        fields = {"points": "points", "comments": "comment", "critical_fails": "seen"}
        told = error.extra.get("errors", {})
        for name, messages in told.items():
            kind, _dot, place = name.partition(".")
            self.add_error(f"{fields[kind]}-{place}" if place and kind in fields else None, messages)
        if not told:
            self.add_error(None, error.message)


class WithdrawalForm(forms.Form):
    """Why a sign-off no longer counts."""

    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        max_length=500,
        help_text=_("It stays in the record with the reason."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RulingForm(forms.Form):
    """A third person decides where examiners disagree: `sides` are what they said, as in `rules.sides`."""

    passed = forms.TypedChoiceField(
        label=_("This station is"), coerce=RULINGS.get, empty_value=None, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, help_text=_("The candidate reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, sides: Collection[tuple[bool, bool]] = ()) -> None:
        super().__init__(data)
        is_about_fail = {(False, False), (False, True)} <= set(sides)
        words = {
            "yes": _("passed"),
            "no": _("not passed; no critical fail was shown") if is_about_fail else _("not passed"),
            "critical": _("not passed; the critical fail was shown, and the whole practical is failed"),
        }
        choices: Any = self.fields["passed"]
        choices.choices = [(value, words[value]) for value, side in RULINGS.items() if not sides or side in sides]

    def ruled(self) -> dict[str, Any]:
        """What `rule` takes."""
        passed, critical_fail = self.cleaned_data["passed"]
        return {"passed": passed, "critical_fail": critical_fail, "reason": self.cleaned_data["reason"]}


class SignatureForm(forms.Form):
    """The candidate has read what was recorded; who does not agree says why."""

    name = forms.CharField(label=_("Your name, as your signature"), max_length=200)
    agrees = forms.TypedChoiceField(
        label=_("What was recorded"),
        choices=[("yes", _("I have read it and agree")), ("no", _("I have read it and do not agree"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=LONGEST_REMARK,
        help_text=_("Needed when you do not agree. The school reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
