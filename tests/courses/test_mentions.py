"""Which lessons are about a thing: by its figures and by its names."""

from __future__ import annotations

import pytest

from courses.api import LessonPage
from courses.mentions import codes_of_lessons_about
from courses.queries import forget_outline
from lms.core.ports import lessons_about

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _afresh() -> None:
    forget_outline()


def say(code: str, html: str) -> None:
    lesson = LessonPage.objects.get(code=code)
    lesson.body = [("prose", html)]
    lesson.save()


def test_the_lesson_that_says_it_most_stands_first_and_a_passing_word_does_not_count() -> None:
    say("ORI-1", "<p>Zygons here. A zygon there.</p>")
    say("ORI-2", "<p>ZYGON <b>zygons</b>, zygon.</p>")
    say("HIS-1", "<p>One zygon.</p>")
    say("HIS-2", "<p>Zygonic zygonic polyzygon.</p>")
    assert codes_of_lessons_about(["Zygons"], []) == ["ORI-2", "ORI-1"]


def test_a_single_mention_counts_where_there_is_no_other() -> None:
    say("HIS-1", "<p>One zygon.</p>")
    assert codes_of_lessons_about(["Zygon"], []) == ["HIS-1"]
    assert codes_of_lessons_about(["Nothing of that kind"], []) == []
    assert codes_of_lessons_about([], []) == []


def test_a_lesson_that_shows_a_figure_stands_before_those_that_only_say_the_name() -> None:
    say("ORI-1", "<p>zygon zygon zygon</p>")
    assert codes_of_lessons_about(["Zygon"], ["M-08"])[-1] == "ORI-1"
    assert "SRC-2" in codes_of_lessons_about(["Zygon"], ["M-08"])


def test_the_port_answers_with_links_in_that_order() -> None:
    say("ORI-1", "<p>zygon zygon</p>")
    say("ORI-2", "<p>zygon zygon zygon</p>")
    found = lessons_about(["Zygon"], [])
    assert [row["code"] for row in found] == ["ORI-2", "ORI-1"]
    assert found[0]["url"].endswith("/how-claims-are-graded/")
    LessonPage.objects.get(code="ORI-2").unpublish()
    forget_outline()
    assert [row["code"] for row in lessons_about(["Zygon"], [])] == ["ORI-1"]
