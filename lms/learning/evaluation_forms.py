"""The form in which a course is evaluated."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .evaluation_statements import LONGEST_TEXT, SCALE, VERSION, WORDINGS

DOES_NOT_APPLY = "none"


class EvaluationForm(forms.Form):
    """A scale for each statement of the version that the page showed, and two texts."""

    version = forms.TypedChoiceField(
        coerce=int, choices=[(number, number) for number in WORDINGS], initial=VERSION, widget=forms.HiddenInput
    )
    helped = forms.CharField(
        label=gettext_lazy("What helped you most?"), required=False, widget=forms.Textarea, strip=False
    )
    change = forms.CharField(
        label=gettext_lazy("What should change?"), required=False, widget=forms.Textarea, strip=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = self.data.get("version", "") if self.is_bound else ""
        self.wording = WORDINGS.get(int(sent) if sent in map(str, WORDINGS) else VERSION, ())
        for statement in self.wording:
            self.fields[statement.code] = forms.ChoiceField(
                label=str(statement.text), choices=_scale(), widget=forms.RadioSelect
            )
        for name in ("helped", "change"):
            self.fields[name].widget.attrs |= {"rows": 4, "maxlength": LONGEST_TEXT}
            self.fields[name].help_text = _("At most %(most)s characters.") % {"most": LONGEST_TEXT}

    @property
    def statements(self) -> list[forms.BoundField]:
        """The scales, in order."""
        return [self[statement.code] for statement in self.wording]

    @property
    def texts(self) -> list[forms.BoundField]:
        """The two texts."""
        return [self["helped"], self["change"]]

    def facts(self) -> dict[str, Any]:
        """What the command takes."""
        given = self.cleaned_data
        return {
            "version": given["version"],
            "answers": {
                statement.code: None if given[statement.code] == DOES_NOT_APPLY else int(given[statement.code])
                for statement in self.wording
            },
            "helped": given["helped"],
            "change": given["change"],
        }


def _scale() -> list[tuple[str, str]]:
    ends = {SCALE[0]: _("disagree"), SCALE[-1]: _("agree")}
    steps = [(str(value), format_html("{} <small>{}</small>", value, ends.get(value, ""))) for value in SCALE]
    return [*steps, (DOES_NOT_APPLY, _("does not apply"))]
