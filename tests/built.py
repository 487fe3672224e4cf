"""The databases that tests begin with, made once and copied: `python -m tests.built [ADDRESS OF A SERVER]`.

Two hundred migrations and the load of the curriculum take half a minute and more as the curriculum grows; a copy takes
a moment. There are three, each made of the one before by the commands that set up every instance:

- `schema`: all migrations applied, which few changes touch;
- `empty`: the same, with what our code of this moment does after a migration (roles, guards of the record);
- `school`: the shipped curriculum loaded, nobody there.

Their names hold a digest of all that goes into them, so what is stale is made anew and never found. On SQLite they are
files below `.local`, on PostgreSQL databases on the server; the pictures that the loader stored lie beside them.
Without Django, so that whoever serves a platform in another process can use it too.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
STORE = ROOT / ".local" / "built-for-tests"
PRODUCT = ("lms", "courses", "quizzes")
CURRICULUM = ROOT / "courses" / "curriculum"
#: Each stage with the one that it is made of and the commands that make it.
STAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "schema": ("", ("migrate", "createcachetable")),
    "empty": ("schema", ("migrate",)),
    "school": ("empty", ("load_curriculum",)),
}
#: So many remain of what was made before, for whoever goes back and forth between two states of the code.
KEPT = 12
_IMPORT = re.compile(rf"^\s*(?:import|from)\s+((?:{'|'.join(PRODUCT)})[\w.]*)", re.MULTILINE)


@dataclass(frozen=True)
class Built:
    """A database that may be copied, and the files that belong to it."""

    server: str
    name: str
    folder: Path

    @property
    def file(self) -> Path:
        """The database itself on SQLite."""
        return self.folder / "db.sqlite3"

    @property
    def media(self) -> Path:
        """What is MEDIA_ROOT to an instance that serves this database."""
        return self.folder / "media"

    def exists(self) -> bool:
        """Was it made, and wholly?"""
        if not self.server:
            return self.file.exists()
        with psycopg.connect(self.server, autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name]).fetchone()
        return found is not None and self.folder.exists()

    def copy_to(self, name: str) -> None:
        """Make a new database of that name on the same server."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(self.name))
            )


def drop(server: str, name: str) -> None:
    """Remove a database, whoever is still connected to it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def address_of(server: str, name: str) -> str:
    """The address of a database on the same server."""
    return urlsplit(server)._replace(path=f"/{name}").geturl()


# Digests ------------------------------------------------------------------------------------------------------------


def _digest(parts: Iterable[bytes | str]) -> str:
    total = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        total.update(b"%d:" % len(content))
        total.update(content)
    return total.hexdigest()[:16]


def _files(paths: Iterable[Path]) -> Iterator[bytes | str]:
    for path in sorted(paths):
        yield str(path.relative_to(ROOT))
        yield path.read_bytes()


def _named_by(migrations: Iterable[Path]) -> set[Path]:
    """Modules of ours that migrations import, as fields and storages."""
    names = {name for path in migrations for name in _IMPORT.findall(path.read_text(encoding="utf-8"))}
    bases = {ROOT.joinpath(*name.split(".")) for name in names}
    return {path for base in bases for path in (base.with_suffix(".py"), base / "__init__.py") if path.exists()}


@lru_cache(maxsize=1)
def digests() -> dict[str, str]:
    """What each stage is made of, as this process found it."""
    code = {path for name in PRODUCT for path in (ROOT / name).rglob("*.py")}
    migrations = {path for path in code if path.parent.name == "migrations"}
    around = [
        sys.version,
        sqlite3.sqlite_version,
        *sorted(f"{row.name} {row.version}" for row in importlib.metadata.distributions()),
        *_files([Path(__file__).resolve(), *(ROOT / "lms" / "settings").glob("*.py")]),
    ]
    schema = _digest([*around, *_files(migrations | _named_by(migrations))])
    # What a loader writes may depend on any code; templates are in the way of nobody who only changes a page.
    empty = _digest([schema, *_files(code)])
    school = _digest([empty, *_files(path for path in CURRICULUM.rglob("*") if path.is_file())])
    return {"schema": schema, "empty": empty, "school": school}


# Making -------------------------------------------------------------------------------------------------------------


def _place(stage: str, server: str) -> Built:
    kind = f"on-{_digest([server])[:8]}" if server else "sqlite"
    name = f"lms_{_digest([str(ROOT)])[:6]}_{stage}_{digests()[stage]}"
    return Built(server, name, STORE / f"{kind}-{stage}-{digests()[stage]}")


def _run(commands: Iterable[str], folder: Path, database: str) -> None:
    """Run commands of `manage.py` on a demonstration that keeps its files in the folder."""
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    settings = {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "LOCAL_DIR": str(folder.parent / "local"),
        "MEDIA_ROOT": str(folder / "media"),
        "DATABASE_URL": database,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for command in commands:
        done = subprocess.run(
            [sys.executable, "manage.py", command], cwd=ROOT, env=settings, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


def _make(stage: str, server: str) -> Built:
    """Make a stage and those before it that are missing; what is half made is never found under its name."""
    built = _place(stage, server)
    if built.exists():
        built.folder.touch()
        return built
    before, commands = STAGES[stage]
    origin = _make(before, server) if before else None
    shutil.rmtree(built.folder, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=STORE, prefix="making-") as made:
        folder = Path(made) / "whole"
        shutil.copytree(origin.folder, folder) if origin else folder.mkdir()
        if server:
            _make_on_server(built, origin, commands, folder)
        else:
            file = folder / built.file.name
            _run(commands, folder, f"sqlite:///{file}")
            with closing(sqlite3.connect(file)) as connection:
                # One file that is whole by itself, for whoever copies it.
                connection.execute("PRAGMA journal_mode=DELETE")
        folder.rename(built.folder)
    _forget(built)
    return built


def _make_on_server(built: Built, origin: Built | None, commands: Iterable[str], folder: Path) -> None:
    half = f"{built.name}_half"
    drop(built.server, half)
    drop(built.server, built.name)
    with psycopg.connect(built.server, autocommit=True) as connection:
        template = origin.name if origin else "template1"
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(half), sql.Identifier(template))
        )
        _run(commands, folder, address_of(built.server, half))
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(built.name))
        )


def _forget(built: Built) -> None:
    """Remove what was made for other states of the code."""
    folders = sorted((path for path in STORE.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for folder in folders[:-KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
    if built.server:
        kin = built.name.rpartition("_")[0]
        with psycopg.connect(built.server, autocommit=True) as connection:
            names = [name for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall()]
        for name in names:
            if name.startswith(f"{kin}_") and name != built.name:
                drop(built.server, name)


@contextmanager
def ready(stage: str, server: str = "") -> Iterator[Built]:
    """A built database, made now if need be: on SQLite, or on the server of that address.

    Others wait meanwhile, so copy it and let it go.
    """
    STORE.mkdir(parents=True, exist_ok=True)
    with (STORE / ("server.lock" if server else "sqlite.lock")).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield _make(stage, server)


if __name__ == "__main__":
    with ready("school", *sys.argv[1:]) as here:
        print(here.name)
