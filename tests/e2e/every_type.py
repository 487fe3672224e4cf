"""A quiz with one question of every type, begun by two people: `python -m tests.e2e.every_type one@… two@…`.

It is made by the commands that publication uses, inside the platform that is served. What it prints is JSON: the
attempt of each person. The questions are written in `every_type.yaml`.
"""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import django
import yaml

QUIZ = "every-type"
WRITTEN = Path(__file__).with_suffix(".yaml")
SIZE = (800, 600)
PAPER, SKIN, MUSCLE, EDGE = "#f6f1e7", "#e8cdb5", "#b5705f", "#4a2f28"


def picture() -> bytes:
    """A bent arm from the side with three muscles, drawn so that it is legible on a phone."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    for color, edge in ((EDGE, 4), (SKIN, 0)):
        for left, top, right, bottom in ((140, 50, 500, 540), (150, 400, 760, 540)):
            draw.rounded_rectangle((left - edge, top - edge, right + edge, bottom + edge), 70 + edge, fill=color)
    for box in ((230, 60, 410, 190), (365, 230, 485, 425), (155, 235, 275, 440)):
        draw.ellipse(box, fill=MUSCLE, outline=EDGE, width=4)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _question(written: dict[str, Any], number: int) -> Any:
    from lms.package.schema import QuestionEntry
    from lms.package.sections.questions import QUESTION
    from quizzes.api import Question
    from quizzes.bank.models import Bank
    from tests.quizzes.making import make_picture

    usual = {"bank": QUIZ, "objective": "ORI-1.1", "domain": "D1", "cognitive_level": "recall"}
    entry = QuestionEntry.model_validate({**usual, **written}).model_dump(mode="json", exclude_none=True)
    if shown := entry.get("picture"):
        bank = Bank.objects.get(code=QUIZ)
        entry["picture"] = make_picture(bank, picture(), title=f"{shown['title']} {number}", alt=shown["alt"])
    QUESTION.write(entry, None)
    return Question.objects.get(code=entry["code"])


def main(*people: str) -> None:
    """Make the quiz and begin an attempt for each of these addresses."""
    django.setup()
    from django.utils import timezone

    from lms.accounts.api import User
    from quizzes.api import start_attempt
    from tests.quizzes.making import make_assessment, make_bank

    make_bank(QUIZ)
    questions = [_question(row, number) for number, row in enumerate(yaml.safe_load(WRITTEN.read_text()), start=1)]
    quiz = make_assessment(QUIZ, questions, title="One of every type")
    attempts = {
        person: str(start_attempt(assessment=quiz, by=User.objects.get(email=person), at=timezone.now())[0].uuid)
        for person in people
    }
    print(json.dumps(attempts))


if __name__ == "__main__":
    main(*sys.argv[1:])
