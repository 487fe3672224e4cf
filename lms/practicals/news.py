"""Mail on what was said of case reports and of the hours log. Why it was said stands on the page, not in the mail.

Each function runs inside the transaction of what it tells of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from courses.api import SchoolSettings
from lms.accounts.api import owe

from .models import CaseReportReview, SupervisedSessionDecision


def tell_of_report(review: CaseReportReview, at: datetime) -> None:
    """A case report was accepted or returned. Its title stays on the page: it may speak of somebody's health."""
    report = review.report
    page = reverse("practicals:report", args=[report.uuid])
    _tell(f"case-report:{report.uuid}", report.student, "case_report_review", at, outcome=review.outcome, page=page)


def tell_of_refusals(decisions: Iterable[SupervisedSessionDecision], at: datetime) -> None:
    """Sessions were refused, one or many at once: one mail to each student. Approvals owe none."""
    refused: dict[int, list[SupervisedSessionDecision]] = defaultdict(list)
    for row in decisions:
        if not row.approved:
            refused[row.session.student_id].append(row)
    for rows in refused.values():
        # Any decision of the lot names it: none belongs to another.
        key, student = f"sessions-refused:{rows[0].pk}", rows[0].session.student
        _tell(key, student, "sessions_refused", at, sessions=len(rows), page=reverse("practicals:log"))


def _tell(key: str, person: Any, template: str, at: datetime, **said: Any) -> None:
    school = SchoolSettings.load()
    context = {**said, "school": school.name, "school_email": school.email}
    owe(key=key, to=person, template=template, context=context, at=at)
