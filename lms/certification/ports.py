"""What lower packages ask of certification: which exams are a person's, and whether they are open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import BigAutoField, CharField, DateField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.clock import school_day
from lms.core.ports import (
    Deny,
    Missing,
    Verdict,
    after_attempt,
    appeals,
    eligibility_facts,
    gate,
    impact,
    practice_blocks,
    practice_terms,
    visible_assessments,
)
from lms.core.prepared import Param, Prepared
from lms.learning.api import CourseCompletion
from quizzes.api import AssessmentKind, passes_of

from .cases import appeal_ends_on
from .eligibility import leaf_nodes, waived_leaves
from .enums import CaseSubject, CertificateEventKind
from .models import Admission, Certificate, CertificateEvent, Evidence, Waiver
from .queries import ledger_for
from .renewal_ledger import OPEN_STAGES, calendar
from .renewal_terms import RenewalPolicy


def _admissions() -> QuerySet[Admission]:
    rows = Admission.objects.filter(user=Param(0, BigAutoField()), ended_at=None)
    return rows.select_related("path_version", "path")


ADMISSIONS = Prepared(_admissions)


def _running(user: Any) -> Sequence[Admission]:
    return ADMISSIONS(user.pk)


def _has_completed(user: Any, leaves: Iterable[Mapping[str, Any]]) -> bool:
    codes = {leaf["reference"] for leaf in leaves}
    done = CourseCompletion.objects.filter(user=user, course_code__in=codes).order_by().values_list("course_code")
    return done.distinct().count() == len(codes)


def _held() -> QuerySet[Certificate]:
    # What was revoked, replaced or never ends is not renewed; a suspension may end, and the application asks again.
    rows = Certificate.objects.filter(
        holder=Param(0, BigAutoField()), expires_on__isnull=False, renewed_by=None, corrected_by=None
    )
    revoked = CertificateEvent.objects.filter(certificate=OuterRef("pk"), kind=CertificateEventKind.REVOKED)
    return rows.filter(~Exists(revoked)).order_by()


def _visible() -> QuerySet[Any, Any]:
    def said(kind: str) -> Value:
        return Value(kind, output_field=CharField())

    no_day = Cast(Value(None), DateField())
    paths = Admission.objects.filter(user=Param(0, BigAutoField()), ended_at=None).order_by()
    renewals = _held().values_list(said("renewal"), "path_version__renewal", "expires_on")
    return paths.values_list(said("path"), "path_version__requirements", no_day).union(renewals, all=True)


#: What a person's paths ask for and how their certificates are renewed, in one query: it is asked at each start.
VISIBLE = Prepared(_visible)


@visible_assessments.register
def exams_of_paths(user: Any) -> Iterable[str]:
    """Exams of the paths that a person follows, and the quizzes of certificates that they may renew now.

    These quizzes need no gate: before the renewal opens nobody sees them.
    """
    for kind, terms, expires_on in VISIBLE(user.pk):
        if kind == "path":
            yield from (leaf["reference"] for leaf in leaf_nodes(terms, "exam"))
        elif quiz := _quiz_of_renewal(terms, expires_on):
            yield quiz


def _quiz_of_renewal(terms: Any, expires_on: date) -> str:
    """The quiz of a renewal that is open today, if there is one."""
    policy = RenewalPolicy(**terms) if terms else None
    if policy is None or calendar(policy, expires_on).stage(school_day(timezone.now())) not in OPEN_STAGES:
        return ""
    return policy.quiz


@gate.register
def exam_gates(user: Any, subjects: Sequence[Any]) -> dict[Any, Verdict]:
    """An exam of a path opens when the courses of that path are completed."""
    # A path never asks for a knowledge check, and checks are what is begun most often.
    by_code = {subject.code: subject for subject in subjects if subject.kind != AssessmentKind.CHECK}
    verdicts: dict[Any, Verdict] = {}
    if not by_code:
        return verdicts
    for admission in _running(user):
        exams = [
            leaf["reference"]
            for leaf in leaf_nodes(admission.path_version.requirements, "exam")
            if leaf["reference"] in by_code
        ]
        if not exams:
            continue
        # When the bell rings everybody who may come has completed the courses; the whole ledger is for the others.
        if _has_completed(user, leaf_nodes(admission.path_version.requirements, "course")):
            continue
        ledger = ledger_for(user, admission.path_version, admission)
        lacking = [row for row in ledger.leaves() if row.kind == "course" and not row.is_satisfied]
        if lacking:
            missing = tuple(Missing(row.key, row.title, row.action.url if row.action else "") for row in lacking)
            for code in exams:
                verdicts[by_code[code].pk] = Deny("locked", _("The courses of this path come first."), missing)
    return verdicts


@eligibility_facts.register
def courses_behind_an_exam(user: Any, assessment: Any) -> Iterable[dict[str, str]]:
    """What speaks for letting a person sit an exam: the courses of its path that they completed or were waived."""
    for admission in _running(user):
        exams = [leaf["reference"] for leaf in leaf_nodes(admission.path_version.requirements, "exam")]
        if assessment.code not in exams:
            continue
        for row in ledger_for(user, admission.path_version, admission).leaves():
            if row.kind == "course" and row.is_satisfied:
                at = next((str(fact["completed_at"]) for fact in row.evidence if "completed_at" in fact), "")
                yield {"code": row.key, "title": row.title, "at": at}


@after_attempt.register
def back_to_the_path(user: Any, assessment_code: str) -> list[dict[str, str]]:
    """After an exam, on to the requirements."""
    return [
        {"label": admission.path.title, "url": reverse("certification:path", args=[admission.path.code])}
        for admission in _running(user)
        if any(leaf["reference"] == assessment_code for leaf in leaf_nodes(admission.path_version.requirements, "exam"))
    ]


@practice_terms.register
def practice_of_paths(user: Any) -> Iterable[dict[str, Any]]:
    """What the paths that a person follows ask of their hours log and their case reports."""
    for admission in _running(user):
        for kind in ("sessions", "case_reports"):
            for leaf in leaf_nodes(admission.path_version.requirements, kind):
                yield {**leaf, "path": admission.path.title}


@practice_blocks.register
def exams_before_practice(users: Iterable[int], kind: str, on: date) -> Iterable[dict[str, Any]]:
    """The exams under `after` of what the paths of these people ask for. A waived one holds nobody up."""
    asked = []
    admissions = Admission.objects.filter(user__in=users, ended_at=None).select_related("path_version").order_by("id")
    for admission in admissions:
        nodes = admission.path_version.requirements
        exams = {leaf["key"]: leaf for leaf in leaf_nodes(nodes, "exam")}
        asked += [
            (admission, leaf["reference"], exams[key])
            for leaf in leaf_nodes(nodes, kind)
            for key in leaf.get("after", ())
        ]
    if not asked:
        return
    passes = passes_of(users, [exam["reference"] for _admission, _practice, exam in asked])
    waived: dict[int, set[str]] = defaultdict(set)
    rows = Waiver.objects.filter(admission__in=[row[0] for row in asked], withdrawn_at=None)
    for admission_id, requirement in rows.values_list("admission", "requirement"):
        waived[admission_id].add(requirement)
    for admission, practice, exam in asked:
        passed_at = passes.get((admission.user_id, exam["reference"]))
        if passed_at is not None and timezone.localdate(passed_at) <= on:
            continue
        if exam["key"] in waived_leaves(admission.path_version.requirements, waived[admission.pk]):
            continue
        yield {
            "user": admission.user_id,
            "reference": practice,
            "code": exam["reference"],
            "title": exam["title"],
            "url": reverse("quizzes:start", args=[exam["reference"]]),
        }


HELD = Prepared(lambda: _held().values_list("number", "title", "expires_on", "path_version__renewal"))


@after_attempt.register
def back_to_the_renewal(user: Any, assessment_code: str) -> list[dict[str, str]]:
    """After the quiz of a renewal, on to its ledger."""
    return [
        {"label": _("Renewal: %(title)s") % {"title": title}, "url": reverse("certification:renewal", args=[number])}
        for number, title, expires_on, terms in HELD(user.pk)
        if _quiz_of_renewal(terms, expires_on) == assessment_code
    ]


@appeals.register
def appeal_against_a_result(result: Any, at: datetime) -> list[dict[str, Any]]:
    """A case about the result of an exam, as long as the time for an appeal runs. Quizzes are simply taken again."""
    if result.attempt.policy["kind"] != AssessmentKind.EXAM:
        return []
    until = appeal_ends_on(school_day(result.released_at or result.at), settings.CASE_APPEAL_DAYS)
    if school_day(at) > until:
        return []
    address = f"{reverse('certification:case_new')}?subject={CaseSubject.RESULT.value}&reference={result.uuid}"
    return [{"label": _("Appeal against this result"), "url": address, "until": until}]


@impact.register
def certificates_resting_on(results: Iterable[Any]) -> list[dict[str, str]]:
    """Certificates whose evidence names one of these results."""
    references = [str(result.uuid) for result in results]
    rows = Evidence.objects.filter(kind="result", reference__in=references).select_related("certificate")
    return [{"number": row.certificate.number, "holder": row.certificate.holder_name} for row in rows]
