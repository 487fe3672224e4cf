"""The registrar decides: by whom, on what, once, and in one piece."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from courses.api import SchoolSettings
from lms.accounts.api import accept_agreement, current_agreements, grant_role, publish_agreement
from lms.accounts.mail import send_waiting
from lms.accounts.models import OutgoingMail
from lms.certification import numbers
from lms.certification.api import Certificate, admit, apply, decide, waive_requirement
from lms.certification.exceptions import AlreadyDecided, OwnApplication, RequirementsMissing
from lms.certification.issuing import add_months
from lms.certification.models import CertificateEvent, Decision, Evidence
from lms.core.digest import digest_of
from tests.lms.certification.builders import applied, certified, foundations

pytestmark = pytest.mark.django_db


def nothing_came_of(application: Any) -> bool:
    application.refresh_from_db()
    tables = (Decision, Certificate, Evidence, CertificateEvent)
    return application.closed_at is None and not any(model.objects.exists() for model in tables)


def test_an_award_is_a_decision_a_certificate_its_evidence_and_an_event(people: dict[str, Any], now: datetime) -> None:
    application = applied(people["student"], people["registrar"], now)
    decision, certificate = decide(application=application, outcome="award", by=people["registrar"], at=now)
    assert certificate is not None
    assert (application.closed_at, decision.by, decision.outcome) == (now, people["registrar"], "award")
    assert [line["state"] for line in decision.ledger] == ["waived"] * 4
    assert (certificate.holder, certificate.decision, certificate.holder_name) == (
        people["student"], decision, application.legal_name,
    )  # fmt: skip
    assert [event.kind for event in certificate.events.all()] == ["issued"]
    assert [(row.kind, row.reference) for row in certificate.evidence.all()] == [
        ("waived", "course:C1"), ("waived", "course:C2"), ("waived", "exam:foundations-exam"), ("waived", "group:4"),
    ]  # fmt: skip
    assert numbers.normalised(certificate.number) == certificate.number


def test_a_refusal_closes_the_application_and_issues_nothing(people: dict[str, Any], now: datetime) -> None:
    application = applied(people["student"], people["registrar"], now)
    decision, certificate = decide(
        application=application, outcome="refuse", reason="Not your name", by=people["registrar"], at=now
    )
    assert (decision.reason, certificate, application.closed_at) == ("Not your name", None, now)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("outcome", ["award", "refuse"])
def test_nobody_decides_their_own_application(outcome: str, people: dict[str, Any], now: datetime) -> None:
    application = applied(people["student"], people["registrar"], now)
    grant_role(user=people["student"], role="registrar")
    with pytest.raises(OwnApplication):
        decide(application=application, outcome=outcome, reason="Me", by=people["student"], at=now)
    assert nothing_came_of(application)


@pytest.mark.parametrize("first", ["award", "refuse"])
@pytest.mark.parametrize("second", ["award", "refuse"])
def test_a_second_decision_is_refused(first: str, second: str, people: dict[str, Any], now: datetime) -> None:
    application = applied(people["student"], people["registrar"], now)
    decide(application=application, outcome=first, reason="Because", by=people["registrar"], at=now)
    with pytest.raises(AlreadyDecided):
        decide(application=application, outcome=second, reason="On second thoughts", by=people["admin"], at=now)
    assert Decision.objects.get().by == people["registrar"]
    assert Certificate.objects.count() == (first == "award")


def test_the_ledger_counts_as_it_stands_at_the_decision(people: dict[str, Any], now: datetime) -> None:
    """A statement that got new words after the application must be signed again before the award."""
    student = people["student"]
    admission, _is_new = admit(user=student, path=foundations(), by=student, at=now)
    for key in ("course:C1", "course:C2", "exam:foundations-exam"):
        waive_requirement(admission=admission, requirement=key, reason="Done", by=people["registrar"], at=now)
    for agreement in current_agreements(["honour-statement", "truthful-representation"]).values():
        accept_agreement(agreement=agreement, user=student, at=now)
    application, _is_new = apply(user=student, path=foundations(), legal_name="Ana", at=now)
    fresh, _is_new = publish_agreement(code="honour-statement", kind="honour", title="H", text="New words.", at=now)
    with pytest.raises(RequirementsMissing) as caught:
        decide(application=application, outcome="award", by=people["registrar"], at=now)
    assert [row["key"] for row in caught.value.extra["missing"]] == ["group:4"]
    assert nothing_came_of(application)
    accept_agreement(agreement=fresh, user=student, at=now)
    _decision, certificate = decide(application=application, outcome="award", by=people["registrar"], at=now)
    assert certificate is not None


@pytest.mark.parametrize("model", [Certificate, CertificateEvent, Evidence], ids=lambda model: model.__name__)
def test_a_failure_in_the_middle_leaves_nothing(
    model: Any, people: dict[str, Any], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = applied(people["student"], people["registrar"], now)

    def fails(*args: Any, **kwargs: Any) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(model.objects, "create", fails)
        patch.setattr(model.objects, "bulk_create", fails)
        with pytest.raises(OSError, match="disk"):
            decide(application=application, outcome="award", by=people["registrar"], at=now)
    assert nothing_came_of(application)
    _decision, certificate = decide(application=application, outcome="award", by=people["registrar"], at=now)
    assert certificate is not None


def test_a_number_that_is_taken_is_not_given_again(
    people: dict[str, Any], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = certified(people["other"], people["registrar"], now).number
    draws = iter([taken, taken, "NMT-7K3F9-QXM4C"])
    monkeypatch.setattr(numbers, "new_number", lambda rng: next(draws))
    assert certified(people["student"], people["registrar"], now).number == "NMT-7K3F9-QXM4C"


# What is printed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 22), 36, date(2029, 11, 22)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 5, 31), 1, date(2026, 6, 30)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_the_certificate_freezes_what_it_says(people: dict[str, Any], now: datetime, settings: Any) -> None:
    school = SchoolSettings.load()
    school.name, school.registrar_name = "School of the Harbour", "Margaret Ó Sé"
    school.save()
    row = certified(people["student"], people["registrar"], now)
    version = row.path_version
    assert (row.title, row.credential_kind) == ("Foundations of Neuromuscular Therapy", "assessment_based")
    assert (row.awarded_on, row.expires_on) == (now.date(), add_months(now.date(), version.facts["valid_months"]))
    assert row.facts["school"] == "School of the Harbour"
    assert row.facts["signatory"] == "Margaret Ó Sé"
    assert row.facts["scope_note"] == version.facts["scope_note"]
    printed = {
        "name": row.holder_name, "title": row.title, "kind": row.credential_kind,
        "awarded_on": row.awarded_on.isoformat(), "facts": row.facts, "number": row.number,
    }  # fmt: skip
    assert row.content_digest == digest_of(printed)


def test_a_demonstration_says_so_and_a_live_school_does_not(
    people: dict[str, Any], now: datetime, settings: Any
) -> None:
    assert certified(people["student"], people["registrar"], now).is_demonstration
    settings.INSTANCE = "live"
    assert not certified(people["other"], people["registrar"], now).is_demonstration


def test_a_changed_name_or_school_does_not_change_the_certificate(
    people: dict[str, Any], now: datetime, client: Any
) -> None:
    student = people["student"]
    row = certified(student, people["registrar"], now)
    before = client.get(f"/api/v1/verify/{row.number}/").json()
    student.legal_name = student.display_name = "Married Name"
    student.save()
    school = SchoolSettings.load()
    school.name = "Renamed School"
    school.save()
    assert client.get(f"/api/v1/verify/{row.number}/").json() == before
    page = client.get(f"/verify/{row.number}/").content.decode()
    assert "Married Name" not in page
    assert before["name"] in page


# Over HTTP ----------------------------------------------------------------------------------------------------


def test_the_registrar_awards_through_the_page(people: dict[str, Any], now: datetime) -> None:
    application = applied(people["student"], people["registrar"], now)
    client, url = Client(), f"/registrar/applications/{application.uuid}/"
    client.force_login(people["registrar"])
    assert client.get(url).status_code == 200
    assert "reason" in client.post(url, {"outcome": "refuse", "reason": "  "}).context["form"].errors
    assert nothing_came_of(application)
    response = client.post(url, {"outcome": "award"})
    assert response["Location"] == f"/registrar/certificates/{Certificate.objects.get().number}/"
    assert client.post(url, {"outcome": "award"}).status_code == 302
    assert Certificate.objects.count() == 1


def test_the_registrar_awards_through_the_api(people: dict[str, Any], api: Any, now: datetime) -> None:
    application = applied(people["student"], people["registrar"], now)
    client = api(people["registrar"])
    listed = client.get("/api/v1/registrar/applications/").json()["results"]
    assert [(row["id"], row["candidate"]) for row in listed] == [(str(application.uuid), people["student"].email)]
    url = f"/api/v1/registrar/applications/{application.uuid}/decision/"
    for data in ({"outcome": "refuse"}, {"outcome": "maybe"}, {}):
        assert client.post(url, data).status_code == 400
    done = client.post(url, {"outcome": "award"})
    assert (done.status_code, done.json()["state"]) == (201, "award")
    assert done.json()["certificate"] == Certificate.objects.get().number
    again = client.post(url, {"outcome": "award"})
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert client.get("/api/v1/registrar/applications/").json()["count"] == 0


def test_a_registrar_who_is_a_candidate_is_stopped_over_http_too(
    people: dict[str, Any], api: Any, now: datetime
) -> None:
    application = applied(people["registrar"], people["admin"], now)
    response = api(people["registrar"]).post(
        f"/api/v1/registrar/applications/{application.uuid}/decision/", {"outcome": "award"}
    )
    assert (response.status_code, response.json()["code"]) == (403, "own_application")
    page = Client()
    page.force_login(people["registrar"])
    page.post(f"/registrar/applications/{application.uuid}/", {"outcome": "award"})
    assert nothing_came_of(application)


@pytest.mark.parametrize(
    ("outcome", "subject"),
    [("award", "Your certificate"), ("return", "Something is missing"), ("refuse", "A decision on your application")],
)
def test_the_candidate_gets_mail_that_leads_to_the_page_and_keeps_the_reason_there(
    outcome: str, subject: str, people: dict[str, Any], now: datetime, mailoutbox: list[Any]
) -> None:
    application = applied(people["student"], people["registrar"], now)
    _decision, certificate = decide(
        application=application, outcome=outcome, reason="Your hours do not add up", by=people["registrar"], at=now
    )
    assert send_waiting(at=now) == (1, 0)
    assert send_waiting(at=now) == (0, 0)
    [mail] = mailoutbox
    assert mail.to == [people["student"].email]
    assert mail.subject.startswith(subject)
    assert "do not add up" not in mail.body
    assert ("certificates/" + certificate.number if certificate else "certification/foundations/") in mail.body
    for body in (mail.body, mail.alternatives[0][0]):
        assert "{{" not in body
        assert "{%" not in body


def test_a_decision_that_fails_owes_nothing(people: dict[str, Any], now: datetime) -> None:
    application = applied(people["student"], people["registrar"], now)
    with pytest.raises(OwnApplication):
        decide(application=application, outcome="award", by=people["student"], at=now)
    assert not OutgoingMail.objects.exists()
