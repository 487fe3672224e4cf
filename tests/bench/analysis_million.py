"""A million answers: how long the item analysis takes on PostgreSQL. `python -m tests.bench.analysis_million`.

Forty synthetic students sit fifty questions through the bulk path that is proven equal to real attempts; their rows are
then copied inside the database with other ids until there are a million answers.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from typing import Any

from tests.bench.services import postgresql

QUIZ, ITEMS, STUDENTS, COPIES = "bench-million", 50, 40, 500
#: Seconds; the target of the platform.
LIMIT = 60.0


def make() -> Any:
    """The quiz with its first attempts."""
    from django.utils import timezone

    from quizzes.statistics.simulation import simulate_cohort
    from tests.quizzes.making import make_assessment, make_question

    questions = [make_question(f"Q-MILLION-{number}", "single_choice") for number in range(1, ITEMS + 1)]
    quiz = make_assessment(QUIZ, questions, title="A million answers")
    simulate_cohort(assessment=quiz, students=STUDENTS, seed=1, at=timezone.now())
    return quiz


def multiply(copies: int) -> None:
    """Copy people, attempts and all that belongs to them; ids move by the same step in a table and in its children."""
    from django.db import connection

    from lms.accounts.api import User
    from quizzes.attempts.models import Attempt, AttemptItem, Response
    from quizzes.grading.models import Grade, Result

    moved: dict[Any, int] = {}
    with connection.cursor() as cursor:
        for model in (User, Attempt, AttemptItem, Response, Grade, Result):
            cursor.execute(f'SELECT MAX(id) FROM "{model._meta.db_table}"')
            moved[model] = cursor.fetchone()[0]
        for model in moved:
            columns = []
            for field in model._meta.local_concrete_fields:
                name = f'"{field.column}"'
                step = moved[model] if field.primary_key else moved.get(field.related_model)
                if name == '"uuid"':
                    columns.append((name, "gen_random_uuid()"))
                elif name == '"email"':
                    columns.append((name, f"n || '-' || {name}"))
                elif step:
                    columns.append((name, f"{name} + n * {step}"))
                else:
                    columns.append((name, name))
            names, values = ", ".join(name for name, _v in columns), ", ".join(value for _n, value in columns)
            table = model._meta.db_table
            where = "WHERE email LIKE 'synthetic-%%'" if model is User else ""
            cursor.execute(
                f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}", generate_series(1, %s) AS n {where}',
                [copies],
            )
        cursor.execute("ANALYZE")


def measure(copies: int = COPIES - 1) -> dict[str, Any]:
    """Make everything, then work the report out once."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    quiz = make()
    multiply(copies)
    reset_queries()
    from quizzes.statistics.report import analyse

    began, used = time.perf_counter(), time.process_time()
    with CaptureQueriesContext(connection) as captured:
        report = analyse(quiz, as_of=timezone.now())
    seconds = time.perf_counter() - began
    return {
        "answers": sum(item["answers"] for item in report["items"]),
        "attempts": report["overall"]["attempts"],
        "alpha": report["overall"]["alpha"],
        "seconds": round(seconds, 1),
        "of_which_python": round(time.process_time() - used, 1),
        "statements": len(captured),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> int:
    """Exit status 1 if it takes longer than it may."""
    with postgresql() as cluster:
        os.environ["DATABASE_URL"] = cluster.url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
        found = measure(int(sys.argv[1]) if len(sys.argv) > 1 else COPIES - 1)
        print(json.dumps(found))
        from django.db import connections

        connections.close_all()
    return 0 if found["seconds"] <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
