"""Packages in folders: a small one that is whole, and what can be done to its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lms.package.loader import SECTIONS, entries_of
from lms.package.pictures import find_pictures
from lms.package.reader import read_package

#: Said in a package for its readers; where a check or quiz belongs follows from the lesson and the module.
NOT_STORED = {"lesson", "module"}
CODES = {"sources", "claims", "safety_notes", "objectives", "enemies", "prerequisites"}
FILES = {
    "package.yaml": """\
format: 1
title: A small school
home: {title: Home, lead: Learn it.}
catalogue: {title: Courses}
""",
    "knowledge/domains.yaml": """\
- {code: D1, title: Basics, weight: 100}
""",
    "knowledge/sources.yaml": """\
- code: S1
  title: A handbook
  year: 1999
""",
    "knowledge/claims.yaml": """\
- code: C-1
  topic: pain
  statement: Pain is real.
  standing: established
  teaching: It is.
  sources: [S1]
""",
    "knowledge/glossary.yaml": """\
- {code: pain, term: Pain, definition: What hurts.}
""",
    "knowledge/figures.yaml": """\
- code: F-1
  title: A line
  alt: A line from left to right.
  table: [[From, To], [left, right]]
""",
    "knowledge/figures/F-1.svg": """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0L9 9"/></svg>
""",
    "questions/basics/bank.yaml": """\
code: basics
title: Basics
purpose: teaching
""",
    "questions/basics/questions.yaml": """\
- code: Q-1
  type: single_choice
  objective: M1-1.1
  domain: D1
  cognitive_level: recall
  claims: [C-1]
  stem: Is pain real?
  interaction:
    shuffle: true
    choices:
      - {text: 'Yes, it is', key: true, feedback: Right.}
      - {text: 'No, never', key: false, feedback: Look again.}
  rationale: It is.
""",
    "assessments/m1-1-check.yaml": """\
code: m1-1-check
title: Check yourself
kind: check
lesson: M1-1
form_policy: fixed
items: [Q-1]
""",
    "courses/first/course.yaml": """\
code: K1
title: First course
slug: first
summary: The beginning.
position: 1
modules: [M1]
""",
    "courses/first/one/module.yaml": """\
code: M1
title: Module one
slug: one
summary: The first part.
position: 1
objectives:
  - {code: M1-1.1, domain: D1, text: tell pain from no pain}
lessons: [pain]
""",
    "courses/first/one/pain.md": """\
---
code: M1-1
title: Pain
slug: pain
minutes: 10
summary: What hurts.
why: It matters.
objectives: [M1-1.1]
sources: [S1]
---
Pain is *real*.

:::claim {code: C-1}
:::

:::callout {kind: caution, title: Careful}
Ask first.
:::

:::check {assessment: m1-1-check}
:::
""",
    "agreements/promise.yaml": """\
code: promise
kind: honour
title: Promise
text: I promise.
""",
    "paths/basic.yaml": """\
code: basic
title: Basic path
credential_title: Basics
credential_kind: attendance
summary: One course.
requirements:
  - {course: K1}
  - {attestation: promise}
""",
}


def small(root: Path) -> Path:
    """A whole package of one of everything."""
    for name, text in FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def change(root: Path, name: str, old: str, new: str) -> int:
    """Replace a text in a file of the package; returns the line where it stood."""
    file = root / name
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old!r}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def entries(root: Path) -> dict[str, dict[str, Any]]:
    """What a package says, without the order of codes that have none."""
    package = read_package(root)
    find_pictures(package)  # names their files by content, as an export does
    said = {}
    for section in SECTIONS:
        rows = entries_of(package, section)
        for entry in rows.values():
            for name in CODES & set(entry):
                entry[name] = sorted(entry[name])
            if section.kind == "assessment":
                for name in NOT_STORED:
                    entry.pop(name)
        said[section.kind] = dict(sorted(rows.items()))
    return said


def everything() -> dict[str, Any]:
    """All that a package can change, as it stands in the database."""
    return {section.kind: section.dumps() for section in SECTIONS}


def contents(root: Path) -> dict[str, bytes]:
    """Every file of a folder by its name."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
