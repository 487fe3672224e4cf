"""Every kind of requirement: written in the CMS, frozen, told as data, and judged."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from courses.api import SchoolSettings
from lms.certification.api import REQUIREMENT_KINDS, Path
from lms.certification.exceptions import PathIncomplete
from lms.certification.queries import asked_of
from lms.package.sections.certification import PATH
from tests.lms.certification.builders import foundations

BY_SLUG = {kind.slug: kind for kind in REQUIREMENT_KINDS}
TODAY = date(2026, 11, 2)
#: One of each, as a package says it.
ENTRIES: dict[str, dict[str, Any]] = {
    "course": {"course": "C1"},
    "exam": {"exam": "foundations-exam"},
    "attestation": {"attestation": "honour-statement"},
    "attendance": {"attendance": "technique_lab", "title": "Lab", "hours": 60},
    "practical": {"practical": "practical-exam"},
    "sessions": {
        "sessions": "supervised", "title": "Sessions", "count": 3, "clients": 2, "min_minutes": 60, "max_minutes": 90,
        "minima": [{"categories": ["head_neck"], "count": 1}],
    },
    "case_reports": {
        "case_reports": "cases", "title": "Cases", "count": 2, "min_words": 10, "max_words": 20,
        "criteria": ["Baseline", "Limits"],
    },
    "document": {"document": "cpr", "title": "First aid", "hint": "A course of a day", "expires": True},
    "fee": {"fee": "exam", "title": "Fee", "amount": "90.00", "currency": "USD"},
}  # fmt: skip


def node(slug: str, **more: Any) -> dict[str, Any]:
    """A frozen node of a kind that asks nothing of the database."""
    kind = BY_SLUG[slug]
    frozen: dict[str, Any] = kind.node(kind.Terms(**{**ENTRIES[slug], **more}))
    return frozen


def test_every_kind_has_an_example() -> None:
    assert set(ENTRIES) == set(BY_SLUG)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", BY_SLUG)
def test_a_kind_goes_through_the_cms_and_a_package_unchanged(slug: str) -> None:
    kind = BY_SLUG[slug]
    path = foundations()
    entry = PATH.dumps()["foundations"] | {"requirements": [ENTRIES[slug]]}
    PATH.write(entry, None)
    assert PATH.dumps()["foundations"]["requirements"] == [ENTRIES[slug]]
    path.refresh_from_db()
    [frozen] = path.current_version.requirements
    assert frozen["kind"] == slug
    assert frozen["key"] == f"{slug}:{frozen['reference']}"
    assert frozen["title"]
    [line] = asked_of([frozen])
    assert frozen["title"] in line["text"]
    assert kind.terms(path.requirements[0].value) == kind.Terms(**ENTRIES[slug])


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["attendance", "practical", "sessions"])
def test_practice_may_come_after_an_exam_of_the_same_path(slug: str) -> None:
    path = foundations()
    entry = {**ENTRIES[slug], "after": ["foundations-exam"]}
    PATH.write(PATH.dumps()["foundations"] | {"requirements": [ENTRIES["exam"], entry]}, None)
    assert PATH.dumps()["foundations"]["requirements"] == [ENTRIES["exam"], entry]
    path.refresh_from_db()
    assert path.current_version.requirements[1]["after"] == ["exam:foundations-exam"]
    kind = BY_SLUG[slug]
    assert ("assessment", "foundations-exam") in list(kind.refers_to(kind.Terms(**entry)))
    with transaction.atomic(), pytest.raises(PathIncomplete, match="exam:foundations-exam"):
        PATH.write(PATH.dumps()["foundations"] | {"requirements": [entry]}, None)


@pytest.mark.django_db
def test_groups_may_hold_groups(student: Any) -> None:
    inner = {"group": "any_of", "title": "Paper", "count": None, "items": [ENTRIES["document"], ENTRIES["fee"]]}
    tree = [
        ENTRIES["course"],
        {
            "group": "n_of",
            "title": "Two of these",
            "count": 2,
            "items": [ENTRIES["exam"], inner, ENTRIES["attestation"]],
        },
    ]
    PATH.write(PATH.dumps()["foundations"] | {"requirements": tree}, None)
    assert PATH.dumps()["foundations"]["requirements"] == tree
    version = foundations().current_version
    assert version is not None
    assert [row["key"] for row in version.requirements] == ["course:C1", "group:2"]
    assert [row["key"] for row in version.requirements[1]["items"]] == [
        "exam:foundations-exam", "group:2.2", "attestation:honour-statement",
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "requirements", "words"),
    [
        ({}, [ENTRIES["course"], ENTRIES["course"]], "twice"),
        ({"credential_kind": "certification", "valid_months": None}, [ENTRIES["course"]], "expires"),
        (
            {"credential_kind": "attendance", "credential_title": "Certified NMT"},
            [ENTRIES["course"]],
            "does not say that somebody is certified",
        ),
        ({"credential_title": "8 CEUs of NMT"}, [ENTRIES["course"]], "never CEUs"),
        ({"hours_label": "8 CEU"}, [ENTRIES["course"]], "never CEUs"),
    ],
)
def test_what_a_path_must_not_say(fields: dict[str, Any], requirements: Any, words: str) -> None:
    before = foundations().current_version
    with pytest.raises(PathIncomplete, match=words), transaction.atomic():
        PATH.write(PATH.dumps()["foundations"] | fields | {"requirements": requirements}, None)
    assert foundations().current_version == before


# Renewal policy and continuing education ------------------------------------------------------------------------------


POLICY: dict[str, Any] = {"hours": 10, "categories": [{"code": "ethics", "title": "Ethics", "min_hours": 3}]}


@pytest.mark.django_db
def test_a_renewal_policy_is_frozen_and_told_as_data() -> None:
    PATH.write(PATH.dumps()["foundations"] | {"renewal": POLICY}, None)
    version = foundations().current_version
    assert version is not None
    assert version.renewal["hours"] == 10
    assert version.renewal["categories"] == [{"code": "ethics", "title": "Ethics", "min_hours": 3, "max_hours": None}]
    said = PATH.dumps()["foundations"]["renewal"]
    assert said == version.renewal


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"categories": [{"code": "a", "title": "A", "min_hours": 11}]},
        {"categories": [{"code": "a", "title": "A", "max_hours": 9}]},
        {"categories": [{"code": "a", "title": "A", "min_hours": 3, "max_hours": 2}]},
        {"categories": [{"code": "a", "title": "A"}, {"code": "a", "title": "B"}]},
        {"refresher_after_months": 40},
        {"quiz": "no-such-quiz"},
    ],
)
def test_a_policy_that_nobody_can_meet_is_not_published(change: dict[str, Any]) -> None:
    path = foundations()
    path.renewal = [("policy", {**POLICY, "quiz": "", **change})]
    with pytest.raises(PathIncomplete), transaction.atomic():
        path.save_revision().publish()
    assert foundations().current_version.renewal == {}  # type: ignore[union-attr]


CE_FIELDS: dict[str, Any] = {
    "credential_kind": "attendance", "credential_title": "Palpation of the neck", "ce_hours": Decimal("6.50"),
    "course_type": "live", "instructor_name": "Ines Instructor",
}  # fmt: skip
SCHOOL: dict[str, Any] = {
    "address": "1 Hill Road", "email": "ce@example.org", "provider_number": "451234-12",
    "registrar_name": "Rita Registrar",
}  # fmt: skip


def publish_ce(school: dict[str, Any], **fields: Any) -> Path:
    settings = SchoolSettings.load()
    for name, value in {**SCHOOL, **school}.items():
        setattr(settings, name, value)
    settings.save()
    path = foundations()
    for name, value in {**CE_FIELDS, **fields}.items():
        setattr(path, name, value)
    path.requirements = [("course", {"course": "C1"})]
    path.save_revision().publish()
    return foundations()


@pytest.mark.django_db
def test_a_certificate_of_continuing_education_shows_what_boards_ask_for() -> None:
    version = publish_ce({}).current_version
    assert version is not None
    assert {name: version.facts[name] for name in ("hours_label", "course_type", "provider_number", "instructor")} == {
        "hours_label": "6.5 CEs", "course_type": "Live", "provider_number": "451234-12",
        "instructor": "Ines Instructor",
    }  # fmt: skip


@pytest.mark.django_db
def test_continuing_education_is_told_as_data_where_it_is_said() -> None:
    publish_ce({})
    entry = PATH.dumps()["foundations"]
    assert (entry["ce_hours"], entry["course_type"], entry["instructor_name"]) == ("6.50", "live", "Ines Instructor")
    PATH.write(entry, None)
    assert PATH.dumps()["foundations"] == entry


@pytest.mark.django_db
def test_the_cms_offers_every_part_of_a_path(client: Any, people: dict[str, Any]) -> None:
    client.force_login(people["admin"])
    page = client.get(f"/admin/snippets/certification/path/edit/{foundations().pk}/").content.decode()
    for name in ("ce_hours", "course_type", "instructor_name", "admits_on_enrolment"):
        assert f'name="{name}"' in page
    for label in ("Renewal policy", *(str(kind.block().label) for kind in REQUIREMENT_KINDS)):
        assert label in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("school", "fields"),
    [
        *(({name: ""}, {}) for name in SCHOOL),
        ({"name": " "}, {}),
        ({}, {"course_type": ""}),
        ({}, {"instructor_name": ""}),
        ({}, {"ce_hours": Decimal(0)}),
        ({}, {"credential_kind": "assessment_based"}),
    ],
)
def test_a_template_that_lacks_one_is_refused(school: dict[str, Any], fields: dict[str, Any]) -> None:
    with pytest.raises(PathIncomplete), transaction.atomic():
        publish_ce(school, **fields)


# Judging: more in the record never makes it worse ---------------------------------------------------------------------


sessions = st.lists(
    st.fixed_dictionaries(
        {
            "session": st.uuids().map(str),
            "client": st.sampled_from(["C-01", "C-02", "C-03"]),
            "minutes": st.sampled_from([30, 60, 90, 120]),
            "categories": st.lists(st.sampled_from(["head_neck", "shoulder"]), min_size=1, unique=True),
            "on": st.just("2026-10-01"),
        }
    ),
    max_size=6,
)
documents = st.lists(
    st.fixed_dictionaries(
        {
            "document": st.uuids().map(str),
            "digest": st.just("0" * 64),
            "expires_on": st.sampled_from([None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=9)]),
            "accepted": st.sampled_from([None, True, False]),
            "reason": st.just("Blurred"),
        }
    ),
    max_size=4,
)
payments = st.lists(
    st.fixed_dictionaries(
        {
            "payment": st.uuids().map(str),
            "amount": st.sampled_from([Decimal(30), Decimal(90)]),
            "on": st.just("2026-10-01"),
        }
    ),
    max_size=4,
)
reports = st.lists(
    st.fixed_dictionaries(
        {
            "report": st.uuids().map(str), "title": st.just("A neck"), "on": st.just("2026-10-01"),
            "state": st.sampled_from(["submitted", "returned", "accepted"]), "digest": st.just("0" * 64),
        }
    ),
    max_size=5,
)  # fmt: skip
attendances = st.lists(
    st.fixed_dictionaries(
        {
            "session": st.uuids().map(str), "title": st.just("Lab"), "kind": st.just("technique_lab"),
            "on": st.just("2026-10-01"), "minutes": st.integers(1, 900),
        }
    ),
    max_size=8,
)  # fmt: skip


def never_worse(slug: str, less: Any, more: Any, **terms: Any) -> None:
    kind, asked = BY_SLUG[slug], node(slug, **terms)
    before, after = kind.evaluate(asked, less), kind.evaluate(asked, more)
    assert after.is_met >= before.is_met
    assert after.have >= before.have
    assert after.has_begun >= before.has_begun
    assert 0 <= after.have <= after.need
    if after.is_met:
        assert after.have == after.need
        assert after.evidence


@given(sessions, sessions)
def test_more_sessions_never_make_it_worse(first: list[Any], more: list[Any]) -> None:
    never_worse("sessions", first, first + more)


@given(documents, documents)
def test_more_documents_never_make_it_worse(first: list[Any], more: list[Any]) -> None:
    never_worse("document", {"today": TODAY, "documents": first}, {"today": TODAY, "documents": first + more})


@given(payments, payments)
def test_more_payments_never_make_it_worse(first: list[Any], more: list[Any]) -> None:
    never_worse("fee", first, first + more)


@given(reports, reports)
def test_more_reports_never_make_it_worse(first: list[Any], more: list[Any]) -> None:
    never_worse("case_reports", first, first + more)


@given(attendances, attendances)
def test_more_hours_never_make_it_worse(first: list[Any], more: list[Any]) -> None:
    never_worse("attendance", first, first + more, hours=10)


def session(client: str, minutes: int, *categories: str) -> dict[str, Any]:
    return {"session": client, "client": client, "minutes": minutes, "categories": categories, "on": "2026-10-01"}


def test_sessions_count_by_length_client_and_category() -> None:
    kind, asked = BY_SLUG["sessions"], node("sessions")
    enough = [session("C-01", 60, "head_neck"), session("C-02", 60, "shoulder"), session("C-02", 90, "shoulder")]
    assert kind.evaluate(asked, enough).is_met
    assert not kind.evaluate(asked, [*enough[:2], session("C-02", 59, "shoulder")]).is_met
    assert not kind.evaluate(asked, [session("C-01", 60, "head_neck")] * 3).is_met, "one client"
    assert not kind.evaluate(asked, [session("C-01", 60, "shoulder"), *enough[1:]]).is_met, "no head and neck"


def test_a_document_counts_while_it_is_valid() -> None:
    kind, asked = BY_SLUG["document"], node("document")
    row = {"document": "d", "digest": "", "accepted": True, "reason": ""}
    for days, met in ((-1, False), (0, True), (9, True)):
        found = {"today": TODAY, "documents": [{**row, "expires_on": TODAY + timedelta(days=days)}]}
        assert kind.evaluate(asked, found).is_met is met
    assert not kind.evaluate(asked, {"today": TODAY, "documents": [{**row, "expires_on": None}]}).is_met
    lasting = node("document", expires=False)
    assert kind.evaluate(lasting, {"today": TODAY, "documents": [{**row, "expires_on": None}]}).is_met
