"""The platform as a live instance runs it, and the floor beside it: two workers each, on one durable PostgreSQL."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.services import LOOPBACK, Cluster, cache, free_port, postgresql, wait_for_port
from tests.bench.students import HOST, School, Student

ROOT = Path(__file__).resolve().parents[2]
WORKERS, THREADS = 2, 8


@dataclass(frozen=True)
class Instance:
    """A set-up platform that can be served: its environment, its database server and its people."""

    environment: dict[str, str]
    cluster: Cluster
    folder: Path
    school: School

    @property
    def sessions(self) -> str:
        """Where sessions are read from."""
        url = self.environment["CACHE_URL"]
        return "Redis before the database" if url.startswith("redis") else "the database (no Redis is installed)"

    def python(self, *arguments: str) -> str:
        """Run Python in the instance's environment; gives what it printed."""
        return _python(self.environment, *arguments)


def live(folder: Path, database: str, cache_url: str) -> dict[str, str]:
    """The environment of a live instance behind a proxy that ends TLS, as deploy/ describes it."""
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return {
        **inherited,
        "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "INSTANCE": "live",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"https://{HOST}",
        "BEHIND_PROXY": "true",
        "EMAIL_URL": "dummymail://",
        "CREDENTIAL_KEYS": "A" * 43,
        "DATABASE_URL": database,
        "DATABASE_POOL": str(THREADS),
        "CACHE_URL": cache_url,
        "TASK_BACKEND": "django_tasks_db.DatabaseBackend",
        "LOCAL_DIR": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
    }


def _python(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def say(words: str) -> None:
    """One line of progress, apart from the results."""
    print(words, file=sys.stderr, flush=True)


@contextmanager
def instance(students: int, candidates: int = 0) -> Iterator[Instance]:
    """Set up a live instance with so many students, and so many candidates who may sit the exam of a path."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lms-bench-", ignore_cleanup_errors=True)))
        cluster = stack.enter_context(postgresql())
        environment = live(folder, cluster.url, stack.enter_context(cache()))
        began = time.monotonic()
        say("Setting up a live instance: static files, tables, the curriculum, people …")
        collecting = subprocess.Popen(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=environment
        )
        _python(environment, "manage.py", "migrate", "-v0", "--noinput")
        _python(environment, "manage.py", "createcachetable", "-v0")
        _python(environment, "manage.py", "load_curriculum")
        _python(environment, "-m", "tests.bench.floor")
        made = json.loads(_python(environment, "-m", "tests.bench.school", str(students), str(candidates)))
        if collecting.wait():
            raise RuntimeError("collectstatic failed.")
        say(f"… done in {time.monotonic() - began:.0f} s")
        yield Instance(environment, cluster, folder, _school(made))


def _school(made: dict[str, Any]) -> School:
    people = {name: [Student(**one) for one in made[name]] for name in ("students", "candidates")}
    return School(**{**made, **people, "instructor": Student(**made["instructor"])})


@dataclass(frozen=True)
class Server:
    """Worker processes that listen."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """SIGKILL every process of it at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serve(instance: Instance, target: str = "lms.wsgi:application") -> Iterator[Server]:
    """Serve the platform, or another application on the same database, by the command of deploy/lms-web.service."""
    port = free_port()
    log = instance.folder / f"server-{port}.log"
    command = [
        str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", LOOPBACK, "--port", str(port),
        "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--log-level", "warning", target,
    ]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=instance.environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            wait_for_port(port, process)
            yield Server(port, process, log)
        except RuntimeError as error:
            raise RuntimeError(f"{error}\n{log.read_text()[-4000:]}") from error
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=15)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
