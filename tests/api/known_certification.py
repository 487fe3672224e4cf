"""Requests of certification that succeed, with what has to be there for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from lms.certification.api import admit
from lms.certification.documents import certificate_document
from lms.certification.models import Waiver
from lms.certification.papers import review_document
from lms.learning.evaluation_statements import VERSION
from tests.api.conftest import School
from tests.lms.certification.builders import applied, foundations
from tests.lms.certification.papers import IDENTITY, follow, handed_in, paper_path
from tests.lms.learning.classes import make_cohort, make_session
from tests.lms.learning.evaluating import CODES, completed
from tests.lms.practicals.builders import FAILS, RIGHT, WRONG, judge, opened, published

Named = Callable[..., Any]


def about_practicals(school: School, about: Named, at: datetime) -> list[Any]:
    """An attempt to open, to judge, to withdraw from, to rule on, and one that is over and waits for its signature."""
    people = school.people
    student, examiner, second = people["student"], people["examiner"], people["admin"]
    over = opened(student, published("over"), examiner, at)
    judge(over, "P1", examiner, at, critical_fails={FAILS[0]: "Went on"})
    split = opened(student, published("split", examiners_needed=2), examiner, at)
    judge(split, "P1", examiner, at, RIGHT)
    judge(split, "P1", second, at, WRONG)
    list_of_points = {"station": "P2", "points": list(RIGHT), "comments": ["", "", ""]}
    return [
        about("api-practical-attempts", "POST", {"candidate": people["other"].email, "practical": "little-practical"}),
        about("api-practical-attempts", "POST", {"candidate": student.email, "practical": "little-practical"}),
        about("api-practical-sign-off", "PUT", list_of_points, key=uuid4()),
        about("api-practical-sign-off", "PUT", {**list_of_points, "station": "P1"}),
        about("api-practical-withdrawal", "POST", {"reason": "The wrong candidate"}),
        about("api-practical-ruling", "POST", {"passed": True, "reason": "Seen on film"}, attempt_id=split.uuid),
        about("api-practical-signature", "POST", {"name": "Sam Student", "agrees": True}, attempt_id=over.uuid),
    ]


def about_classes(school: School, about: Named, at: datetime) -> list[Any]:
    """A session to plan, one with a student to note, people to add and take off, a cohort of nobody, an evaluation."""
    people = school.people
    completed(people["other"], at)
    make_cohort(people["instructor"], [], at, "empty")
    session = make_session(make_cohort(people["instructor"], [people["other"]], at, "spring"), people["instructor"], at)
    return [
        about("api-cohort-sessions", "POST", {"title": "Gait", "starts_at": "2026-12-01T17:00:00Z", "minutes": 90}),
        about("api-evaluation", "POST", {"version": VERSION, "answers": dict.fromkeys(CODES, 4)}, slug="foundations"),
        about("api-roster", "PUT", {"minutes": {people["other"].email: 60}}, session_id=session.uuid),
        about("api-cohorts", "POST", {"title": "May", "starts_on": "2027-05-01", "instructors": []}),
        about("api-cohort", "DELETE", code="empty"),
        about("api-cohort-members", "POST", {"people": [people["admin"].email], "courses": ["C1"]}),
        about(
            "api-cohort-member-removal",
            "POST",
            {"email": people["other"].email, "reason": "Moved away"},
            code="spring",
        ),
    ]


def about_the_register(school: School, about: Named, at: datetime) -> list[Any]:
    """Waivers, batches, payments, corrections, cases, and a file that is known."""
    people = school.people
    fresh, _is_new = admit(user=people["examiner"], path=foundations(), by=people["registrar"], at=at)
    waiting = applied(people["admin"], people["registrar"], at)
    waiver = Waiver.objects.filter(admission__user=people["admin"]).order_by("id")[0]
    follow(people["other"], paper_path(at, IDENTITY, code="identity"), at)
    accepted = handed_in(people["other"], at, code="identity")
    review_document(document=accepted, accepted=True, by=people["registrar"], at=at)
    paid = {
        "code": "exam", "amount": "90.00", "currency": "USD", "reference": "Receipt 7", "paid_on": "2026-10-30",
    }  # fmt: skip
    return [
        about(
            "api-registrar-waivers", "POST", {"requirement": "course:C1", "reason": "Done elsewhere"},
            admission_id=fresh.uuid,
        ),
        about("api-registrar-waiver-withdrawal", "POST", {"reason": "Noted for somebody else"}, waiver_id=waiver.uuid),
        about("api-registrar-acceptance-withdrawal", "POST", {"reason": "Not genuine"}, document_id=accepted.uuid),
        about("api-registrar-batches", "POST", {"title": "June", "applications": [str(waiting.uuid)]}),
        about("api-registrar-payments", "POST", paid),
        about("api-registrar-reissue", "POST", {"legal_name": "Sam A. Student", "internal_reason": "Married"}),
        about("api-cases", "POST", {"kind": "complaint", "title": "Noise", "text": "The room was loud."}),
        about("api-case-assignment", "POST", {"assignee": people["instructor"].email}),
        about("api-case-decision", "POST", {"upheld": True, "reason": "It was cold indeed."}),
        about("api-verify-file", query={"digest": certificate_document(school.certificate).digest}),
    ]  # fmt: skip
