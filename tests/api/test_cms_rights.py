"""The CMS by role: lists, forms and pages for those who author, nothing for anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver, reverse
from PIL import Image

from courses.api import CataloguePage, LessonPage, SchoolSettings
from lms.accounts.commands import CMS_RIGHTS, ensure_roles
from lms.accounts.enums import CMS_ROLES, Role
from quizzes.api import Bank

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]

PERSONS = ("anonymous", "student", "other", "registrar", "instructor", "examiner", "admin")
NOBODY: frozenset[str] = frozenset()
TEACHING = frozenset({"instructor", "admin"})
AUTHORS = frozenset({"instructor", "examiner", "admin"})
EXAMINING = frozenset({"examiner", "admin"})
ADMIN = frozenset({"admin"})
#: Model -> who may see the list, who may add, who may edit (an item of a teaching bank).
SNIPPETS = {
    "knowledge.claim": (TEACHING, TEACHING, TEACHING),
    "knowledge.contradiction": (TEACHING, TEACHING, TEACHING),
    "knowledge.source": (TEACHING, TEACHING, TEACHING),
    "knowledge.safetynote": (TEACHING, TEACHING, TEACHING),
    "knowledge.glossaryterm": (TEACHING, TEACHING, TEACHING),
    "knowledge.figure": (TEACHING, TEACHING, TEACHING),
    "knowledge.muscle": (TEACHING, TEACHING, TEACHING),
    "knowledge.objective": (TEACHING, TEACHING, TEACHING),
    "knowledge.domain": (TEACHING, TEACHING, TEACHING),
    "quizzes.question": (AUTHORS, AUTHORS, TEACHING),
    "quizzes.stimulus": (AUTHORS, AUTHORS, TEACHING),
    "quizzes.picture": (AUTHORS, AUTHORS, TEACHING),
    "quizzes.assessment": (AUTHORS, AUTHORS, TEACHING),
    "quizzes.bank": (AUTHORS, EXAMINING, EXAMINING),
    "certification.path": (ADMIN, ADMIN, ADMIN),
    "practicals.practical": (ADMIN, ADMIN, ADMIN),
}


@pytest.fixture
def clients(people: dict[str, Any]) -> dict[str, Client]:
    made = {"anonymous": Client()}
    for name, person in people.items():
        made[name] = Client()
        made[name].force_login(person)
    return made


def allowed(clients: dict[str, Client], url: str) -> set[str]:
    """Who sees the page; everybody else must be sent away or told that there is nothing."""
    statuses = {name: clients[name].get(url).status_code for name in PERSONS}
    assert set(statuses.values()) <= {200, 302, 404}, statuses
    return {name for name, status in statuses.items() if status == 200}


def teaching_item(label: str) -> Any:
    """An object to edit; where it lives in a bank, one of a teaching bank."""
    model = apps.get_model(label)
    bank = Bank.objects.filter(purpose="teaching").order_by("code").first()
    if label == "quizzes.stimulus":
        return model.objects.create(code="case-1", title="A case", text="<p>A client says</p>", bank=bank)
    if label == "knowledge.contradiction":
        return model.objects.create(code="X0", topic="pain", title="Which?", resolution="Both.")
    if label == "quizzes.picture":
        file = BytesIO()
        Image.new("RGB", (2, 2)).save(file, "PNG")
        return model.objects.create(bank=bank, title="Back", alt="A back", file=ContentFile(file.getvalue(), "b.png"))
    if label == "quizzes.assessment":
        return model.objects.filter(kind="quiz").first()
    if label == "quizzes.question":
        return model.objects.filter(bank=bank).first()
    return model.objects.order_by("pk").first()


@pytest.mark.parametrize("label", SNIPPETS)
def test_lists_and_forms_are_for_those_whose_role_has_the_right(label: str, clients: dict[str, Client]) -> None:
    space = f"wagtailsnippets_{label.replace('.', '_')}"
    may_list, may_add, may_edit = SNIPPETS[label]
    assert allowed(clients, reverse(f"{space}:list")) == may_list
    assert allowed(clients, reverse(f"{space}:add")) == may_add
    assert allowed(clients, reverse(f"{space}:edit", args=[teaching_item(label).pk])) == may_edit


@pytest.mark.parametrize("label", SNIPPETS)
def test_nobody_deletes_in_the_cms(label: str, clients: dict[str, Client]) -> None:
    item = teaching_item(label)
    url = reverse(f"wagtailsnippets_{label.replace('.', '_')}:delete", args=[item.pk])
    assert allowed(clients, url) == NOBODY
    for name in AUTHORS:
        clients[name].post(url)
    assert type(item).objects.filter(pk=item.pk).exists()


def test_every_snippet_of_ours_is_in_the_table() -> None:
    def spaces(resolver: Any) -> Iterator[str]:
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                if entry.namespace:
                    yield entry.namespace
                yield from spaces(entry)

    ours = {"knowledge", "quizzes", "certification", "courses", "accounts", "learning", "practicals", "package"}
    found = {
        f"{label}.{model}"
        for name in spaces(get_resolver())
        if name.startswith("wagtailsnippets_")
        for _prefix, label, model in [name.split("_", 2)]
        if label in ours
    }
    assert found == set(SNIPPETS)


def test_the_front_page_of_the_cms_is_for_authors(clients: dict[str, Client]) -> None:
    assert allowed(clients, reverse("wagtailadmin_home")) == AUTHORS


def test_the_settings_of_the_school_are_the_administrators(clients: dict[str, Client]) -> None:
    url = reverse("wagtailsettings:edit", args=["courses", "schoolsettings", SchoolSettings.load().pk])
    assert allowed(clients, url) == ADMIN


def test_accounts_are_the_administrators(clients: dict[str, Client], people: dict[str, Any]) -> None:
    assert allowed(clients, reverse("wagtailusers_users:index")) == ADMIN
    assert allowed(clients, reverse("wagtailusers_users:edit", args=[people["student"].pk])) == ADMIN


def test_groups_are_part_of_the_code_and_nobody_edits_them(clients: dict[str, Client]) -> None:
    assert allowed(clients, reverse("wagtailusers_groups:index")) == NOBODY


def test_instructors_author_from_the_catalogue_down_and_administrators_from_the_home_page(
    clients: dict[str, Client],
) -> None:
    catalogue = CataloguePage.objects.get()
    lesson = LessonPage.objects.live().first()
    assert lesson is not None
    assert allowed(clients, reverse("wagtailadmin_pages:edit", args=[lesson.pk])) == {"instructor", "admin"}
    assert allowed(clients, reverse("wagtailadmin_explore", args=[catalogue.pk])) == {"instructor", "admin"}
    home = catalogue.get_parent()
    assert allowed(clients, reverse("wagtailadmin_pages:edit", args=[home.pk])) == ADMIN


def test_a_superuser_sees_all_of_it(clients: dict[str, Client], people: dict[str, Any]) -> None:
    people["admin"].is_superuser = True
    people["admin"].save()
    root = CataloguePage.objects.get().get_parent()
    for url in (
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_pages:edit", args=[root.pk]),
        reverse("wagtailusers_groups:index"),
    ):
        assert clients["admin"].get(url).status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_a_role_has_exactly_its_rights(role: str) -> None:
    group = Group.objects.get(name=role)
    # A right that somebody added by hand goes at the next migrate, one that was taken comes back.
    group.permissions.clear()
    group.permissions.add(Permission.objects.get(content_type__app_label="auth", codename="delete_group"))
    ensure_roles()
    held = {(row.content_type.app_label, row.codename) for row in group.permissions.select_related("content_type")}
    expected = set()
    for target, actions in CMS_RIGHTS.get(role, {}).items():
        label, model = target.split(".")
        models = {m._meta.model_name for m in apps.get_app_config(label).get_models()} if model == "*" else {model}
        expected |= {(label, f"{action}_{name}") for action in actions for name in models}
    assert held == expected
    assert bool(held) == (role in CMS_ROLES)


def test_no_role_may_delete_anything_or_touch_the_record() -> None:
    from lms.core.record import record_models

    names = set(Permission.objects.filter(group__name__in=Role.values).values_list("codename", flat=True))
    assert not {name for name in names if name.startswith(("delete_", "bulk_delete"))}
    assert not {name for model in record_models() for name in names if name.endswith(f"_{model._meta.model_name}")}
