"""Nothing that a candidate can read before its time tells the right answer.

Twins: two quizzes that differ only in keys, rationales, feedback and scoring must give the same traffic, byte for
byte. Canaries: words planted in rationales and feedback are found nowhere before feedback is allowed, and are found
afterwards, so that these tests can fail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.rich_text import RichText

from quizzes.assembly.commands import freeze_assessment
from quizzes.assembly.models import Assessment
from quizzes.attempts.commands import start_attempt
from quizzes.attempts.models import Attempt
from quizzes.bank.commands import freeze_question
from quizzes.bank.held import forget_versions
from quizzes.bank.models import Question
from tests.quizzes.listening import CANARY, Listener, canaries, crawl, differences
from tests.quizzes.making import SIX_TYPES, choices, draft, make_assessment, make_bank, make_question, right
from tests.quizzes.types import strategies

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]
Drafts = list[tuple[str, dict[str, Any], str]]

LEFT: Drafts = [(slug, *draft(slug, "zqleftqz")) for slug in SIX_TYPES]
RIGHT: Drafts = [
    (
        "matching",
        {
            "pairs": [{"prompt": f"prompt {n}", "option": f"option {n + 1}"} for n in (1, 2, 3)],
            "extra_options": ["option 1"],
        },
        "all_or_nothing",
    ),
    ("multiple_response", {"min": 1, "max": 3, "choices": choices([1], "zqa much longer wordqz")}, "all_or_nothing"),
    ("numeric", {"low": "-3", "high": "1234.5", "unit": "kg"}, "all_or_nothing"),
    ("ordering", {"elements": ["third", "fourth", "first", "second"]}, "all_or_nothing"),
    ("single_choice", {"choices": choices([3])}, "all_or_nothing"),
    (
        "true_false",
        {"correct": False, "feedback_true": "", "feedback_false": "zqno, because of thatqz"},
        "all_or_nothing",
    ),
]
#: Sent by candidates of both twins: right for one, wrong for the other, and some unfinished.
ANSWERS: dict[str, list[Any]] = {
    "matching": [{"pairs": {"p1": "a"}}, {"pairs": {"p1": "a", "p2": "b"}}],
    "multiple_response": [{"choices": ["a"]}, {"choices": ["a", "b"]}],
    "numeric": [{"value": 20}, {"value": "-2,5"}],
    "ordering": [{"order": ["e1"]}, {"order": ["e2", "e1"]}],
    "single_choice": [{"choice": "a"}, {"choice": "b"}],
    "true_false": [{"value": True}, {"value": False}],
}
#: Answers that no type takes as complete, so that feedback after each answer has nothing to say yet.
HALF = {"matching": {"pairs": {}}, "ordering": {"order": []}, "multiple_response": {"choices": []}}


def sit(student: Any, quiz: Assessment, now: Any, *, until: str) -> list[tuple[str, str]]:
    """Everything a candidate can see of an attempt, up to a point at which the key must still be secret."""
    out = Listener(student)
    pages = [f"/quizzes/{quiz.code}/", f"/api/v1/quizzes/{quiz.code}/", "/api/v1/quizzes/", "/dashboard/"]
    for page in pages:
        out.ask("get", page)
    attempt, _new = start_attempt(assessment=quiz, seed="the same for both", by=student, at=now)
    out.hidden[str(attempt.uuid)] = "ATTEMPT"
    here, url = f"/attempts/{attempt.uuid}", f"/api/v1/attempts/{attempt.uuid}"
    items = list(attempt.items.select_related("version").order_by("slot"))
    for item in items:
        address = f"{url}/responses/{item.slot}/"
        sent = [HALF[item.version.type]] if until == "half" and item.version.type in HALF else []
        sent = ANSWERS[item.version.type] if until != "half" else sent
        for number, answer in enumerate(sent):
            out.ask("put", address, {"answer": answer}, **{"Idempotency-Key": f"k{number}"})
            out.ask("put", address, {"answer": answer}, **{"Idempotency-Key": f"k{number}"})
        out.ask("put", address, {"answer": {"nothing": 1}})
        out.ask("put", address, {"flagged": True}, **{"If-Match": '"99"'})
        out.ask("put", address, {"flagged": True, "confidence": 2})
        out.ask("get", f"{here}/?slot={item.slot}")
        out.ask("post", f"{here}/", {"slot": item.slot, "go": "next", "revision": "77"}, form=True)
    for page in (f"{here}/", f"{here}/summary/", f"{here}/review/", f"{here}/result/", f"{url}/", f"{url}/review/"):
        out.ask("get", page)
    out.ask("get", f"{here}/questions/")
    out.ask("post", f"{url}/heartbeat/")
    if until == "end":
        out.ask("post", f"{url}/submit/", {})
        out.ask("post", f"{url}/submit/", {})
        out.ask("post", f"{here}/submit/", {}, form=True)
        out.ask("put", f"{url}/responses/1/", {"answer": None})
        for page in (f"{here}/", f"{here}/result/", f"{here}/review/", f"{url}/", f"{url}/review/", *pages):
            out.ask("get", page)
    return out.heard


def traffic_of(
    drafts: Drafts, student: Any, show: Callable[..., None], now: Any, *, until: str, drawn: bool, **rules: Any
):
    """Publish a quiz of these drafts, sit it, and undo all of it."""
    with transaction.atomic():
        bank = make_bank("twins")
        questions = [
            make_question(f"Q-TWIN-{number}", slug, value, scoring=scoring, bank=bank,
                          rationale=f"<p>{scoring} {value}</p>")
            for number, (slug, value, scoring) in enumerate(drafts)
        ]  # fmt: skip
        content: dict[str, Any] = {"questions": questions}
        if drawn:
            content = {"draws": [{"bank": bank, "rules": [{"count": len(questions)}]}], "shuffle_items": True}
        quiz = make_assessment("twin-quiz", **content, **rules)
        show(student, quiz)
        heard = sit(student, quiz, now, until=until)
        transaction.set_rollback(True)
    # The next questions get the same primary keys.
    forget_versions()
    return heard


SECRETIVE = [
    ("end", False, {"feedback": "never", "results": "held"}),
    ("end", True, {"feedback": "after_submit", "results": "held"}),
    ("submit", False, {"feedback": "after_submit"}),
    ("submit", True, {"feedback": "never"}),
    ("submit", False, {"feedback": "after_submit", "navigation": "one_way"}),
    ("half", False, {"feedback": "immediate", "kind": "check"}),
]


@pytest.mark.parametrize(("until", "drawn", "rules"), SECRETIVE)
def test_another_key_makes_no_difference_that_a_candidate_can_see(
    student: Any, show_to: Any, clock: Any, now: Any, until: str, drawn: bool, rules: dict[str, Any]
) -> None:
    one, other = (
        traffic_of(drafts, student, show_to, now, until=until, drawn=drawn, **rules) for drafts in (LEFT, RIGHT)
    )
    assert not differences(one, other)
    assert len(one) > 40
    assert not any(CANARY.search(said.encode("utf-8", "replace")) for _name, said in one)


def test_after_close_is_silent_until_then(student: Any, show_to: Any, clock: Any, now: Any) -> None:
    rules = {"feedback": "after_close", "results": "held", "closes_at": now + timedelta(days=1)}
    one, other = (
        traffic_of(drafts, student, show_to, now, until="end", drawn=False, **rules) for drafts in (LEFT, RIGHT)
    )
    assert not differences(one, other)


def test_this_listener_would_hear_a_difference(student: Any, show_to: Any, clock: Any, now: Any) -> None:
    one, other = (
        traffic_of(drafts, student, show_to, now, until="end", drawn=False, feedback="after_submit")
        for drafts in (LEFT, RIGHT)
    )
    heard = differences(one, other)
    for name in (
        "post /api/v1/attempts/ATTEMPT/submit/",
        "get /attempts/ATTEMPT/review/",
        "get /api/v1/quizzes/twin-quiz/",
    ):
        assert any(line.startswith(name) for line in heard), name
    moved = [(slug, {**value, "unit": "g"} if slug == "numeric" else value, rule) for slug, value, rule in LEFT]
    third = traffic_of(moved, student, show_to, now, until="submit", drawn=False, feedback="never")
    first = traffic_of(LEFT, student, show_to, now, until="submit", drawn=False, feedback="never")
    assert differences(first, third)


CASES = st.tuples(*(getattr(strategies, slug)() for slug in SIX_TYPES))


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(cases=CASES)
def test_nor_does_any_other_pair_of_twins(student: Any, show_to: Any, clock: Any, now: Any, cases: Any) -> None:
    pairs = list(zip(SIX_TYPES, cases, strict=True))
    one = [(slug, case.draft, case.scoring.value) for slug, case in pairs]
    other = [(slug, case.twin, case.twin_scoring.value) for slug, case in pairs]
    rules = {"until": "end", "drawn": False, "feedback": "never", "results": "held"}
    assert not differences(*(traffic_of(drafts, student, show_to, now, **rules) for drafts in (one, other)))


# Canaries -----------------------------------------------------------------------------------------------------------


def plant(bank_code: str) -> None:
    """Put a canary into the rationale and each feedback of every question of a bank, and publish again."""
    for question in Question.objects.filter(bank__code=bank_code):
        word = f"zq{question.code.lower()}qz"
        value = question.interaction[0].value
        for choice in value.get("choices", []):
            choice["feedback"] = RichText(f"<p>{word}</p>")
        for name in {"feedback_true", "feedback_false"} & set(value):
            value[name] = RichText(f"<p>{word}</p>")
        question.rationale = f"<p>{word}</p>"
        question.save()
        freeze_question(question=question, by=None, at=question.current_version.published_at)


def api_of(*attempts: Attempt) -> list[str]:
    """What the API offers a candidate to read."""
    fixed = ["me/", "courses/", "courses/foundations/", "quizzes/", "lessons/ORI-1/", "certificates/",
             "programmes/foundations/progress/", "practice/next/"]  # fmt: skip
    own = [f"attempts/{attempt.uuid}/{part}" for attempt in attempts for part in ("", "review/")]
    quizzes = [f"quizzes/{attempt.assessment.code}/" for attempt in attempts]
    return [f"/api/v1/{path}" for path in [*fixed, *own, *quizzes]] + ["/api/schema/"]


def test_what_explains_the_answers_is_found_nowhere_before_its_time(enrolled: Any, client: Any, show_to: Any) -> None:
    from django.utils import timezone

    plant("ori-teaching")
    for code in ("ori-1-check", "ori-quiz"):
        freeze_assessment(assessment=Assessment.objects.get(code=code), by=None, at=timezone.now())
    exam_questions = [
        make_question(slug=slug, said=f"zqexam-{slug}qz", bank=make_bank("canary-exam", "exam")) for slug in SIX_TYPES
    ]
    exam = make_assessment(kind="exam", feedback="never", questions=exam_questions)
    show_to(enrolled, exam)

    client.force_login(enrolled)
    attempts = []
    for code in ("ori-quiz", "ori-1-check", exam.code):
        client.post(f"/quizzes/{code}/")
        attempts.append(Attempt.objects.get(assessment__code=code))
    quiz, check, sat = attempts
    for attempt in attempts:
        for item in attempt.items.all():
            body = {"flagged": True} if attempt == check else {"answer": right(attempt, item.slot)}
            said = client.put(f"/api/v1/attempts/{attempt.uuid}/responses/{item.slot}/", body, "application/json")
            assert said.status_code == 200
            assert not CANARY.search(said.content)
    slots = [f"/attempts/{row.uuid}/?slot={item.slot}" for row in attempts for item in row.items.all()]
    begin_at = [
        "/dashboard/",
        *slots,
        *(f"/attempts/{row.uuid}/summary/" for row in attempts),
        *api_of(*attempts),
        "/courses/",
    ]
    before = crawl(client, begin_at)
    assert len(before) > 60
    assert not canaries(before)

    # A check: one answer, and the canary of this one question alone.
    item = check.items.select_related("version__question").get(slot=1)
    own = f"zq{item.version.question.code.lower()}qz"
    told = client.put(
        f"/api/v1/attempts/{check.uuid}/responses/1/", {"answer": right(check, 1)}, "application/json"
    ).content
    assert {word.decode() for word in CANARY.findall(told)} == {own}
    after_one = canaries(crawl(client, [f"/attempts/{check.uuid}/?slot={n}" for n in (1, 2, 3)]))
    assert after_one == {f"/attempts/{check.uuid}/?slot=1": {own}}

    # The exam: handed in, and still silent for ever.
    client.post(f"/attempts/{sat.uuid}/submit/")
    pages = crawl(client, [f"/attempts/{sat.uuid}/result/", f"/attempts/{sat.uuid}/review/", *api_of(sat)])
    assert not {word for found in canaries(pages).values() for word in found if "exam" in word}

    # The quiz: handed in, and explained, save what the open check asks as well.
    client.post(f"/attempts/{quiz.uuid}/submit/")
    asked = {f"zq{row.version.question.code.lower()}qz" for row in quiz.items.select_related("version__question")}
    still_asked = {
        f"zq{row.version.question.code.lower()}qz" for row in check.items.select_related("version__question")
    }
    for url in (f"/attempts/{quiz.uuid}/review/", f"/api/v1/attempts/{quiz.uuid}/review/"):
        assert canaries({url: client.get(url).content})[url] == asked - still_asked
    client.post(f"/attempts/{check.uuid}/submit/")
    for url in (f"/attempts/{quiz.uuid}/review/", f"/api/v1/attempts/{quiz.uuid}/review/"):
        assert canaries({url: client.get(url).content})[url] == asked
