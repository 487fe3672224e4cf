"""What a walk to the practitioner certificate leaves out: everything but the last of each kind, by the commands.

`main` does a part for a person: `begin`, `labs`, `sessions`, `reports`, `stations`. Each leaves one thing to be done in
the browser.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

EMAIL, NAME = "walker@example.org", "Wanda Kowalczyk"
LAST_STATION = "P6"


def main(part: str) -> None:
    """Do a part; what a journey needs of it is printed."""
    from django.utils import timezone

    from lms.accounts.api import User

    now = timezone.now()
    teacher = User.objects.get(email="instructor@example.org")
    if part == "begin":
        begin(teacher, now)
        return
    walker = User.objects.get(email=EMAIL)
    {"labs": labs, "sessions": sessions, "reports": reports, "stations": stations}[part](walker, teacher, now)


def begin(teacher: Any, now: Any) -> None:
    """An account in a cohort of the demo school."""
    from allauth.account.models import EmailAddress

    from courses.api import outline
    from lms.accounts.api import User, grant_role
    from lms.learning.api import Cohort, enrol
    from tests.e2e.visit import PASSWORD

    walker = User.objects.create_user(email=EMAIL, password=PASSWORD, display_name=NAME, legal_name=NAME)
    EmailAddress.objects.create(user=walker, email=EMAIL, primary=True, verified=True)
    grant_role(user=walker, role="student")
    began = now - timedelta(days=100)
    cohort = Cohort.objects.create(code="the-way", title="The way", starts_on=began.date())
    cohort.instructors.add(teacher)
    enrol(user=walker, course=outline().course("C1"), cohort=cohort, by=teacher, at=began)


def labs(walker: Any, teacher: Any, now: Any) -> None:
    """57 of 60 hours in the lab."""
    from lms.learning.api import Cohort
    from tests.lms.certification.practising import attend_labs

    attend_labs(walker, teacher, Cohort.objects.get(code="the-way"), now, hours=57)


def sessions(walker: Any, teacher: Any, now: Any) -> None:
    """29 of 30 sessions, 20 of them approved: with the last all minima are filled."""
    from lms.practicals.api import decide_sessions
    from tests.lms.certification.practising import log_sessions

    rows = log_sessions(walker, teacher, now, count=29, clients=12)
    decide_sessions(sessions=rows[:20], approved=True, by=teacher, at=now)


def reports(walker: Any, teacher: Any, now: Any) -> None:
    """Three of four case reports, accepted."""
    from tests.lms.certification.practising import write_reports

    write_reports(walker, teacher, now, 3)


def stations(walker: Any, _teacher: Any, now: Any) -> None:
    """All stations of the practical but the last, passed."""
    from lms.accounts.api import User
    from tests.lms.certification.practising import show_stations

    show_stations(walker, User.objects.get(email="examiner@example.org"), now, but=LAST_STATION)
