"""Confidential items in the CMS: no address shows one to teaching staff, and each look of an examiner is logged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from quizzes.api import Assessment, Bank, Question
from quizzes.bank.models import BankAccess, Stimulus

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]

SPACE = "wagtailsnippets_quizzes_question"
CHOOSER = "wagtailsnippetchoosers_quizzes_question"


def question(purpose: str) -> Question:
    return Question.objects.filter(bank__purpose=purpose, live=True).order_by("code").first()


@pytest.fixture
def exam_item(db: None) -> Question:
    return question("exam")


@pytest.fixture
def teaching_item(db: None) -> Question:
    return question("teaching")


@pytest.fixture
def cms(people: dict[str, Any]) -> dict[str, Client]:
    made = {}
    for role in ("instructor", "examiner", "admin"):
        made[role] = Client(raise_request_exception=False)
        made[role].force_login(people[role])
    return made


def routes(space: str) -> Iterator[Any]:
    def walk(resolver: Any) -> Iterator[Any]:
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                if entry.namespace == space:
                    yield from entry.url_patterns
                else:
                    yield from walk(entry)

    return walk(get_resolver())


def addresses(row: Any, space: str) -> dict[str, str]:
    """Every address of a namespace that names this item."""
    filler = {
        "pk": row.pk,
        "revision_id": row.latest_revision_id if hasattr(row, "latest_revision_id") else 1,
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "action_name": "approve",
        "task_state_id": 1,
        "workflow_state_id": 1,
        "task_id": 1,
    }
    found = {}
    for entry in routes(space):
        names = set(re.findall(r"<(?:\w+:)?(\w+)>", str(entry.pattern)))
        if "pk" in names:
            try:
                found[entry.name] = reverse(f"{space}:{entry.name}", kwargs={name: filler[name] for name in names})
            except NoReverseMatch:  # pragma: no cover - a new kind of argument must be filled in above
                pytest.fail(f"Cannot write the address of {entry.name}")
    return found


def test_no_address_of_the_cms_shows_an_exam_item_to_an_instructor(cms: dict[str, Client], exam_item: Question) -> None:
    found = addresses(exam_item, SPACE) | addresses(exam_item, CHOOSER)
    assert {"edit", "history", "usage", "preview_on_edit", "revisions_view", "revisions_revert", "lock"} <= set(found)
    for method in ("get", "post"):
        statuses = {name: getattr(cms["instructor"], method)(url).status_code for name, url in found.items()}
        assert statuses == dict.fromkeys(found, 404)
    assert not BankAccess.objects.exists()


def test_what_an_instructor_tried_changed_nothing(cms: dict[str, Client], exam_item: Question) -> None:
    before = Question.objects.filter(pk=exam_item.pk).values().get()
    for url in addresses(exam_item, SPACE).values():
        cms["instructor"].post(url, {"stem": "changed", "action-publish": "1", "next": "/admin/"})
    assert Question.objects.filter(pk=exam_item.pk).values().get() == before


def test_instructors_open_teaching_items_and_examiners_do_not(cms: dict[str, Client], teaching_item: Question) -> None:
    for name in ("edit", "history", "usage"):
        url = reverse(f"{SPACE}:{name}", args=[teaching_item.pk])
        assert cms["instructor"].get(url).status_code == 200
        assert cms["examiner"].get(url).status_code == 404
        assert cms["admin"].get(url).status_code == 200
    # Teaching items are nobody's secret, so nothing is written down.
    assert not BankAccess.objects.exists()


@pytest.mark.parametrize(
    ("name", "action"),
    [("edit", "viewed"), ("history", "viewed"), ("usage", "viewed"), ("preview_on_edit", "previewed")],
)
def test_each_look_of_an_examiner_is_logged(
    name: str, action: str, cms: dict[str, Client], people: dict[str, Any], exam_item: Question
) -> None:
    response = cms["examiner"].get(reverse(f"{SPACE}:{name}", args=[exam_item.pk]))
    assert response.status_code == 200
    look = BankAccess.objects.get()
    assert (look.user, look.bank, look.question_code) == (people["examiner"], exam_item.bank, exam_item.code)
    assert look.action == action
    assert look.at is not None


def test_administrators_are_logged_too(cms: dict[str, Client], exam_item: Question) -> None:
    assert cms["admin"].get(reverse(f"{SPACE}:edit", args=[exam_item.pk])).status_code == 200
    assert BankAccess.objects.count() == 1


def test_lists_hold_only_items_of_open_banks(cms: dict[str, Client]) -> None:
    open_to = {"instructor": {"teaching"}, "examiner": {"exam", "mock"}, "admin": {"teaching", "exam", "mock"}}
    for role, purposes in open_to.items():
        context = cms[role].get(reverse(f"{SPACE}:list")).context
        assert context["paginator"].count == Question.objects.filter(bank__purpose__in=purposes).count() > 0
        assert {row.bank.purpose for row in context["object_list"]} <= purposes


def test_a_list_does_not_find_a_hidden_item_by_its_words(cms: dict[str, Client], exam_item: Question) -> None:
    page = cms["instructor"].get(reverse(f"{SPACE}:list_results"), {"q": exam_item.code}).content.decode()
    assert f"/edit/{exam_item.pk}/" not in page
    page = cms["instructor"].get(reverse(f"{SPACE}:list_results"), {"bank": exam_item.bank_id}).content.decode()
    assert f"/edit/{exam_item.pk}/" not in page
    page = cms["examiner"].get(reverse(f"{SPACE}:list_results"), {"q": exam_item.code}).content.decode()
    assert f"/edit/{exam_item.pk}/" in page


@pytest.mark.parametrize("view", ["choose", "choose_results"])
def test_the_chooser_offers_items_of_open_banks_only(
    view: str, cms: dict[str, Client], exam_item: Question, teaching_item: Question
) -> None:
    def offered(role: str, row: Question) -> bool:
        page = cms[role].get(reverse(f"{CHOOSER}:{view}"), {"q": row.code}).content.decode()
        return reverse(f"{CHOOSER}:chosen", args=[row.pk]) in page

    assert offered("instructor", teaching_item)
    assert not offered("instructor", exam_item)
    assert offered("examiner", exam_item)
    assert not offered("examiner", teaching_item)


def test_the_chooser_confirms_no_hidden_item(
    cms: dict[str, Client], exam_item: Question, teaching_item: Question
) -> None:
    chosen = reverse(f"{CHOOSER}:chosen", args=[exam_item.pk])
    assert cms["instructor"].get(chosen).status_code == 404
    several = cms["instructor"].get(reverse(f"{CHOOSER}:chosen_multiple"), {"id": [exam_item.pk, teaching_item.pk]})
    assert exam_item.code not in several.content.decode()
    assert teaching_item.code in several.content.decode()


def test_a_stimulus_of_an_exam_bank_is_hidden_too(cms: dict[str, Client]) -> None:
    bank = Bank.objects.get(code="foundations-exam")
    story = Stimulus.objects.create(code="case-9", title="A confidential case", text="<p>A client says</p>", bank=bank)
    found = addresses(story, "wagtailsnippets_quizzes_stimulus")
    assert {name: cms["instructor"].get(url).status_code for name, url in found.items()} == dict.fromkeys(found, 404)
    assert cms["examiner"].get(found["edit"]).status_code == 200
    listed = cms["instructor"].get(reverse("wagtailsnippets_quizzes_stimulus:list")).content.decode()
    assert "A confidential case" not in listed


def test_the_bank_itself_is_listed_for_those_who_may_open_it(cms: dict[str, Client]) -> None:
    exam, teaching = Bank.objects.filter(purpose="exam").first(), Bank.objects.filter(purpose="teaching").first()
    assert exam is not None
    assert teaching is not None
    listed = {role: cms[role].get(reverse("wagtailsnippets_quizzes_bank:list")).content.decode() for role in cms}
    assert exam.title not in listed["instructor"]
    assert teaching.title in listed["instructor"]
    assert teaching.title not in listed["examiner"]
    assert exam.title in listed["examiner"]


@pytest.mark.parametrize("view", ["choose", "choose_results"])
def test_the_bank_chooser_names_no_other_bank(cms: dict[str, Client], view: str) -> None:
    exam, teaching = Bank.objects.filter(purpose="exam").first(), Bank.objects.filter(purpose="teaching").first()
    assert exam is not None
    assert teaching is not None
    shown = cms["instructor"].get(reverse(f"wagtailsnippetchoosers_quizzes_bank:{view}")).content.decode()
    assert teaching.title in shown
    assert exam.title not in shown


@pytest.mark.parametrize("view", ["edit", "history", "usage"])
def test_the_rules_of_an_exam_are_the_exam_managers(cms: dict[str, Client], view: str) -> None:
    exam, quiz = Assessment.objects.get(code="foundations-exam"), Assessment.objects.get(code="ori-quiz")

    def status(role: str, row: Assessment) -> int:
        return cms[role].get(reverse(f"wagtailsnippets_quizzes_assessment:{view}", args=[row.pk])).status_code

    assert (status("instructor", exam), status("examiner", exam)) == (404, 200)
    assert (status("instructor", quiz), status("examiner", quiz)) == (200, 404)
    listed = {role: cms[role].get(reverse("wagtailsnippets_quizzes_assessment:list")).content.decode() for role in cms}
    assert exam.title not in listed["instructor"]
    assert exam.title in listed["examiner"]


def test_an_instructor_cannot_make_an_exam(cms: dict[str, Client]) -> None:
    page = cms["instructor"].get(reverse("wagtailsnippets_quizzes_assessment:add")).content.decode()
    assert 'value="quiz"' in page
    assert 'value="exam"' not in page


def test_students_and_registrars_reach_no_item_at_all(
    people: dict[str, Any], exam_item: Question, teaching_item: Question
) -> None:
    for role in ("student", "registrar"):
        client = Client()
        client.force_login(people[role])
        for row in (exam_item, teaching_item):
            statuses = {client.get(url).status_code for url in addresses(row, SPACE).values()}
            assert 200 not in statuses


def test_no_page_of_the_site_or_call_of_the_api_says_a_word_of_an_exam_item(
    people: dict[str, Any], exam_item: Question
) -> None:
    words = re.sub(r"<[^>]+>", "", exam_item.stem)[:60]
    for role in ("student", "instructor"):
        client = Client()
        client.force_login(people[role])
        for url in ("/", "/evidence/", "/glossary/", "/atlas/", "/dashboard/", "/api/schema/", "/api/v1/courses/"):
            assert words not in client.get(url).content.decode()
    teach = Client()
    teach.force_login(people["instructor"])
    assert exam_item.code not in teach.get("/teach/").content.decode()
