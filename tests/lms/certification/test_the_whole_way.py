"""The practitioner programme from the first lab to a certificate that stands: the ledger turns step by step."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from lms.accounts.api import accept_agreement, current_agreements, grant_role
from lms.certification.api import (
    admit,
    apply,
    attestations_of,
    decide,
    hand_in_document,
    ledger_for,
    published_paths,
    review_document,
    waive_requirement,
)
from lms.certification.eligibility import leaf_nodes
from lms.certification.exceptions import NotIndependent, RequirementsMissing
from lms.learning.api import note_attendance
from lms.practicals.api import (
    Practical,
    decide_sessions,
    log_session,
    open_attempt,
    review_report,
    sign_attempt,
    sign_off,
)
from tests.lms.learning.classes import make_cohort, make_session
from tests.lms.practicals.log_builders import hand_in, pdf

pytestmark = pytest.mark.django_db

#: What each session of a round of ten is about: 30 of them fill every minimum of the shipped path.
ROUND = ["head_neck", "head_neck", "low_back_hip", "low_back_hip", "shoulder", "arm_hand", "leg_foot", "chest_back",
         "older_adult", "widespread_pain"]  # fmt: skip


def labs(student: Any, teacher: Any, now: datetime, hours: int) -> None:
    cohort = make_cohort(teacher, [student], now)
    for number in range(hours // 3):
        begins = now - timedelta(days=90 - number)
        session = make_session(cohort, teacher, begins, minutes=180, kind="technique_lab")
        note_attendance(session=session, minutes={student: 180}, by=teacher, at=begins + timedelta(hours=4))


def sessions(student: Any, supervisor: Any, now: datetime, clients: int) -> None:
    rows: list[Any] = []
    for number in range(30):
        held = now - timedelta(days=60 - number)
        rows.append(
            log_session(
                student=student,
                client=None if number < clients else rows[number % clients].client,
                supervisor=supervisor,
                held_on=held.date(),
                starts_at=time(10),
                minutes=60,
                setting="school_clinic",
                categories=[ROUND[number % 10]],
                techniques=["palpation"],
                at=held + timedelta(hours=9),
            )
        )
    decide_sessions(sessions=rows, approved=True, by=supervisor, at=now - timedelta(days=9))


def reports(student: Any, reader: Any, now: datetime, count: int, criteria: list[str]) -> None:
    for number in range(count):
        row = hand_in(student, now - timedelta(days=20 - number), title=f"Case {number + 1}")
        rubric = [{"criterion": text, "points": 2, "comment": ""} for text in criteria]
        review_report(report=row, outcome="accepted", criteria=criteria, rubric=rubric, by=reader, at=now)


def practical(student: Any, examiner: Any, now: datetime) -> None:
    attempt, _is_new = open_attempt(
        candidate=student, practical=Practical.objects.get(code="practical-exam"), by=examiner, at=now
    )
    for place in attempt.version.content["stations"]:
        count = len(place["criteria"])
        sign_off(
            attempt=attempt, station=place["code"], points=[2] * count, comments=[""] * count, critical_fails={},
            by=examiner, at=now,
        )  # fmt: skip
    sign_attempt(attempt=attempt, name="Sam Student", agrees=True, by=student, at=now)


def test_from_the_first_lab_to_a_certificate_that_stands(people: dict[str, Any], now: datetime, capsys: Any) -> None:
    student, teacher, examiner, registrar = (
        people[name] for name in ("student", "instructor", "examiner", "registrar")
    )
    path = published_paths().get(code="practitioner")
    admission, _is_new = admit(user=student, path=path, by=student, at=now - timedelta(days=100))
    nodes = admission.path_version.requirements

    def met() -> set[str]:
        ledger = ledger_for(student, admission.path_version, admission)
        return {row.key for row in ledger.leaves() if row.is_satisfied}

    theory = [node["key"] for kind in ("course", "exam") for node in leaf_nodes(nodes, kind)]
    for key in theory:
        waive_requirement(
            admission=admission, requirement=key, reason="Studied elsewhere.", is_equivalence=True,
            proof="Transcript of the Hill Road School", by=registrar, at=now,
        )  # fmt: skip
    so_far = set(theory)
    assert met() == so_far

    labs(student, teacher, now, hours=57)
    assert met() == so_far, "three hours are missing"
    begins = now - timedelta(days=5)
    last = make_session(student.enrolments.get().cohort, teacher, begins, minutes=180, kind="technique_lab")
    note_attendance(session=last, minutes={student: 180}, by=teacher, at=begins + timedelta(hours=4))
    so_far.add("attendance:technique_lab")
    assert met() == so_far

    sessions(student, teacher, now, clients=12)
    so_far.add(leaf_nodes(nodes, "sessions")[0]["key"])
    assert met() == so_far

    [asked] = leaf_nodes(nodes, "case_reports")
    reports(student, teacher, now, asked["count"], asked["criteria"])
    so_far.add(asked["key"])
    assert met() == so_far

    practical(student, examiner, now)
    so_far.add("practical:practical-exam")
    assert met() == so_far

    paper = hand_in_document(
        user=student, code="cpr", file=pdf(), issued_on=(now - timedelta(days=30)).date(),
        expires_on=(now + timedelta(days=300)).date(), at=now,
    )  # fmt: skip
    assert met() == so_far, "nobody has looked at it"
    review_document(document=paper, accepted=True, by=registrar, at=now)
    so_far.add("document:cpr")
    assert met() == so_far

    with pytest.raises(RequirementsMissing):
        apply(user=student, path=path, legal_name="Sam Student", at=now)
    for code, agreement in current_agreements(attestations_of(admission.path_version)).items():
        accept_agreement(agreement=agreement, user=student, context="certification", at=now)
        so_far.add(f"attestation:{code}")
    assert met() == so_far
    assert ledger_for(student, admission.path_version, admission).is_eligible

    application, _is_new = apply(user=student, path=path, legal_name="Sam Student", at=now)
    for person in (examiner, teacher):
        grant_role(user=person, role="registrar")
        with pytest.raises(NotIndependent):
            decide(application=application, outcome="award", by=person, at=now)
    _decision, certificate = decide(application=application, outcome="award", by=registrar, at=now)
    assert certificate is not None
    assert certificate.credential_kind == "certification"
    assert certificate.expires_on is not None
    kinds = {row.kind for row in certificate.evidence.all()}
    assert kinds == {
        "waived", "attendance", "supervised_session", "case_report", "sign_off", "document", "acceptance",
    }  # fmt: skip
    call_command("audit_certificates")
    assert "0" in capsys.readouterr().out.split("\n")[-2]
    assert certificate.facts["hours_label"].count("60 h") == 1
    assert Decimal(certificate.evidence.filter(kind="sign_off").count()) == 6
