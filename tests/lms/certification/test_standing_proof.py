"""The nightly check: a sound certificate is sound, each kind of evidence is missed when it falls, nothing changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from lms.accounts.api import accept_agreement, current_agreements
from lms.certification import queries, taking_back
from lms.certification.api import Certificate, revoke
from lms.certification.eligibility import Requirement
from lms.certification.enums import RequirementState
from lms.certification.issuing import keep_evidence
from lms.certification.models import CandidateDocument, CeClaim, CeReview, CeWithdrawal, DocumentReview, Payment
from lms.certification.standing_proof import LOOK, Proof
from lms.learning.api import CourseCompletion
from lms.practicals.api import decide_sessions, sign_attempt, withdraw_sign_off
from quizzes.api import Attempt, Result
from tests.lms.certification.builders import certified
from tests.lms.learning import classes
from tests.lms.learning.studying import take
from tests.lms.practicals import builders as practicals
from tests.lms.practicals import log_builders

pytestmark = pytest.mark.django_db

Made = tuple[dict[str, Any], Callable[[], Any], str]


def codes(today: Any, *, notices: bool = False) -> list[str]:
    return [row.code for row in Proof(today).findings() if notices or not row.is_notice]


def resting_on(certificate: Certificate, node: dict[str, Any]) -> None:
    """Keep the evidence that the record has for a requirement, as an award does."""
    fact = queries.facts_for(certificate.holder, [node])[node["key"]]
    assert fact.is_met
    assert fact.evidence
    state = RequirementState.MET
    line = Requirement(node["key"], node["kind"], node["title"], state, fact.have, fact.need, evidence=fact.evidence)
    keep_evidence(certificate, [line])


def node(kind: str, reference: str, **more: Any) -> dict[str, Any]:
    return {"key": f"{kind}:{reference}", "kind": kind, "reference": reference, "title": kind.title(), **more}


def change_behind_the_guards(table: str, column: str, value: Any, key: int) -> None:
    """What no statement of ours can do: somebody with the right to drop the guards did it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f'DROP TRIGGER "{table[:48]}_no_update"')
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', [value, key])


# One of each kind, and how it falls ---------------------------------------------------------------------------------


def a_result(student: Any, people: dict[str, Any], now: datetime) -> Made:
    classes.make_cohort(people["instructor"], [student], now)
    take(student, "ori-quiz", now - timedelta(days=2))

    def regrade() -> None:
        old = Result.objects.get()
        Result.objects.create(
            attempt=old.attempt, raw=0, maximum=old.maximum, percent=0, cut_percent=old.cut_percent, passed=False,
            source="regrade", at=now, released_at=now,
        )  # fmt: skip

    return node("exam", "ori-quiz"), regrade, "not_passed"


def a_void_attempt(student: Any, people: dict[str, Any], now: datetime) -> Made:
    made, _regrade, _code = a_result(student, people, now)

    def void() -> None:
        Attempt.objects.update(voided_at=now, voided_by=people["examiner"], void_reason="Fire alarm")

    return made, void, "void"


def sign_offs(student: Any, people: dict[str, Any], now: datetime) -> Made:
    exam = practicals.published(stations=("P1", "P2"))
    attempt = practicals.opened(student, exam, people["examiner"], now)
    rows = [practicals.judge(attempt, station, people["examiner"], now) for station in ("P1", "P2")]
    sign_attempt(attempt=attempt, name="Student", agrees=True, by=student, at=now)

    def withdraw() -> None:
        withdraw_sign_off(sign_off=rows[0], reason="The wrong candidate", by=people["examiner"], at=now)

    return node("practical", exam.code, stations=2), withdraw, "withdrawn"


def sessions(student: Any, people: dict[str, Any], now: datetime) -> Made:
    row = log_builders.log(student, people["instructor"], now)
    decide_sessions(sessions=[row], approved=True, by=people["instructor"], at=now)

    def refuse() -> None:
        decide_sessions(sessions=[row], approved=False, reason="I was not there", by=people["instructor"], at=now)

    terms = {"count": 1, "clients": 1, "min_minutes": 60, "max_minutes": 90, "minima": []}
    return node("sessions", "supervised", **terms), refuse, "not_approved"


def a_fee(student: Any, people: dict[str, Any], now: datetime) -> Made:
    row = Payment.objects.create(
        user=student, code="exam", amount=Decimal(90), currency="USD", reference="12", paid_on=now.date(),
        noted_by=people["registrar"], noted_at=now,
    )  # fmt: skip

    def take_back() -> None:
        taking_back.reverse_payment(payment=row, reason="Somebody else paid", by=people["registrar"], at=now)

    return node("fee", "exam", amount="90.00", currency="USD"), take_back, "reversed"


def hours(student: Any, people: dict[str, Any], now: datetime) -> Made:
    cohort = classes.make_cohort(people["instructor"], [student], now)
    session = classes.make_session(cohort, people["instructor"], now - timedelta(days=1), kind="technique_lab")
    classes.note(session, people["instructor"], now, student=90)

    def correct() -> None:
        classes.note(session, people["instructor"], now, reason="Left early", student=30)

    return node("attendance", "technique_lab", hours=1), correct, "corrected"


FALLING = [a_result, a_void_attempt, sign_offs, sessions, a_fee, hours]


@pytest.mark.parametrize("made", FALLING, ids=lambda made: made.__name__)
def test_evidence_that_falls_is_found(
    made: Any, people: dict[str, Any], now: datetime, django_assert_max_num_queries: Any
) -> None:
    student = people["student"]
    certificate = certified(student, people["registrar"], now)
    asked, undo, code = made(student, people, now)
    resting_on(certificate, asked)
    assert codes(now.date(), notices=True) == []
    undo()
    found = codes(now.date())
    assert found
    # Of a station the withdrawal is said, not what follows from it for the others.
    assert set(found) == {code}


def test_evidence_that_only_stands_or_is_missing(people: dict[str, Any], now: datetime) -> None:
    """Kinds that the record cannot take back: they stand, and a reference to nothing does not."""
    student = people["student"]
    certificate = certified(student, people["registrar"], now)
    accept_agreement(agreement=current_agreements(["honour-statement"])["honour-statement"], user=student, at=now)
    CourseCompletion.objects.create(
        user=student, course_code="C1", outline_digest="1" * 64, credited_minutes=9, completed_at=now
    )
    document = CandidateDocument.objects.create(
        user=student, code="cpr", file="a", file_name="a.pdf", media_type="application/pdf", digest="2" * 64,
        submitted_at=now,
    )  # fmt: skip
    DocumentReview.objects.create(document=document, accepted=True, by=people["registrar"], at=now)
    report = log_builders.hand_in(student, now)
    log_builders.read(report, people["examiner"], now)
    terms = {"count": 1, "min_words": 1, "max_words": 9999}
    for asked in (
        node("attestation", "honour-statement"), node("course", "C1"), node("document", "cpr", expires=False, hint=""),
        node("case_reports", "case-reports", **terms),
    ):  # fmt: skip
        resting_on(certificate, asked)
    assert codes(now.date(), notices=True) == []
    nowhere = {"reference": "00000000-0000-0000-0000-000000000000", "title": "-"}
    line = Requirement("x", "x", "-", RequirementState.MET, 1, 1, evidence=tuple({"kind": k, **nowhere} for k in LOOK))
    keep_evidence(certificate, [line])
    assert codes(now.date()) == ["missing"] * len(LOOK)


def test_continuing_education_that_was_taken_back_is_found(people: dict[str, Any], now: datetime) -> None:
    student = people["student"]
    certificate = certified(student, people["registrar"], now)
    claim = CeClaim.objects.create(
        user=student, title="Ethics", provider="A school", category="ethics", course_type="live", hours=3,
        completed_on=now.date(), digest="3" * 64, submitted_at=now,
    )  # fmt: skip
    CeReview.objects.create(claim=claim, accepted_hours=3, by=people["registrar"], at=now)
    fact = {"kind": "continuing_education", "reference": str(claim.uuid), "title": "Ethics"}
    keep_evidence(certificate, [Requirement("h", "hours", "-", RequirementState.MET, 1, 1, evidence=(fact,))])
    assert codes(now.date()) == []
    CeWithdrawal.objects.create(claim=claim, at=now)
    assert codes(now.date()) == ["withdrawn"]


def test_somebody_elses_evidence_proves_nothing(people: dict[str, Any], now: datetime) -> None:
    certificate = certified(people["student"], people["registrar"], now)
    row = CourseCompletion.objects.create(
        user=people["other"], course_code="C1", outline_digest="1" * 64, credited_minutes=9, completed_at=now
    )
    fact = {"kind": "course_completion", "reference": str(row.uuid), "title": "C1"}
    keep_evidence(certificate, [Requirement("c", "course", "-", RequirementState.MET, 1, 1, evidence=(fact,))])
    assert codes(now.date()) == ["not_theirs"]


def test_a_replaced_result_that_still_passes_is_a_note(people: dict[str, Any], now: datetime) -> None:
    student = people["student"]
    certificate = certified(student, people["registrar"], now)
    asked, _regrade, _code = a_result(student, people, now)
    resting_on(certificate, asked)
    old = Result.objects.get()
    Result.objects.create(
        attempt=old.attempt, raw=old.raw, maximum=old.maximum, percent=100, cut_percent=old.cut_percent, passed=True,
        source="regrade", at=now, released_at=now,
    )  # fmt: skip
    assert codes(now.date()) == []
    assert codes(now.date(), notices=True) == ["replaced"]


# What is printed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"), [("holder_name", "Somebody Else"), ("title", "Master"), ("awarded_on", "2020-01-01")]
)
def test_a_printed_fact_that_was_changed_behind_the_guards_is_found(
    column: str, value: str, people: dict[str, Any], now: datetime
) -> None:
    certificate = certified(people["student"], people["registrar"], now)
    assert codes(now.date()) == []
    change_behind_the_guards("certification_certificate", column, value, certificate.pk)
    assert codes(now.date()) == ["digest"]


def test_evidence_that_was_changed_behind_the_guards_is_found(people: dict[str, Any], now: datetime) -> None:
    certificate = certified(people["student"], people["registrar"], now)
    row = certificate.evidence.first()
    assert row is not None
    change_behind_the_guards("certification_evidence", "facts", json.dumps({**row.facts, "percent": "99"}), row.pk)
    assert codes(now.date()) == ["digest"]


def test_a_waiver_is_looked_for_by_the_admission(people: dict[str, Any], now: datetime) -> None:
    certificate = certified(people["student"], people["registrar"], now)
    line = Requirement("course:C9", "course", "C9", RequirementState.WAIVED, 0, 1)
    keep_evidence(certificate, [line])
    assert codes(now.date()) == ["missing"]


# The walk -----------------------------------------------------------------------------------------------------------


def test_only_active_certificates_are_looked_at(people: dict[str, Any], now: datetime) -> None:
    certificate = certified(people["student"], people["registrar"], now)
    change_behind_the_guards("certification_certificate", "holder_name", "Somebody Else", certificate.pk)
    revoke(certificate=certificate, public_reason="conduct", internal_reason="-", by=people["registrar"], at=now)
    proof = Proof(now.date())
    assert list(proof.findings()) == []
    assert proof.checked == 0


def test_questions_do_not_grow_with_certificates(
    people: dict[str, Any], make_user: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for count in (1, 12):
        while Certificate.objects.count() < count:
            person = make_user(f"holder{Certificate.objects.count()}")
            certificate = certified(person, people["registrar"], now)
            accept_agreement(
                agreement=current_agreements(["honour-statement"])["honour-statement"], user=person, at=now
            )
            resting_on(certificate, node("attestation", "honour-statement"))
        with django_assert_max_num_queries(6):
            assert codes(now.date()) == []


def test_the_command_says_what_is_off_and_ends_with_1(people: dict[str, Any]) -> None:
    certificate = certified(people["student"], people["registrar"], timezone.now())
    said = StringIO()
    call_command("audit_certificates", "--json", stdout=said)
    assert json.loads(said.getvalue()) == {"checked": 1, "off": 0, "findings": []}
    change_behind_the_guards("certification_certificate", "title", "Master", certificate.pk)
    said = StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("audit_certificates", stdout=said)
    assert certificate.number in said.getvalue()
    assert "1 things off" in said.getvalue()
