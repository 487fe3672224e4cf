"""A regrade takes a pass away that a certificate rests on: a task for the registrar, never a revocation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from lms.certification.models import Certificate, Evidence
from lms.certification.queries import certificates_after_regrades, standing_of_certificate, with_events
from quizzes.grading.regrades import undo_regrade
from tests.lms.certification.builders import certified
from tests.quizzes.examining.sat_exam import make_exam, sit
from tests.quizzes.grading.regrading import correct_key, in_force, regrade

pytestmark = pytest.mark.django_db
HEADING = "Certificates to look at after a regrade"


@pytest.fixture
def exam() -> Any:
    return make_exam(2, cut_percent=100)


@pytest.fixture
def certificate(people: dict[str, Any], exam: Any, now: datetime) -> Certificate:
    """It rests on an exam that was passed with a wrong key."""
    attempt = sit(exam, people["student"], now - timedelta(days=9), right_slots=(1, 2))
    found = certified(people["student"], people["registrar"], now - timedelta(days=2))
    Evidence.objects.create(
        certificate=found, kind="result", reference=str(in_force(attempt).uuid), title="Examination", facts={},
        digest="0" * 64,
    )  # fmt: skip
    return found


def regraded(exam: Any, people: dict[str, Any], now: datetime) -> Any:
    question = exam.attempts.get(candidate=people["student"]).items.get(slot=1).version.question
    version = correct_key(question, 2, now)
    return regrade(exam, question, "new_key", people, now, to_version=version, never_lower=False)


def registrar_home(client: Any, people: dict[str, Any]) -> str:
    client.force_login(people["registrar"])
    return client.get("/registrar/").content.decode()


def test_the_registrar_is_told_and_nothing_is_revoked(
    certificate: Certificate, exam: Any, people: dict[str, Any], client: Any, now: datetime
) -> None:
    assert HEADING not in registrar_home(client, people)
    done = regraded(exam, people, now)
    assert done.preview["certificates"] == [certificate.number]
    page = registrar_home(client, people)
    assert HEADING in page
    assert page.index(HEADING) < page.index(certificate.number)
    assert "50.00 %" in page
    standing = standing_of_certificate(with_events().get(pk=certificate.pk), now.date())
    assert standing.is_valid
    undo_regrade(regrade=done, reason="The old key was right", by=people["admin"], at=now)
    assert HEADING not in registrar_home(client, people)


def test_a_revoked_certificate_needs_no_look(
    certificate: Certificate, exam: Any, people: dict[str, Any], client: Any, now: datetime
) -> None:
    regraded(exam, people, now)
    client.force_login(people["registrar"])
    client.post(
        f"/registrar/certificates/{certificate.number}/revoke/",
        {"public_reason": "requirements_not_met", "internal_reason": "The exam was regraded"},
    )
    assert certificates_after_regrades(now.date()) == []


def test_whoever_passed_again_is_told_so(
    certificate: Certificate, exam: Any, people: dict[str, Any], now: datetime
) -> None:
    regraded(exam, people, now)
    (row,) = certificates_after_regrades(now.date())
    assert (row["certificate"], row["passed_again"]) == (certificate, False)
    sit(exam, people["student"], now, right_slots=(1, 2))
    (row,) = certificates_after_regrades(now.date())
    assert row["passed_again"]


def test_a_regrade_that_takes_no_pass_away_is_no_task(
    certificate: Certificate, exam: Any, people: dict[str, Any], now: datetime
) -> None:
    attempt = exam.attempts.get(candidate=people["student"])
    question = attempt.items.get(slot=1).version.question
    sit(exam, people["other"], now, right_slots=(2,))
    regrade(exam, question, "full_credit", people, now)
    assert certificates_after_regrades(now.date()) == []
