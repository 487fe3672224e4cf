"""Words of the glossary in lessons: marked when the lesson is shown, once, and few; never stored."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from courses.api import LessonPage
from courses.queries import TERMS_IN_A_LESSON
from lms.knowledge.api import GlossaryTerm

pytestmark = pytest.mark.django_db

MARK = re.compile(r'popovertarget="tip-([^"]+)"')


@pytest.fixture
def lesson(enrolled: Any) -> LessonPage:
    GlossaryTerm.objects.create(code="zyx", term="Zyxology", definition="The study of the last letters.")
    page = LessonPage.objects.get(code="ORI-1")
    page.body = [
        ("prose", "<h2>Zyxology</h2><p>First <b>zyxology</b>, then Zyxologys.</p>"),
        ("callout", {"kind": "caution", "title": "Care", "text": "<p>Zyxology.</p>"}),
        ("prose", "<p>Zyxology again.</p>"),
    ]
    page.save_revision().publish()
    return page


@pytest.fixture
def reader(enrolled: Any) -> Client:
    client = Client()
    client.force_login(enrolled)
    return client


def shown(reader: Client, page: LessonPage) -> str:
    response = reader.get(page.url)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_first_occurrence_in_prose_opens_the_definition(reader: Client, lesson: LessonPage) -> None:
    html = shown(reader, lesson)
    assert MARK.findall(html) == ["zyx"]
    assert re.search(r"First <b><button[^>]*>zyxology</button></b>, then Zyxologys\.", html)
    assert html.count('id="tip-zyx"') == 1
    assert "The study of the last letters." in html
    assert 'href="/glossary/#zyx"' in html


def test_nothing_of_it_is_stored(reader: Client, lesson: LessonPage) -> None:
    shown(reader, lesson)
    stored = LessonPage.objects.get(code="ORI-1")
    assert "popover" not in str(stored.body.raw_data)


def test_a_changed_or_retired_term_shows_at_once(reader: Client, lesson: LessonPage) -> None:
    shown(reader, lesson)
    term = GlossaryTerm.objects.get(code="zyx")
    term.definition = "Now something else."
    term.save()
    assert "Now something else." in shown(reader, lesson)
    term.is_retired = True
    term.save()
    assert MARK.findall(shown(reader, lesson)) == []


def test_a_lesson_stays_calm(reader: Client, lesson: LessonPage) -> None:
    names = [f"Wordling{letter}" for letter in "abcdefghijklmnopqrstu"]
    for name in names:
        GlossaryTerm.objects.create(code=name.lower(), term=name, definition="A word.")
    lesson.body = [("prose", f"<p>{' '.join(names)}</p>")]
    lesson.save_revision().publish()
    assert len(MARK.findall(shown(reader, lesson))) == TERMS_IN_A_LESSON < len(names)


def test_a_lesson_costs_no_query_for_it_once_the_glossary_is_held(
    reader: Client, lesson: LessonPage, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    shown(reader, lesson)
    with django_assert_max_num_queries(60) as first:
        shown(reader, lesson)
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(code=f"more-{number}", term=f"More {number}", definition="A word.") for number in range(50)
    )
    with django_assert_num_queries(len(first)):
        shown(reader, lesson)


def test_a_visitor_who_may_not_read_it_gets_no_card(lesson: LessonPage) -> None:
    page = LessonPage.objects.get(code="HIS-1")
    assert "popovertarget" not in shown(Client(), page)


def test_a_preview_marks_words_too(lesson: LessonPage) -> None:
    assert MARK.findall(lesson.make_preview_request().content.decode()) == ["zyx"]
