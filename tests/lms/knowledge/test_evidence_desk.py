"""The evidence desk: contradictions, what a claim page tells of questions, and the glossary."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from courses.api import LessonPage, outline
from lms.core.markup import plain_text
from lms.core.ports import lessons_for_terms, questions_for_claim
from lms.knowledge.api import Claim, Contradiction, ContradictionSide, GlossaryTerm, Source
from quizzes.api import Question
from tests.quizzes.making import make_bank, make_question

pytestmark = pytest.mark.django_db

CODE = "CH-17"


def contradiction(code: str, claims: tuple[str, ...] = (CODE,), **fields: Any) -> Contradiction:
    row = Contradiction(
        code=code, title=f"Which is it, {code}?", resolution="We teach <b>both</b>.",
        **{"topic": "history", "lessons": ["ORI-1", "XXX-9"], **fields},
    )  # fmt: skip
    row.sides = [
        ContradictionSide(who="A clinic page", says=f"One thing about {code}."),
        ContradictionSide(who="A book", says="Another thing."),
    ]
    row.save()
    row.claims.set(Claim.objects.filter(code__in=claims))
    row.save()
    return row


def body(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


# Contradictions -----------------------------------------------------------------------------------------------------


def test_each_contradiction_shows_its_sides_what_we_teach_and_where(client: Client) -> None:
    Contradiction.objects.all().delete()
    for code in ("X10", "X2"):
        contradiction(code, table_title="Side by side", table=[["Who", "Says"], ["A book", "No"]])
    contradiction("X3", topic="technique")
    contradiction("X4", is_retired=True)
    html = body(client, "/evidence/contradictions/")
    text = plain_text(html)
    assert html.index('id="X2"') < html.index('id="X10"') < html.index('id="X3"')
    assert 'id="X4"' not in html
    for words in ("A clinic page", "One thing about X2.", "A book", "Another thing."):
        assert words in text
    assert "We teach <b>both</b>." in html
    assert "<caption>Side by side</caption>" in html
    assert f"/evidence/{CODE}/" in html
    assert "What NMT is, and is not" in text
    assert "XXX-9" not in text, "a lesson that is not there is left out"


def test_without_any_the_page_says_so(client: Client) -> None:
    Contradiction.objects.all().delete()
    assert "No contradiction is recorded yet." in body(client, "/evidence/contradictions/")


def test_a_retired_claim_is_not_led_to(client: Client) -> None:
    Contradiction.objects.all().delete()
    contradiction("X1")
    Claim.objects.filter(code=CODE).update(is_retired=True)
    assert f"/evidence/{CODE}/" not in body(client, "/evidence/contradictions/")


def test_the_desk_and_the_claims_lead_to_the_contradictions(client: Client) -> None:
    contradiction("X99")
    assert "/evidence/contradictions/" in body(client, "/evidence/")
    assert "/evidence/contradictions/#X99" in body(client, f"/evidence/{CODE}/")
    assert "/evidence/contradictions/#X99" not in body(client, "/evidence/CH-01/")


def test_the_page_costs_as_much_for_many_as_for_one(client: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(100, 130):
        contradiction(f"X{number}")
    body(client, "/evidence/contradictions/")
    with django_assert_max_num_queries(8):
        body(client, "/evidence/contradictions/")


@pytest.mark.parametrize(
    ("marks", "is_thin"),
    [(["weak"], True), (["bibliographic", "weak"], True), (["read"], False), (["read", "weak"], False), ([], False)],
)
def test_a_claim_without_a_source_that_was_read_says_so(client: Client, marks: list[str], is_thin: bool) -> None:
    claim = Claim.objects.get(code=CODE)
    claim.sources.set([Source.objects.create(code=f"T{n}", title="One", mark=mark) for n, mark in enumerate(marks)])
    claim.save()
    assert ("Take its standing as provisional." in body(client, f"/evidence/{CODE}/")) is is_thin


# Questions of a claim -----------------------------------------------------------------------------------------------


def asked(code: str, words: str, **fields: Any) -> Question:
    question = make_question(code, objective="ORI-1.1", stem=f"<p>{words}</p>", frozen=False, **fields)
    question.claims.set(Claim.objects.filter(code=CODE))
    question.save()
    if fields.get("life_cycle") != "draft":
        question.save_revision().publish()
    return question


def test_a_claim_names_its_teaching_questions_with_their_lesson(client: Client) -> None:
    asked("Q-TST-1", f"What does NMT stand for in {'very ' * 30}short?")
    found = {row["summary"]: row for row in questions_for_claim(CODE)}
    [line] = [summary for summary in found if summary.startswith("What does NMT stand for in very")]
    assert line.endswith(" very…")
    assert 80 < len(line) <= 90
    assert found[line]["title"] == "ORI-1 What NMT is, and is not"
    assert found[line]["url"] == outline().lesson("ORI-1")[2].url  # type: ignore[index]
    html = body(client, f"/evidence/{CODE}/")
    assert line in plain_text(html)
    assert "Q-TST-1" not in html


def test_many_questions_of_a_claim_fold_under_their_lesson(client: Client) -> None:
    for number in range(9):
        asked(f"Q-TST-{number}", f"Question number {number}?")
    html = body(client, f"/evidence/{CODE}/")
    part = html.partition('id="questions-title"')[2].partition("<footer")[0]
    assert part.count(f'href="{outline().lesson("ORI-1")[2].url}"') == 1  # type: ignore[index]
    assert part.count("Question number ") == 9
    assert '<details class="fold"><summary' in part


@pytest.mark.parametrize("purpose", ["exam", "mock"])
def test_nothing_of_a_confidential_bank_is_told(client: Client, purpose: str) -> None:
    before = questions_for_claim(CODE)
    page = plain_text(body(client, f"/evidence/{CODE}/"))
    asked("Q-SECRET-1", "Is this the secret stem?", bank=make_bank("closed", purpose))
    assert questions_for_claim(CODE) == before
    assert plain_text(body(client, f"/evidence/{CODE}/")) == page, "not even how many there are"


def test_what_lies_in_draft_is_not_told(client: Client) -> None:
    before = questions_for_claim(CODE)
    asked("Q-TST-2", "A draft?", life_cycle="draft")
    asked("Q-TST-3", "Once used?", life_cycle="retired")
    assert questions_for_claim(CODE) == before
    published = asked("Q-TST-4", "As published?")
    published.stem = "<p>As being written?</p>"
    published.save_revision()
    assert "As published?" in {row["summary"] for row in questions_for_claim(CODE)}
    assert "being written" not in body(client, f"/evidence/{CODE}/")


def test_no_claim_page_shows_an_item_of_an_exam(client: Client) -> None:
    """On the shipped school: no stem of a confidential bank stands on any claim page that its item rests on."""
    items = Question.objects.filter(bank__purpose__in=["exam", "mock"]).prefetch_related("claims")
    assert items
    pages: dict[str, str] = {}
    for item in items:
        stem = item.summary_line.rstrip("…")
        for claim in item.claims.all():
            if claim.code not in pages:
                pages[claim.code] = plain_text(body(client, f"/evidence/{claim.code}/"))
            assert stem not in pages[claim.code]
            assert item.code not in pages[claim.code]


def test_a_claim_page_costs_a_bounded_number_of_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    body(client, f"/evidence/{CODE}/")
    for number in range(20):
        asked(f"Q-TST-{number}", f"Which is it, {number}?")
    with django_assert_max_num_queries(12):
        body(client, f"/evidence/{CODE}/")


# Glossary -----------------------------------------------------------------------------------------------------------


def test_every_term_has_its_anchor_and_its_letter(client: Client) -> None:
    html = body(client, "/glossary/")
    for term in GlossaryTerm.objects.filter(is_retired=False):
        assert f'id="{term.code}"' in html
        assert f'id="letter-{term.term[0].upper()}"' in html


def test_a_search_finds_words_of_term_and_definition_in_any_case(client: Client) -> None:
    GlossaryTerm.objects.create(code="zyx", term="Zyxology", definition="The study of the last letters.")
    for words in ("zYXo", "last LETTERS"):
        html = body(client, f"/glossary/?q={words}")
        assert 'id="zyx"' in html
        assert html.count('class="glossary-term"') == 1
    assert "No term fits." in body(client, "/glossary/?q=xyzzy")


def test_a_term_leads_to_the_lessons_that_use_it(client: Client) -> None:
    lesson = outline().lesson("ORI-1")[2]  # type: ignore[index]
    page = LessonPage.objects.get(code="ORI-1")
    GlossaryTerm.objects.create(code="zyx", term="Zyxology", definition="The study of the last letters.")
    page.body = [("prose", "<p>Zyxology is our friend.</p>")]
    page.save_revision().publish()
    assert {row["term"]: [used["code"] for used in row["lessons"]] for row in lessons_for_terms()}["zyx"] == ["ORI-1"]
    assert f'href="{lesson.url}"' in body(client, "/glossary/?q=zyx")


def test_a_lesson_that_explains_a_term_comes_first() -> None:
    term = GlossaryTerm.objects.create(code="zyx", term="Zyxology", definition="The study of the last letters.")
    for code, blocks in (("ORI-1", [("prose", "<p>Zyxology.</p>")]), ("ORI-2", [("key_term", {"term": term})])):
        page = LessonPage.objects.get(code=code)
        page.body = blocks
        page.save_revision().publish()
    used = {row["term"]: row["lessons"] for row in lessons_for_terms()}
    assert [lesson["code"] for lesson in used["zyx"]] == ["ORI-2", "ORI-1"]


def test_the_glossary_costs_a_bounded_number_of_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    body(client, "/glossary/")
    with django_assert_max_num_queries(4):
        body(client, "/glossary/")


# About --------------------------------------------------------------------------------------------------------------


def test_the_page_about_the_content_names_who_must_review_it(client: Client) -> None:
    text = plain_text(body(client, "/about-the-content/"))
    for reviewer in ("licensed clinician", "psychometrician", "lawyer", "accessibility reviewer"):
        assert reviewer in text
