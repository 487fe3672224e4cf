"""A served platform and a browser, once per run; windows of people as a test needs them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.server import Site, served
from tests.e2e.visit import Seen, Visit

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PATIENCE = 15_000
#: What takes longest comes first, so that two workers end together.
LONG = (
    "test_journey",
    "test_accessibility",
    "test_practitioner",
    "test_exam_conditions",
    "test_types_by_keyboard",
    "test_authoring",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; within a file nothing changes its place."""

    def place(item: pytest.Item) -> int:
        return LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG)

    items.sort(key=place)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The demonstration, freshly set up and served."""
    with served() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; nothing is downloaded."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        words = "No Chromium is installed, so no journey can be walked."
        pytest.fail(words) if os.environ.get("CI") else pytest.skip(words)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, headless=True, args=QUIET)
        yield running
        running.close()


@pytest.fixture(scope="session")
def _sessions() -> dict[str, Any]:
    """Cookies of people who have logged in once: the form is walked once per person, not once per test."""
    return {}


@pytest.fixture(scope="session")
def _seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Kinds of page that were examined already; all workers of a run share it."""
    base = tmp_path_factory.getbasetemp()
    return Seen((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "seen")


@contextmanager
def _windows(site: Site, browser: Browser, sessions: dict[str, Any], seen: Seen) -> Iterator[Callable[..., Visit]]:
    """Windows that are closed together; afterwards none of them may have had anything to complain of."""
    opened: list[Visit] = []

    def open_window(email: str = "", *, javascript: bool = True) -> Visit:
        context = browser.new_context(
            java_script_enabled=javascript,
            storage_state=sessions.get(email),
            reduced_motion="reduce",
            color_scheme="light",
            locale="en-GB",
            viewport={"width": 1200, "height": 900},
        )
        context.set_default_timeout(PATIENCE)
        window = Visit(context, context.new_page(), site, seen, has_scripts=javascript)
        opened.append(window)
        if email and email not in sessions:
            window.log_in(email)
            sessions[email] = context.storage_state()
        return window

    yield open_window
    complaints = [words for window in opened for words in window.real_complaints]
    for window in opened:
        window.context.close()
    assert not complaints, "The browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def visit(site: Site, browser: Browser, _sessions: dict[str, Any], _seen: Seen) -> Iterator[Callable[..., Visit]]:
    """Open a window: `visit()` for a stranger, `visit("student@example.org")` for somebody of the demo school."""
    with _windows(site, browser, _sessions, _seen) as open_window:
        yield open_window


@pytest.fixture(scope="module")
def stay(site: Site, browser: Browser, _sessions: dict[str, Any], _seen: Seen) -> Iterator[Callable[..., Visit]]:
    """As `visit`, for windows that all tests of a module share."""
    with _windows(site, browser, _sessions, _seen) as open_window:
        yield open_window
