"""Small questions and quizzes for tests, made by the commands that publication uses.

Nothing here needs the shipped curriculum: the tests with real threads run on an emptied database. The CMS's counts of
who uses what are left as they are, as in a load: they cost more than the questions.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image
from wagtail.signal_handlers import disable_reference_index_auto_update

from lms.knowledge.api import Domain, Objective
from quizzes.assembly.commands import freeze_assessment
from quizzes.assembly.models import Assessment, Form
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.bank.commands import freeze_question
from quizzes.bank.models import Bank, Picture, Question
from quizzes.grading.simulation import right_answer, wrong_answer
from quizzes.types import registry

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SIX_TYPES = ("matching", "multiple_response", "numeric", "ordering", "single_choice", "true_false")
_serial = itertools.count(1)


def choices(right: Iterable[int], said: str = "", texts: Sequence[str] = ("Ischaemia", "Oedema", "Hypoxia", "Spasm")):
    """Rows of a choice list; `right` are the places of the keys."""
    keys = set(right)
    return [
        {"text": text, "key": place in keys, "feedback": f"{said} {place}" if said else ""}
        for place, text in enumerate(texts)
    ]


def draft(slug: str, said: str = "") -> tuple[dict[str, Any], str]:
    """A small draft of a type with the scoring rule that suits it; `said` goes into every feedback there is."""
    drafts: dict[str, tuple[dict[str, Any], str]] = {
        "single_choice": ({"choices": choices([1], said)}, "all_or_nothing"),
        "multiple_response": ({"min": 1, "max": 3, "choices": choices([0, 2], said)}, "partial"),
        "true_false": ({"correct": True, "feedback_true": said, "feedback_false": said}, "all_or_nothing"),
        "numeric": ({"value": "20", "tolerance": "0.5", "unit": "kg"}, "all_or_nothing"),
        "matching": (
            {
                "pairs": [{"prompt": f"prompt {n}", "option": f"option {n}"} for n in (1, 2, 3)],
                "extra_options": ["option 4"],
            },
            "partial",
        ),
        "ordering": ({"elements": ["first", "second", "third", "fourth"]}, "partial"),
        "hotspot": (
            {
                "min": 1,
                "max": 2,
                "regions": [
                    {
                        "text": text,
                        "shape": {"kind": kind, "numbers": numbers},
                        "key": place < 2,
                        "feedback": f"{said} {place}" if said else "",
                    }
                    for place, (text, kind, numbers) in enumerate(
                        [
                            ("Masseter", "rectangle", "10 10 30 30"),
                            ("Temporalis", "circle", "50 50 10"),
                            ("Orbit", "polygon", "70 70 90 70 80 90"),
                        ]
                    )
                ],
            },
            "partial",
        ),
        "labelling": (
            {
                "targets": [{"at": f"{20 * n} {10 * n}", "label": f"label {n}"} for n in (1, 2, 3)],
                "extra_labels": ["label 4"],
                "reuse": False,
            },
            "partial",
        ),
        "essay": (
            {
                "word_limit": 60,
                "criteria": [
                    {"title": "What and where", "description": said, "points": 2},
                    {"title": "The right to stop", "points": 2, "required": True},
                ],
                "cap_percent": 40,
                "model_answer": "I would press here, slowly.\n\nYou can stop me at any time.",
            },
            "partial",
        ),
        "short_answer": (
            {
                "answers": [
                    {"text": "gluteus medius", "feedback": said},
                    {"text": "glut*", "share": 50, "feedback": said},
                ],
                "typo_tolerance": True,
            },
            "partial",
        ),
        "cloze": (
            {
                "text": "<p>The [[1]] <b>[[2]]</b> the arm by [[3]] degrees.</p>",
                "gaps": [
                    {"kind": "text", "answers": ["supraspinatus"], "typo_tolerance": True, "feedback": said},
                    {"kind": "choice", "choices": choices([1], said), "feedback": said},
                    {"kind": "numeric", "value": "15", "tolerance": "5", "feedback": said},
                ],
            },
            "partial",
        ),
    }
    return drafts[slug]


def make_bank(code: str = "test-bank", purpose: str = "teaching") -> Bank:
    """A bank, or the one of that code."""
    return Bank.objects.get_or_create(code=code, defaults={"title": code, "purpose": purpose})[0]


def drawn(kind: str = "PNG", size: tuple[int, int] = (400, 300), **more: Any) -> bytes:
    """A small picture as a file's content."""
    out = BytesIO()
    Image.linear_gradient("L").convert("RGB").resize(size).save(out, kind, **more)
    return out.getvalue()


def make_picture(bank: Bank | None = None, content: bytes = b"", **fields: Any) -> Picture:
    """A picture in a bank."""
    made = {"title": "A head", "alt": "A head from the side", **fields}
    return Picture.objects.create(bank=bank or make_bank(), file=ContentFile(content or drawn(), "x"), **made)


def make_objective(code: str = "TST-1.1", domain: str = "D1") -> Objective:
    """An objective with its domain."""
    found, _made = Domain.objects.get_or_create(code=domain, defaults={"title": domain, "weight": 10})
    return Objective.objects.get_or_create(code=code, defaults={"domain": found, "text": "name it"})[0]


@disable_reference_index_auto_update()
def make_question(
    code: str = "",
    slug: str = "single_choice",
    value: dict[str, Any] | None = None,
    *,
    bank: Bank | None = None,
    scoring: str = "",
    said: str = "",
    objective: str = "TST-1.1",
    domain: str = "D1",
    frozen: bool = True,
    **fields: Any,
) -> Question:
    """A live question with a version, unless told otherwise."""
    code = code or f"Q-TST-{next(_serial)}"
    usual, rule = draft(slug, said)
    bank = bank or make_bank()
    if registry.get(slug).uses_picture:
        fields = {"picture": make_picture(bank), **fields}
    held = make_objective(objective, domain)
    question = Question(
        code=code,
        bank=bank,
        objective=held,
        domain=Domain.objects.get(code=domain),
        **{
            "stem": f"<p>What is asked by {code}?</p>",
            "rationale": f"<p>This is why. {said}</p>",
            "scoring": scoring or rule,
            "cognitive_level": "recall",
            **fields,
        },
    )
    question.interaction = [(slug, usual if value is None else value)]
    question.save()
    if frozen:
        freeze_question(question=question, by=None, at=LONG_AGO)
    return question


def rewrite(question: Question, slug: str, value: dict[str, Any], **fields: Any) -> Question:
    """Edit a question as its author would, without publishing it."""
    question.interaction = [(slug, value)]
    for name, given in fields.items():
        setattr(question, name, given)
    question.save()
    return question


@disable_reference_index_auto_update()
def make_assessment(
    code: str = "",
    questions: Sequence[Question] | None = None,
    *,
    draws: Sequence[dict[str, Any]] = (),
    marks: str = "1",
    frozen: bool = True,
    **fields: Any,
) -> Assessment:
    """A published quiz of named questions, of draws, or of both."""
    structure: list[tuple[str, dict[str, Any]]] = []
    if questions:
        structure.append(("items", {"questions": list(questions), "marks": marks}))
    structure += [("draw", section(**drawn)) for drawn in draws]
    assessment = Assessment(
        code=code or f"test-quiz-{next(_serial)}",
        **{"title": "A quiz of the tests", "kind": "quiz", "shuffle_items": False, "live": True, **fields},
    )
    assessment.structure = structure
    assessment.save()
    if frozen:
        freeze_assessment(assessment=assessment, by=None, at=LONG_AGO)
        Form.objects.filter(version__assessment=assessment, reviewed_at=None).update(reviewed_at=LONG_AGO)
    return assessment


def section(bank: Bank, rules: Sequence[dict[str, Any]], max_per_objective: int | None = None, marks: str = "1"):
    """A draw as the CMS stores it."""
    usual = {"domain": None, "cognitive_level": "", "tag": "", "pilot": False}
    return {
        "bank": bank,
        "max_per_objective": max_per_objective,
        "marks": marks,
        "rules": [{**usual, **rule} for rule in rules],
    }


def make_quiz(types: Sequence[str] = SIX_TYPES, *, said: str = "", **fields: Any) -> Assessment:
    """A published quiz with one question of each of these types, in this order."""
    return make_assessment(questions=[make_question(slug=slug, said=said) for slug in types], **fields)


def item_at(attempt: Attempt, slot: int) -> AttemptItem:
    """An item of an attempt with all that grading needs."""
    return AttemptItem.objects.select_related("version__answer_key", "attempt").get(attempt=attempt, slot=slot)


def right(attempt: Attempt, slot: int = 1) -> dict[str, Any]:
    """The right answer as its candidate would send it."""
    return right_answer(item_at(attempt, slot))


def wrong(attempt: Attempt, slot: int = 1) -> dict[str, Any]:
    """A complete answer that is not right."""
    import random

    found = wrong_answer(item_at(attempt, slot), random.Random(0))
    assert found is not None
    return found
