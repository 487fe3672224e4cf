"""A school with one of everything that belongs to somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from courses.api import outline
from lms.certification.batches import open_batch
from lms.certification.case_commands import assign_case, open_case
from lms.certification.papers import note_payment
from lms.learning.api import enrol
from quizzes.api import Assessment, book_seat, grade_attempt, open_sitting, start_attempt, submit_attempt
from quizzes.attempts.commands import authorise
from quizzes.grading.regrades import propose_regrade
from quizzes.practice.commands import next_card, review_card
from quizzes.statistics.commands import add_judge, open_study, take_snapshot
from tests.lms.certification.builders import applied, certified
from tests.lms.certification.papers import DOCUMENT, FEE, follow, handed_in, paper_path
from tests.lms.certification.renewing import claim, practitioner, waiting
from tests.lms.learning.classes import make_cohort, make_session
from tests.lms.learning.studying import study
from tests.lms.practicals.builders import judge, opened, published
from tests.lms.practicals.log_builders import hand_in, log, pdf
from tests.quizzes.written import differently_marked


@dataclass(frozen=True)
class School:
    """People by role, and what the student owns."""

    people: dict[str, Any]
    attempt: Any
    finished: Any
    written: Any
    certificate: Any
    application: Any
    seat: Any
    authorisation: Any
    card: Any
    review: Any
    regrade: Any
    study: Any
    snapshot: Any
    document: Any
    payment: Any
    batch: Any
    renewal: Any
    claim: Any
    session: Any
    signed: Any
    logged: Any
    report: Any
    case: Any


def judged_by(person: Any, exam: Any, at: datetime) -> Any:
    """A standard-setting study of the exam, whose judge is the person."""
    form = exam.current_version.forms.first()
    study = open_study(form=form, title="Angoff", description="Just deserves to pass.", by=person, at=at)
    add_judge(study=study, judge=person, qualification="Examiner", by=person, at=at)
    return study


def complaint(student: Any, people: dict[str, Any], at: datetime) -> Any:
    """A complaint with a document, which the registrar gave to the examiner."""
    case = open_case(kind="complaint", title="The room", text="It was cold.", file=pdf(), by=student, at=at)
    assign_case(case=case, assignee=people["examiner"], by=people["registrar"], at=at)
    return case


@pytest.fixture
def school(people: dict[str, Any], now: datetime) -> School:
    """The student takes the first course, has an attempt running and one done, holds a certificate and practises."""
    student = people["student"]
    before = now - timedelta(days=2)
    course = outline().course("C1")
    assert course is not None
    enrol(user=student, course=course, by=student, at=before)
    quiz = Assessment.objects.get(code="ori-quiz")
    finished, _is_new = start_attempt(assessment=quiz, seed="finished", by=student, at=before)
    submit_attempt(attempt=finished, by=student, at=before)
    grade_attempt(attempt=finished, at=before)
    attempt, _is_new = start_attempt(assessment=quiz, seed="running", by=student, at=before)
    study(student, "ORI-1", before)
    answered = next_card(by=student, at=before)
    assert answered is not None
    review = review_card(card_uuid=answered.uuid, answer=None, by=student, at=before).review
    exam = Assessment.objects.get(code="foundations-exam")
    application = applied(people["other"], people["registrar"], before)
    window = {"by": people["examiner"], "at": before}
    sitting, _code = open_sitting(
        assessment=exam, place="Room 2", opens_at=before, closes_at=now + timedelta(days=400), **window
    )
    written = differently_marked(student, before)
    regrade = propose_regrade(
        assessment=written.assessment, question=written.items.get(slot=1).version.question, method="full_credit",
        reason="The question was unfair", **window,
    )  # fmt: skip
    renewal = waiting(practitioner(student, people["registrar"], before), before)
    follow(student, paper_path(before, DOCUMENT, FEE), before)
    document = handed_in(student, now)
    payment = note_payment(
        user=student, code="exam", amount=Decimal(90), currency="USD", reference="Receipt", paid_on=before.date(),
        by=people["registrar"], at=before,
    )  # fmt: skip
    return School(
        people=people,
        attempt=attempt,
        finished=finished,
        written=written,
        certificate=certified(student, people["registrar"], before),
        application=application,
        seat=book_seat(sitting=sitting, candidate=people["other"], label="A1", **window),
        authorisation=authorise(
            candidate=people["other"], assessment=exam, valid_from=before, valid_until=now + timedelta(days=9), **window
        ),
        card=next_card(by=student, at=before),
        review=review,
        regrade=regrade,
        study=judged_by(people["examiner"], exam, before),
        snapshot=take_snapshot(assessment=exam, **window),
        document=document,
        payment=payment,
        batch=open_batch(applications=[application.uuid], title="May", by=people["registrar"], at=before),
        renewal=renewal,
        claim=claim(student, before.date(), at=before),
        session=make_session(make_cohort(people["instructor"], [], before), people["instructor"], before),
        signed=judge(opened(student, published(), people["examiner"], before), "P1", people["examiner"], before),
        logged=log(student, people["instructor"], before),
        report=hand_in(student, before, text="", file=pdf()),
        case=complaint(student, people, before),
    )
