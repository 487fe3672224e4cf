"""Who may decide on whom: shown before the decision, refused at it, and what a candidate can do afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from courses.api import outline
from lms.accounts.api import User, grant_role
from lms.certification.api import Certificate, apply, decide
from lms.certification.exceptions import NotIndependent, ReasonMissing
from lms.certification.models import Application, Decision, Waiver
from lms.learning.api import Cohort, enrol
from tests.lms.certification.builders import applied, foundations, ready
from tests.lms.certification.papers import DOCUMENT, follow, paper_path, signed_in

pytestmark = pytest.mark.django_db

PRACTICAL = {"key": "practical:hands", "kind": "practical", "reference": "hands", "title": "Hands"}


def taught(student: Any, teacher: Any, at: datetime) -> None:
    cohort = Cohort.objects.create(code="taught", title="Taught")
    cohort.instructors.add(teacher)
    enrol(user=student, course=outline().course("C1"), by=student, at=at, cohort=cohort)


def application_on(path: Any, student: Any, by: Any, at: datetime) -> Application:
    admission = follow(student, path, at)
    for node in admission.path_version.requirements:
        Waiver.objects.create(admission=admission, requirement=node["key"], reason="Met", by=by, at=at)
    return apply(user=student, path=path, legal_name="Ana", at=at)[0]


@pytest.mark.parametrize(("kind", "is_refused"), [("certification", True), ("assessment_based", False)])
def test_whoever_taught_does_not_decide_on_a_certification(
    kind: str, is_refused: bool, people: dict[str, Any], now: datetime
) -> None:
    taught(people["student"], people["registrar"], now - timedelta(days=9))
    path = paper_path(now, DOCUMENT, kind=kind)
    application = application_on(path, people["student"], people["admin"], now)
    page = signed_in(people["registrar"]).get(f"/registrar/applications/{application.uuid}/")
    assert bool(page.context["conflict"]) is is_refused
    assert ("You have taught this candidate" in page.content.decode()) is is_refused
    assert (f'action="/registrar/applications/{application.uuid}/"' in page.content.decode()) is not is_refused
    assert not signed_in(people["admin"]).get(f"/registrar/applications/{application.uuid}/").context["conflict"]
    if is_refused:
        with pytest.raises(NotIndependent):
            decide(application=application, outcome="award", by=people["registrar"], at=now)
        assert not Decision.objects.exists()
    else:
        assert decide(application=application, outcome="award", by=people["registrar"], at=now)[1] is not None


def test_the_closed_form_takes_nothing_either(people: dict[str, Any], now: datetime, api: Any) -> None:
    taught(people["student"], people["registrar"], now - timedelta(days=9))
    application = application_on(
        paper_path(now, DOCUMENT, kind="certification"), people["student"], people["admin"], now
    )
    page = signed_in(people["registrar"]).post(
        f"/registrar/applications/{application.uuid}/", {"outcome": "refuse", "reason": "No"}
    )
    assert page.context["form"].non_field_errors()
    response = api(people["registrar"]).post(
        f"/api/v1/registrar/applications/{application.uuid}/decision/", {"outcome": "award"}
    )
    assert (response.status_code, response.json()["code"]) == (403, "not_independent")
    assert not Decision.objects.exists()


@pytest.mark.parametrize("part", ["examiner", "ruled_by"])
def test_whoever_examined_does_not_decide_at_all(part: str, people: dict[str, Any], now: datetime) -> None:
    """Also on a path that is no certification: the fact of the ledger names the examiner and who ruled between two."""
    from lms.certification import queries
    from lms.certification.eligibility import Ledger, Requirement
    from lms.certification.enums import RequirementState

    application = applied(people["student"], people["admin"], now)
    fact = {"kind": "sign_off", "reference": "x", "title": "Hands", part: str(people["registrar"].uuid)}
    ledger = Ledger(
        (Requirement("practical:hands", "practical", "Hands", RequirementState.MET, 1, 1, evidence=(fact,)),)
    )
    assert "You examined" in queries.conflict_of(people["registrar"], application.admission, ledger)
    assert not queries.conflict_of(people["admin"], application.admission, ledger)


# Return and refusal -------------------------------------------------------------------------------------------


def test_a_returned_application_is_mended_and_handed_in_again(people: dict[str, Any], now: datetime) -> None:
    application = applied(people["student"], people["admin"], now)
    client, url = signed_in(people["registrar"]), f"/registrar/applications/{application.uuid}/"
    assert "reason" in client.post(url, {"outcome": "return", "reason": " "}).context["form"].errors
    assert client.post(url, {"outcome": "return", "reason": "Your second name is missing"}).status_code == 302
    assert not Certificate.objects.exists()
    student = signed_in(people["student"])
    page = student.get("/certification/foundations/").content.decode()
    assert "Returned to you" in page
    assert "Your second name is missing" in page
    assert "/certification/cases/new/" not in page
    data = {"legal_name": "Ana Maria", "confirm": "on"}
    assert student.post("/certification/foundations/apply/", data).status_code == 302
    assert Application.objects.filter(closed_at=None).get().legal_name == "Ana Maria"


def test_a_refusal_tells_of_the_right_of_appeal(people: dict[str, Any], now: datetime) -> None:
    application = applied(people["student"], people["admin"], now)
    decision, _none = decide(
        application=application, outcome="refuse", reason="Not you", by=people["registrar"], at=now
    )
    page = signed_in(people["student"]).get("/certification/foundations/").content.decode()
    assert "Not granted" in page
    assert f"/certification/cases/new/?subject=decision&amp;reference={decision.uuid}" in page


@pytest.mark.parametrize("outcome", ["return", "refuse"])
def test_what_is_not_an_award_says_why(outcome: str, people: dict[str, Any], now: datetime, api: Any) -> None:
    application = applied(people["student"], people["admin"], now)
    with pytest.raises(ReasonMissing):
        decide(application=application, outcome=outcome, reason=" ", by=people["registrar"], at=now)
    url = f"/api/v1/registrar/applications/{application.uuid}/decision/"
    client = api(people["registrar"])
    assert client.post(url, {"outcome": outcome}).json()["errors"].keys() == {"reason"}
    done = client.post(url, {"outcome": outcome, "reason": "Because"})
    assert (done.status_code, done.json()["state"], done.json()["reason"]) == (201, outcome, "Because")


def test_what_was_typed_is_still_there_when_the_decision_is_refused(people: dict[str, Any], now: datetime) -> None:
    """Somebody takes a requirement away between the page and the decision."""
    from lms.accounts.api import publish_agreement

    student = people["student"]
    application = application_on(paper_path(now, code="other"), student, people["admin"], now)
    lacking = Application.objects.create(
        admission=follow(people["other"], foundations(), now), legal_name="O", eligibility=[], submitted_at=now
    )
    publish_agreement(code="honour-statement", kind="honour", title="H", text="New words.", at=now)
    client = signed_in(people["registrar"])
    page = client.post(f"/registrar/applications/{lacking.uuid}/", {"outcome": "award", "reason": "Well done"})
    assert page.context["form"]["reason"].value() == "Well done"
    assert page.context["form"].non_field_errors()
    assert not Decision.objects.exists()
    assert application.closed_at is None


def test_a_name_that_cannot_be_printed_is_shown_at_its_field(people: dict[str, Any], now: datetime, api: Any) -> None:
    ready(people["student"], people["admin"], now)
    data = {"legal_name": "Ana 李明 Lee", "confirm": "on"}
    page = signed_in(people["student"]).post("/certification/foundations/apply/", data)
    shown = page.context["form"]
    assert shown.errors["legal_name"] == ["The certificate cannot print: 李 明"]
    assert shown["legal_name"].value() == data["legal_name"]
    assert shown["confirm"].value()
    body = api(people["student"]).post("/api/v1/programmes/foundations/application/", {"legal_name": "李明"})
    assert (body.status_code, body.json()["code"], body.json()["letters"]) == (400, "name_not_printable", ["李", "明"])
    assert not Application.objects.exists()


def test_a_registrar_who_teaches_nobody_here_decides(make_user: Any, people: dict[str, Any], now: datetime) -> None:
    taught(people["student"], people["instructor"], now)
    grant_role(user=people["instructor"], role="registrar")
    teacher = User.objects.get(pk=people["instructor"].pk)
    path = paper_path(now, DOCUMENT, kind="certification")
    application = application_on(path, people["student"], people["admin"], now)
    with pytest.raises(NotIndependent):
        decide(application=application, outcome="award", by=teacher, at=now)
    assert decide(application=application, outcome="award", by=people["registrar"], at=now)[1] is not None
