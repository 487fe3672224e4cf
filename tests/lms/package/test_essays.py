"""An essay in a package: read with its rubric, written back to the letter, and refused at its own line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from lms.package.faults import InvalidPackage
from lms.package.loader import validate
from lms.package.reader import read_package
from lms.package.sections.questions import from_block, to_block
from quizzes.types import registry
from tests.lms.package.folders import small
from tests.quizzes.making import make_question

QUESTIONS = "questions/basics/questions.yaml"
ESSAY = """\
- code: Q-2
  type: essay
  objective: M1-1.1
  domain: D1
  cognitive_level: application
  scoring: partial
  stem: What would you say?
  interaction:
    word_limit: 60
    criteria:
      - title: What and *where*
        description: In words a client knows.
        points: 2
        required: false
        levels:
          - {points: 0, description: Not said}
          - {points: 2, description: Both said}
      - title: The right to stop
        description: ''
        points: 1
        required: true
        levels: []
    cap_percent: 50
    pass_note: ''
    model_answer: |-
      I would press here, slowly.

      You can stop me at any time: just say * or "stop".
  rationale: Consent needs all of it.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    file = small(tmp_path) / QUESTIONS
    file.write_text(file.read_text(encoding="utf-8") + ESSAY, encoding="utf-8")
    return tmp_path


def written() -> dict[str, Any]:
    interaction: dict[str, Any] = yaml.safe_load(ESSAY)[0]["interaction"]
    return interaction


def test_a_package_may_hold_an_essay(root: Path) -> None:
    package = read_package(root)
    validate(package)
    assert package.of("question")["Q-2"].interaction == written()


@pytest.mark.django_db
def test_an_essay_leaves_as_it_came() -> None:
    value = to_block(registry.get("essay").authoring_block(), written())
    question = make_question(slug="essay", value=value, scoring="partial")
    question.refresh_from_db()
    assert from_block(question.interaction[0].value) == written()
    assert question.current_version is not None
    assert question.current_version.presentation == {"word_limit": 60}
    key = question.current_version.answer_key.key
    assert key["model_answer"] == written()["model_answer"]
    assert key["rubric"]["criteria"][0]["title"] == "What and <em>where</em>"


@pytest.mark.parametrize(
    ("old", "new", "line_of", "reason"),
    [
        ("cap_percent: 50", "cap_percent: null", "cap_percent:", "go together"),
        ("points: 1\n", "points: 0\n", "points: 0\n", "between"),
        ("{points: 2, description: Both", "{points: 1, description: Both", "levels:", "0 to all"),
        ("title: The right", "titel: The right", "- titel:", "titel"),
    ],
)
def test_a_rubric_that_nobody_could_apply_is_refused_at_its_line(
    root: Path, old: str, new: str, line_of: str, reason: str
) -> None:
    file = root / QUESTIONS
    text = file.read_text(encoding="utf-8").replace(old, new)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidPackage) as caught:
        validate(read_package(root))
    fault = caught.value.faults[0]
    assert reason in fault.reason
    assert fault.line == text[: text.index(line_of)].count("\n") + 1
