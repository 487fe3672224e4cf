"""A platform of our own for the journeys: a copied database, the demo school, and two worker processes on loopback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

from tests import built

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
PATIENCE = 60.0


@dataclass(frozen=True)
class Site:
    """A served platform."""

    url: str
    hands: subprocess.Popen[str]

    def do(self, module: str, *words: str) -> str:
        """What `main` of a module prints that is called beside the platform, on its database."""
        assert self.hands.stdin is not None
        assert self.hands.stdout is not None
        print(json.dumps([module, *words]), file=self.hands.stdin, flush=True)
        answer: dict[str, str] = json.loads(self.hands.stdout.readline())
        if "failed" in answer:
            raise RuntimeError(f"{module} {' '.join(words)} failed:\n{answer['failed'][-4000:]}")
        return answer["said"]


def set_up(settings: dict[str, str]) -> None:
    """Make the demo school, by the command that everybody starts with."""
    command = [sys.executable, "manage.py", "start_demo", "--no-serve"]
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


@contextmanager
def running(command: list[str], settings: dict[str, str], **pipes: Any) -> Iterator[subprocess.Popen[Any]]:
    """A process beside the tests, which ends with them."""
    process: subprocess.Popen[Any] = subprocess.Popen(command, cwd=ROOT, env=settings, **pipes)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def school_in(folder: Path, server: str) -> Iterator[str]:
    """The address of a database of our own with the shipped curriculum, whose pictures are put into the folder.

    It lies on that server, or in the folder where there is none, and goes with the run.
    """
    name = f"lms_e2e_{uuid4().hex[:12]}"
    file = folder / "db.sqlite3"
    with built.ready("school", server) as made:
        if server:
            made.copy_to(name)
        else:
            shutil.copy(made.file, file)
        if made.media.exists():
            shutil.copytree(made.media, folder / "media")
    try:
        yield built.address_of(server, name) if server else f"sqlite:///{file}"
    finally:
        if server:
            built.drop(server, name)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, database: str, port: int) -> dict[str, str]:
    """What the instance reads: everything it writes lies in `folder`."""
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "LOCAL_DIR": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "BASE_URL": f"http://{LOOPBACK}:{port}",
        "TOKEN_RATE": "1000/min",
        "VERIFY_RATE": "1000/min",
        "PYTHONDONTWRITEBYTECODE": "1",
        "DATABASE_URL": database,
    }


def wait_until_ready(url: str, process: subprocess.Popen[Any], log: Path) -> None:
    """Ask until the instance says that it is ready; a dead one says why."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)  # Between two questions to a process that is still starting.
    raise RuntimeError(f"The platform did not become ready:\n{log.read_text()[-4000:]}")


@contextmanager
def served() -> Iterator[Site]:
    """Set the demonstration up and serve it: on SQLite, or on the server that E2E_DATABASE_URL names.

    Only the demo school is made anew, as its dates follow the clock.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lms-e2e-", ignore_cleanup_errors=True)))
        database = stack.enter_context(school_in(folder, os.environ.get("E2E_DATABASE_URL", "")))
        port = free_port()
        settings, url, log = environment(folder, database, port), f"http://{LOOPBACK}:{port}", folder / "server.log"
        set_up(settings)
        granian = str(Path(sys.executable).with_name("granian"))
        command = [
            granian, "--interface", "wsgi", "--host", LOOPBACK, "--port", str(port), "--workers", "2",
            "--blocking-threads", "2", "--log-level", "warning", "lms.wsgi:application",
        ]  # fmt: skip
        output = stack.enter_context(log.open("wb"))
        process = stack.enter_context(running(command, settings, stdout=output, stderr=subprocess.STDOUT))
        behind = [sys.executable, "-m", "tests.e2e.backstage"]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": output, "text": True}
        hands = stack.enter_context(running(behind, settings, **pipes))
        wait_until_ready(url, process, log)
        yield Site(url, hands)
