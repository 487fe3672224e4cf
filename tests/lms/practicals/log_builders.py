"""Sessions, case reports and a path that asks for them, as tests need them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from courses.api import outline
from lms.certification.api import Path, admit, published_paths
from lms.learning.api import Cohort, enrol
from lms.practicals.api import (
    CaseReport,
    SupervisedSession,
    log_session,
    new_client,
    review_report,
    submit_report,
)
from lms.practicals.log_queries import client_by_code, report_terms

WORDS = ["the", "client", "felt", "less", "pain", "after", "gliding", "and", "slept", "well"]
PDF = b"%PDF-1.7\n%%EOF\n"
SESSIONS = {
    "code": "supervised",
    "title": "Supervised client sessions",
    "count": 3,
    "clients": 2,
    "min_minutes": 60,
    "max_minutes": 90,
    "minima": [{"categories": ["head_neck"], "count": 2}],
}
REPORTS = {
    "code": "case-reports",
    "title": "Case reports",
    "count": 2,
    "min_words": 20,
    "max_words": 40,
    "criteria": ["Baseline", "Limits"],
}


def signed_in(user: Any) -> Browser:
    """A browser of somebody."""
    browser = Browser()
    browser.force_login(user)
    return browser


def asking_path() -> Path:
    """The shipped path, changed so that it asks for sessions and case reports and nothing else."""
    path = published_paths().get(code="foundations")
    path.requirements = [("sessions", SESSIONS), ("case_reports", REPORTS)]
    path.save_revision().publish()
    return published_paths().get(code="foundations")


def follow(student: Any, at: datetime) -> None:
    """Let the student follow that path."""
    admit(user=student, path=asking_path(), by=student, at=at)


def log(student: Any, supervisor: Any, at: datetime, code: str = "", **facts: Any) -> SupervisedSession:
    """A session of yesterday evening; without a code with somebody new."""
    whole: dict[str, Any] = {
        "held_on": (at - timedelta(days=1)).date(),
        "starts_at": time(18),
        "minutes": 60,
        "setting": "school_clinic",
        "categories": ["head_neck"],
        "techniques": ["gliding"],
        **facts,
    }
    client = client_by_code(student, code) if code else None
    return log_session(student=student, client=client, supervisor=supervisor, at=at, **whole)


def text_of(count: int) -> str:
    """A text of so many words."""
    return " ".join(WORDS[number % len(WORDS)] for number in range(count))


def pdf(name: str = "report.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def hand_in(student: Any, at: datetime, **facts: Any) -> CaseReport:
    """A case report of 900 words about the student's first client."""
    whole: dict[str, Any] = {
        "title": "Chronic neck pain",
        "text": text_of(900),
        "has_consent": True,
        "min_words": 800,
        "max_words": 1200,
        "client": client_by_code(student, "C-01") or new_client(student=student, at=at),
        **facts,
    }
    return submit_report(student=student, at=at, **whole)


def rubric(report: CaseReport, points: int = 2) -> list[dict[str, Any]]:
    """The same points for each criterion."""
    return [{"criterion": words, "points": points, "comment": ""} for words in report_terms(report.student).criteria]


def read(report: CaseReport, by: Any, at: datetime, outcome: str = "accepted") -> None:
    """Accept it, or return it with a word."""
    review_report(
        report=report,
        outcome=outcome,
        criteria=report_terms(report.student).criteria,
        rubric=rubric(report, 2 if outcome == "accepted" else 1),
        comment="" if outcome == "accepted" else "Say what you measured.",
        by=by,
        at=at,
    )


def taught_by(instructor: Any, student: Any, at: datetime) -> None:
    """A cohort of that instructor with that student."""
    cohort = Cohort.objects.create(code="autumn", title="Autumn")
    cohort.instructors.add(instructor)
    course = outline().course("C1")
    assert course is not None
    enrol(user=student, course=course, cohort=cohort, by=student, at=at)


def typed_report(**more: Any) -> dict[str, Any]:
    """What a student types into the form of a case report."""
    return {"client": "C-01", "title": "Chronic neck pain", "text": text_of(900), "has_consent": "on", **more}
