"""Pages of the tree: what may stand where, that each one renders, and what a locked lesson keeps to itself."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from courses.api import CataloguePage, CheckpointPage, CoursePage, HomePage, LessonPage, ModulePage, outline
from lms.core.markup import plain_text
from quizzes.api import Assessment
from tests.courses.authoring import lesson_page
from tests.lms.learning.studying import lesson, study_module

pytestmark = pytest.mark.django_db

#: Page type -> where it may stand.
PARENTS = {
    HomePage: {Page},
    CataloguePage: {HomePage},
    CoursePage: {CataloguePage},
    ModulePage: {CoursePage},
    LessonPage: {ModulePage},
    CheckpointPage: {ModulePage},
}


@pytest.mark.parametrize("model", PARENTS, ids=lambda model: model.__name__)
def test_a_page_stands_only_where_it_belongs(model: Any) -> None:
    assert set(model.allowed_parent_page_models()) == PARENTS[model]
    children = {child for child, parents in PARENTS.items() if model in parents}
    assert set(model.allowed_subpage_models()) == children


def test_there_is_one_home_page_and_one_catalogue() -> None:
    home = HomePage.objects.get()
    assert not HomePage.can_create_at(home.get_parent())
    assert not CataloguePage.can_create_at(home)
    assert not Page.can_create_at(home), "Wagtail's own plain page has no template of ours"


@pytest.fixture
def checkpoint(db: None) -> CheckpointPage:
    page = CheckpointPage(title="Half way", slug="half-way", code="STOP-1", intro="<p>Pause.</p>",
                          assessment=Assessment.objects.get(code="ori-quiz"))  # fmt: skip
    ModulePage.objects.get(code="ORI").add_child(instance=page)
    page.save_revision().publish()
    return page


def visitors(enrolled: Any) -> list[Client]:
    member = Client()
    member.force_login(enrolled)
    return [Client(), member]


def test_every_page_of_the_tree_renders_for_visitors_and_members(enrolled: Any, checkpoint: Page) -> None:
    pages = list(Page.objects.live().filter(depth__gt=1))
    assert {type(page.specific) for page in pages} == set(PARENTS)
    for client in visitors(enrolled):
        for page in pages:
            response = client.get(page.url)
            assert response.status_code == 200, page.url
            assert "<h1" in response.content.decode()
            assert plain_text(page.title) in plain_text(response.content.decode())


def test_every_page_can_be_previewed_from_its_draft() -> None:
    for page in Page.objects.live().filter(depth__gt=1).specific():
        for mode, _label in page.preview_modes:
            assert page.make_preview_request(preview_mode=mode).status_code == 200, page


def test_addresses_below_a_lesson_are_none(client: Client) -> None:
    assert client.get(f"{lesson('ORI-1').url}more/").status_code == 404


def test_a_draft_is_not_served(client: Client) -> None:
    page = lesson_page("ORI-9", live=False)
    ModulePage.objects.get(code="ORI").add_child(instance=page)
    assert client.get(page.url).status_code == 404


# Locked lessons -----------------------------------------------------------------------------------------------


def secret_words(code: str) -> str:
    """A stretch of the lesson's own prose."""
    page = LessonPage.objects.get(code=code)
    prose = next(block.value.source for block in page.body if block.block_type == "prose")
    words = plain_text(prose.split("</p>")[0]).split()
    return " ".join(words[:6])


def text_of(response: Any) -> str:
    return plain_text(response.content.decode())


def test_a_locked_lesson_shows_its_summary_and_nothing_of_its_body(enrolled: Any) -> None:
    page = LessonPage.objects.get(code="HIS-1")
    words = secret_words("HIS-1")
    assert len(words) > 20
    for client in visitors(enrolled):
        shown = text_of(client.get(page.url))
        assert page.title in shown
        assert page.summary in shown
        assert words not in shown
        assert plain_text(page.why) not in shown
        assert all(source.citation not in shown for source in page.sources.all())


def test_a_locked_lesson_says_to_members_what_comes_first(enrolled: Any) -> None:
    visitor, member = visitors(enrolled)
    url = lesson("HIS-1").url
    module_title = next(row.title for _course, row in outline().modules() if row.code == "ORI")
    assert [row["title"] for row in member.get(url).context["missing"]] == [module_title]
    assert visitor.get(url).context["missing"] == []
    assert f"/accounts/login/?next={url}" in visitor.get(url).content.decode()


def test_the_api_keeps_the_body_back_too(enrolled: Any, api: Any) -> None:
    words = secret_words("HIS-1")
    response = api(enrolled).get("/api/v1/lessons/HIS-1/")
    body = response.json()
    assert (body["state"], body["body_html"]) == ("locked", None)
    assert words not in response.content.decode()
    assert body["missing"][0]["code"] == "ORI"


def test_once_open_it_shows_the_whole(enrolled: Any, api: Any, now: datetime) -> None:
    study_module(enrolled, "ORI", now)
    page = LessonPage.objects.get(code="HIS-1")
    member = visitors(enrolled)[1]
    shown = text_of(member.get(page.url))
    assert secret_words("HIS-1") in shown
    assert plain_text(page.why) in shown
    assert secret_words("HIS-1") in plain_text(api(enrolled).get("/api/v1/lessons/HIS-1/").json()["body_html"])


def test_a_preview_is_never_locked(people: dict[str, Any]) -> None:
    page = LessonPage.objects.get(code="HIS-1")
    response = page.make_preview_request(preview_mode=page.preview_modes[0][0])
    assert secret_words("HIS-1") in text_of(response)
    author = Client()
    author.force_login(people["instructor"])
    assert secret_words("HIS-1") in text_of(author.get(f"/admin/pages/{page.pk}/view_draft/"))


@pytest.mark.parametrize("query", ["?preview=1", "?is_preview=1", "?in_preview_panel=true", "?mode="])
def test_nobody_makes_a_preview_of_a_locked_lesson_by_its_address(query: str, enrolled: Any) -> None:
    for client in visitors(enrolled):
        assert secret_words("HIS-1") not in text_of(client.get(f"{lesson('HIS-1').url}{query}"))


def test_students_do_not_reach_the_draft(enrolled: Any) -> None:
    page = LessonPage.objects.get(code="HIS-1")
    for client in visitors(enrolled):
        response = client.get(f"/admin/pages/{page.pk}/view_draft/")
        assert response.status_code == 302
        assert "/accounts/login/" in response["Location"]


def test_search_engines_and_lists_show_no_body(client: Client) -> None:
    words = secret_words("HIS-1")
    for url in ("/", "/courses/", "/sitemap.xml", "/search/?q=history", outline().courses[0].url):
        assert words not in text_of(client.get(url))


def test_public_pages_name_each_lesson_with_its_state_only_for_members(enrolled: Any) -> None:
    visitor, member = visitors(enrolled)
    url = outline().courses[0].url
    assert re.search(r"HIS|History", text_of(visitor.get(url)))
    states = {row["state"] for part in member.get(url).context["modules"] for row in part["lessons"]}
    assert states == {"available", "locked"}
