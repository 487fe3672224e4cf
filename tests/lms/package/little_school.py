"""A package with some of everything: two courses, every type of question, a case, an exam with its path.

What loading and exporting do is tested on it, on a database where nothing is loaded: that costs the same however much
the shipped curriculum grows.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.lms.package.folders import change, small
from tests.quizzes.making import drawn

#: One question of every type, in the words of a package; the journeys use them too.
EVERY_TYPE = Path(__file__).parents[2] / "e2e" / "every_type.yaml"
CASE = ["Q-ANY-01", "Q-ANY-02"]
FILES = {
    "knowledge/sources.yaml": """\
- code: S1
  title: A handbook
  year: 1999
- code: S2
  title: A trial
  mark: weak
  url: https://example.org/trial
""",
    "knowledge/glossary.yaml": """\
- code: ache
  term: Ache
  definition: What hurts for long.
- code: pain
  term: Pain
  definition: What hurts.
""",
    "questions/any/bank.yaml": """\
code: any
title: One of every type
purpose: teaching
""",
    "questions/any/stimuli.yaml": """\
- {code: CASE-1, title: A case, text: 'Nadia, 29, is a *hairdresser*.'}
""",
    "questions/final/bank.yaml": """\
code: final
title: Final examination
purpose: exam
is_sample: true
""",
    "assessments/one-quiz.yaml": """\
code: one-quiz
title: A quiz
kind: quiz
module: M1
draw:
  bank: any
  max_per_objective: 9
  rules:
    - {count: 4}
cut_percent: 80
feedback: after_submit
""",
    "assessments/one-case.yaml": """\
code: one-case
title: A case
kind: quiz
module: M1
sections:
  - case_sets: {bank: any, sets: 1, items_per_set: 2}
  - items: [Q-1]
    marks: 2
asks_certainty: true
""",
    "assessments/m2-2-check.yaml": """\
code: m2-2-check
title: Check yourself
kind: check
lesson: M2-2
form_policy: fixed
items: [Q-ANY-03]
""",
    "assessments/final.yaml": """\
code: final
title: Final examination
kind: exam
form_policy: fixed
forms: 2
draw: {bank: final, rules: [{domain: D1, level: recall, count: 3}]}
cut_percent: 75
cut_basis: interim
time_limit_minutes: 40
feedback: never
""",
    "courses/second/course.yaml": """\
code: K2
title: Second course
slug: second
summary: What follows.
position: 2
prerequisites: [K1]
modules: [M2]
""",
    "courses/second/two/module.yaml": """\
code: M2
title: Module two
slug: two
summary: The second part.
position: 1
prerequisites: [M1]
objectives:
- {code: M2-1.1, domain: D1, text: ask before touching}
- {code: M2-2.1, domain: D1, text: stop when asked to}
lessons: [asking, stopping]
checkpoints:
- {code: STOP, title: More, slug: more, intro: Take *time*., assessment: one-case}
""",
    "courses/second/two/asking.md": """\
---
code: M2-1
title: Asking
slug: asking
minutes: 15
summary: Before anything else.
why: Nothing else is safe.
objectives: [M2-1.1]
sources: [S1, S2]
---
## Ask first

Ask *before* you touch, and **listen**:

- where it hurts
- what has changed

:::figure {code: F-1}
:::
""",
    "courses/second/two/stopping.md": """\
---
code: M2-2
title: Stopping
slug: stopping
minutes: 5
summary: At any moment.
why: Consent is for now.
objectives: [M2-2.1]
sources: [S1]
---
Whoever asks you to stop need not say why.

:::check {assessment: m2-2-check}
:::
""",
}
WRITE = "{code: WRITE, title: Write, slug: write, assessment: m1-1-check}"
FINAL = {
    "type": "true_false", "objective": "M2-2.1", "domain": "D1", "cognitive_level": "recall",
    "interaction": {"correct": True, "feedback_true": "", "feedback_false": ""}, "rationale": "So it is.",
}  # fmt: skip


def _rows(rows: list[dict[str, object]]) -> str:
    return yaml.safe_dump(rows, allow_unicode=True, sort_keys=False)


def little_school(root: Path) -> Path:
    """Write the package."""
    small(root)
    usual = {"objective": "M1-1.1", "domain": "D1", "cognitive_level": "recall"}
    asked = [{**usual, **row} for row in yaml.safe_load(EVERY_TYPE.read_text(encoding="utf-8"))]
    for row in asked:
        if row["code"] in CASE:
            row["stimulus"] = "CASE-1"
    final = [{"code": f"Q-FINAL-{n}", "stem": f"Is confidential statement {n} right?", **FINAL} for n in range(1, 6)]
    final[0]["enemies"] = ["Q-FINAL-2"]
    files = {**FILES, "questions/any/questions.yaml": _rows(asked), "questions/final/questions.yaml": _rows(final)}
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (root / "questions/any/pictures").mkdir(exist_ok=True)
    (root / "questions/any/pictures/arm.png").write_bytes(drawn())
    change(
        root,
        "courses/first/one/module.yaml",
        "lessons: [pain]",
        f"quiz: one-quiz\nlessons: [pain]\ncheckpoints:\n- {WRITE}",
    )
    change(root, "paths/basic.yaml", "- {course: K1}", "- {course: K1}\n  - {course: K2}\n  - {exam: final}")
    return root
