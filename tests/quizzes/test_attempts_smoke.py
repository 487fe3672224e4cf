import pytest

pytestmark = pytest.mark.django_db


def test_a_quiz_from_start_to_review(enrolled, api):
    client = api(enrolled)
    started = client.post("/api/v1/quizzes/ori-quiz/attempts/")
    assert started.status_code == 201, started.json()
    attempt = started.json()
    assert len(attempt["items"]) == 8
    again = client.post("/api/v1/quizzes/ori-quiz/attempts/")
    assert (again.status_code, again.json()["id"]) == (200, attempt["id"])
    url = f"/api/v1/attempts/{attempt['id']}"
    done = client.post(f"{url}/submit/").json()
    assert done["state"] == "graded"
    assert done["percent"] == 0.0
    review = client.get(f"{url}/review/").json()
    assert all("rationale_html" in item for item in review["items"])
