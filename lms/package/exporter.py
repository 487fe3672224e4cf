"""Write the live curriculum back as a package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from quizzes.api import Question

from . import located_yaml, maps
from .lesson_text import write_body
from .pictures import FOLDER, content_of, name_of
from .sections.assessments import ASSESSMENT, banks_of, questions_of
from .sections.certification import AGREEMENT, PATH, PRACTICAL
from .sections.courses import CHECKPOINT, COURSE, LESSON, MODULE, SITE
from .sections.knowledge import (
    BODY_MAP,
    CLAIM,
    CONTRADICTION,
    DOMAIN,
    FIGURE,
    MUSCLE,
    OBJECTIVE,
    SAFETY_NOTE,
    SOURCE,
    TERM,
)
from .sections.questions import BANK, QUESTION, STIMULUS

CONFIDENTIAL = {"exam", "mock"}


def _without(entry: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in names}


class Writer:
    """Collects files, then writes them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.count = 0

    def text(self, name: str, content: str) -> None:
        """One file."""
        self.binary(name, content.encode())

    def binary(self, name: str, content: bytes) -> None:
        """One file that is no text. The same picture of two questions is one file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.count += not path.exists()
        path.write_bytes(content)

    def yaml(self, name: str, data: Any) -> None:
        """One YAML file."""
        self.text(name, located_yaml.dump(data))


def export_package(
    root: Path, *, include_exam: bool = False, on_confidential: Callable[[str], None] | None = None
) -> tuple[int, list[str]]:
    """Write everything in use under `root`. Returns (number of files, what was left out).

    Exam and mock banks come along only with `include_exam`, and with them the exams drawn from them and the paths
    that require those exams. `on_confidential` is called with the code of each confidential bank that is written.
    """
    writer = Writer(root)
    left_out: list[str] = []
    banks = BANK.dumps()
    hidden = {code for code, bank in banks.items() if bank["purpose"] in CONFIDENTIAL and not include_exam}
    if on_confidential:
        for code, bank in banks.items():
            if bank["purpose"] in CONFIDENTIAL and include_exam:
                on_confidential(code)
    left_out += [f"bank {code}" for code in sorted(hidden)]
    for entry in SITE.dumps().values():
        writer.yaml("package.yaml", entry)
    _knowledge(writer)
    hidden_questions = _questions(writer, banks, hidden)
    hidden_assessments = set()
    for code, entry in ASSESSMENT.dumps().items():
        if hidden & banks_of(entry) or hidden_questions & questions_of(entry):
            hidden_assessments.add(code)
            left_out.append(f"assessment {code}")
        else:
            writer.yaml(f"assessments/{code}.yaml", entry)
    _courses(writer, hidden_assessments)
    for code, entry in AGREEMENT.dumps().items():
        writer.yaml(f"agreements/{code}.yaml", entry)
    for code, entry in PRACTICAL.dumps().items():
        writer.yaml(f"practicals/{code}.yaml", entry)
    for code, entry in PATH.dumps().items():
        if hidden_assessments & set(_exams(entry["requirements"])):
            left_out.append(f"path {code}")
        else:
            writer.yaml(f"paths/{code}.yaml", entry)
    return writer.count, left_out


def _exams(requirements: list[dict[str, Any]]) -> Iterator[str]:
    """Codes of the examinations that a path asks for, groups opened."""
    for row in requirements:
        if "exam" in row:
            yield row["exam"]
        yield from _exams(row.get("items", []))


def _knowledge(writer: Writer) -> None:
    files = {
        "domains": DOMAIN, "sources": SOURCE, "claims": CLAIM, "safety_notes": SAFETY_NOTE, "glossary": TERM,
        "contradictions": CONTRADICTION,
    }  # fmt: skip
    for name, section in files.items():
        writer.yaml(f"knowledge/{name}.yaml", list(section.dumps().values()))
    muscles = MUSCLE.dumps()
    writer.yaml("knowledge/muscles.yaml", [_without(entry, "map") for entry in muscles.values()])
    for body in BODY_MAP.dumps().values():
        shapes = {code: entry["map"] for code, entry in muscles.items() if "map" in entry}
        writer.yaml(f"knowledge/{maps.MAPS}", maps.written(body, shapes))
        writer.text(f"knowledge/{maps.DRAWING}", body["drawing"] + "\n")
    figures = FIGURE.dumps()
    writer.yaml("knowledge/figures.yaml", [_without(entry, "svg") for entry in figures.values()])
    for code, entry in figures.items():
        writer.text(f"knowledge/figures/{code}.svg", entry["svg"])


def _questions(writer: Writer, banks: dict[str, dict[str, Any]], hidden: set[str]) -> set[str]:
    """Write the open banks; returns the codes of questions that were left out."""
    questions, stories = QUESTION.dumps(), STIMULUS.dumps()
    for code, bank in banks.items():
        if code in hidden:
            continue
        writer.yaml(f"questions/{code}/bank.yaml", bank)
        if told := [_without(entry, "bank") for entry in stories.values() if entry["bank"] == code]:
            writer.yaml(f"questions/{code}/stimuli.yaml", told)
        rows = [_without(entry, "bank") for entry in questions.values() if entry["bank"] == code]
        writer.yaml(f"questions/{code}/questions.yaml", rows)
        for question in Question.objects.filter(code__in=[row["code"] for row in rows]).exclude(picture=None):
            content = content_of(question.picture)
            writer.binary(f"questions/{code}/{FOLDER}/{name_of(content)}", content)
    return {code for code, entry in questions.items() if entry["bank"] in hidden}


def _courses(writer: Writer, hidden_assessments: set[str]) -> None:
    courses, lessons, checkpoints = COURSE.dumps(), LESSON.dumps(), CHECKPOINT.dumps()
    objectives = OBJECTIVE.dumps()
    for course in courses.values():
        writer.yaml(f"courses/{course['slug']}/course.yaml", course)
    for code, module in MODULE.dumps().items():
        folder = f"courses/{courses[module['course']]['slug']}/{module['slug']}"
        mine = [entry for key, entry in objectives.items() if key.rpartition("-")[0] == code]
        stops = [
            _without(entry, "module")
            for entry in checkpoints.values()
            if entry["module"] == code and entry["assessment"] not in hidden_assessments
        ]
        more = {"checkpoints": stops} if stops else {}
        writer.yaml(f"{folder}/module.yaml", {**_without(module, "course"), "objectives": mine, **more})
        for lesson in lessons.values():
            if lesson["module"] == code:
                front = located_yaml.dump(_without(lesson, "module", "body"))
                writer.text(f"{folder}/{lesson['slug']}.md", f"---\n{front}---\n{write_body(lesson['body'])}")
