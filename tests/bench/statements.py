"""What an action costs the database and the processor, counted inside one process of a live instance.

Reads students from standard input and prints JSON: per action the statements (BEGIN and COMMIT apart), how many of
them write, the savepoints among them, the body's bytes, and the median processor time of a call in milliseconds.
"""

from __future__ import annotations

import json
import statistics
import sys
from typing import Any

from tests.bench import students as do
from tests.bench.inside import Action, actions, application, ask, students_from_input
from tests.bench.students import Student

WARM_UP, CALLS = 3, 25
WRITES = ("INSERT", "UPDATE", "DELETE")
FRAME = ("BEGIN", "COMMIT", "ROLLBACK")


def measure(platform: Any, action: Action, calls: int = CALLS) -> dict[str, Any]:
    """Count one call and time some more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _call in range(WARM_UP):
        ask(platform, action.prepare(), action.expected)
    request = action.prepare()
    with CaptureQueriesContext(connection) as seen:
        answer = ask(platform, request, action.expected)
    asked = [query["sql"] for query in seen if not query["sql"].startswith(FRAME)]
    times = [ask(platform, action.prepare(), action.expected).cpu_seconds for _call in range(calls)]
    return {
        "statements": len(asked),
        "writes": sum(statement.startswith(WRITES) for statement in asked),
        "savepoints": sum("SAVEPOINT" in statement for statement in asked),
        "bytes": len(answer.body),
        "cpu_ms": round(1000 * statistics.median(times), 2) if times else None,
        "sql": asked,
    }


def attempts_of(quiz: str) -> int:
    """How many attempts the report is about."""
    from quizzes.attempts.models import Attempt

    return Attempt.objects.filter(assessment__code=quiz).count()


def main() -> None:
    """Measure every action at the quiz, some once more at one with three times the items, and the report."""
    people, given = students_from_input()
    platform = application()
    found = {
        name: measure(platform, action)
        for name, action in actions(platform, people, given["quiz"], given["items"]).items()
    }
    long = actions(platform, people, given["long_quiz"], given["long_items"])
    for name in ("start", "page", "save", "finish", "results"):
        found[f"{name}, {given['long_items']} items"] = measure(platform, long[name], calls=0)
    instructor = Student(**given["instructor"])
    found["report"] = measure(platform, Action(lambda: do.report(instructor, given["quiz"]), 200))
    json.dump({"counted": found, "report_attempts": attempts_of(given["quiz"])}, sys.stdout)


if __name__ == "__main__":
    main()
