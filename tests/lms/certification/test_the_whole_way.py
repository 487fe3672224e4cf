"""The practitioner programme from the first lab to a certificate that stands: the ledger turns step by step."""

from __future__ import annotations

from datetime import datetime, timedelta
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
from lms.practicals.api import decide_sessions, sign_attempt
from tests.lms.certification.practising import attend_labs, log_sessions, show_stations, write_reports
from tests.lms.learning.classes import make_cohort, make_session
from tests.lms.practicals.log_builders import pdf

pytestmark = pytest.mark.django_db


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

    cohort = make_cohort(teacher, [student], now)
    attend_labs(student, teacher, cohort, now, hours=57)
    assert met() == so_far, "three hours are missing"
    begins = now - timedelta(days=5)
    last = make_session(cohort, teacher, begins, minutes=180, kind="technique_lab")
    note_attendance(session=last, minutes={student: 180}, by=teacher, at=begins + timedelta(hours=4))
    so_far.add("attendance:technique_lab")
    assert met() == so_far

    rows = log_sessions(student, teacher, now, count=30, clients=12)
    decide_sessions(sessions=rows, approved=True, by=teacher, at=now - timedelta(days=9))
    so_far.add(leaf_nodes(nodes, "sessions")[0]["key"])
    assert met() == so_far

    [asked] = leaf_nodes(nodes, "case_reports")
    write_reports(student, teacher, now, asked["count"])
    so_far.add(asked["key"])
    assert met() == so_far

    attempt = show_stations(student, examiner, now)
    sign_attempt(attempt=attempt, name="Sam Student", agrees=True, by=student, at=now)
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
