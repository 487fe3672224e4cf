"""The OpenAPI document: valid, complete, and open to everybody."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

from tests.api.routes import API

pytestmark = pytest.mark.django_db

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document(django_db_blocker: Any) -> dict[str, Any]:
    with django_db_blocker.unblock():
        response = Client().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi"})
    assert response.status_code == 200
    return yaml.safe_load(response.content)


def views() -> dict[str, Any]:
    """Every address under /api/v1/ as the document writes it, with its view."""
    [branch] = [entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/v1/"]

    def walk(resolver: Any, prefix: str) -> Any:
        for entry in resolver.url_patterns:
            path = prefix + str(entry.pattern)
            if hasattr(entry, "url_patterns"):
                yield from walk(entry, path)
            else:
                yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path), entry.callback.view_class

    return dict(walk(branch, "api/v1/"))


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_the_document_is_valid_and_made_without_a_warning(tmp_path: Any) -> None:
    file = tmp_path / "schema.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))
    assert yaml.safe_load(file.read_text())["openapi"].startswith("3.")


def test_every_address_and_method_stands_in_it(document: dict[str, Any]) -> None:
    real = {
        (path, method) for path, view in views().items() for method in METHODS if callable(getattr(view, method, None))
    }
    written = {(path, method) for path, method, _operation in operations(document)}
    assert written == real
    # Some rows are about one address with different things behind it.
    assert len(real) >= len({(row.name, row.method) for row in API}) - 4


def test_nothing_of_the_cms_stands_in_it(document: dict[str, Any]) -> None:
    assert [path for path in document["paths"] if not path.startswith("/api/v1/")] == []
    assert "wagtail" not in json.dumps(document).lower()


def test_operations_have_names_of_their_own_and_say_what_comes_back(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(names) == len(set(names))
    for path, method, operation in operations(document):
        assert any(status.startswith("2") for status in operation["responses"]), (method, path)
        assert operation["tags"] != ["api"], f"{method} {path} has no tag"
        assert operation.get("description"), f"{method} {path} says not what it is for"


def test_every_operation_names_the_problems_it_may_answer_with(document: dict[str, Any]) -> None:
    problems = {"400", "401", "403", "404", "409", "412", "413", "429"}
    for path, method, operation in operations(document):
        assert problems <= set(operation["responses"]), (method, path)
    for name, response in document["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name


def test_both_ways_to_sign_in_are_described(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    assert schemes["token"]["name"] == "Authorization"
    assert schemes["session"]["in"] == "cookie"
    public = {path for path, _method, operation in operations(document) if {} in operation.get("security", [{}])}
    assert public == {
        "/api/v1/auth/token/", "/api/v1/verify/{number}/", "/api/v1/verify/file/", "/api/v1/register/",
    }  # fmt: skip


def test_the_document_comes_as_json_too(client: Client) -> None:
    response = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert response.json()["info"]["title"]


def test_the_page_for_readers_lists_every_address(client: Client, document: dict[str, Any]) -> None:
    page = client.get("/api/docs/").content.decode()
    assert [path for path in document["paths"] if path not in page] == []
