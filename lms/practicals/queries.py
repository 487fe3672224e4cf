"""Reads of practical examinations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lms.accounts.api import User
from lms.core.clock import school_day

from . import rules
from .enums import AttemptState, StationState
from .models import Practical, PracticalAttempt, SignOff


def offered_practicals() -> QuerySet[Practical]:
    """Practical examinations that candidates can take."""
    rows = Practical.objects.filter(live=True, is_retired=False).exclude(current_version=None)
    return rows.select_related("current_version").order_by("code")


def last_attempt(candidate: Any, practical: Practical) -> PracticalAttempt | None:
    """The candidate's latest attempt."""
    rows = PracticalAttempt.objects.filter(candidate=candidate, practical=practical)
    return rows.select_related("version", "candidate", "practical").order_by("-number").first()


@dataclass(frozen=True)
class AttemptStanding:
    """How an attempt stands, with each station of its version in their order.

    `counting` are the sign-offs at each station that were not withdrawn, as the rules see them.
    """

    state: AttemptState
    stations: dict[str, rules.StationStanding]
    sign_offs: tuple[SignOff, ...]
    counting: dict[str, list[rules.Judged]]

    @property
    def passed_count(self) -> int:
        """How many stations are passed."""
        return sum(row.state is StationState.PASSED for row in self.stations.values())

    @property
    def has_disagreement(self) -> bool:
        """Some station waits for a third person."""
        return any(row.state is StationState.DISAGREEMENT for row in self.stations.values())

    @property
    def is_waiting(self) -> bool:
        """Some station waits for another examiner."""
        return any(row.state is StationState.WAITING for row in self.stations.values())


def with_sign_offs(rows: QuerySet[PracticalAttempt]) -> QuerySet[PracticalAttempt]:
    """Attempts with all that `standing_of_attempt` needs: six queries however many there are.

    Versions and practicals are long texts, read once each and not again with every attempt.
    """
    sign_offs = SignOff.objects.select_related("examiner", "withdrawal__by", "ruling__by").order_by("id")
    return rows.select_related("candidate").prefetch_related(
        "signatures",
        "version",
        "practical",
        Prefetch("sign_offs", queryset=sign_offs.prefetch_related("critical_fails")),
    )


def with_judgements(rows: QuerySet[PracticalAttempt]) -> QuerySet[PracticalAttempt]:
    """Attempts with each line of what was judged: one query more."""
    return with_sign_offs(rows).prefetch_related("sign_offs__judgements")


def may_examine(person: Any) -> bool:
    """Whether somebody opens attempts and signs off."""
    return bool(person.has_role("examiner", "admin"))


def people_to_examine(examiner: Any) -> QuerySet[User]:
    """Everybody with an account but oneself."""
    return User.objects.filter(is_active=True).exclude(pk=examiner.pk)


def people_called(examiner: Any, words: str) -> QuerySet[User]:
    """Those whose name or e-mail address holds these words."""
    is_called = Q(display_name__icontains=words) | Q(legal_name__icontains=words) | Q(email__icontains=words)
    return people_to_examine(examiner).filter(is_called)


def person_named(examiner: Any, name: str) -> User | None:
    """Somebody by e-mail address or identifier."""
    is_named = Q(email__iexact=name.strip())
    with suppress(ValueError):
        is_named |= Q(uuid=UUID(name))
    return people_to_examine(examiner).filter(is_named).first()


def attempts_to_examine(examiner: Any) -> QuerySet[PracticalAttempt]:
    """Attempts that this examiner or registrar may open: everybody's but their own."""
    return PracticalAttempt.objects.exclude(candidate=examiner)


def table_attempts(examiner: Any) -> QuerySet[PracticalAttempt]:
    """The same with each line of what was judged."""
    return with_judgements(attempts_to_examine(examiner))


def by_activity(rows: QuerySet[PracticalAttempt]) -> QuerySet[Any]:
    """Attempts with `last_at`, when something happened in them last, newest first."""
    latest = SignOff.objects.filter(attempt=OuterRef("pk")).order_by("-recorded_at").values("recorded_at")[:1]
    return rows.annotate(last_at=Coalesce(Subquery(latest), "opened_at")).order_by("-last_at", "-pk")


def attempts_of(candidate: Any) -> QuerySet[PracticalAttempt]:
    """A candidate's own attempts with all that was judged, newest first."""
    return with_judgements(PracticalAttempt.objects.filter(candidate=candidate)).order_by("-opened_at", "-pk")


def practicals_for(candidate: Any) -> QuerySet[Practical]:
    """Practical examinations that are offered, and those that the candidate has begun."""
    rows = Practical.objects.exclude(current_version=None).select_related("current_version")
    begun = PracticalAttempt.objects.filter(candidate=candidate).values("practical")
    return rows.filter(Q(live=True, is_retired=False) | Q(pk__in=begun)).order_by("code")


def standing_of_attempt(attempt: PracticalAttempt) -> AttemptStanding:
    """How an attempt stands by the sign-offs that still count."""
    prefetched = getattr(attempt, "_prefetched_objects_cache", {})
    if "sign_offs" not in prefetched:
        attempt = with_sign_offs(PracticalAttempt.objects.filter(pk=attempt.pk)).get()
    rows = tuple(attempt.sign_offs.all())
    by_station: dict[str, list[rules.Judged]] = defaultdict(list)
    for row in rows:
        if getattr(row, "withdrawal", None) is None:
            by_station[row.station].append(_judged(row, rows))
    content = attempt.version.content
    stations = {
        place["code"]: rules.station_standing(by_station[place["code"]], content["examiners_needed"])
        for place in content["stations"]
    }
    return AttemptStanding(rules.attempt_state(stations), stations, rows, by_station)


def _judged(row: SignOff, rows: Iterable[SignOff]) -> rules.Judged:
    ruling = getattr(row, "ruling", None)
    return rules.Judged(
        key=row.pk,
        examiner=row.examiner_id,
        has_taught=row.has_taught,
        passed=row.passed,
        is_critical=bool(row.critical_fails.all()),
        ruling=ruling.passed if ruling else None,
        ruled_upto=max((one.pk for one in rows if one.recorded_at <= ruling.at), default=row.pk) if ruling else 0,
    )


def _ruled_by(row: SignOff) -> dict[str, str]:
    """Who decided where examiners disagreed, for evidence."""
    ruling = getattr(row, "ruling", None)
    return {"ruled_by": str(ruling.by.uuid)} if ruling else {}


def practical_standings(candidate: Any, codes: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The candidate's attempts at each of these practicals, oldest first, with the facts that speak for a pass."""
    attempts = PracticalAttempt.objects.filter(candidate=candidate, practical__code__in=list(codes)).order_by("number")
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for attempt in with_sign_offs(attempts):
        standing = standing_of_attempt(attempt)
        by_key = {row.pk: row for row in standing.sign_offs}
        titles = {place["code"]: place["title"] for place in attempt.version.content["stations"]}
        deciding = [
            (code, by_key[judged.key])
            for code, station in standing.stations.items()
            if station.state is StationState.PASSED
            for judged in station.round
        ]
        found[attempt.practical.code].append(
            {
                "attempt": str(attempt.uuid),
                "state": standing.state.value,
                "is_signed": getattr(attempt, "signature", None) is not None,
                "passed": standing.passed_count,
                "evidence": [
                    {
                        "kind": "sign_off",
                        "reference": str(row.uuid),
                        "title": titles[code],
                        "detail": _("%(points)s of %(most)s points on %(date)s, judged by %(examiner)s")
                        % {
                            "points": row.points,
                            "most": row.max_points,
                            "date": school_day(row.observed_at).isoformat(),
                            "examiner": row.examiner,
                        },
                        "examiner": str(row.examiner.uuid),
                        **_ruled_by(row),
                        "observed_at": row.observed_at.isoformat(),
                    }
                    for code, row in deciding
                ],
            }
        )
    return found
