"""Everything `make test` does: checks, the suite on SQLite and on PostgreSQL, and the journeys in a browser.

Every test that can reach a database runs on both kinds, since both are served; those that cannot run once, in the part
on SQLite. So do those that only look at what the shipped curriculum says, as the words are the same in every database.
Races need threads that meet in one server, and the journeys are walked on PostgreSQL, with a few of them on SQLite.
What all of them begin with is built beside the checks, once for each kind (see `tests.built`).

In CI a missing PostgreSQL or browser is a failure; elsewhere it is said loudly and the rest is run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import check  # noqa: E402
import postgres  # noqa: E402

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
PYTEST = [sys.executable, "-m", "pytest", "-q"]
SUITE = ["-m", "not e2e and not races", "-n", "2", "--dist", "worksteal"]
#: Content, looked at once. How it is loaded and exported is tested on both databases with a little package.
CONTENT = ["--ignore=tests/curriculum", "--ignore=tests/lms/package/test_shipped.py"]
#: The tests of a file share a browser window and, some, what an earlier one did.
JOURNEYS = ["tests/e2e", "-p", "no:django", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


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


@contextmanager
def building(*servers: str) -> Iterator[None]:
    """Build the databases that the tests begin with while something else is done; a failure is the tests' to tell."""
    command = [sys.executable, "-m", "tests.built"]
    running = [
        subprocess.Popen([*command, *filter(None, [server])], cwd=ROOT, stdout=subprocess.DEVNULL) for server in servers
    ]
    began = time.monotonic()
    try:
        yield
    finally:
        for process in running:
            process.wait()
        print(f"== Databases to begin with: ready in {time.monotonic() - began:.0f} s", flush=True)


def main() -> int:
    """Run every part, whatever failed before it; the exit status is 0 only when all passed."""
    has_browser = browser() is not None
    passed = True
    if not has_browser:
        passed &= not missing("No Chromium is installed: the journeys in a browser were NOT run.")
    with postgres.server() as address:
        if address is None:
            passed &= not missing("No PostgreSQL is installed: the suite was NOT run on it.")
        with building("", *filter(None, [address])):
            print("== Checks", flush=True)
            passed &= check.main() == 0
        passed &= pytest("Suite on SQLite", *SUITE)
        if address:
            passed &= pytest("Suite on PostgreSQL", *SUITE, "--touching-database", *CONTENT, DATABASE_URL=address)
            passed &= pytest("Races on PostgreSQL", "-m", "races", DATABASE_URL=address)
        if address and has_browser:
            passed &= pytest("Journeys on PostgreSQL", *JOURNEYS, "-m", "e2e", E2E_DATABASE_URL=address)
        if has_browser:
            passed &= pytest("Smoke on SQLite", "tests/e2e", "-p", "no:django", "-m", "e2e and smoke")
    print(f"\n{'All passed' if passed else 'SOMETHING FAILED'}", flush=True)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
