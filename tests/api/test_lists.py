"""Lists: one shape, in pages of bounded size."""

from __future__ import annotations

from typing import Any

import pytest

from lms.certification.api import Path

pytestmark = pytest.mark.django_db

LISTS = ("/api/v1/courses/", "/api/v1/quizzes/", "/api/v1/programmes/", "/api/v1/certificates/")


@pytest.mark.parametrize("url", LISTS)
def test_a_list_has_count_next_previous_and_results(url: str, enrolled: Any, api: Any) -> None:
    body = api(enrolled).get(url).json()
    assert set(body) == {"count", "next", "previous", "results"}
    assert body["count"] == len(body["results"])
    assert body["next"] is body["previous"] is None


def test_the_registrars_list_has_the_same_shape(people: dict[str, Any], api: Any) -> None:
    body = api(people["registrar"]).get("/api/v1/registrar/applications/").json()
    assert body == {"count": 0, "next": None, "previous": None, "results": []}


def test_pages_follow_each_other_without_gap_or_repetition(enrolled: Any, api: Any) -> None:
    client = api(enrolled)
    whole = [row["slug"] for row in client.get("/api/v1/quizzes/").json()["results"]]
    assert len(whole) > 4
    url, seen = "/api/v1/quizzes/?page_size=3", []
    while url:
        body = client.get(url).json()
        assert body["count"] == len(whole)
        assert len(body["results"]) <= 3
        seen += [row["slug"] for row in body["results"]]
        url = body["next"]
    assert seen == whole


@pytest.mark.parametrize("page", ["0", "-1", "99", "x"])
def test_a_page_that_is_not_there_is_404(page: str, enrolled: Any, api: Any) -> None:
    response = api(enrolled).get("/api/v1/quizzes/", {"page": page})
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_nobody_gets_more_than_200_rows_at_once(student: Any, api: Any) -> None:
    first = Path.objects.select_related("current_version").get(code="foundations")
    Path.objects.bulk_create(
        [
            Path(
                code=f"path-{number:03}", title=f"Path {number}", credential_title="C", credential_kind="attendance",
                summary="", requirements=[], live=True, current_version=first.current_version,
            )
            for number in range(220)
        ]
    )  # fmt: skip
    client = api(student)
    assert len(client.get("/api/v1/programmes/").json()["results"]) == 50
    assert len(client.get("/api/v1/programmes/", {"page_size": 10_000}).json()["results"]) == 200
    for nonsense in ("0", "-5", "many"):
        assert len(client.get("/api/v1/programmes/", {"page_size": nonsense}).json()["results"]) == 50
