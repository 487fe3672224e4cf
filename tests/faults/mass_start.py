"""200 students start the same exam within one second: one attempt and one valid form each, and nobody waits long.

`python -m tests.faults.mass_start`. See README.md.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg

from tests.bench import students as do
from tests.bench.client import Journey, run
from tests.bench.limits import percentile
from tests.bench.school import QUIZ
from tests.bench.server import Instance, instance, say, serve
from tests.bench.students import Student

STUDENTS = 200
WARM_UP = 32
PATIENCE = 5.0
#: Every so many students press the button twice.
IMPATIENT = 10
ATTEMPTS = """
    SELECT attempt.candidate_id, attempt.uuid::text, attempt.form_id, attempt.submitted_at IS NULL
    FROM quizzes_attempt AS attempt JOIN quizzes_assessment AS exam ON exam.id = attempt.assessment_id
    WHERE exam.code = %s
"""
ITEMS = """
    SELECT item.slot, item.version_id, version.question_id, item.marks, item.counts, item.arrangement
    FROM quizzes_attemptitem AS item
    JOIN quizzes_attempt AS attempt ON attempt.id = item.attempt_id
    JOIN quizzes_questionversion AS version ON version.id = item.version_id
    WHERE attempt.uuid = %s ORDER BY item.slot
"""
FORM = "SELECT version_id, marks, counts FROM quizzes_formitem WHERE form_id = %s"


@dataclass
class Entry:
    """What one student met: attempts by redirect, and how long it took until the first question was there."""

    student: Student
    attempts: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def enter(entry: Entry, exam: str) -> Journey:
    """Press the button and wait for the first question."""
    reply = yield do.start(entry.student, exam).wire
    began = reply.began
    attempt = do.attempt_of(reply.header("location"))
    if reply.status != 302 or not attempt:
        entry.failures.append(f"start: {reply.status} {reply.header('location')} {reply.body[:200]!r}")
        return
    entry.attempts.append(attempt)
    reply = yield do.question(entry.student, attempt, 1).wire
    if reply.status != 200 or b'data-slot="1"' not in reply.body:
        entry.failures.append(f"first question: {reply.status} {reply.body[:200]!r}")
        return
    entry.waits.append(reply.began + reply.seconds - began)


def read(entry: Entry, count: int) -> Journey:
    """The attempt as the API tells it: open, with so many items, each with its stem."""
    reply = yield do.attempt_by_api(entry.student, entry.attempts[0]).wire
    data = json.loads(reply.body) if reply.status == 200 else {}
    slots = [item["slot"] for item in data.get("items", [])]
    if reply.status != 200 or data["state"] != "in_progress" or slots != list(range(1, count + 1)):
        entry.failures.append(f"API: {reply.status} {data.get('state')} slots {slots}")
    elif not all(item["stem_html"] for item in data["items"]):
        entry.failures.append("API: an item without a stem")


def check(database: str, exam: str, entries: Sequence[Entry]) -> tuple[list[str], int]:
    """Every fault that the database shows, and the number of items of an attempt."""
    faults: list[str] = []
    sizes: set[int] = set()
    with psycopg.connect(database) as connection:
        rows = connection.execute(ATTEMPTS, [exam]).fetchall()
        owned = Counter(candidate for candidate, *_rest in rows)
        by_attempt = {attempt: (candidate, form, is_open) for candidate, attempt, form, is_open in rows}
        for entry in entries:
            if owned[entry.student.pk] != 1:
                faults.append(f"student {entry.student.pk} has {owned[entry.student.pk]} attempts")
            for attempt in set(entry.attempts):
                candidate, form, is_open = by_attempt.get(attempt, (None, None, False))
                if candidate != entry.student.pk or not is_open:
                    faults.append(f"attempt {attempt} of student {entry.student.pk} is not theirs or not open")
                    continue
                items = connection.execute(ITEMS, [attempt]).fetchall()
                sizes.add(len(items))
                faults += _check_items(attempt, items, connection.execute(FORM, [form]).fetchall() if form else None)
    if len(sizes) != 1:
        faults.append(f"attempts have different numbers of items: {sorted(sizes)}")
    return faults, max(sizes, default=0)


def _check_items(attempt: str, items: Sequence[tuple], form: Sequence[tuple] | None) -> list[str]:
    """A form is valid when its slots have no gap, no question comes twice, and it is a form that was approved."""
    faults = []
    if [item[0] for item in items] != list(range(1, len(items) + 1)):
        faults.append(f"{attempt}: slots {[item[0] for item in items]}")
    if len({item[2] for item in items}) != len(items):
        faults.append(f"{attempt}: a question comes twice")
    if not all(item[5] is not None for item in items):
        faults.append(f"{attempt}: an item without an arrangement")
    if form is not None and sorted(item[1] for item in items) != sorted(version for version, *_rest in form):
        faults.append(f"{attempt}: other items than its form has")
    return faults


def ring(here: Instance, rng: random.Random, cold: bool) -> list[str]:
    """The bell, and every fault that is found afterwards."""
    exam = here.school.exam
    entries = [Entry(student) for student in here.school.candidates]
    with serve(here) as server:
        if not cold:
            run(server.port, [enter(Entry(student), QUIZ) for student in here.school.students])
        delays = [rng.random() for _entry in entries]
        again = entries[::IMPATIENT]
        journeys = [enter(entry, exam) for entry in [*entries, *again]]
        took = run(server.port, journeys, [*delays, *(delay + 0.02 for delay in delays[::IMPATIENT])])
        faults, count = check(here.cluster.url, exam, entries)
        run(server.port, [read(entry, count) for entry in entries if entry.attempts])
    faults += [f"student {entry.student.pk}: {words}" for entry in entries for words in entry.failures]
    faults += [
        f"student {entry.student.pk} waited {max(entry.waits):.1f} s"
        for entry in entries if entry.waits and max(entry.waits) > PATIENCE
    ]  # fmt: skip
    waits = [max(entry.waits) for entry in entries if entry.waits]
    if not waits:
        return [*faults, "nobody came to the first question"]
    print(
        f"{len(waits)} of {len(entries)} students had the first of {count} questions; "
        f"all of them {took:.1f} s after the bell.\nThey waited {statistics.median(waits):.2f} s (median), "
        f"{percentile(waits, 0.99):.2f} s (p99), {max(waits):.2f} s (longest)."
    )
    return faults


def main() -> int:
    """Ring the bell once."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.mass_start", description=__doc__)
    parser.add_argument("--cold", action="store_true", help="worker processes that have answered nothing yet")
    options = parser.parse_args()
    with instance(WARM_UP, STUDENTS) as here:
        faults = ring(here, random.Random(1), options.cold)
    say(f"{len(faults)} faults")
    print("\n".join(faults[:50]) if faults else "Everybody has exactly one attempt with a valid form.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
