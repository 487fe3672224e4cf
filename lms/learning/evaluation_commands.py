"""Evaluating a course: that somebody did is noted with their name, what they said is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.api import Role
from lms.core.clock import school_day
from lms.core.exceptions import InvalidInput, NotAllowed
from lms.core.record import TOMBSTONE

from .evaluation_models import CourseEvaluation, EvaluationGiven
from .evaluation_results import FEWEST
from .evaluation_statements import LONGEST_TEXT, SCALE, WORDINGS
from .exceptions import AlreadyEvaluated, CourseNotCompleted
from .models import Cohort, CourseCompletion, Enrolment

#: The texts of an evaluation.
TEXTS = ("helped", "change")


def evaluate_course(
    *,
    course_code: str,
    version: int,
    answers: Mapping[str, int | None],
    helped: str = "",
    change: str = "",
    by: Any,
    at: datetime,
) -> None:
    """Say once what one thinks of a course that one has completed. Returns nothing that leads to what was said."""
    if not CourseCompletion.objects.filter(user=by, course_code=course_code).exists():
        raise CourseNotCompleted()
    texts = {"helped": _plain(helped), "change": _plain(change)}
    _check(version, answers, texts)
    with transaction.atomic():
        # Two windows may send at once: the row that is there once decides.
        try:
            with transaction.atomic():
                EvaluationGiven.objects.create(user=by, course_code=course_code, on=school_day(at))
        except IntegrityError as error:
            raise AlreadyEvaluated() from error
        CourseEvaluation.objects.create(
            course_code=course_code,
            cohort=_cohort_to_keep(by, course_code),
            month=school_day(at).replace(day=1),
            version=version,
            answers={statement.code: answers[statement.code] for statement in WORDINGS[version]},
            **texts,
        )


def remove_text(*, evaluation: CourseEvaluation, text: str, by: Any, at: datetime) -> None:
    """Take out a text that names somebody, for good; the log keeps who did it. A second time changes nothing."""
    if not by.has_role(Role.REGISTRAR.value, Role.ADMIN.value):
        raise NotAllowed(_("Registrars and administrators take out a text."))
    if text not in TEXTS:
        raise InvalidInput(errors={"text": [_("There is no such text.")]})
    with transaction.atomic():
        there = CourseEvaluation.objects.filter(pk=evaluation.pk).exclude(**{text: ""}).exclude(**{text: TOMBSTONE})
        if there.update(**{text: TOMBSTONE}):
            log(evaluation, "wagtail.edit", user=by, timestamp=at, data={"text_taken_out": text})


def _plain(text: str) -> str:
    """As it was typed: browsers send a line's end as two characters."""
    return text.replace("\r\n", "\n").strip()


def _check(version: int, answers: Mapping[str, int | None], texts: Mapping[str, str]) -> None:
    """Refuse what does not answer the statements of a version."""
    if version not in WORDINGS:
        raise InvalidInput(errors={"version": [_("There is no such version of the statements.")]})
    errors: dict[str, list[str]] = {}
    codes = [statement.code for statement in WORDINGS[version]]
    for code in codes:
        value = answers.get(code)
        if code not in answers:
            errors[code] = [_("Choose an answer, or “does not apply”.")]
        elif value is not None and (isinstance(value, bool) or value not in SCALE):
            errors[code] = [_("Choose from 1 to 5, or “does not apply”.")]
    for code in sorted(set(answers) - set(codes)):
        errors[code] = [_("There is no such statement.")]
    for name, text in texts.items():
        if len(text) > LONGEST_TEXT:
            errors[name] = [_("At most %(most)s characters.") % {"most": LONGEST_TEXT}]
    if errors:
        raise InvalidInput(errors=errors)


def _cohort_to_keep(person: Any, course_code: str) -> Cohort | None:
    """The cohort in which somebody took a course, unless so few took it there that it would say who answered."""
    taken = Enrolment.objects.filter(course_code=course_code, cohort__isnull=False)
    row = taken.filter(user=person).order_by("-enrolled_at").select_related("cohort").first()
    if row is None or taken.filter(cohort=row.cohort_id).values("user").distinct().count() < FEWEST:
        return None
    return row.cohort
