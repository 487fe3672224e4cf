"""Questions answered on a picture, from start to review: pages, API, the picture itself, and silence about the key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import transaction

from quizzes.attempts.commands import start_attempt
from tests.quizzes.listening import Listener, differences
from tests.quizzes.making import drawn, make_assessment, make_bank, make_picture, make_question, right, wrong

pytestmark = pytest.mark.django_db
BOTH = ["hotspot", "labelling"]
#: Middles of the two right regions, and a place outside all of them.
MASSETER, TEMPORALIS, NOWHERE = [0.2, 0.2], [0.5, 0.5], [0.99, 0.01]


def saved(attempt: Any, slot: int = 1) -> Any:
    return attempt.items.get(slot=slot).responses.order_by("sequence").last()


@pytest.mark.parametrize("slug", BOTH)
def test_the_picture_is_part_of_the_interaction_and_stands_nowhere_else(
    quiz_of: Any, begin: Any, api: Any, student: Any, clock: Any, slug: str
) -> None:
    attempt = begin(quiz_of([slug]))
    item = api(student).get(f"/api/v1/attempts/{attempt.uuid}/").json()["items"][0]
    assert "picture" not in item
    image = item["interaction"]["image"]
    assert {name: image[name] for name in ("width", "height", "alt")} == {
        "width": 400,
        "height": 300,
        "alt": "A head from the side",
    }
    assert image["src"].startswith(f"/attempts/{attempt.uuid}/pictures/")
    page = BeautifulSoup(api(student).get(f"/attempts/{attempt.uuid}/").content, "html.parser")
    assert [one["src"] for one in page.find_all("img") if "/pictures/" in one["src"]] == [image["src"]]


def test_any_other_question_has_its_picture_beside_the_stem(
    begin: Any, api: Any, student: Any, show_to: Any, clock: Any
) -> None:
    quiz = make_assessment(questions=[make_question(picture=make_picture())])
    show_to(student, quiz)
    item = api(student).get(f"/api/v1/attempts/{begin(quiz).uuid}/").json()["items"][0]
    assert item["picture"]["width"] == 400
    assert "image" not in item["interaction"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_served_to_its_attempt_as_what_it_is(
    begin: Any, api: Any, student: Any, show_to: Any, others: Any, clock: Any, kind: str
) -> None:
    quiz = make_assessment(questions=[make_question(slug="labelling", picture=make_picture(content=drawn(kind)))])
    show_to(student, quiz)
    attempt = begin(quiz)
    item = api(student).get(f"/api/v1/attempts/{attempt.uuid}/").json()["items"][0]
    src = item["interaction"]["image"]["src"]
    said = api(student).get(src)
    assert said["Content-Type"] == f"image/{kind.lower()}"
    assert said["X-Content-Type-Options"] == "nosniff"
    assert b"".join(said.streaming_content) == drawn(kind)
    assert {api(person).get(src).status_code for person in others.values()} == {404}
    for token in ("0" * 32, "é", src.rpartition("/")[2][:-1]):
        assert api(student).get(f"/attempts/{attempt.uuid}/pictures/{token}").status_code == 404


def test_a_picture_of_another_question_cannot_be_had(
    begin: Any, api: Any, student: Any, show_to: Any, clock: Any
) -> None:
    from quizzes.delivery.pictures import picture_token

    quiz = make_assessment(questions=[make_question(slug="labelling")])
    show_to(student, quiz)
    attempt = begin(quiz)
    other = make_picture()
    assert api(student).get(f"/attempts/{attempt.uuid}/pictures/{picture_token(attempt, other.pk)}").status_code == 404


# Answers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "percent"),
    [
        (([MASSETER, TEMPORALIS], ["Masseter", "Temporalis"]), 100),
        (([TEMPORALIS], ["Temporalis"]), 50),
        (([[0.8, 0.75], MASSETER], ["Orbit", "Masseter"]), 0),
    ],
)
def test_points_and_regions_earn_the_same(
    quiz_of: Any, begin: Any, put: Any, hand_in: Any, api: Any, make_user: Any, show_to: Any, answers: Any, percent: int
) -> None:  # fmt: skip
    quiz = quiz_of(["hotspot"])
    other = make_user("other", "student")
    show_to(other, quiz)
    points, texts = answers
    mine, theirs = begin(quiz), begin(quiz, by=other)
    shown = api(other).get(f"/api/v1/attempts/{theirs.uuid}/").json()["items"][0]["interaction"]["regions"]
    names = {region["html"]: region["id"] for region in shown}
    assert put(mine, 1, {"answer": {"points": points}}).status_code == 200
    assert put(theirs, 1, {"answer": {"regions": [names[text] for text in texts]}}, by=other).status_code == 200
    assert hand_in(mine).percent == hand_in(theirs).percent == percent


def test_a_form_saves_points_and_regions_and_shows_them_again(
    quiz_of: Any, begin: Any, client: Any, student: Any, clock: Any
) -> None:
    attempt = begin(quiz_of(["hotspot"]))
    client.force_login(student)
    url = f"/attempts/{attempt.uuid}/"

    def post(**fields: Any) -> None:
        revision = saved(attempt).sequence if saved(attempt) else 0
        assert client.post(url, {"slot": 1, "revision": revision, "go": "stay", **fields}).status_code == 302

    def page() -> Any:
        return BeautifulSoup(client.get(f"{url}?slot=1").content, "html.parser")

    post(points="0.2,0.2 0.5,0.5")
    assert saved(attempt).data == {"points": [[0.2, 0.2], [0.5, 0.5]], "regions": None}
    assert page().find("input", attrs={"name": "points"})["value"] == "0.2,0.2 0.5,0.5"
    assert len(page().find(class_="plate__marks").find_all(class_="plate__point")) == 2
    box = page().find("input", attrs={"name": "answer"})["value"]
    post(points="0.2,0.2 0.5,0.5", answer=box)
    assert len(saved(attempt).data["regions"]) == 1
    assert page().find("input", attrs={"name": "points"})["value"] == ""
    assert page().find("input", attrs={"name": "answer", "value": box}).has_attr("checked")
    post()
    assert saved(attempt).data is None


@pytest.mark.parametrize("slug", BOTH)
def test_a_synthetic_wrong_answer_is_wrong_and_a_right_one_right(
    quiz_of: Any, begin: Any, put: Any, hand_in: Any, slug: str
) -> None:
    quiz = quiz_of([slug, slug])
    attempt = begin(quiz)
    assert put(attempt, 1, {"answer": right(attempt, 1)}).status_code == 200
    assert put(attempt, 2, {"answer": wrong(attempt, 2)}).status_code == 200
    assert hand_in(attempt).percent == 50


# Review -------------------------------------------------------------------------------------------------------------


def test_the_review_draws_the_regions_once_the_key_may_be_told(
    quiz_of: Any, begin: Any, put: Any, hand_in: Any, api: Any, student: Any, clock: Any
) -> None:
    attempt = begin(quiz_of(["hotspot"], feedback="after_submit", said="zqsaidqz"))
    put(attempt, 1, {"answer": {"points": [MASSETER, NOWHERE]}})
    assert b"drawing" not in api(student).get(f"/api/v1/attempts/{attempt.uuid}/").content
    hand_in(attempt)
    item = api(student).get(f"/api/v1/attempts/{attempt.uuid}/review/").json()["items"][0]
    names = {region["html"]: region["id"] for region in item["interaction"]["regions"]}
    assert item["drawing"]["hits"] == [names["Masseter"], None]
    assert item["drawing"]["outlines"][names["Masseter"]] == [[0.1, 0.1], [0.3, 0.1], [0.3, 0.3], [0.1, 0.3]]
    assert set(item["drawing"]["outlines"]) == set(names.values())
    page = BeautifulSoup(api(student).get(f"/attempts/{attempt.uuid}/review/").content, "html.parser")
    assert len(page.find_all("polygon", class_="plate__region--right")) == 2
    assert len(page.find_all(class_="plate__point")) == 2
    words = " ".join(page.get_text().split())
    assert "Chosen, right" in words
    assert "Outside all of these, not right" in words


@pytest.mark.parametrize("slug", BOTH)
def test_the_review_is_silent_where_the_rule_says_so(
    quiz_of: Any, begin: Any, put: Any, hand_in: Any, api: Any, student: Any, clock: Any, slug: str
) -> None:
    attempt = begin(quiz_of([slug], feedback="never", said="zqsaidqz"))
    put(attempt, 1, {"answer": right(attempt)})
    hand_in(attempt)
    for url in (f"/api/v1/attempts/{attempt.uuid}/review/", f"/attempts/{attempt.uuid}/review/"):
        said = api(student).get(url).content.decode()
        for secret in ("drawing", "zqsaidqz", "plate__region--", "<polygon", "option--key", "correct_answer"):
            assert secret not in said


def test_feedback_at_once_draws_them_too(
    quiz_of: Any, begin: Any, put: Any, api: Any, student: Any, clock: Any
) -> None:
    attempt = begin(quiz_of(["hotspot"], kind="check", feedback="immediate"))
    said = put(attempt, 1, {"answer": {"points": [MASSETER]}}).json()
    assert len(said["feedback"]["drawing"]["outlines"]) == 3
    page = api(student).get(f"/attempts/{attempt.uuid}/?slot=1").content.decode()
    assert page.count("<polygon") == 3


# Twins --------------------------------------------------------------------------------------------------------------


def region(text: str, numbers: str, key: bool, said: str, kind: str = "rectangle") -> dict[str, Any]:
    return {"text": text, "shape": {"kind": kind, "numbers": numbers}, "key": key, "feedback": said}


ONE = [
    ("hotspot", {"min": 1, "max": 2, "regions": [
        region("a", "10 10 30 30", True, "zqlong and windedqz"), region("b", "50 50 10", False, "", "circle"),
        region("c", "70 70 90 70 80 90", False, "zqnoqz", "polygon"),
    ]}, "partial"),
    ("labelling", {"targets": [{"at": "20 20", "label": "x"}, {"at": "50 50", "label": "y"}],
                   "extra_labels": ["z"], "reuse": False}, "partial"),
]  # fmt: skip
OTHER = [
    ("hotspot", {"min": 1, "max": 2, "regions": [
        region("a", "5 5 8 8", False, ""), region("b", "40 40 90 40 90 95 40 95", True, "zqyesqz", "polygon"),
        region("c", "20 20 2", True, "", "circle"),
    ]}, "all_or_nothing"),
    ("labelling", {"targets": [{"at": "50 50", "label": "z"}, {"at": "20 20", "label": "y"}],
                   "extra_labels": ["x"], "reuse": False}, "all_or_nothing"),
]  # fmt: skip


def traffic_of(drafts: Any, student: Any, show: Callable[..., None], now: Any) -> list[tuple[str, str]]:
    """All that a candidate hears of a quiz of these drafts, up to the end, with the key never told."""
    with transaction.atomic():
        bank = make_bank("twins")
        picture = make_picture(bank)
        questions = [
            make_question(f"Q-TWIN-{slug}", slug, value, scoring=rule, bank=bank, picture=picture,
                          rationale=f"<p>{rule} {value}</p>")
            for slug, value, rule in drafts
        ]  # fmt: skip
        quiz = make_assessment("twin-quiz", questions=questions, feedback="never", results="held")
        show(student, quiz)
        attempt, _new = start_attempt(assessment=quiz, seed="the same for both", by=student, at=now)
        out = Listener(student)
        out.hidden[str(attempt.uuid)] = "ATTEMPT"
        page, url = f"/attempts/{attempt.uuid}", f"/api/v1/attempts/{attempt.uuid}"
        sent = [
            (1, {"points": [[0.2, 0.2]]}), (1, {"points": [[0.2, 0.2], [0.9, 0.1]]}), (1, {"regions": ["a"]}),
            (1, {"points": [[2, 2]]}), (2, {"labels": {"t1": "a"}}), (2, {"labels": {"t1": "a", "t2": "b"}}),
            (2, {"labels": {"t1": "a", "t2": "a"}}),
        ]  # fmt: skip
        out.ask("get", f"{url}/")
        for slot, answer in sent:
            said = out.ask("put", f"{url}/responses/{slot}/", {"answer": answer})
            assert said.status_code in {200, 400}
            out.ask("get", f"{page}/?slot={slot}")
        src = BeautifulSoup(out.client.get(f"{page}/?slot=1").content, "html.parser").find(class_="plate__image")["src"]
        served = out.client.get(src)
        out.heard.append(("the picture", f"{sorted(served.items())} {b''.join(served.streaming_content)!r}"))
        out.ask("post", f"{url}/submit/", {})
        for last in (f"{url}/", f"{url}/review/", f"{page}/result/", f"{page}/review/"):
            out.ask("get", last)
        # The name of a picture is made of keys of the database, which differ between the two runs.
        heard = [(name, said.replace(src.rpartition("/")[2], "PICTURE")) for name, said in out.heard]
        transaction.set_rollback(True)
    return heard


def test_another_key_makes_no_difference_that_a_candidate_can_see(
    student: Any, show_to: Any, clock: Any, now: Any
) -> None:
    one, other = (traffic_of(drafts, student, show_to, now) for drafts in (ONE, OTHER))
    assert not differences(one, other)
    assert len(one) == 21
    assert not any("zq" in said for _name, said in one)
