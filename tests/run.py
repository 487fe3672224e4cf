"""Everything `make test` does: checks, the suite on SQLite and on PostgreSQL, and the journeys in a browser.

In CI a missing PostgreSQL or browser is a failure; elsewhere it is said loudly and the rest is run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import check  # noqa: E402
import postgres  # noqa: E402

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
PYTEST = [sys.executable, "-m", "pytest", "-q"]
PARALLEL = ["-n", "2", "--dist", "loadfile"]
#: These touch no database, so that a second one teaches nothing new.
WITHOUT_DATABASE = [
    f"--ignore={path}"
    for path in (
        "tests/quizzes/types", "tests/architecture/test_layers.py", "tests/architecture/test_edge_cases.py",
        "tests/lms/certification/test_pdf.py", "tests/quizzes/statistics/test_angoff.py",
        "tests/quizzes/statistics/test_classical.py", "tests/quizzes/statistics/test_decision.py",
        "tests/quizzes/statistics/test_flags.py", "tests/quizzes/statistics/test_groups.py",
        "tests/quizzes/statistics/test_intervals.py",
    )
]  # fmt: skip


def browser() -> str | None:
    """The browser that the journeys are walked with."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def missing(what: str) -> bool:
    """Say that something cannot be run. True when that is a failure."""
    print(f"\n{'!' * 100}\n{what}\n{'!' * 100}\n", flush=True)
    return IN_CI


def pytest(title: str, *arguments: str, **environment: str) -> bool:
    """Run one part of the suite. True when it passed."""
    print(f"\n== {title}", flush=True)
    began = time.monotonic()
    done = subprocess.run([*PYTEST, *arguments], cwd=ROOT, env={**os.environ, **environment}, check=False)
    print(
        f"== {title}: {'passed' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True
    )
    return done.returncode == 0


def main() -> int:
    """Run every part, whatever failed before it; the exit status is 0 only when all passed."""
    print("== Checks", flush=True)
    passed = check.main() == 0
    has_browser = browser() is not None
    if not has_browser:
        passed &= not missing("No Chromium is installed: the journeys in a browser were NOT run.")
    passed &= pytest("Suite on SQLite", "-m", "not e2e and not races", *PARALLEL)
    with postgres.server() as address:
        if address is None:
            passed &= not missing("No PostgreSQL is installed: the suite was NOT run on it.")
        else:
            passed &= pytest(
                "Suite on PostgreSQL", "-m", "not e2e and not races", *PARALLEL, *WITHOUT_DATABASE, DATABASE_URL=address
            )
            passed &= pytest("Races on PostgreSQL", "-m", "races", DATABASE_URL=address)
            if has_browser:
                passed &= pytest(
                    "Journeys on PostgreSQL", "tests/e2e", "-m", "e2e", "-p", "no:django", E2E_DATABASE_URL=address
                )
    if has_browser:
        passed &= pytest("Smoke on SQLite", "tests/e2e", "-m", "e2e and smoke", "-p", "no:django")
    print(f"\n{'All passed' if passed else 'SOMETHING FAILED'}", flush=True)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
