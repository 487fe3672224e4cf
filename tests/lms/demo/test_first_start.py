"""`start_demo` on a database that is not ready: it applies what is missing, and loads only what has changed."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from lms.core.digest import digest_of
from lms.demo.management.commands.start_demo import package_digest
from tests.lms.package.little_school import little_school


def started() -> str:
    out = StringIO()
    call_command("start_demo", "--no-serve", stdout=out)
    return out.getvalue()


def test_a_start_applies_what_is_missing(
    empty_school: None, django_db_blocker: Any, settings: Any, tmp_path: Path
) -> None:
    settings.LOCAL_DIR, settings.SHIPPED_CURRICULUM = tmp_path, little_school(tmp_path / "package")
    loaded = tmp_path / f"loaded-{digest_of(settings.DATABASE_URL)[:12]}"
    loaded.write_text(package_digest(settings.SHIPPED_CURRICULUM))
    with django_db_blocker.unblock():
        assert started() == "", "there is nothing to do"
        call_command("migrate", "package", "zero", verbosity=0)
        assert "package_loadedobject" not in connection.introspection.table_names()
        said = started()
        assert "package_loadedobject" in connection.introspection.table_names()
    assert said.startswith("Preparing the database … done in ")
    assert "Loading" not in said
