"""`manage.py start_demo`: everything that `make run` does, in one process, with each step shown."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lms.core.digest import digest_of

LOOPBACK = "127.0.0.1"


def package_digest(root: Path) -> str:
    """Changes when any file of the package does."""
    return digest_of(
        [[str(path.relative_to(root)), path.read_bytes().hex()] for path in sorted(root.rglob("*")) if path.is_file()]
    )


class Command(BaseCommand):
    """Sets the demonstration up and serves it on loopback. A second call changes no data."""

    help = "Sets up and serves the demonstration on 127.0.0.1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--no-serve", action="store_true", help="only set up")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.INSTANCE == "live":
            raise CommandError("This is a live instance; see the README for how to serve it.")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._step("Preparing the database", lambda: self._migrate())
        self._load()
        if not options["no_serve"]:
            self._serve(options["port"])

    def _step(self, title: str, work: Any) -> None:
        began = time.monotonic()
        self.stdout.write(f"{title} … ", ending="")
        self.stdout.flush()
        work()
        self.stdout.write(f"done in {time.monotonic() - began:.1f} s")

    def _migrate(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)

    def _load(self) -> None:
        """Skipped when neither the package nor the code that loads it has changed since the last time."""
        stamp = settings.LOCAL_DIR / f"loaded-{digest_of(settings.DATABASE_URL)[:12]}"
        digest = package_digest(settings.SHIPPED_CURRICULUM)
        if stamp.exists() and stamp.read_text() == digest:
            return
        self._step("Loading the curriculum", lambda: call_command("load_curriculum", stdout=sys.stderr))
        self._step("Making the demo school", lambda: call_command("load_demo", stdout=sys.stderr))
        stamp.write_text(digest)

    def _serve(self, port: int) -> None:
        self.stdout.write(f"\nServing on http://{LOOPBACK}:{port}/  (stop with Ctrl+C)")
        self.stdout.write("Log in as student@example.org with the password nmt-demo-2026.\n")
        self.stdout.flush()
        connection.close()
        granian = Path(sys.executable).with_name("granian")
        os.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get("DJANGO_SETTINGS_MODULE", "lms.settings")
        os.execv(  # noqa: S606
            granian,
            [
                str(granian), "--interface", "wsgi", "--host", LOOPBACK, "--port", str(port), "--workers", "2",
                "--blocking-threads", "2", "--log-level", "warning", "lms.wsgi:application",
            ],
        )  # fmt: skip
