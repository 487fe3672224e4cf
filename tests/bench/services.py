"""What a live instance stands on, of our own and for one run: a durable PostgreSQL, and Redis where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import as_unprivileged, programs

LOOPBACK = "127.0.0.1"
#: Nothing here trades durability for speed: what was acknowledged is on the disk.
DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c shared_buffers=256MB -c max_connections=100"
PATIENCE = 30.0


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """Return once somebody listens; a process that died is not waited for."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and (process is None or process.poll() is None):
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"Nobody listens on port {port}.")


class Cluster:
    """A PostgreSQL server that can be killed and started again."""

    def __init__(self, folder: Path, program_folder: Path) -> None:
        self.folder = folder
        self.programs = program_folder
        self.port = free_port()

    @property
    def url(self) -> str:
        """Address of the database."""
        return f"postgres://lms@{LOOPBACK}:{self.port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        command = as_unprivileged([str(self.programs / program), "-D", str(self.folder / "db"), *arguments])
        done = subprocess.run(command, check=False, capture_output=True, cwd=self.folder, text=True)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout[-1000:]} {done.stderr[-2000:]}")

    def initialise(self) -> None:
        """Make the files of the server."""
        self._run("initdb", "-U", "lms", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    def start(self) -> None:
        """Start, and recover from a crash if there was one."""
        options = f"-p {self.port} -c listen_addresses={LOOPBACK} -c unix_socket_directories={self.folder} {DURABLE}"
        give_up = time.monotonic() + PATIENCE
        while True:
            try:
                self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")
                return
            except RuntimeError:
                # After a kill, children that still write keep a new server from starting for a moment.
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.2)

    def kill(self) -> None:
        """SIGKILL the server; its children notice and go."""
        os.kill(int((self.folder / "db" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def stop(self) -> None:
        """Stop for good, without a clean end: the files go with the run."""
        if (self.folder / "db" / "postmaster.pid").exists():
            subprocess.run(
                as_unprivileged(
                    [str(self.programs / "pg_ctl"), "-D", str(self.folder / "db"), "-m", "immediate", "stop"]
                ),
                check=False,
                capture_output=True,
                cwd=self.folder,
            )


@contextmanager
def postgresql() -> Iterator[Cluster]:
    """A durable server of our own."""
    program_folder = programs()
    if program_folder is None:
        raise SystemExit("PostgreSQL is not installed: initdb and pg_ctl are needed.")
    folder = Path(tempfile.mkdtemp(prefix="lms-bench-db-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = Cluster(folder, program_folder)
    try:
        cluster.initialise()
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cache() -> Iterator[str]:
    """Address of a Redis or Valkey of our own; without either, that of the cache in the database."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        yield "dbcache://lms_cache"
        return
    port = free_port()
    command = [program, "--port", str(port), "--bind", LOOPBACK, "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tempfile.gettempdir())
    try:
        wait_for_port(port, process)
        yield f"redis://{LOOPBACK}:{port}/0"
    finally:
        process.terminate()
        process.wait()
