"""`make bench`: how fast the platform is, as a ratio to the floor of the same run. See README.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.limits import counts, figure, judge, table
from tests.bench.load import ACTIONS, Bench, Round, warm_up
from tests.bench.school import ITEMS, LONG, LONG_QUIZ, QUIZ
from tests.bench.server import ROOT, THREADS, WORKERS, Instance, instance, say, serve
from tests.bench.students import Student

#: Students at once, and how many of them there are in a round.
LEVELS = {1: 30, 16: 64, 64: 128}
WARM_UP = 48
COUNTING = 420


def arguments() -> argparse.Namespace:
    """What may be said on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds at each number of students (default: 5)")
    parser.add_argument("--seconds", type=float, default=0.7, help="length of a timed block (default: 0.7)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--sql", action="store_true", help="print the statements of each action")
    parser.add_argument("--strict", action="store_true", help="exit with status 1 when a limit is missed")
    return parser.parse_args()


def count(here: Instance, people: Sequence[Student]) -> dict[str, Any]:
    """Statements, bytes and processor time of each action."""
    given = {
        "students": [vars(student) for student in people],
        "instructor": vars(here.school.instructor),
        "quiz": QUIZ, "items": ITEMS, "long_quiz": LONG_QUIZ, "long_items": LONG,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.statements"],
        cwd=ROOT, env=here.environment, input=json.dumps(given), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return json.loads(done.stdout)


def walk(here: Instance, rounds: int, seconds: float) -> tuple[dict[int, dict[str, Any]], int, list[Student]]:
    """All rounds at all numbers of students: figures, bytes of the question page, and who was not needed."""
    people = iter(here.school.students)
    figures: dict[int, dict[str, Any]] = {}
    with serve(here) as site, serve(here, "tests.bench.floor:application") as floor:
        bench = Bench(site.port, floor.port, QUIZ, ITEMS, seconds)
        warm_up(bench, [next(people) for _student in range(WARM_UP)])
        for at_once, count_of_people in LEVELS.items():
            say(f"{at_once} at once …")
            made: list[Round] = []
            for _round in range(rounds):
                made += bench.round(at_once, [next(people) for _student in range(count_of_people)])
            figures[at_once] = {
                action: figure([one for one in made if one.action == action], at_once) for action in ACTIONS
            }
            figures[at_once]["floor"] = figure(
                [Round("floor", one.before, one.before, one.before) for one in made], at_once
            )
    return figures, bench.page_bytes, list(people)


def main() -> int:
    """Set up, measure, print."""
    options = arguments()
    students = WARM_UP + options.rounds * sum(LEVELS.values()) + COUNTING
    began = time.monotonic()
    with instance(students) as here:
        sessions = here.sessions
        figures, page_bytes, rest = walk(here, options.rounds, options.seconds)
        say("Counting statements …")
        told = count(here, rest)
        counted = told["counted"]
    missed = judge(figures, page_bytes, counted)
    print(f"{WORKERS} workers of {THREADS} threads, PostgreSQL with durable commits, sessions in {sessions}\n")
    print(
        table(figures),
        "",
        counts(counted),
        "",
        f"Question page: {page_bytes} bytes of HTML. Report: of {told['report_attempts']} attempts",
        "",
        sep="\n",
    )
    if options.sql:
        for name, found in counted.items():
            print(name, *(f"    {statement}" for statement in found["sql"]), sep="\n")
    print("\n".join([f"{len(missed)} limits missed:", *missed]) if missed else "Every limit was kept.")
    if options.json:
        written = {"levels": figures, "page_bytes": page_bytes, "counted": counted, "missed": missed}
        options.json.write_text(json.dumps(written, indent=1))
    say(f"The whole bench took {time.monotonic() - began:.0f} s")
    return 1 if missed and options.strict else 0


if __name__ == "__main__":
    sys.exit(main())
