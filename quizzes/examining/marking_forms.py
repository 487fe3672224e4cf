"""The rubric as a form: a row of radio buttons for each criterion, a comment, and a reason where one is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from lms.core.exceptions import InvalidInput
from quizzes.grading.marking import MOST_COMMENT, MOST_REASON
from quizzes.types.markup import plain_text
from quizzes.types.rubric import Criterion, Rubric

#: Beyond this many points a row of buttons is harder to use than a field for the number.
MOST_BUTTONS = 10
PREFIX = "points-"


class MarkingForm(forms.Form):
    """What a marker says about one answer. The points are judged by the rubric itself, not here."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment"),
        help_text=_("The candidate reads it when feedback is allowed."),
        max_length=MOST_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, rubric: Rubric, *args: Any, needs_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        for criterion in rubric.criteria:
            self.fields[PREFIX + criterion.id] = _points_field(criterion)
        if needs_reason:
            self.fields["reason"] = forms.CharField(
                label=_("Reason"),
                help_text=_("Why the mark changes. It stays in the record, with the old mark."),
                max_length=MOST_REASON,
            )

    @property
    def criteria(self) -> Iterator[dict[str, Any]]:
        """Each criterion with its field, for the template."""
        for criterion in self.rubric.criteria:
            # Both were cleaned when the question was frozen.
            yield {
                "criterion": criterion,
                "title": mark_safe(criterion.title),
                "description": mark_safe(criterion.description),
                "field": self[PREFIX + criterion.id],
                "has_levels": bool(criterion.levels),
            }

    @property
    def points(self) -> dict[str, Any]:
        """The points by criterion, as they were chosen."""
        return {
            criterion.id: self.cleaned_data[PREFIX + criterion.id]
            for criterion in self.rubric.criteria
            if PREFIX + criterion.id in self.cleaned_data
        }

    def take(self, problem: InvalidInput) -> None:
        """Show what the command refused beside its field."""
        for name, messages in problem.extra.get("errors", {}).items():
            field = PREFIX + name.removeprefix("points.") if name.startswith("points.") else name
            for message in messages:
                self.add_error(field if field in self.fields else None, message)


def initial_of(points: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """A form filled in with the points of an earlier marking."""
    return {**{PREFIX + name: value for name, value in points.items()}, **more}


def _points_field(criterion: Criterion) -> forms.Field:
    missing = {"required": _("Choose the points.")}
    if criterion.levels:
        steps = [(str(level.points), f"{level.points}: {plain_text(level.html)}") for level in criterion.levels]
    elif criterion.points <= MOST_BUTTONS:
        steps = [(str(step), str(step)) for step in range(criterion.points + 1)]
    else:
        return forms.DecimalField(min_value=0, max_value=criterion.points, decimal_places=2, error_messages=missing)
    return forms.ChoiceField(choices=steps, widget=forms.RadioSelect, error_messages=missing)
