"""Publishing practical examinations, judging at the table, withdrawing, ruling, signing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.digest import digest_of
from lms.learning.api import has_taught

from . import queries, rules
from .clearance import exams_missing
from .enums import AttemptState, StationState
from .exceptions import (
    AlreadyDone,
    AlreadyPassed,
    CannotJudge,
    ExamFirst,
    InvalidSignOff,
    NotAnExaminer,
    NothingToRule,
    NotReady,
    NotThirdPerson,
    OwnSkill,
    PracticalIncomplete,
)
from .models import (
    CriterionJudgement,
    CriticalFail,
    Practical,
    PracticalAttempt,
    PracticalSignature,
    PracticalVersion,
    SignOff,
    SignOffWithdrawal,
    StationRuling,
)

MOST_POINTS = 2
REASONS_AGAINST = {
    "attempt_over": gettext_lazy("This attempt is over. Open a new one."),
    "station_passed": gettext_lazy("This station is passed already."),
    "ruling_missing": gettext_lazy("The examiners disagree here; a third person decides first."),
    "judged_already": gettext_lazy(
        "You have judged this station in this round. Withdraw your sign-off to judge it anew."
    ),
}


# Publishing ---------------------------------------------------------------------------------------------------------


def content_of(practical: Practical) -> dict[str, Any]:
    """What a version freezes; refuses stations that share a code."""
    stations = [
        {
            "code": block.value["code"],
            "title": block.value["title"],
            "minutes": block.value["minutes"],
            "briefing": block.value["briefing"],
            "criteria": list(block.value["criteria"]),
        }
        for block in practical.stations
    ]
    codes = [row["code"] for row in stations]
    if not stations or len(set(codes)) != len(codes):
        raise PracticalIncomplete(_("A practical needs a station, and each station a code of its own."))
    fails = [str(block.value) for block in practical.critical_fails]
    if len(set(fails)) != len(fails):
        raise PracticalIncomplete(_("A critical fail stands there twice."))
    return {
        "instructions": practical.instructions,
        "pass_percent": practical.pass_percent,
        "examiners_needed": practical.examiners_needed,
        "stations": stations,
        "critical_fails": fails,
    }


@transaction.atomic
def freeze_practical(*, practical: Practical, by: Any, at: datetime) -> PracticalVersion:
    """Freeze the published examination as a version; unchanged content makes none."""
    content = content_of(practical)
    digest = digest_of([practical.title, content])
    current = practical.current_version
    if current and current.content_digest == digest:
        return current
    last = PracticalVersion.objects.filter(practical=practical).aggregate(last=Max("number"))["last"] or 0
    version = PracticalVersion.objects.create(
        practical=practical,
        number=last + 1,
        title=practical.title,
        content=content,
        content_digest=digest,
        published_at=at,
        published_by=by,
    )
    Practical.objects.filter(pk=practical.pk).update(current_version=version)
    practical.current_version = version
    return version


# At the table -------------------------------------------------------------------------------------------------------


def open_attempt(*, candidate: Any, practical: Practical, by: Any, at: datetime) -> tuple[PracticalAttempt, bool]:
    """The candidate's running attempt, or a new one on the version in force. Returns (attempt, is new).

    Raises `ExamFirst`, with what is `missing`, while the candidate's path wants an exam passed before it.
    """
    _must_examine(by, candidate)
    last = queries.last_attempt(candidate, practical)
    if last:
        state = queries.standing_of_attempt(last).state
        if state is AttemptState.RUNNING:
            return last, False
        if state is AttemptState.PASSED:
            raise AlreadyPassed()
    if practical.current_version is None or practical.is_retired or not practical.live:
        raise PracticalIncomplete(_("This practical examination is not offered."))
    if missing := exams_missing(candidate, "practical", timezone.localdate(at), practical.code):
        raise ExamFirst(
            _("Before this comes: %(titles)s.") % {"titles": ", ".join(row.title for row in missing)},
            missing=[row.as_dict() for row in missing],
        )
    try:
        with transaction.atomic():
            row = PracticalAttempt.objects.create(
                candidate=candidate,
                practical=practical,
                version=practical.current_version,
                number=last.number + 1 if last else 1,
                opened_at=at,
                opened_by=by,
            )
    except IntegrityError:
        # Another examiner opened it in the same moment.
        return PracticalAttempt.objects.get(
            candidate=candidate, practical=practical, number=last.number + 1 if last else 1
        ), False
    return row, True


def sign_off(
    *,
    attempt: PracticalAttempt,
    station: str,
    points: Sequence[Any],
    comments: Sequence[str],
    critical_fails: Mapping[str, str],
    comment: str = "",
    seconds: int | None = None,
    observed_at: datetime | None = None,
    key: UUID | None = None,
    by: Any,
    at: datetime,
) -> tuple[SignOff, bool]:
    """Record what an examiner saw at a station. The same `key` again answers with what was recorded first.

    `points` and `comments` follow the station's criteria; `critical_fails` maps the version's words to what was seen.
    `observed_at` is when it was judged, if it reaches the server later; a device whose clock is wrong cannot move it
    before the attempt or into the future. Returns (sign-off, is new).
    """
    _must_examine(by, attempt.candidate)
    if key and (existing := _sent_before(key, attempt, by)):
        return existing, False
    content = attempt.version.content
    place = next((row for row in content["stations"] if row["code"] == station), None)
    if place is None:
        raise InvalidSignOff(_("There is no such station."))
    _complete_or_refuse(place, points, comments, critical_fails, content["critical_fails"])
    try:
        with transaction.atomic():
            # The lock makes rounds of this attempt follow one another.
            locked = PracticalAttempt.objects.select_for_update().get(pk=attempt.pk)
            standing = queries.standing_of_attempt(locked)
            if against := rules.may_judge(standing.stations[station], standing.state, by.pk):
                raise CannotJudge(str(REASONS_AGAINST[against]), reason=against)
            total, most = sum(points), MOST_POINTS * len(points)
            row = SignOff.objects.create(
                **({"uuid": key} if key else {}),
                attempt=locked,
                station=station,
                candidate_id=attempt.candidate_id,
                examiner=by,
                has_taught=has_taught(teacher=by, student=attempt.candidate),
                points=total,
                max_points=most,
                passed=rules.passes(total, most, content["pass_percent"], len(critical_fails)),
                seconds=seconds,
                comment=comment.strip(),
                observed_at=min(max(observed_at, attempt.opened_at), at) if observed_at else at,
                recorded_at=at,
            )
            CriterionJudgement.objects.bulk_create(
                CriterionJudgement(sign_off=row, position=position, points=given, comment=comments[position].strip())
                for position, given in enumerate(points)
            )
            CriticalFail.objects.bulk_create(
                CriticalFail(sign_off=row, text=text, comment=seen.strip()) for text, seen in critical_fails.items()
            )
    except IntegrityError:
        if key and (existing := _sent_before(key, attempt, by)):
            return existing, False
        raise
    return row, True


def _must_examine(by: Any, candidate: Any) -> None:
    if candidate == by:
        raise OwnSkill()
    if not queries.may_examine(by):
        raise NotAnExaminer()


def _sent_before(key: UUID, attempt: PracticalAttempt, by: Any) -> SignOff | None:
    row = SignOff.objects.filter(uuid=key).first()
    if row and (row.attempt_id, row.examiner_id) != (attempt.pk, by.pk):
        raise InvalidSignOff(_("This checklist belongs to another examination."))
    return row


def _complete_or_refuse(
    place: Mapping[str, Any],
    points: Sequence[Any],
    comments: Sequence[str],
    critical_fails: Mapping[str, str],
    known: Sequence[str],
) -> None:
    errors: dict[str, list[str]] = {}
    if len(points) != len(place["criteria"]) or len(comments) != len(points):
        raise InvalidSignOff(_("Judge every line of the station."))
    for position, given in enumerate(points):
        if given not in (0, 1, 2) or isinstance(given, bool):
            errors[f"points.{position}"] = [_("Choose 0, 1 or 2.")]
        elif given == 0 and not comments[position].strip():
            errors[f"comments.{position}"] = [_("Say what was missing.")]
        if len(comments[position]) > 500:
            errors[f"comments.{position}"] = [_("Use at most 500 characters.")]
    for text, seen in critical_fails.items():
        if text not in known:
            errors["critical_fails"] = [_("This is not among the critical fails of the examination.")]
        elif not seen.strip():
            errors[f"critical_fails.{known.index(text)}"] = [_("Say what you saw.")]
        elif len(seen) > 1000:
            errors[f"critical_fails.{known.index(text)}"] = [_("Use at most 1,000 characters.")]
    if errors:
        raise InvalidSignOff(errors=errors)


# Afterwards ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def withdraw_sign_off(*, sign_off: SignOff, reason: str, by: Any, at: datetime) -> SignOffWithdrawal:
    """A sign-off no longer counts: its examiner says so, or the registrar. What was signed stays in the record."""
    if not (sign_off.examiner == by or by.has_role("registrar", "admin")) or sign_off.candidate == by:
        raise NotAnExaminer(_("The examiner or the registrar withdraws a sign-off."))
    if not reason.strip():
        raise InvalidSignOff(_("Say why."), errors={"reason": [_("Say why.")]})
    PracticalAttempt.objects.select_for_update().get(pk=sign_off.attempt_id)
    if SignOffWithdrawal.objects.filter(sign_off=sign_off).exists():
        raise AlreadyDone(_("This sign-off was withdrawn before."))
    return SignOffWithdrawal.objects.create(sign_off=sign_off, reason=reason.strip(), by=by, at=at)


@transaction.atomic
def rule(
    *,
    attempt: PracticalAttempt,
    station: str,
    passed: bool,
    critical_fail: bool | None = None,
    reason: str,
    by: Any,
    at: datetime,
) -> StationRuling:
    """Where examiners disagreed, a third person who has not taught the candidate decides, with the reason.

    The ruling stands on the sign-off that it upholds. `critical_fail` says whether one was seen; it is needed only
    where that alone is what examiners who failed the station do not agree on.
    """
    if attempt.candidate == by:
        raise OwnSkill()
    if not by.has_role("examiner", "registrar", "admin"):
        raise NotAnExaminer()
    if has_taught(teacher=by, student=attempt.candidate):
        raise NotThirdPerson(_("You have taught this person. Somebody decides who has not."))
    if not reason.strip():
        raise InvalidSignOff(_("Say why."), errors={"reason": [_("Say why.")]})
    locked = PracticalAttempt.objects.select_for_update().get(pk=attempt.pk)
    standing = queries.standing_of_attempt(locked)
    place = standing.stations.get(station)
    if place is None or place.state is not StationState.DISAGREEMENT:
        raise NothingToRule()
    if by.pk in {row.examiner for row in place.round}:
        raise NotThirdPerson()
    upheld = rules.upheld(place.round, passed=passed, critical_fail=critical_fail)
    if not upheld:
        said = _("None of the examiners judged it so.")
        raise InvalidSignOff(said, errors={"passed": [said]})
    if len(rules.sides(upheld)) > 1:
        said = _("Say whether the critical fail was shown.")
        raise InvalidSignOff(said, errors={"critical_fail": [said]})
    free = [row for row in upheld if row.ruling is None]
    if not free:
        raise AlreadyDone(_("This sign-off was upheld before. Withdraw one, and the station is judged again."))
    last = max(row.recorded_at for row in standing.sign_offs if row.pk == place.round[-1].key)
    return StationRuling.objects.create(
        sign_off_id=free[-1].key, passed=passed, reason=reason.strip(), by=by, at=max(at, last)
    )


@transaction.atomic
def sign_attempt(
    *, attempt: PracticalAttempt, name: str, agrees: bool, remark: str = "", by: Any, at: datetime
) -> PracticalSignature:
    """The candidate signs what was recorded once the attempt is over, agreeing or saying why not."""
    if attempt.candidate != by:
        raise NotAnExaminer(_("Only the candidate signs for the candidate."))
    locked = PracticalAttempt.objects.select_for_update().get(pk=attempt.pk)
    if queries.standing_of_attempt(locked).state is AttemptState.RUNNING:
        raise NotReady(_("You sign when the examination is over."))
    errors = {}
    if not name.strip():
        errors["name"] = [_("Sign with your name.")]
    if not agrees and not remark.strip():
        errors["remark"] = [_("Say what you do not agree with.")]
    if errors:
        raise InvalidSignOff(errors=errors)
    if locked.signature:
        raise AlreadyDone(_("You have signed this."))
    return PracticalSignature.objects.create(
        attempt=locked, name=name.strip()[:200], agrees=agrees, remark=remark.strip(), at=at
    )
