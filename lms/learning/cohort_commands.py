"""Making cohorts, and saying who is in them. Registrars and administrators do; what they did is in the log.

Enrolments are records themselves: each says who enrolled a person and who ended it, when and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from courses.api import outline as read_outline
from lms.core.clock import school_day
from lms.core.exceptions import InvalidInput, NotAllowed

from .cohort_plan import MOST_NAMED, Plan, Step, plan_members
from .cohort_queries import instructors_to_choose, is_over, keeps_cohorts, known_people
from .commands import end_enrolment, enrol
from .exceptions import CohortInUse, CohortOver, CohortRemoved, MembersChanged, NotAMember
from .models import Cohort, Enrolment

#: What of a cohort may change; its code is what others refer to and stays.
FIELDS = ("title", "starts_on", "ends_on")
LONGEST_CODE, LONGEST_TITLE, LONGEST_REASON = 60, 200, 300
#: A code made of a title is cut here, so that it fits in lists and in names of files.
HANDY_CODE = 24


def open_cohort(
    *,
    title: str,
    starts_on: date,
    ends_on: date | None = None,
    code: str = "",
    instructors: Iterable[Any] = (),
    by: Any,
    at: datetime,
) -> Cohort:
    """Make a cohort. Without a code it gets one from its title."""
    _must_keep(by)
    cohort = Cohort(title=title.strip(), starts_on=starts_on, ends_on=ends_on, code=code.strip() or free_code(title))
    chosen = list(instructors)
    _check(cohort, chosen)
    try:
        with transaction.atomic():
            cohort.save()
            cohort.instructors.set(chosen)
            log(cohort, "wagtail.create", user=by, timestamp=at)
    except IntegrityError as error:
        raise InvalidInput(errors={"code": [_("Another cohort has this code.")]}) from error
    return cohort


def free_code(title: str) -> str:
    """A code made of the title that no cohort has: “Autumn” gives `autumn`, and the next one `autumn-2`."""
    base = slugify(title)[:HANDY_CODE].strip("-_") or "cohort"
    taken = {code.lower() for code in Cohort.objects.filter(code__istartswith=base).values_list("code", flat=True)}
    number = 1
    while (code := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return code


def change_cohort(*, cohort: Cohort, facts: Mapping[str, Any], by: Any, at: datetime) -> Cohort:
    """Change what `facts` names: title, first and last day, and `instructors`.

    The instructors of a cohort count as having taught its people, so nobody takes themselves off the list.
    """
    _must_keep(by)
    with transaction.atomic():
        row = _locked(cohort)
        before = {name: getattr(row, name) for name in FIELDS}
        named = list(row.instructors.all())
        chosen = list(facts.get("instructors", named))
        for name in facts.keys() & set(FIELDS):
            setattr(row, name, facts[name].strip() if name == "title" else facts[name])
        changed = {name: value for name, value in before.items() if getattr(row, name) != value}
        if {person.pk for person in chosen} != {person.pk for person in named}:
            # Names would outlive an erased person in the log.
            changed["instructors"] = [str(person.uuid) for person in named]
        if by in named and by not in chosen:
            raise InvalidInput(
                errors={"instructors": [_("You taught these people: somebody else has to take you off.")]}
            )
        _check(row, chosen)
        if changed:
            row.save()
            row.instructors.set(chosen)
            log(row, "wagtail.edit", user=by, timestamp=at, data={"before": changed})
    return row


def remove_cohort(*, cohort: Cohort, by: Any, at: datetime) -> None:
    """Remove a cohort that never had a member or a session; any other one ends by its date."""
    _must_keep(by)
    with transaction.atomic():
        row = _locked(cohort)
        was = {"code": row.code, **{name: getattr(row, name) for name in FIELDS}}
        if row.enrolments.exists() or row.sessions.exists():
            raise CohortInUse()
        log(row, "wagtail.delete", user=by, timestamp=at, deleted=True, data={"was": was})
        try:
            row.delete()
        except ProtectedError as error:
            raise CohortInUse() from error


def check_members(*, cohort: Cohort, addresses: list[str], courses: Iterable[str], at: datetime) -> Plan:
    """What would become of these addresses, with nothing done."""
    today = school_day(at)
    if is_over(cohort, today):
        raise CohortOver()
    outline = read_outline()
    wanted = set(courses)
    chosen = [course for course in outline.courses if course.code in wanted]
    errors: dict[str, list[str]] = {}
    if not chosen or len(chosen) != len(wanted):
        errors["courses"] = [_("There is no such course.") if wanted else _("Choose at least one course.")]
    if not addresses:
        errors["people"] = [_("Say who: one address a line.")]
    elif len(addresses) > MOST_NAMED:
        errors["people"] = [_("At most %(most)s at once: add the others afterwards.") % {"most": MOST_NAMED}]
    if errors:
        raise InvalidInput(errors=errors)
    return plan_members(addresses, chosen, outline, known_people(addresses, cohort, today))


def add_members(
    *, cohort: Cohort, addresses: list[str], courses: Iterable[str], seen: str | None = None, by: Any, at: datetime
) -> Plan:
    """Enrol these people in these courses in a cohort: all that the plan says, or nothing.

    `seen` is the digest of the plan that was shown; if something else would be done now, nothing is. Lines of which
    nothing comes are left out. Who takes a course already goes on with it here, and leaves nothing behind.
    """
    _must_keep(by)
    with transaction.atomic():
        row = _locked(cohort)
        plan = check_members(cohort=row, addresses=addresses, courses=courses, at=at)
        if seen is not None and seen != plan.digest:
            raise MembersChanged()
        for line in plan.adding:
            for step in line.acts:
                if step.step is Step.ENROL:
                    made, _is_new = enrol(user=line.person, course=step.course, cohort=row, by=by, at=at)
                    if made.cohort_id != row.pk:
                        raise MembersChanged()
                    continue
                taken = Enrolment.objects.filter(user=line.person, course_code=step.course.code, ended_at=None)
                _go_on(taken.first(), row, reason=_("Goes on in cohort %(code)s.") % {"code": row.code}, by=by, at=at)
    return plan


def remove_member(
    *, cohort: Cohort, person: Any, reason: str, keeps_courses: bool = False, by: Any, at: datetime
) -> list[Enrolment]:
    """Take somebody off a cohort, with the reason. They leave its courses, or go on with them without a cohort.

    Who leaves a course has running attempts stopped (see `end_enrolment`); who goes on keeps everything.
    """
    _must_keep(by)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        words = _("At most %(most)s characters.") % {"most": LONGEST_REASON} if reason else _("Say why.")
        raise InvalidInput(errors={"reason": [words]})
    with transaction.atomic():
        _locked(cohort)
        rows = list(Enrolment.objects.filter(cohort=cohort, user=person, ended_at=None))
        if not rows:
            raise NotAMember()
        for row in rows:
            if keeps_courses:
                _go_on(row, None, reason=reason, by=by, at=at)
            else:
                end_enrolment(enrolment=row, reason=reason, by=by, at=at)
    return rows


def _go_on(enrolment: Enrolment | None, cohort: Cohort | None, *, reason: str, by: Any, at: datetime) -> None:
    """End an enrolment and begin a further one in the same course, in this cohort or in none.

    The person never leaves the course: completions hold, attempts run on, and no news of an enrolment is sent.
    """
    ended = enrolment and Enrolment.objects.filter(pk=enrolment.pk, ended_at=None).update(
        ended_at=at, ended_by=by, end_reason=reason
    )
    if enrolment is None or not ended:
        raise MembersChanged()
    Enrolment.objects.create(
        user=enrolment.user, course_code=enrolment.course_code, cohort=cohort, enrolled_at=at, enrolled_by=by
    )


def _must_keep(by: Any) -> None:
    if not keeps_cohorts(by):
        raise NotAllowed(_("Registrars and administrators make cohorts and say who is in them."))


def _locked(cohort: Cohort) -> Cohort:
    row = Cohort.objects.select_for_update().filter(pk=cohort.pk).first()
    if row is None:
        raise CohortRemoved()
    return row


def _check(cohort: Cohort, instructors: list[Any]) -> None:
    """Refuse what is no cohort."""
    errors: dict[str, list[str]] = {}
    if not cohort.title:
        errors["title"] = [_("Say what it is called.")]
    elif len(cohort.title) > LONGEST_TITLE:
        errors["title"] = [_("At most %(most)s characters.") % {"most": LONGEST_TITLE}]
    try:
        Cohort._meta.get_field("code").clean(cohort.code, cohort)
    except ValidationError as error:
        errors["code"] = list(error.messages)
    if cohort.starts_on and cohort.ends_on and cohort.ends_on < cohort.starts_on:
        errors["ends_on"] = [_("It cannot end before it starts.")]
    may_teach = set(instructors_to_choose(cohort).values_list("pk", flat=True))
    if strangers := [person.get_full_name() for person in instructors if person.pk not in may_teach]:
        errors["instructors"] = [_("Not an instructor: %(names)s") % {"names": ", ".join(strangers)}]
    if errors:
        raise InvalidInput(errors=errors)
