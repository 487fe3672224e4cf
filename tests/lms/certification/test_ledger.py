"""The ledger of real people: the whole way from the first lesson to the certificate, line by line."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from lms.accounts.api import accept_agreement, current_agreements, publish_agreement
from lms.certification.api import apply, decide, ledger_for, running_admission, waive_requirement
from lms.certification.exceptions import OwnApplication
from lms.core.digest import digest_of
from lms.learning.api import enrol
from quizzes.api import Assessment, Result
from tests.lms.certification.builders import foundations, ready
from tests.lms.learning.studying import course, study, study_module, take

pytestmark = pytest.mark.django_db

STATEMENTS = ("honour-statement", "truthful-representation")


def lines(user: Any) -> dict[str, Any]:
    admission = running_admission(user, foundations())
    assert admission is not None
    return {row.key: row for row in ledger_for(user, admission.path_version, admission).requirements}


def states(user: Any) -> dict[str, str]:
    return {key: row.state.value for key, row in lines(user).items()}


def sign(user: Any, at: datetime) -> None:
    for agreement in current_agreements(list(STATEMENTS)).values():
        accept_agreement(agreement=agreement, user=user, at=at)


def test_a_person_walks_the_whole_way(enrolled: Any, make_user: Any, api: Any, now: datetime) -> None:
    client, registrar = api(enrolled), make_user("registrar", "registrar")
    assert states(enrolled) == {
        "course:C1": "in_progress", "course:C2": "not_started", "exam:foundations-exam": "not_started",
        "group:4": "not_started",
    }  # fmt: skip
    shut = client.post("/api/v1/quizzes/foundations-exam/attempts/")
    assert (shut.status_code, shut.json()["code"]) == (409, "locked")
    assert [row["code"] for row in shut.json()["missing"]] == ["course:C1", "course:C2"]

    at = study_module(enrolled, "ORI", now)
    first = lines(enrolled)["course:C1"]
    assert (first.have, first.need) == (len(course("C1").modules[0].lessons), len(course("C1").lessons))
    for code in ("HIS", "ANA"):
        at = study_module(enrolled, code, at)
    assert states(enrolled)["course:C1"] == "met"
    enrol(user=enrolled, course=course("C2"), by=enrolled, at=at)
    for code in ("PSC", "SRC", "MOD", "PER"):
        at = study_module(enrolled, code, at)
    assert states(enrolled)["course:C2"] == "met"
    assert client.get("/api/v1/quizzes/foundations-exam/").json()["can_start"]

    at = take(enrolled, "foundations-exam", at, right=0.0) + timedelta(days=2)
    exam = lines(enrolled)["exam:foundations-exam"]
    assert (exam.state.value, exam.have, exam.need) == ("in_progress", 0, 75)
    at = take(enrolled, "foundations-exam", at)
    assert lines(enrolled)["exam:foundations-exam"].have == 100

    refused = client.post("/api/v1/programmes/foundations/application/")
    assert (refused.status_code, refused.json()["code"]) == (409, "requirements_missing")
    assert [row["key"] for row in refused.json()["missing"]] == ["group:4"]
    sign(enrolled, at)
    assert set(states(enrolled).values()) == {"met"}
    assert client.get("/api/v1/programmes/foundations/progress/").json()["eligible"] is True

    application, _is_new = apply(user=enrolled, path=foundations(), legal_name="Ana Ferreira", at=at)
    _decision, certificate = decide(application=application, outcome="award", by=registrar, at=at)
    assert certificate is not None
    evidence = {(row.kind, row.title): row for row in certificate.evidence.all()}
    assert [kind for kind, _title in evidence] == [
        "course_completion", "course_completion", "result", "acceptance", "acceptance",
    ]  # fmt: skip
    assert all(row.digest == digest_of(row.facts) for row in evidence.values())
    result = Result.objects.get(uuid=next(row.reference for row in evidence.values() if row.kind == "result"))
    assert result.passed, "the passed attempt, not the failed one before it"
    shown = client.get(f"/api/v1/certificates/{certificate.number}/").json()
    assert len(shown["evidence"]) == 5


def test_a_result_that_is_held_does_not_count_yet(people: dict[str, Any], now: datetime) -> None:
    from quizzes.api import release_result

    student = people["student"]
    ready(student, people["registrar"], now)
    exam = Assessment.objects.get(code="foundations-exam")
    exam.results = "held"
    exam.save_revision().publish()
    take(student, "foundations-exam", now)
    result = Result.objects.get(attempt__candidate=student)
    assert states(student)["exam:foundations-exam"] == "waived"
    release_result(result=result, by=people["examiner"], at=now)
    assert states(student)["exam:foundations-exam"] == "met"


def test_a_voided_attempt_is_no_evidence(people: dict[str, Any], now: datetime) -> None:
    from quizzes.attempts.commands import void_attempt

    student = people["student"]
    ready(student, people["registrar"], now)
    take(student, "foundations-exam", now)
    assert states(student)["exam:foundations-exam"] == "met"
    void_attempt(attempt=student.attempts.get(), reason="Two people at one desk", by=people["examiner"], at=now)
    assert states(student)["exam:foundations-exam"] == "waived"


def test_a_statement_counts_in_the_words_in_force(enrolled: Any, now: datetime) -> None:
    sign(enrolled, now)
    assert states(enrolled)["group:4"] == "met"
    publish_agreement(code="honour-statement", kind="honour", title="Honour", text="Other words.", at=now)
    row = lines(enrolled)["group:4"]
    assert (row.state.value, row.have, row.need) == ("in_progress", 1, 2)


def test_each_line_leads_to_where_something_can_be_done(enrolled: Any, client: Any, now: datetime) -> None:
    client.force_login(enrolled)
    for row in lines(enrolled).values():
        for leaf in row.items or (row,):
            assert leaf.action is not None
            assert client.get(leaf.action.url).status_code == 200, leaf.key
    assert lines(enrolled)["course:C1"].action.url == course("C1").modules[0].lessons[0].url
    study(enrolled, "ORI-1", now)
    assert lines(enrolled)["course:C1"].action.url == course("C1").modules[0].lessons[1].url


def test_nobody_waives_their_own_requirement(enrolled: Any, now: datetime) -> None:
    admission = running_admission(enrolled, foundations())
    assert admission is not None
    with pytest.raises(OwnApplication):
        waive_requirement(admission=admission, requirement="course:C1", reason="I know it", by=enrolled, at=now)
    assert states(enrolled)["course:C1"] == "in_progress"


def test_a_waiver_is_one_persons_and_one_lines(people: dict[str, Any], now: datetime) -> None:
    for name in ("student", "other"):
        enrol(user=people[name], course=course("C1"), by=people[name], at=now)
    admission = running_admission(people["student"], foundations())
    assert admission is not None
    waive_requirement(
        admission=admission, requirement="course:C1", reason="Same course", is_equivalence=True,
        proof="Certificate of the Harbour School, 3 May 2024",
        by=people["registrar"], at=now,
    )  # fmt: skip
    assert states(people["student"])["course:C1"] == "waived"
    assert states(people["student"])["course:C2"] == "not_started"
    assert states(people["other"])["course:C1"] == "in_progress"


def test_page_api_and_decision_see_the_same_ledger(enrolled: Any, client: Any, api: Any, now: datetime) -> None:
    study_module(enrolled, "ORI", now)
    admission = running_admission(enrolled, foundations())
    assert admission is not None
    ledger = ledger_for(enrolled, admission.path_version, admission)
    body = api(enrolled).get("/api/v1/programmes/foundations/progress/").json()
    assert body["requirements"] == ledger.as_list()
    assert body["eligible"] is ledger.is_eligible is False
    client.force_login(enrolled)
    assert client.get("/certification/foundations/").context["ledger"] == ledger
