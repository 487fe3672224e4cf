"""Which questions may be drawn, who may open a bank, and what is written down about confidential items."""

from __future__ import annotations

from typing import Any

import pytest

from lms.core.exceptions import RecordIsFixed
from quizzes.assembly.commands import pool_of
from quizzes.assembly.exceptions import CannotAssemble
from quizzes.bank.commands import note_access
from quizzes.bank.enums import BankAction, LifeCycle
from quizzes.bank.models import BankAccess, Question
from quizzes.bank.queries import banks_for, live_but_not_frozen, questions_for
from tests.quizzes.making import make_assessment, make_bank, make_question

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "is_drawn"),
    [
        ({"life_cycle": LifeCycle.LIVE}, True),
        ({"life_cycle": LifeCycle.PILOT}, True),
        ({"life_cycle": LifeCycle.DRAFT}, False),
        ({"life_cycle": LifeCycle.RETIRED}, False),
        ({"live": False}, False),
        ({"frozen": False}, False),
    ],
)
def test_only_published_and_frozen_questions_in_use_are_drawn(fields: dict[str, Any], is_drawn: bool) -> None:
    bank = make_bank("pool")
    question = make_question(bank=bank, **fields)
    drawn = {candidate.question for candidate in pool_of(["pool"])["pool"]}
    assert drawn == ({question.pk} if is_drawn else set())


def test_a_retired_question_cannot_be_named_either() -> None:
    kept, gone = make_question(), make_question(life_cycle=LifeCycle.RETIRED)
    with pytest.raises(CannotAssemble, match=gone.code):
        make_assessment(questions=[kept, gone])


def test_a_question_retired_later_stays_in_what_was_frozen(begin: Any) -> None:
    bank = make_bank("pool")
    questions = [make_question(bank=bank) for _ in range(3)]
    fixed = make_assessment(questions=questions[:2], form_policy="fixed")
    drawn = make_assessment(draws=[{"bank": bank, "rules": [{"count": 3}]}])
    Question.objects.filter(pk=questions[0].pk).update(life_cycle=LifeCycle.RETIRED)
    assert [item.version.question_id for item in begin(fixed).items.all()] == [row.pk for row in questions[:2]]
    with pytest.raises(CannotAssemble) as caught:
        begin(drawn)
    assert caught.value.extra["shortages"] == [{"cell": "any item", "needed": 3, "supply": 2}]


def test_a_live_question_without_a_version_is_named() -> None:
    question = make_question(frozen=False, live=True)
    assert question.code in live_but_not_frozen()


@pytest.mark.parametrize(
    ("role", "purposes"),
    [
        ("student", set()),
        ("registrar", set()),
        ("instructor", {"teaching"}),
        ("examiner", {"mock", "exam"}),
        ("admin", {"teaching", "mock", "exam"}),
    ],
)
def test_roles_open_banks_by_their_purpose(people: dict[str, Any], role: str, purposes: set[str]) -> None:
    for purpose in ("teaching", "mock", "exam"):
        make_question(bank=make_bank(f"bank-{purpose}", purpose))
    assert set(banks_for(people[role]).values_list("purpose", flat=True)) == purposes
    assert set(questions_for(people[role]).values_list("bank__purpose", flat=True)) == purposes


def test_a_look_at_a_confidential_item_is_written_down_for_good(people: dict[str, Any], now: Any) -> None:
    teaching, exam = make_bank("open", "teaching"), make_bank("closed", "exam")
    for bank in (teaching, exam):
        note_access(bank=bank, action=BankAction.VIEWED, question_code="Q", by=people["admin"], at=now)
    (row,) = BankAccess.objects.filter(user=people["admin"])
    assert (row.bank, row.question_code, row.at) == (exam, "Q", now)
    with pytest.raises(RecordIsFixed):
        row.delete()


def test_the_cms_hides_an_exam_item_from_teaching_staff_and_logs_who_looks(people: dict[str, Any], client: Any) -> None:
    secret = make_question(bank=make_bank("closed", "exam"), stem="<p>zqsecretstemqz</p>")
    url = f"/admin/snippets/quizzes/question/edit/{secret.pk}/"
    client.force_login(people["instructor"])
    assert client.get(url).status_code == 404
    assert "zqsecretstemqz" not in client.get("/admin/snippets/quizzes/question/?q=zqsecret").content.decode()
    assert not BankAccess.objects.exists()
    client.force_login(people["examiner"])
    page = client.get(url)
    assert page.status_code == 200
    assert "zqsecretstemqz" in page.content.decode()
    assert BankAccess.objects.filter(user=people["examiner"], question_code=secret.code).exists()
