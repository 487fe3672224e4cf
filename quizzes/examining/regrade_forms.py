"""The form of a regrade: how the question is corrected, by which version, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.attempts.models import AttemptItem
from quizzes.bank.models import Question, QuestionVersion
from quizzes.grading.enums import RegradeMethod
from quizzes.grading.regrading import KEYED
from quizzes.types import registry

from .record_forms import reason_field

_t = gettext_lazy


def versions_with_the_same_presentation(assessment: Any, question: Question) -> list[QuestionVersion]:
    """Versions that show what candidates of the assessment saw: the only ones whose keys scores may follow."""
    shown = AttemptItem.objects.filter(
        attempt__assessment=assessment, attempt__submitted_at__isnull=False, version__question=question
    ).values("version__presentation_digest")
    rows = QuestionVersion.objects.filter(question=question, presentation_digest__in=shown)
    return list(rows.select_related("answer_key").order_by("-number"))


def key_in_words(version: QuestionVersion) -> str:
    """What a version takes as right, in one line."""
    kind = registry.get(version.type)
    key = kind.Key.model_validate(version.answer_key.key)
    return kind.summarise(kind.Presentation.model_validate(version.presentation), kind.correct_answer(key))


def version_label(version: QuestionVersion) -> str:
    """Number, day and key of a version."""
    return _("Version %(number)s of %(day)s: %(key)s") % {
        "number": version.number,
        "day": date_format(localtime(version.published_at), "j M Y"),
        "key": key_in_words(version),
    }


class RegradeForm(forms.Form):
    """A correction of one question of one assessment."""

    method = forms.ChoiceField(
        label=_t("Correction"),
        choices=RegradeMethod.choices,
        widget=forms.RadioSelect,
        help_text=_t(
            "The first two need a corrected key. Full credit gives everybody the marks of the question; "
            "left out, it counts neither for nor against anybody."
        ),
    )
    to_version = forms.ChoiceField(
        label=_t("Corrected key"),
        required=False,
        help_text=_t(
            "For the first two corrections. Publish the question with the right key first: the versions that show "
            "exactly what candidates saw are offered here."
        ),
    )
    never_lower = forms.BooleanField(
        label=_t("Lower nobody’s score"),
        required=False,
        initial=True,
        help_text=_t("The fault was the school’s. Whoever would lose by the correction keeps the figures they have."),
    )
    reason = reason_field(_t("Goes into the record of every attempt concerned."))

    def __init__(self, *args: Any, versions: Sequence[QuestionVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(version.uuid): version for version in versions}
        self.fields["to_version"].choices = [  # type: ignore[attr-defined]
            ("", _("No version")),
            *((code, version_label(version)) for code, version in self.versions.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """A corrected key goes with the methods that score by one."""
        data = super().clean() or {}
        code, method = data.get("to_version", ""), data.get("method")
        if method in KEYED and not code:
            self.add_error("to_version", _("Choose the version that holds the corrected key."))
        data["to_version"] = self.versions.get(code) if method in KEYED else None
        return data


class UndoForm(forms.Form):
    """Taking a regrade back."""

    reason = reason_field(_t("Goes into the record of every attempt concerned."))
