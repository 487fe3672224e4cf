"""The preview shows an author what the accepted answers would let in; candidates never meet any of it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from quizzes.bank.models import Question
from tests.quizzes.making import draft, make_question, rewrite

pytestmark = pytest.mark.django_db


def preview(question: Question) -> BeautifulSoup:
    response = question.make_preview_request(preview_mode="")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def rows(soup: BeautifulSoup) -> dict[str, str]:
    return {
        " ".join(row.find("th").get_text().split()): " ".join(
            " ".join(cell.get_text().split()) for cell in row.find_all("td")
        )
        for row in soup.select("table.table tbody tr")
    }


def test_samples_and_made_examples_are_judged() -> None:
    value, _ = draft("short_answer")
    question = make_question(slug="short_answer", value={**value, "samples": "gluteus minimus\nGlutaeus medius"})
    told = rows(preview(question))
    assert told["gluteus minimus your sample"] == "Accepted, 50 % glut* The wildcard lets it in."
    assert told["Glutaeus medius your sample"].startswith("Accepted, 100 %")
    assert not any(line.startswith("Refused") for line in told.values()), "the wildcard lets all of them in"
    rewrite(question, "short_answer", {**value, "answers": value["answers"][:1]})
    assert rows(preview(question))["gluteus minimus"].startswith("Refused")


def test_the_candidates_view_comes_first_and_holds_nothing_of_it() -> None:
    value, _ = draft("cloze")
    value["gaps"][0]["samples"] = "zqsampleqz\ninfraspinatus"
    soup = preview(make_question(slug="cloze", value=value))
    article, table = soup.find("article"), soup.find("table")
    assert article.sourceline <= table.sourceline
    assert "zqsampleqz" not in str(article)
    assert article.find("input", attrs={"name": "gap-g1"})
    assert rows(soup)["Gap 1: infraspinatus your sample"].startswith("Refused")
    assert len(soup.find_all("h1")) == 1


@pytest.mark.parametrize("slug", ["single_choice", "numeric"])
def test_other_types_have_no_such_table(slug: str) -> None:
    assert preview(make_question(slug=slug)).find("table") is None
