"""Renewal: the ledger “what is still missing before I may renew”, from the policy, the facts and a day. Pure.

When what counts:

* The window of a certificate opens on the day of its award, or, where it came of a renewal, on the day after the
  holder applied for that. It ends with the last day of validity. Continuing education counts that was completed within
  it; what a former renewal used does not count, and nothing is carried over.
* In the days of grace after the end the window stays open: what is completed in them counts too.
* Afterwards the certificate has lapsed and the window is shut for good. A late renewal asks for all the hours and the
  quiz anew: only what was done after the end counts. Later a practical refresher is due as well, and later still
  nothing but the whole certification.
* Of a category no more than its maximum counts, and so the total is the sum of the capped categories.

A further accepted claim never makes a renewal less possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from .calendar_months import in_words
from .eligibility import Action, Fact
from .eligibility import evaluate as evaluate_nodes
from .enums import ClaimState, RenewalStage
from .renewal_ledger import (
    CategoryHours,
    Claim,
    CountedClaim,
    Passed,
    RenewalFacts,
    RenewalLedger,
    calendar,
    window,
    words,
)
from .renewal_terms import RenewalPolicy

NOTHING = Decimal(0)


def evaluate(policy: RenewalPolicy, facts: RenewalFacts, today: date) -> RenewalLedger:
    """The ledger of a certificate on a day."""
    dates = calendar(policy, facts.expires_on)
    stage = dates.stage(today)
    first, last = window(dates, facts.window_from, stage)
    end = min(last, today) if last else today
    claims = _count(policy, facts.claims, first, end)
    categories = tuple(
        _category(row.code, row.title, row.min_hours, row.max_hours, claims) for row in policy.categories
    )
    total = sum((row.counted for row in categories), NOTHING)
    evidence = tuple(_fact(row, policy) for row in claims if row.counted)
    nodes, found = _requirements(policy, facts, stage, categories, total, evidence, first, end)
    return RenewalLedger(
        stage=stage,
        dates=dates,
        counts_from=first,
        counts_until=last,
        lines=evaluate_nodes(nodes, found).requirements,
        categories=categories,
        claims=claims,
        total=total,
        hours=policy.hours,
    )


def _count(policy: RenewalPolicy, claims: Iterable[Claim], first: date, end: date) -> tuple[CountedClaim, ...]:
    """Each claim with what counts of it, oldest first: they fill a category until its maximum is reached."""
    most = {row.code: row.max_hours for row in policy.categories}
    used: dict[str, Decimal] = defaultdict(Decimal)
    counted = []
    for claim in sorted(claims, key=lambda row: (row.completed_on, row.key)):
        if reason := _why_not(claim, most, first, end):
            counted.append(CountedClaim(claim, NOTHING, first <= claim.completed_on <= end, reason))
            continue
        cap = most[claim.category]
        hours = claim.hours if cap is None else min(claim.hours, cap - used[claim.category])
        used[claim.category] += hours
        reason = "" if hours == claim.hours else _("At most %(most)s hours of this kind count.") % {"most": cap}
        counted.append(CountedClaim(claim, hours, True, reason))
    return tuple(counted)


def _why_not(claim: Claim, categories: Mapping[str, Any], first: date, end: date) -> str:
    if claim.state is ClaimState.WITHDRAWN:
        return _("You took it back.")
    if claim.state is ClaimState.REFUSED:
        return _("The school did not accept it.")
    if claim.state is ClaimState.USED:
        return _("It was used for a renewal before; nothing counts twice.")
    if claim.category not in categories:
        return _("This certificate does not ask for this kind.")
    if claim.completed_on < first:
        return _("It was completed before %(date)s, from when on it would count.") % {"date": in_words(first)}
    if claim.completed_on > end:
        return _("It was completed after %(date)s, until when it would count.") % {"date": in_words(end)}
    return _("The school has not looked at it yet.") if claim.state is ClaimState.WAITING else ""


def _category(code: str, title: str, least: int, most: int | None, claims: Sequence[CountedClaim]) -> CategoryHours:
    mine = [row for row in claims if row.claim.category == code and row.in_window]
    accepted = [row for row in mine if row.claim.state is ClaimState.ACCEPTED]
    waiting = [row for row in mine if row.claim.state is ClaimState.WAITING]
    return CategoryHours(
        code=code,
        title=title,
        accepted=sum((row.claim.hours for row in accepted), NOTHING),
        counted=sum((row.counted for row in accepted), NOTHING),
        waiting=sum((row.claim.hours for row in waiting), NOTHING),
        min_hours=least,
        max_hours=most,
    )


def _requirements(
    policy: RenewalPolicy,
    facts: RenewalFacts,
    stage: RenewalStage,
    categories: Sequence[CategoryHours],
    total: Decimal,
    evidence: tuple[Mapping[str, Any], ...],
    first: date,
    end: date,
) -> tuple[list[dict[str, Any]], dict[str, Fact]]:
    """The lines of the ledger as requirements with their facts."""
    nodes: list[dict[str, Any]] = []
    found: dict[str, Fact] = {}

    def line(key: str, kind: str, title: str, fact: Fact) -> None:
        nodes.append({"key": key, "kind": kind, "title": title})
        found[key] = fact

    claim = facts.actions.get("claim")
    title = _("%(hours)s hours of continuing education") % {"hours": policy.hours}
    waiting = sum((row.waiting for row in categories), NOTHING)
    line("hours", "hours", title, _hours(total, policy.hours, waiting, claim, evidence))
    for row in categories:
        if row.min_hours:
            title = _("%(title)s, at least %(hours)s hours") % {"title": row.title, "hours": row.min_hours}
            line(f"category:{row.code}", "hours", title, _hours(row.counted, row.min_hours, row.waiting, claim))
    if policy.quiz:
        passes = [row for row in facts.quiz_passes if first <= row.on <= end]
        since = _("To be passed on %(date)s or later") % {"date": in_words(first)}
        line(f"quiz:{policy.quiz}", "exam", facts.quiz_title, _once(passes, since, facts.actions.get("quiz")))
    if stage in {RenewalStage.REFRESHER, RenewalStage.RECERTIFY}:
        passes = [row for row in facts.refreshers if first <= row.on <= end]
        since = _("Pass the practical examination anew, or attend a technique lab, on %(date)s or later") % {
            "date": in_words(first)
        }
        line("refresher", "practical", _("Practical refresher"), _once(passes, since, facts.actions.get("refresher")))
    if policy.renews_statements and facts.statements:
        # They are signed with the application, which opens once nothing else is missing.
        opens = all(fact.is_met for fact in found.values())
        line("statements", "statements", _("Statements signed anew"), _statements(facts, opens))
    return nodes, found


def _fact(row: CountedClaim, policy: RenewalPolicy) -> dict[str, Any]:
    """A claim that counts, as evidence."""
    kind = next(category.title for category in policy.categories if category.code == row.claim.category)
    return {
        "kind": "continuing_education",
        "reference": row.claim.key,
        "title": row.claim.title,
        "detail": _("%(hours)s hours (%(kind)s), completed on %(date)s")
        % {"hours": words(row.counted), "kind": kind, "date": in_words(row.claim.completed_on)},
    }


def _hours(
    have: Decimal, need: int, waiting: Decimal, action: Action | None, evidence: tuple[Mapping[str, Any], ...] = ()
) -> Fact:
    detail = _("%(have)s of %(need)s hours") % {"have": words(have), "need": need}
    if waiting and have < need:
        detail = _("%(detail)s, and %(waiting)s wait for the school") % {"detail": detail, "waiting": words(waiting)}
    return Fact(
        have=int(min(have, Decimal(need))),
        need=need,
        is_met=have >= need,
        has_begun=bool(have or waiting),
        detail=detail,
        evidence=evidence if have >= need else (),
        action=action,
    )


def _once(passes: Sequence[Passed], since: str, action: Action | None) -> Fact:
    best = passes[:1]
    return Fact(
        have=len(best),
        need=1,
        is_met=bool(best),
        has_begun=False,
        detail=since,
        evidence=tuple(row.fact for row in best),
        action=action,
    )


def _statements(facts: RenewalFacts, opens: bool) -> Fact:
    signed = [code for code, _title in facts.statements if code in facts.signed]
    return Fact(
        have=len(signed),
        need=len(facts.statements),
        is_met=len(signed) == len(facts.statements),
        has_begun=bool(signed),
        detail=_("%(have)s of %(need)s signed for this renewal; you sign them when you apply")
        % {"have": len(signed), "need": len(facts.statements)},
        evidence=(_signed(facts),) if len(signed) == len(facts.statements) else (),
        action=facts.actions.get("statements") if opens else None,
    )


def _signed(facts: RenewalFacts) -> dict[str, Any]:
    """All statements as one piece of evidence of the application, each with the digest of its words."""
    rows = [facts.signed[code] for code, _title in facts.statements]
    return {
        "kind": "statements",
        "reference": rows[0].get("application", ""),
        "title": _("Statements signed anew"),
        "detail": _("%(count)s, each in the words in force") % {"count": len(rows)},
        "signed": [dict(row) for row in rows],
    }


# Reminders ----------------------------------------------------------------------------------------------------------

#: So many days before the end a holder is reminded.
REMINDER_DAYS = (180, 90, 30, 7)


def reminder_due(awarded_on: date, expires_on: date, today: date) -> int | None:
    """Which reminder is due on a day, by its days before the end; the latest one that came due.

    Runs that were missed are made up for by one mail, not by several. A certificate that was valid for a shorter time
    than a reminder looks ahead gets none for it.
    """
    left = (expires_on - today).days
    if left < 0:
        return None
    days = min((days for days in REMINDER_DAYS if days >= left), default=None)
    if days is None or expires_on - timedelta(days=days) <= awarded_on:
        return None
    return days
