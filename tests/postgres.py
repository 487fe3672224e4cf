"""A throw-away PostgreSQL: the server named by TEST_DATABASE_URL, or a cluster of our own that goes with the run."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, wherever the system keeps it."""
    candidates = [
        shutil.which("initdb"),
        *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)),
    ]
    for candidate in candidates:
        if candidate and (Path(candidate).parent / "pg_ctl").exists():
            return Path(candidate).resolve().parent
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_unprivileged(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; the system's postgres user does it then."""
    if os.geteuid() != 0:
        return command
    return ["runuser", "-u", "postgres", "--", *command]


@contextmanager
def server() -> Iterator[str | None]:
    """Give the address of a server to make databases on, or None when there is none to be had."""
    if address := os.environ.get("TEST_DATABASE_URL"):
        yield address
        return
    folder = programs()
    if folder is None:
        yield None
        return
    data = Path(tempfile.mkdtemp(prefix="lms-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(data, "postgres", "postgres")
    port = _free_port()
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data} -c fsync=off "
        "-c synchronous_commit=off -c full_page_writes=off -c max_connections=60"
    )
    try:
        subprocess.run(
            as_unprivileged(
                [
                    str(folder / "initdb"),
                    "-D",
                    str(data / "db"),
                    "-U",
                    "lms",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                ]
            ),
            check=True,
            capture_output=True,
            cwd=data,
        )
        subprocess.run(
            as_unprivileged(
                [str(folder / "pg_ctl"), "-D", str(data / "db"), "-w", "-l", str(data / "log"), "-o", options, "start"]
            ),
            check=True,
            capture_output=True,
            cwd=data,
        )
        yield f"postgres://lms@127.0.0.1:{port}/postgres"
    finally:
        if (data / "db" / "postmaster.pid").exists():
            subprocess.run(
                as_unprivileged([str(folder / "pg_ctl"), "-D", str(data / "db"), "-m", "immediate", "stop"]),
                check=False,
                capture_output=True,
                cwd=data,
            )
        shutil.rmtree(data, ignore_errors=True)
