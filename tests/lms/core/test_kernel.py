"""Ports, writes of the CMS in one piece, health, and the one stylesheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from lms.accounts.api import User
from lms.core.atomic import atomic_writes
from lms.core.clock import school_day
from lms.core.exceptions import DomainError
from lms.core.ports import Allow, CollectPort, Deny, GatePort, Missing, SinglePort
from lms.core.static_finder import SOURCE, one_sheet


@dataclass(frozen=True)
class Thing:
    pk: int


def test_a_gate_without_answers_is_open() -> None:
    assert GatePort("gate")("anybody", Thing(1)) == Allow()


def test_a_gate_denies_if_anyone_denies_and_the_first_denial_speaks() -> None:
    gate = GatePort("gate")
    first = Deny("locked", "First", (Missing("a", "A"),))
    gate.register(lambda user, things: {1: Allow()})
    gate.register(lambda user, things: {1: first})
    gate.register(lambda user, things: {1: Deny("not_open", "Second"), 2: Allow()})
    assert gate.many("anybody", [Thing(1), Thing(2)]) == {1: first, 2: Allow()}


def test_an_answer_registered_twice_is_asked_once() -> None:
    port: CollectPort = CollectPort("all")

    def answer() -> list[int]:
        return [1]

    port.register(answer)
    port.register(answer)
    assert port() == [1]


def test_a_collection_joins_all_answers_and_a_single_port_takes_the_last() -> None:
    every, single = CollectPort("all"), SinglePort("one", default=lambda: 0)
    assert every() == []
    assert single() == 0
    for number in (1, 2):
        every.register(lambda number=number: [number])
        single.register(lambda number=number: number)
    assert every() == [1, 2]
    assert single() == 2


class TooLate(DomainError):
    code = "too_late"
    title = "It is too late"


def request(method: str, **headers: str) -> Any:
    made = getattr(RequestFactory(), method)("/admin/somewhere/", headers=headers)
    made.session = {}
    made._messages = FallbackStorage(made)
    return made


@pytest.mark.django_db
def test_a_write_of_the_cms_that_fails_leaves_nothing_and_says_why(make_user: Any) -> None:
    @atomic_writes
    def view(request: Any) -> HttpResponse:
        make_user("half")
        raise TooLate()

    asked = request("post", referer="http://testserver/admin/form/")
    response = view(asked)
    assert (response.status_code, response["Location"]) == (302, "http://testserver/admin/form/")
    assert [str(message) for message in get_messages(asked)] == ["It is too late"]
    assert not User.objects.filter(email="half@test.example").exists()


@pytest.mark.django_db
def test_it_sends_nobody_off_the_site() -> None:
    @atomic_writes
    def view(request: Any) -> HttpResponse:
        raise TooLate()

    assert view(request("post", referer="https://evil.example/"))["Location"] == "/admin/somewhere/"


@pytest.mark.django_db
def test_an_unexpected_fault_leaves_nothing_and_is_not_hidden(make_user: Any) -> None:
    @atomic_writes
    def view(request: Any) -> HttpResponse:
        make_user("half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        view(request("post"))
    assert not User.objects.filter(email="half@test.example").exists()


@pytest.mark.django_db(transaction=False)
def test_reading_takes_no_transaction() -> None:
    depth = []

    @atomic_writes
    def view(request: Any) -> HttpResponse:
        depth.append(len(transaction.get_connection().savepoint_ids))
        return HttpResponse()

    view(request("get"))
    view(request("post"))
    assert depth[1] == depth[0] + 1


@pytest.mark.django_db
def test_a_process_that_answers_is_healthy_and_a_whole_instance_is_ready(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {
        "status": "ok", "database": "ok", "migrations": "ok", "record": "ok", "cache": "ok",
    }  # fmt: skip


@pytest.mark.django_db
def test_an_instance_without_its_cache_is_not_ready(client: Client, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["cache"]) == (503, "unreachable")
    assert client.get("/healthz").status_code == 200


def test_the_one_stylesheet_holds_every_sheet_in_its_layer() -> None:
    sheet = one_sheet()
    assert "@import" not in sheet
    for path in SOURCE.parent.rglob("*.css"):
        if path != SOURCE:
            words = path.read_text()
            assert words in sheet, f"{path.name} is not imported by site.css"
            assert "url(" not in words or path.parent == SOURCE.parent, f"{path.name}: relative addresses break here"


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/", "/accounts/login/", "/verify/", "/api/docs/"])
def test_public_pages_carry_a_strict_policy(url: str, client: Client) -> None:
    policy = client.get(url)["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy


@pytest.mark.parametrize("url", ["/verify/register/?q=%00", "/verify/a%00b/", "/?page=1&x=a%00"])
def test_an_address_with_a_null_character_is_refused(url: str, client: Client) -> None:
    assert client.get(url).status_code == 400


def test_the_api_refuses_a_null_character_as_a_problem(client: Client) -> None:
    response = client.get("/api/v1/register/?q=%00")
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


def test_the_day_of_the_school_is_the_same_for_every_reader(settings: Any) -> None:
    settings.TIME_ZONE = "America/New_York"
    late = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
    with timezone.override("Pacific/Auckland"):
        assert school_day(late) == date(2026, 3, 4)
