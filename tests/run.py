"""Everything `make test` does: checks, the suite on SQLite and on PostgreSQL, and the journeys in a browser.

Every test that can reach a database runs on both kinds, since both are served; those that cannot run once, in the part
on SQLite. So do those that only look at what the shipped curriculum says, as the words are the same in every database.
Sweeps, which ask everything of everybody, run once too: on PostgreSQL, which refuses more of what strangers send.
Races need threads that meet in one server, and the journeys are walked on PostgreSQL, with a few of them on SQLite.
What all of them begin with is built beside the checks, once for each kind (see `tests.built`).

In CI a missing PostgreSQL or browser is a failure; elsewhere it is said loudly and the rest is run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import check  # noqa: E402
import postgres  # noqa: E402

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
PYTEST = [sys.executable, "-m", "pytest", "-q"]
TWO_WORKERS = ["-n", "2", "--dist", "worksteal"]
SUITE = ["-m", "not e2e and not races", *TWO_WORKERS]
WITHOUT_SWEEPS = ["-m", "not e2e and not races and not sweep", *TWO_WORKERS]
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


@dataclass(frozen=True)
class Part:
    """A part of the suite: its title, what pytest is told, and what the environment says besides."""

    title: str
    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, **pipes: Any) -> subprocess.Popen[str]:
        """Begin it in a process of its own."""
        command, environment = [*PYTEST, *self.arguments], {**os.environ, **self.environment}
        return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes)


def run(part: Part) -> bool:
    """Run one part of the suite. True when it passed."""
    print(f"\n== {part.title}", flush=True)
    began = time.monotonic()
    return told(part, part.start().wait(), began)


def run_beside(parts: list[Part]) -> bool:
    """Run parts of one process each at the same time; what they print follows one after the other."""
    began = time.monotonic()
    with ExitStack() as stack:
        outputs = [stack.enter_context(tempfile.TemporaryFile("w+")) for _part in parts]
        running = [
            part.start(stdout=output, stderr=subprocess.STDOUT) for part, output in zip(parts, outputs, strict=True)
        ]
        passed = True
        for part, process, output in zip(parts, running, outputs, strict=True):
            status = process.wait()
            output.seek(0)
            print(f"\n== {part.title}\n{output.read()}", flush=True)
            passed &= told(part, status, began)
    return passed


def told(part: Part, status: int, began: float) -> bool:
    """Say how a part ended. True when it passed."""
    print(f"== {part.title}: {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
    return status == 0


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
        passed &= run(Part("Suite on SQLite", tuple(WITHOUT_SWEEPS if address else SUITE)))
        single = []
        if address:
            wanted = (*SUITE, "--touching-database", *CONTENT)
            passed &= run(Part("Suite on PostgreSQL", wanted, {"DATABASE_URL": address}))
            single.append(Part("Races on PostgreSQL", ("-m", "races"), {"DATABASE_URL": address}))
        if address and has_browser:
            passed &= run(Part("Journeys on PostgreSQL", (*JOURNEYS, "-m", "e2e"), {"E2E_DATABASE_URL": address}))
        if has_browser:
            single.append(Part("Smoke on SQLite", ("tests/e2e", "-p", "no:django", "-m", "e2e and smoke")))
        passed &= run_beside(single)
    print(f"\n{'All passed' if passed else 'SOMETHING FAILED'}", flush=True)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
