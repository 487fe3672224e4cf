"""What all tests share: one database with the shipped curriculum and the people of each role, built once per worker."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from tests import built

settings.register_profile("dev", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
ROLES = ("student", "instructor", "examiner", "registrar", "admin")
#: The outline of the shipped curriculum, once it was read.
_SHIPPED: list[Any] = []


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """The journeys run without pytest-django (`-p no:django`); then nobody else knows its option of pyproject.toml."""
    parser.addoption("--touching-database", action="store_true", help="only tests that can reach a database")
    if not pluginmanager.hasplugin("django"):
        parser.addini("DJANGO_SETTINGS_MODULE", "settings module of the tests that run inside Django")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, when asked to, what cannot reach a database: pytest-django lets nobody in who does not say so."""
    if not config.getoption("--touching-database"):
        return
    kept, pure = [], []
    for item in items:
        touches = item.get_closest_marker("django_db") or "django_db_setup" in getattr(item, "fixturenames", ())
        (kept if touches else pure).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=pure)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Without pytest-django nothing but the journeys can even be imported."""
    if config.pluginmanager.hasplugin("django"):
        return None
    inside = collection_path.relative_to(Path(__file__).parent).parts
    return True if inside and inside[0] != "e2e" else None


def _fill_storages(folder: Path) -> None:
    """Give the storages of the tests the files that the loader stored."""
    from django.core.files.storage import storages

    for name, alias in (("public", "default"), ("private", "private")):
        for file in (path for path in (folder / name).rglob("*") if path.is_file()):
            with file.open("rb") as content:
                storages[alias].save(str(file.relative_to(folder / name)), content)


@contextmanager
def lead_to_copy_of(stage: str, blocker: Any, called: str = "") -> Iterator[None]:
    """Let the connection lead to a database of our own, a copy of what `tests.built` has of that stage.

    A second copy of one stage needs a name that it is called by.
    """
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    was, opened = connection.settings_dict["NAME"], connection.connection
    on_server = connection.vendor == "postgresql"
    server = os.environ.get("DATABASE_URL", "") if on_server else ""
    with blocker.unblock():
        name = connection.creation._get_test_db_name()
        name = f"{name}_{called or stage}" if on_server else name.replace("memorydb", f"memorydb_{called or stage}")
        if on_server:
            connection.close()
            built.drop(server, name)
        connection.settings_dict["NAME"] = name
        with built.ready(stage, server) as made:
            if on_server:
                made.copy_to(name)
            else:
                connection.connect()
                with closing(sqlite3.connect(made.file)) as source:
                    source.backup(connection.connection)
            _fill_storages(made.media)
        ContentType.objects.clear_cache()
    try:
        yield
    finally:
        with blocker.unblock():
            # The wrapper never closes a database in memory, as that is its end.
            connection.close() if on_server else connection.connection.close()
            connection.settings_dict["NAME"] = was
            if on_server:
                built.drop(server, name)
            else:
                connection.connection = opened
            ContentType.objects.clear_cache()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The migrated database with the shipped curriculum: tests look at real content, inside their own transaction."""
    from django.utils import timezone

    from courses.queries import build_outline
    from quizzes.assembly.models import Form

    with lead_to_copy_of("school", django_db_blocker):
        with django_db_blocker.unblock():
            # Exams are given on reviewed forms only; who reviews them is tested elsewhere.
            Form.objects.update(reviewed_at=timezone.now())
            _SHIPPED[:] = [build_outline()]
        yield
        _SHIPPED.clear()


@pytest.fixture(scope="module")
def empty_school(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """For tests of a module that bring a curriculum of their own: the migrated database, nothing loaded."""
    with lead_to_copy_of("empty", django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def _fresh_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """The outline is cached; what one test published must not be seen by the next."""
    try:
        from django.core.cache import cache

        from courses import queries
        from quizzes.bank.held import forget_versions

        cache.clear()
        # A primary key that was rolled back is given again, to another version.
        forget_versions()
        elsewhere = "empty_school" in request.fixturenames or request.node.get_closest_marker("races")
        if _SHIPPED and not elsewhere:
            # A test begins with what was shipped, which need not be read again for each. The stamp is new each time:
            # whatever else is held under it may have come from what the last test wrote.
            stamp = uuid4().hex
            queries._held = (stamp, _SHIPPED[0])
            cache.set(queries.OUTLINE_STAMP, stamp, None)
    except Exception:
        yield
        return
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _callbacks_at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run inside a transaction that never commits, so what waits for the commit runs at once."""
    if request.node.get_closest_marker("e2e") or request.node.get_closest_marker("races"):
        return
    monkeypatch.setattr(
        "django.db.transaction.on_commit", lambda callback, using=None, robust=False: callback(), raising=True
    )


@pytest.fixture
def now() -> datetime:
    """A fixed moment."""
    return NOW


@pytest.fixture
def make_user(db: None) -> Callable[..., Any]:
    """Make a person with roles, ready to sign in."""
    from allauth.account.models import EmailAddress

    from lms.accounts.api import User, grant_role

    def make(name: str = "student", *roles: str, **fields: Any) -> Any:
        user = User.objects.create_user(
            f"{name}@test.example", PASSWORD, **{"display_name": name.title(), "legal_name": name.title(), **fields}
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        for role in roles or ("student",):
            grant_role(user=user, role=role)
        return user

    return make


@pytest.fixture
def student(make_user: Callable[..., Any]) -> Any:
    """A student without any enrolment."""
    return make_user("student", "student")


@pytest.fixture
def people(make_user: Callable[..., Any]) -> dict[str, Any]:
    """One person for each role, and a second student."""
    found = {role: make_user(role, role) for role in ROLES}
    found["other"] = make_user("other", "student")
    return found


@pytest.fixture
def api() -> Callable[..., Any]:
    """A client of the API, signed in as somebody."""
    from rest_framework.test import APIClient

    def client(user: Any = None) -> Any:
        made = APIClient()
        if user is not None:
            made.force_login(user)
        return made

    return client


@pytest.fixture
def enrolled(student: Any, now: datetime) -> Any:
    """A student who takes the first course, and so follows its path."""
    from courses.api import outline
    from lms.learning.api import enrol

    enrol(user=student, course=outline().course("C1"), by=student, at=now - timedelta(days=1))
    return student
