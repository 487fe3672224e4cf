"""Answers in words through the player's form: kept as written, given back, judged, and explained in their time."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup

from quizzes.attempts.models import Attempt
from tests.quizzes.making import right, wrong

pytestmark = pytest.mark.django_db
KEYS = ("medius", "glut", "supraspinatus", "zqsaidqz")


def form_of(sent: dict[str, Any]) -> dict[str, str]:
    if "text" in sent:
        return {"answer": sent["text"]}
    return {f"gap-{gap}": str(value) for gap, value in sent["gaps"].items()}


def fields(client: Any, attempt: Attempt) -> dict[str, str]:
    """What stands in the fields of the question."""
    page = client.get(f"/attempts/{attempt.uuid}/").content.decode()
    question = BeautifulSoup(page, "html.parser").find(class_="options")
    found = {field["name"]: field.get("value", "") for field in question.find_all("input")}
    for select in question.find_all("select"):
        chosen = select.find("option", selected=True)
        found[select["name"]] = chosen["value"] if chosen else ""
    return found


@pytest.mark.parametrize(("slug", "judge", "verdict"), [
    ("short_answer", right, "Right"),
    ("short_answer", wrong, "Not right"),
    ("cloze", right, "Right"),
    ("cloze", wrong, "Not right"),
])  # fmt: skip
def test_from_the_form_to_the_review(
    slug: str, judge: Any, verdict: str, quiz_of: Any, begin: Any, client: Any, student: Any
) -> None:
    attempt = begin(quiz_of([slug], said="zqsaidqz", feedback="after_submit"))
    here = f"/attempts/{attempt.uuid}"
    client.force_login(student)
    before = client.get(f"{here}/").content.decode()
    assert not any(word in before for word in KEYS)
    sent = form_of(judge(attempt))
    assert set(fields(client, attempt).values()) == {""}
    client.post(f"{here}/", {"slot": "1", "go": "summary", "revision": "0", **sent})
    assert fields(client, attempt) == sent
    client.post(f"{here}/submit/")
    review = BeautifulSoup(client.get(f"{here}/review/").content, "html.parser")
    assert review.find(class_="verdict").get_text(strip=True) == verdict
    assert "zqsaidqz" in review.get_text()


def test_a_gap_left_open_is_partly_right(quiz_of: Any, begin: Any, client: Any, student: Any) -> None:
    attempt = begin(quiz_of(["cloze"]))
    client.force_login(student)
    sent = {"gap-g1": "Supraspinatis", "gap-g2": "", "gap-g3": "20,0"}
    client.post(f"/attempts/{attempt.uuid}/", {"slot": "1", "go": "summary", "revision": "0", **sent})
    assert fields(client, attempt) == {**sent, "gap-g3": "20"}
    done = client.post(f"/api/v1/attempts/{attempt.uuid}/submit/", content_type="application/json").json()
    assert done["percent"] == 66.67
