"""Practice and renewal in the demo school: labs, sessions, a case report, a practical begun, hours to renew with.

Joseph, who has finished the foundations, is on his way through the practitioner programme. Nadia came from another
school, was certified on equivalent evidence, and has to renew soon.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from lms.accounts.api import User, accept_agreement, current_agreements
from lms.certification.api import (
    Admission,
    Certificate,
    Path,
    admit,
    apply,
    attestations_of,
    decide,
    hand_in_document,
    published_paths,
    review_ce_claim,
    review_document,
    submit_ce_claim,
    waive_requirement,
)
from lms.learning.api import Cohort, note_attendance, plan_session
from lms.practicals.api import (
    Practical,
    decide_sessions,
    log_session,
    open_attempt,
    review_report,
    sign_off,
    submit_report,
)

from .papers import paper

LABS = (
    (46, "Palpation of the neck and shoulder", 180),
    (32, "Pressure release, step by step", 180),
    (18, "Positional release and stretch", 150),
)
#: Days ago, hour, minutes, client (None: somebody new), what it was about, what was done, note.
SESSIONS: tuple[tuple[int, int, int, int | None, tuple[str, ...], tuple[str, ...], str], ...] = (
    (30, 10, 75, None, ("head_neck",), ("intake", "palpation", "pressure_release"), "Stiff neck after a long drive."),
    (27, 14, 60, None, ("shoulder",), ("intake", "assessment", "gliding"), ""),
    (23, 10, 75, 1, ("head_neck",), ("palpation", "positional_release", "stretch"), "Turns further to the left."),
    (20, 16, 90, None, ("low_back_hip", "older_adult"), ("intake", "assessment", "pressure_release"), ""),
    (9, 10, 60, 2, ("shoulder",), ("palpation", "pressure_release", "self_care"), "One action for home agreed."),
    (6, 9, 75, 3, ("low_back_hip", "older_adult"), ("assessment", "gliding", "stretch"), ""),
    (6, 10, 60, None, ("widespread_pain",), ("intake", "self_care"), "Most of the time was listening."),
)
HOURS = (
    ("Red flags in manual practice", "safety", "webinar", "4.00", 300),
    ("Hands-on refresher: hip and pelvis", "hands_on", "live", "8.00", 210),
    ("Consent and boundaries", "ethics", "home_study", "2.00", 120),
    ("Pain science update", "general", "webinar", "6.00", 60),
    ("Breathing for practitioners", "self_care", "home_study", "6.00", 30),
)


def load_dossiers(people: dict[str, User], at: datetime) -> None:
    """Everything of this module, for people who exist."""
    path = published_paths().filter(code="practitioner").first()
    if path is None:
        return
    _on_the_way(people, path, at)
    _holder(people, path, at)


def _on_the_way(people: dict[str, User], path: Path, at: datetime) -> None:
    student, teacher, examiner = (people[f"{name}@example.org"] for name in ("applicant", "instructor", "examiner"))
    admission, _is_new = admit(user=student, path=path, by=student, at=at - timedelta(days=50))
    waive_requirement(
        admission=admission, requirement="exam:safety-exam", is_equivalence=True,
        reason="Passed at another school on the same terms, so hands-on work may begin.",
        proof="Result of the Hill Road School, seen in the original.",
        by=people["registrar@example.org"], at=at - timedelta(days=49),
    )  # fmt: skip
    cohort = Cohort.objects.get(code="autumn-evenings")
    for days, title, minutes in LABS:
        begins = (at - timedelta(days=days)).replace(hour=17, minute=0, second=0, microsecond=0)
        session = plan_session(
            cohort=cohort, title=title, starts_at=begins, minutes=minutes, kind="technique_lab",
            place="Room 1", teachers=[teacher], by=teacher, at=begins - timedelta(days=7),
        )  # fmt: skip
        there = {student: minutes, people["student@example.org"]: minutes - 30 if days == 18 else minutes}
        note_attendance(session=session, minutes=there, by=teacher, at=begins + timedelta(minutes=minutes))
    _log(student, teacher, at)
    _report(student, teacher, at)
    document = hand_in_document(
        user=student, code="cpr", file=paper("First aid certificate", "Basic life support, one day."),
        issued_on=(at - timedelta(days=100)).date(), expires_on=(at + timedelta(days=630)).date(),
        at=at - timedelta(days=20),
    )  # fmt: skip
    review_document(document=document, accepted=True, by=people["registrar@example.org"], at=at - timedelta(days=19))
    _practical(student, examiner, at - timedelta(days=2))


def _log(student: User, supervisor: User, at: datetime) -> None:
    sessions: list[Any] = []
    for days, hour, minutes, client, categories, techniques, note in SESSIONS:
        held = at - timedelta(days=days)
        clients = list(dict.fromkeys(session.client for session in sessions))
        sessions.append(
            log_session(
                student=student,
                client=clients[client - 1] if client else None,
                supervisor=supervisor,
                held_on=held.date(),
                starts_at=time(hour),
                minutes=minutes,
                setting="school_clinic",
                categories=categories,
                techniques=techniques,
                note=note,
                at=held + timedelta(hours=12),
            )
        )
    decide_sessions(sessions=sessions[:4], approved=True, by=supervisor, at=at - timedelta(days=10))
    decide_sessions(
        sessions=sessions[4:5], approved=False, reason="The baseline measure is missing from your note sheet.",
        by=supervisor, at=at - timedelta(days=5),
    )  # fmt: skip


def _report(student: User, reader: User, at: datetime) -> None:
    path = published_paths().get(code="practitioner")
    [terms] = [row for row in _leaves(path.current_version.requirements) if row["kind"] == "case_reports"]
    report = submit_report(
        student=student, client=student.clients.get(number=1), title="A stiff neck after long drives",
        file=paper("Case report C-01", "Two sessions for a stiff neck, with one measure before and after."),
        has_consent=True, min_words=terms["min_words"], max_words=terms["max_words"], at=at - timedelta(days=15),
    )  # fmt: skip
    rubric = [{"criterion": text, "points": 2, "comment": ""} for text in terms["criteria"]]
    rubric[0] |= {"points": 0, "comment": "Only one measure was taken before the first session."}
    review_report(
        report=report, outcome="returned", criteria=terms["criteria"], rubric=rubric,
        comment="Well told. Take a second baseline measure next time, and say here why it is missing.",
        by=reader, at=at - timedelta(days=12),
    )  # fmt: skip


def _leaves(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for node in nodes:
        found += _leaves(node["items"]) if "items" in node else [node]
    return found


def _practical(student: User, examiner: User, at: datetime) -> None:
    """Three stations shown: two passed, one to show again."""
    practical = Practical.objects.get(code="practical-exam")
    attempt, _is_new = open_attempt(candidate=student, practical=practical, by=examiner, at=at)
    for place, share in zip(attempt.version.content["stations"][:3], (2, 2, 1), strict=True):
        at += timedelta(minutes=place["minutes"] + 5)
        sign_off(
            attempt=attempt, station=place["code"], points=[share] * len(place["criteria"]),
            comments=[""] * len(place["criteria"]), critical_fails={}, seconds=place["minutes"] * 60,
            by=examiner, at=at,
        )  # fmt: skip


def _holder(people: dict[str, User], path: Path, at: datetime) -> None:
    holder, registrar = people["practitioner@example.org"], people["registrar@example.org"]
    began = at - timedelta(days=655)
    admission, _is_new = admit(user=holder, path=path, by=registrar, at=began)
    certificate = _certified(admission, registrar, began)
    for title, category, course_type, hours, days in HOURS:
        claim = submit_ce_claim(
            user=holder, title=title, provider="Hill Road School", category=category, course_type=course_type,
            hours=Decimal(hours), completed_on=(at - timedelta(days=days)).date(),
            file=paper("Certificate of attendance", title, f"{hours} CEs"), at=at - timedelta(days=days - 5),
        )  # fmt: skip
        if days > 30:
            review_ce_claim(claim=claim, accepted_hours=Decimal(hours), by=registrar, at=at - timedelta(days=days - 9))
    if certificate.expires_on is None:
        raise ValueError("a certification expires")


def _certified(admission: Admission, registrar: User, at: datetime) -> Certificate:
    """Statements signed; the rest accepted as equivalent, each with what was seen."""
    holder, codes = admission.user, attestations_of(admission.path_version)
    for agreement in current_agreements(codes).values():
        accept_agreement(agreement=agreement, user=holder, context="certification", at=at)
    for node in admission.path_version.requirements:
        if not any(leaf["kind"] == "attestation" for leaf in _leaves([node])):
            waive_requirement(
                admission=admission, requirement=node["key"], is_equivalence=True,
                reason="Certified by another school on the same terms.",
                proof="Transcript and practical record of the Hill Road School, seen in the original.",
                by=registrar, at=at + timedelta(days=1),
            )  # fmt: skip
    application, _is_new = apply(
        user=holder, path=admission.path, legal_name=holder.legal_name, at=at + timedelta(days=2)
    )
    _decision, certificate = decide(application=application, outcome="award", by=registrar, at=at + timedelta(days=4))
    if certificate is None:
        raise ValueError("an award gives a certificate")
    return certificate
