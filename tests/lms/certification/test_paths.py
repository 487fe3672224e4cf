"""Paths are frozen when published, and people are judged by the version they were admitted to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from wagtail.models import Revision

from courses.api import CoursePage
from lms.certification.api import Path, admit, ledger_for, published_paths, running_admission
from lms.certification.exceptions import PathIncomplete
from lms.certification.models import PathVersion
from quizzes.api import Assessment
from tests.lms.certification.builders import applied, certified, foundations
from tests.lms.certification.papers import signed_in

pytestmark = pytest.mark.django_db


def publish(path: Path, *requirements: tuple[str, Any], **fields: Any) -> None:
    for name, value in fields.items():
        setattr(path, name, value)
    if requirements:
        path.requirements = list(requirements)
    path.save_revision().publish()


def keys(version: Any) -> list[str]:
    return [node["key"] for node in version.requirements]


def test_publishing_freezes_a_version_and_unchanged_content_makes_none() -> None:
    path = foundations()
    first = path.current_version
    publish(path)
    assert foundations().current_version == first
    publish(path, ("course", {"course": "C1"}))
    second = foundations().current_version
    assert second is not None
    assert first is not None
    assert (second.number, keys(second)) == (first.number + 1, ["course:C1"])
    assert keys(PathVersion.objects.get(pk=first.pk)) == keys(first) != keys(second)


@pytest.mark.parametrize("field", ["title", "credential_title", "scope_note", "valid_months"])
def test_what_goes_on_the_certificate_belongs_to_the_version(field: str) -> None:
    path = foundations()
    before = path.current_version_id
    publish(path, **{field: 12 if field == "valid_months" else "Changed"})
    assert foundations().current_version_id != before


def test_a_draft_changes_nothing_for_anybody(student: Any, now: datetime) -> None:
    path = foundations()
    before = path.current_version
    path.requirements = [("course", {"course": "C1"})]
    path.save_revision()
    assert foundations().current_version == before
    admission, _is_new = admit(user=student, path=foundations(), by=student, at=now)
    assert admission.path_version == before


def test_people_keep_the_version_they_were_admitted_to(people: dict[str, Any], now: datetime, api: Any) -> None:
    student, other = people["student"], people["other"]
    old, _is_new = admit(user=student, path=foundations(), by=student, at=now)
    publish(foundations(), ("course", {"course": "C2"}))
    new, _is_new = admit(user=other, path=foundations(), by=other, at=now)
    again, is_new = admit(user=student, path=foundations(), by=student, at=now)
    assert (again, is_new) == (old, False)
    assert keys(new.path_version) == ["course:C2"]
    for user, admission in ((student, old), (other, new)):
        shown = api(user).get("/api/v1/programmes/foundations/progress/").json()["requirements"]
        assert [row["key"] for row in shown] == keys(admission.path_version)
    running = running_admission(student, foundations())
    assert running is not None
    assert len(ledger_for(student, running.path_version, running).requirements) == 4


def test_the_certificate_prints_the_version_of_the_admission(people: dict[str, Any], now: datetime) -> None:
    admit(user=people["student"], path=foundations(), by=people["student"], at=now)
    publish(foundations(), credential_title="A grander title")
    assert certified(people["student"], people["registrar"], now).title == "Foundations of Neuromuscular Therapy"
    assert certified(people["other"], people["registrar"], now).title == "A grander title"


def test_an_older_revision_brings_back_its_words_but_no_older_version(student: Any) -> None:
    path = foundations()
    old = path.save_revision()
    publish(path, ("course", {"course": "C1"}))
    current = foundations().current_version_id
    assert Revision.objects.get(pk=old.pk).as_object().current_version_id == current


@pytest.mark.parametrize(
    "requirement",
    [
        ("course", {"course": "NO-SUCH"}),
        ("attestation", {"agreement": "no-such-text"}),
        ("group", {"kind": "all_of", "title": "G", "count": None, "items": [("course", {"course": "NO-SUCH"})]}),
        ("group", {"kind": "all_of", "title": "G", "count": None, "items": [("attestation", {"agreement": "no"})]}),
    ],
)
def test_a_path_that_cannot_be_met_is_not_published(requirement: Any) -> None:
    before = foundations().current_version
    with pytest.raises(PathIncomplete), transaction.atomic():
        publish(foundations(), requirement)
    assert foundations().current_version == before
    assert foundations().live


def test_a_check_is_no_examination() -> None:
    with pytest.raises(PathIncomplete), transaction.atomic():
        publish(foundations(), ("exam", {"assessment": Assessment.objects.get(code="ori-1-check")}))


def test_an_examination_must_be_published() -> None:
    draft = Assessment(code="draft", title="Draft", kind="exam", live=False)
    draft.structure = []
    draft.save()
    with pytest.raises(PathIncomplete), transaction.atomic():
        publish(foundations(), ("exam", {"assessment": draft}))


def test_a_path_needs_a_requirement() -> None:
    path = foundations()
    path.requirements = []
    with pytest.raises(PathIncomplete), transaction.atomic():
        path.save_revision().publish()


def test_a_course_that_was_withdrawn_stays_in_the_version_and_breaks_no_page(
    enrolled: Any, client: Any, api: Any
) -> None:
    for page in CoursePage.objects.filter(code="C2"):
        page.unpublish()
    client.force_login(enrolled)
    for url in ("/certification/", "/certification/foundations/", "/dashboard/"):
        assert client.get(url).status_code == 200
    rows = api(enrolled).get("/api/v1/programmes/foundations/progress/").json()["requirements"]
    assert rows[1]["state"] == "not_started"
    assert rows[1]["next_action"] is None


def test_a_retired_or_withdrawn_path_is_offered_to_nobody(student: Any, api: Any) -> None:
    for change in ({"is_retired": True}, {"is_retired": False, "live": False}):
        Path.objects.filter(code="foundations").update(**change)
        assert not published_paths().filter(code="foundations").exists()
        assert api(student).get("/api/v1/programmes/foundations/progress/").status_code == 404
        listed = api(student).get("/api/v1/programmes/").json()["results"]
        assert "foundations" not in [row["slug"] for row in listed]


def test_whoever_follows_a_path_that_was_retired_goes_on(people: dict[str, Any], api: Any, now: datetime) -> None:
    student = people["student"]
    application = applied(student, people["registrar"], now)
    Path.objects.filter(code="foundations").update(is_retired=True)
    browser = signed_in(student)
    assert browser.get("/certification/foundations/").context["application"] == application
    assert "foundations" in [row["path"].code for row in browser.get("/certification/").context["rows"]]
    assert api(student).get("/api/v1/programmes/foundations/progress/").status_code == 200
    assert signed_in(people["other"]).get("/certification/foundations/").status_code == 404
    assert signed_in(people["other"]).post("/certification/foundations/join/").status_code == 404


def test_a_path_without_a_version_admits_nobody(student: Any, now: datetime) -> None:
    path = Path.objects.create(
        code="empty", title="E", credential_title="E", credential_kind="attendance", summary="", requirements=[]
    )
    with pytest.raises(PathIncomplete):
        admit(user=student, path=path, by=student, at=now)
