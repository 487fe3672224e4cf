"""Reads of continuing education and renewal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.accounts.api import Agreement, current_agreements
from lms.core.clock import school_day
from lms.core.uploads import is_kept
from lms.learning.api import attended
from lms.practicals.api import practical_standings
from quizzes.api import Assessment, display_percent, results_of

from . import numbers, queries
from .calendar_months import in_words
from .eligibility import Action, leaf_nodes
from .enums import CertificateStatus, ClaimState, DecisionOutcome, RenewalStage
from .models import CeClaim, Certificate, Renewal
from .renewal import evaluate
from .renewal_ledger import OPEN_STAGES, Claim, Passed, RenewalFacts, RenewalLedger, calendar, words
from .renewal_terms import RenewalPolicy

#: A certificate of this standing can be renewed.
RENEWABLE = frozenset({CertificateStatus.ACTIVE, CertificateStatus.EXPIRED})


def policy_of(certificate: Certificate) -> RenewalPolicy | None:
    """The policy by which a certificate is renewed: the one that held when it was given. None: it is not renewed."""
    terms = certificate.path_version.renewal
    return RenewalPolicy(**terms) if terms and certificate.expires_on else None


def with_policy(rows: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Those certificates that expire and have a policy."""
    return rows.exclude(path_version__renewal={}).exclude(expires_on=None)


def renewable_certificates(user: Any, today: date) -> list[Certificate]:
    """A person's certificates that may be renewed now or later, those that end first in front."""
    rows = with_policy(queries.held_certificates(user)).order_by("expires_on", "pk")
    return [row for row in rows if queries.standing_of_certificate(row, today).status in RENEWABLE]


def own_renewable(user: Any, number: str) -> QuerySet[Certificate]:
    """The certificate of this number, as somebody typed it, if it is the person's own and is renewed."""
    rows = with_policy(queries.held_certificates(user)).filter(number=numbers.normalised(number) or "")
    return rows.select_related("holder", "path_version__path__current_version", "corrects", "renews")


def renewal_dues(user: Any, today: date) -> list[dict[str, Any]]:
    """For a person's front page: certificates whose renewal is open, with `stage`, `dates` and whether they applied."""
    rows = [(row, policy) for row in renewable_certificates(user, today) if (policy := policy_of(row))]
    applied: set[int] = set()
    if rows:
        keys = [row.pk for row, _policy in rows]
        applied = set(
            Renewal.objects.filter(certificate__in=keys, closed_at=None).values_list("certificate", flat=True)
        )
    dues = []
    for row, policy in rows:
        assert row.expires_on is not None  # noqa: S101 - only such have a policy
        dates = calendar(policy, row.expires_on)
        stage = dates.stage(today)
        if stage in OPEN_STAGES:
            dues.append({"certificate": row, "stage": stage, "dates": dates, "has_applied": row.pk in applied})
    return dues


def statements_of(certificate: Certificate) -> dict[str, Agreement]:
    """The statements that are signed anew, in the words in force: those of the path as it is now, by code."""
    version = certificate.path_version.path.current_version or certificate.path_version
    codes = queries.attestations_of(version)
    found = current_agreements(codes)
    return {code: found[code] for code in codes if code in found}


def window_start(certificate: Certificate) -> date:
    """The first day of a certificate's window: its award, or the day after the holder applied for the renewal.

    What is done between an application and its decision counts for the next renewal, so that nothing is lost.
    """
    first = certificate
    while first.corrects_id and first.corrects:
        first = first.corrects
    if first.renews_id:
        row = Renewal.objects.filter(certificate=first.renews_id, decision__outcome=DecisionOutcome.AWARD).first()
        if row:
            return school_day(row.submitted_at) + timedelta(days=1)
    return first.awarded_on


def state_of_claim(row: CeClaim) -> ClaimState:
    """Where a claim stands; uses what `with_outcome` fetched."""
    if getattr(row, "use", None):
        return ClaimState.USED
    if getattr(row, "withdrawal", None):
        return ClaimState.WITHDRAWN
    review = getattr(row, "review", None)
    if review is None:
        return ClaimState.WAITING
    return ClaimState.ACCEPTED if review.accepted_hours > 0 else ClaimState.REFUSED


def with_outcome(rows: QuerySet[CeClaim]) -> QuerySet[CeClaim]:
    """Claims with what became of them."""
    return rows.select_related("user", "review__by", "withdrawal", "use__certificate")


def claims_of(user: Any) -> QuerySet[CeClaim]:
    """A person's claims, those completed last in front."""
    return with_outcome(CeClaim.objects.filter(user=user))


def claims_waiting() -> QuerySet[CeClaim]:
    """Claims that nobody of the school has looked at, oldest first."""
    return with_outcome(CeClaim.objects.filter(review=None, withdrawal=None)).order_by("submitted_at", "pk")


def with_the_same_file(claim: CeClaim) -> QuerySet[CeClaim]:
    """Other claims, whoever's, that the very same file was handed in for; those that were taken back are left out."""
    rows = CeClaim.objects.filter(digest=claim.digest, withdrawal=None).exclude(pk=claim.pk)
    return with_outcome(rows).order_by("submitted_at", "pk")


def categories_for(user: Any, today: date) -> dict[str, str]:
    """Kinds of continuing education that a person's certificates ask for: titles by code."""
    found: dict[str, str] = {}
    for row in renewable_certificates(user, today):
        policy = policy_of(row)
        for category in policy.categories if policy else ():
            found.setdefault(category.code, category.title)
    return found


def titles_of_all() -> dict[str, str]:
    """Titles of every kind that a path in force asks for, by code; one query."""
    versions = queries.published_paths().exclude(current_version__renewal={})
    terms = [path.current_version.renewal for path in versions if path.current_version]
    return {row["code"]: row["title"] for policy in terms for row in policy["categories"]}


def category_titles(certificate: Certificate) -> dict[str, str]:
    """Titles of the kinds by code."""
    policy = policy_of(certificate)
    return {row.code: row.title for row in policy.categories} if policy else {}


def renewal_ledger(
    certificate: Certificate, today: date, signed: Mapping[str, Mapping[str, Any]] | None = None
) -> RenewalLedger | None:
    """Where the renewal of a certificate stands on a day; None where it is not renewed.

    Page, API, application and decision use this one. `signed` are the facts of statements signed for it, by code.
    """
    policy = policy_of(certificate)
    if policy is None or certificate.expires_on is None:
        return None
    stage = calendar(policy, certificate.expires_on).stage(today)
    facts = RenewalFacts(
        window_from=window_start(certificate),
        expires_on=certificate.expires_on,
        claims=[_claim(row) for row in claims_of(certificate.holder)],
        statements=[(code, row.title) for code, row in statements_of(certificate).items()],
        signed=signed or {},
        actions=_actions(certificate, policy, stage),
        **_quiz(certificate, policy),
        **_refresher(certificate, stage),
    )
    return evaluate(policy, facts, today)


def _claim(row: CeClaim) -> Claim:
    review = getattr(row, "review", None)
    hours = review.accepted_hours if review and review.accepted_hours > 0 else row.hours
    return Claim(str(row.uuid), row.title, row.category, hours, row.completed_on, state_of_claim(row))


def _quiz(certificate: Certificate, policy: RenewalPolicy) -> dict[str, Any]:
    if not policy.quiz:
        return {}
    title = Assessment.objects.filter(code=policy.quiz).values_list("title", flat=True).first() or policy.quiz
    passes = []
    for result in results_of(certificate.holder, [policy.quiz]):
        if result.passed:
            at = result.attempt.submitted_at or result.at
            fact = {
                "kind": "result",
                "reference": str(result.uuid),
                "title": title,
                "attempt": str(result.attempt.uuid),
                "percent": str(display_percent(result.percent)),
                "cut_percent": str(result.cut_percent),
                "at": at.isoformat(),
            }
            passes.append(Passed(school_day(at), fact))
    return {"quiz_title": title, "quiz_passes": passes}


def _refresher(certificate: Certificate, stage: RenewalStage) -> dict[str, Any]:
    """Practical examinations passed and signed, and technique labs attended; asked only where one is due."""
    if stage is not RenewalStage.REFRESHER:
        return {}
    found = []
    codes = [leaf["reference"] for leaf in leaf_nodes(certificate.path_version.requirements, "practical")]
    for attempts in practical_standings(certificate.holder, codes).values():
        for row in attempts:
            days = [school_day(datetime.fromisoformat(fact["observed_at"])) for fact in row["evidence"]]
            if row["state"] == "passed" and row["is_signed"] and days:
                # Each station must have been shown anew, so the first of them decides.
                fact = {
                    "kind": "practical", "reference": row["attempt"], "title": _("Practical examination"),
                    "detail": _("passed, first station on %(date)s") % {"date": in_words(min(days))},
                }  # fmt: skip
                found.append(Passed(min(days), fact))
    for session in attended(certificate.holder, ["technique_lab"]):
        on = date.fromisoformat(session["on"])
        fact = {
            "kind": "attendance", "reference": session["session"], "title": session["title"],
            "detail": _("%(date)s, %(minutes)s minutes") % {"date": in_words(on), "minutes": session["minutes"]},
        }  # fmt: skip
        found.append(Passed(on, fact))
    return {"refreshers": found}


def _actions(certificate: Certificate, policy: RenewalPolicy, stage: RenewalStage) -> dict[str, Action]:
    actions = {"claim": Action(_("Hand in continuing education"), reverse("certification:ce"))}
    if stage in OPEN_STAGES:
        if policy.quiz:
            actions["quiz"] = Action(_("Take the quiz"), reverse("quizzes:start", args=[policy.quiz]))
        page = reverse("certification:renewal", args=[certificate.number])
        actions["statements"] = Action(_("Sign and apply"), f"{page}#apply")
        practicals = leaf_nodes(certificate.path_version.requirements, "practical")
        if practicals:
            address = reverse("practicals:practical", args=[practicals[0]["reference"]])
            actions["refresher"] = Action(_("See the practical examination"), address)
    return actions


def claim_row(row: CeClaim, titles: Mapping[str, str]) -> dict[str, Any]:
    """A claim for a list: its state, hours in words, and what became of it."""
    review = getattr(row, "review", None)
    use = getattr(row, "use", None)
    return {
        "claim": row,
        "state": state_of_claim(row),
        "category": titles.get(row.category, row.category),
        "hours": words(row.hours),
        "accepted": words(review.accepted_hours) if review else "",
        "is_less": bool(review and 0 < review.accepted_hours < row.hours),
        "reason": review.reason if review else "",
        "used_for": use.certificate.number if use else "",
        "has_file": is_kept(row.file),
    }


# Renewals -----------------------------------------------------------------------------------------------------------


def renewals() -> QuerySet[Renewal]:
    """Renewals with all that a list or a decision names."""
    return Renewal.objects.select_related(
        "certificate__holder", "certificate__path_version__path__current_version", "decision__by"
    )


def renewals_waiting() -> QuerySet[Renewal]:
    """Renewals that wait for a decision, oldest first."""
    return renewals().filter(closed_at=None).order_by("submitted_at", "pk")


def last_renewal(certificate: Certificate) -> Renewal | None:
    """The open application of a certificate, else the one decided last."""
    rows = Renewal.objects.filter(certificate=certificate).select_related("decision__by")
    return rows.order_by("closed_at").filter(closed_at=None).first() or rows.order_by("-closed_at").first()


def signed_for(renewal: Renewal) -> dict[str, dict[str, Any]]:
    """Facts of the statements that were signed with an application, by code."""
    return {
        row["code"]: {
            "kind": "acceptance",
            "reference": row["code"],
            "title": row["title"],
            "accepted_at": row["signed_at"],
            "digest": row["digest"],
            "application": str(renewal.uuid),
        }
        for row in renewal.statements
    }


def ledger_of(renewal: Renewal) -> RenewalLedger | None:
    """The ledger of an application: by the day when it was made, and by what the record says now."""
    return renewal_ledger(renewal.certificate, school_day(renewal.submitted_at), signed_for(renewal))


def claims_in(renewal: Renewal) -> Sequence[CeClaim]:
    """The claims that the holder had when they applied, counted or not, for who looks at their evidence."""
    keys = [row["id"] for row in renewal.ledger["claims"]]
    return list(claims_of(renewal.certificate.holder).filter(uuid__in=keys))
