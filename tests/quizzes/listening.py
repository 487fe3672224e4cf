"""Ears for what must not be heard: a candidate's traffic word for word, and a walk over every page within reach."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client

CANARY = re.compile(rb"zq[\w-]+qz")


class Listener:
    """Signs in as the candidate and writes down all that comes back, without what is random for good reason."""

    def __init__(self, student: Any) -> None:
        self.client = Client()
        self.client.force_login(student)
        self.heard: list[tuple[str, str]] = []
        self.hidden: dict[str, str] = {}

    def ask(self, method: str, url: str, body: Any = None, *, form: bool = False, **headers: str) -> Any:
        """One request; status, headers and body are written down."""
        given: dict[str, Any] = {} if body is None else {"data": body}
        if body is not None and not form:
            given["content_type"] = "application/json"
        response = getattr(self.client, method)(url, headers=headers, **given)
        head = "\n".join(f"{name}: {value}" for name, value in sorted(response.items()))
        cookies = "\n".join(sorted(response.cookies))
        # Bytes that are no UTF-8 stay what they are.
        text = response.content.decode("utf-8", "surrogateescape")
        said = f"{response.status_code}\n{head}\n{cookies}\n\n{text}"
        self.heard.append((self.plain(f"{method} {url}"), self.plain(said)))
        return response

    def plain(self, text: str) -> str:
        text = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", text)
        text = re.sub(r"^(Expires: ).*GMT$", r"\1", text, flags=re.MULTILINE)  # The moment of asking.
        for secret, name in self.hidden.items():
            text = text.replace(secret, name)
        return text


def differences(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> list[str]:
    """Requests whose answers differ, with the place where they part."""
    assert [name for name, _said in one] == [name for name, _said in other]
    found = []
    for (name, left), (_name, right_) in zip(one, other, strict=True):
        if left != right_:
            place = next(
                (n for n, (a, b) in enumerate(zip(left, right_, strict=False)) if a != b), min(len(left), len(right_))
            )
            found.append(
                f"{name}: …{left[max(0, place - 60) : place + 60]!r} / …{right_[max(0, place - 60) : place + 60]!r}"
            )
    return found


#: Sections with many pages alike: a few of each are looked at.
FEW = 3
EVERY = ("attempts", "quizzes", "api", "dashboard", "practice", "courses")
NOT_FOR_READING = re.compile(r"^/(static|media|admin|accounts/logout|demo)|\.(pdf|png|svg|css|js|woff2)$")
LINK = re.compile(rb'\b(?:href|src|action|data-[a-z-]*url)="([^"]+)"')


def crawl(client: Client, first: list[str]) -> dict[str, bytes]:
    """Every page that can be reached by links, from these on; a few of each section with many alike."""
    waiting, seen, found, by_section = list(first), set(first), {}, {}
    while waiting and len(found) < 120:
        url = waiting.pop(0)
        response = client.get(url)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found[url] = str(sorted(response.items())).encode() + body
        links = [value.decode() for value in LINK.findall(body)]
        links += [response["Location"]] if response.has_header("Location") else []
        for link in links:
            target = urlsplit(urljoin(url, link.replace("&amp;", "&")))
            address = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc not in {"", "testserver"} or address in seen or NOT_FOR_READING.search(target.path):
                continue
            section = target.path.strip("/").split("/")[0]
            by_section[section] = by_section.get(section, 0) + 1
            if section in EVERY or by_section[section] <= FEW:
                seen.add(address)
                waiting.append(address)
    return found


def canaries(pages: dict[str, bytes]) -> dict[str, set[str]]:
    """Address -> canaries found there."""
    return {url: {word.decode() for word in CANARY.findall(body)} for url, body in pages.items() if CANARY.search(body)}
