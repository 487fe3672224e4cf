"""The outline: what is published, read in a fixed number of queries, and fresh after every change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from courses.api import CoursePage, LessonPage, ModulePage, forget_outline, outline
from courses.outline import Standing
from courses.queries import build_outline
from tests.courses.authoring import add_lessons, lesson_page
from tests.lms.learning.studying import course, lesson, module, study

pytestmark = pytest.mark.django_db


def queries(act: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        act()
    return len(seen)


def test_the_outline_costs_the_same_with_three_lessons_and_with_thirty() -> None:
    build_outline()  # reads what Wagtail keeps of the site
    before = queries(build_outline)
    lessons = len(course("C1").lessons)
    add_lessons("ORI", 30)
    assert queries(build_outline) == before <= 10
    assert len(course("C1").lessons) == lessons + 30


def test_the_outline_is_read_once_and_then_kept() -> None:
    forget_outline()
    outline()
    assert queries(outline) == 0


def test_pages_cost_the_same_with_thirty_more_lessons(enrolled: Any) -> None:
    client = Client()
    client.force_login(enrolled)
    urls = {
        "catalogue": "/courses/",
        "course": course("C1").url,
        "module": module("ORI").url,
        "lesson": lesson("ORI-1").url,
        "api": "/api/v1/courses/foundations/",
    }
    for url in urls.values():
        client.get(url)  # warms what is read once per process
    before = {name: queries(lambda url=url: client.get(url)) for name, url in urls.items()}
    add_lessons("ORI", 30)
    for url in urls.values():
        client.get(url)
    after = {name: queries(lambda url=url: client.get(url)) for name, url in urls.items()}
    assert after == before


def test_it_holds_what_is_taught_in_order() -> None:
    first = course("C1")
    assert [part.code for part in first.modules] == ["ORI", "HIS", "ANA"]
    assert first.minutes == sum(part.minutes for part in first.modules) > 0
    found = outline().lesson("HIS-2")
    assert found is not None
    assert (found[0].code, found[1].code, found[2].code) == ("C1", "HIS", "HIS-2")
    assert outline().lesson("NO-1") is None
    assert outline().course_by_slug("foundations") == first
    assert module("HIS").prerequisites == ("ORI",)
    assert lesson("ORI-1").check == "ori-1-check"


def test_addresses_of_the_outline_are_those_of_the_pages(client: Client) -> None:
    for model in (CoursePage, ModulePage, LessonPage):
        for page in model.objects.live():
            found = {row.code: row.url for row in outline().courses}
            found |= {row.code: row.url for _course, row in outline().modules()}
            found |= {row.code: row.url for _course, _module, row in outline().lessons()}
            assert found[page.code] == page.url


# Fresh after a change -----------------------------------------------------------------------------------------


def codes() -> list[str]:
    return [row.code for row in course("C1").lessons]


def test_a_published_lesson_appears_and_a_withdrawn_one_goes() -> None:
    assert "ORI-9" not in codes()
    page = lesson_page("ORI-9", live=False)
    ModulePage.objects.get(code="ORI").add_child(instance=page)
    page.save_revision()
    assert "ORI-9" not in codes(), "a draft is not taught"
    page.save_revision().publish()
    assert "ORI-9" in codes()
    LessonPage.objects.get(code="ORI-9").unpublish()
    assert "ORI-9" not in codes()


def test_a_draft_changes_nothing_until_it_is_published() -> None:
    page = LessonPage.objects.get(code="ORI-1")
    page.title = "Another title"
    revision = page.save_revision()
    assert lesson("ORI-1").title != "Another title"
    revision.publish()
    assert lesson("ORI-1").title == "Another title"


def test_a_moved_lesson_stands_at_its_new_place() -> None:
    LessonPage.objects.get(code="ORI-1").move(ModulePage.objects.get(code="HIS"), pos="last-child")
    assert [row.code for row in module("HIS").lessons][-1] == "ORI-1"
    assert lesson("ORI-1").url.startswith(module("HIS").url)


def test_a_renamed_module_moves_the_addresses_below_it(client: Client) -> None:
    page = ModulePage.objects.get(code="HIS")
    page.slug = "past"
    page.save_revision().publish()
    assert lesson("HIS-1").url.startswith(f"{course('C1').url}past/")
    assert client.get(lesson("HIS-1").url).status_code == 200


def test_a_deleted_lesson_goes(enrolled: Any, now: datetime) -> None:
    study(enrolled, "ORI-1", now)
    Page.objects.get(pk=LessonPage.objects.get(code="ORI-1").pk).delete()
    assert "ORI-1" not in codes()
    # The record does not hang on the page.
    assert enrolled.lesson_completions.get().lesson_code == "ORI-1"


def test_a_renamed_or_withdrawn_check_is_seen_at_once() -> None:
    from quizzes.api import Assessment

    assert lesson("ORI-1").check == "ori-1-check"
    quiz = Assessment.objects.get(code="ori-1-check")
    quiz.unpublish()
    assert lesson("ORI-1").check is None


def test_a_changed_prerequisite_is_seen_at_once() -> None:
    page = ModulePage.objects.get(code="HIS")
    page.prerequisites.clear()
    page.save_revision().publish()
    assert module("HIS").prerequisites == ()


# Pure ---------------------------------------------------------------------------------------------------------


def test_digests_change_with_what_they_stand_for_and_only_then() -> None:
    before_course, before_module, before_lesson = course("C1").digest, module("ORI").digest, lesson("ORI-1").digest
    other = module("HIS").digest
    forget_outline()
    assert course("C1").digest == before_course
    add_lessons("ORI", 1)
    assert course("C1").digest != before_course
    assert module("ORI").digest != before_module
    assert lesson("ORI-1").digest == before_lesson
    assert module("HIS").digest == other


def test_whoever_is_unknown_stands_before_locked_doors() -> None:
    nobody = Standing()
    assert nobody.state("C1") == "locked"
    assert not nobody.is_complete("C1")
    assert nobody.progress_percent(course("C1")) == 0


def test_progress_is_the_share_of_lessons_and_100_only_when_all_are_done() -> None:
    done = {row.code: "completed" for row in course("C1").lessons}
    assert Standing(states=done).progress_percent(course("C1")) == 100
    done.popitem()
    assert Standing(states=done).progress_percent(course("C1")) < 100
