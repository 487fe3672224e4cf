"""Somebody at a browser, and what the browser complained of meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

from tests.e2e import looks
from tests.e2e.server import Site

PASSWORD = "nmt-demo-2026"


class Seen:
    """Kinds of page that were examined in this run, by this process or by another one beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def first(self, name: str) -> bool:
        """Is this the first time? Then it is noted."""
        try:
            (self.folder / sha256(name.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


@dataclass
class Visit:
    """A browser window of one person. `complaints` must stay empty."""

    context: BrowserContext
    page: Page
    site: Site
    seen: Seen
    has_scripts: bool = True
    complaints: list[str] = field(default_factory=list)
    tolerated: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.watch(self.page)

    def watch(self, page: Page) -> None:
        """Hear what a tab complains of."""
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._complain(f"{page.url}: {error}"))
        page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complain(f"{message.location.get('url', '')}: {message.text}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 500:
            self._complain(f"{response.request.method} {response.url}: {response.status}")

    def _complain(self, words: str) -> None:
        self.complaints.append(words)

    def tolerate(self, pattern: str) -> None:
        """The journey itself provokes this complaint."""
        self.tolerated.append(pattern)

    @property
    def real_complaints(self) -> list[str]:
        """All that was not provoked."""
        return [words for words in self.complaints if not any(re.search(one, words) for one in self.tolerated)]

    def go(self, path: str, status: int = 200) -> Page:
        """Type an address of the site."""
        answer = self.page.goto(path if path.startswith("http") else self.site.url + path)
        assert answer is not None
        assert answer.status == status, f"{path} answers {answer.status}"
        return self.page

    def examine(self, name: str) -> None:
        """Look for barriers and overflow, once for each kind of page in a run; what is found is a complaint."""
        if not self.has_scripts or not self.seen.first(name):
            return  # Axe is a script itself, and the page is the same one.
        # A click leads to the next page and does not wait until all of it is there.
        self.page.wait_for_load_state("load")
        for problem in looks.barriers(self.page) + looks.overflow(self.page):
            self._complain(f"{name}: {problem}")

    def log_in(self, email: str, password: str = PASSWORD) -> None:
        """By the form, as everybody does."""
        self.go("/accounts/login/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Log in").click()
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)

    def send(self, method: str, path: str, data: Any = None) -> Any:
        """Call the API as this person, with the session and the CSRF token that the browser holds."""
        token = next((cookie["value"] for cookie in self.context.cookies() if cookie["name"] == "lms_csrf"), "")
        answer = self.context.request.fetch(
            f"{self.site.url}/api/v1/{path}", method=method, data=data, headers={"X-CSRFToken": token}
        )
        body = answer.json() if answer.body() else None
        assert answer.ok, f"{method} {path}: {answer.status} {body}"
        return body
