"""The pages of regrades: choose, see the effect, let somebody else approve."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes.bank.models import BankAccess
from quizzes.grading.audit import audit_scores
from quizzes.grading.models import Regrade
from tests.quizzes.delivery.test_statements import at_most, statements
from tests.quizzes.examining.sat_exam import make_exam, signed_in, sit
from tests.quizzes.grading.regrading import correct_key, in_force, scores

pytestmark = pytest.mark.django_db
__all__ = ["signed_in"]
NEW = "/examine/regrades/new/"


@pytest.fixture
def attempts(make_user: Any, now: datetime) -> list[Any]:
    """Three of four questions right, so that each correction of the fourth decides."""
    exam = make_exam(4, cut_percent=80)
    at = now - timedelta(hours=2)
    return [sit(exam, make_user(name), at, right_slots=slots) for name, slots in (("ann", (1, 2, 3)), ("ben", (1, 2)))]


@pytest.fixture
def examiner(signed_in: Any) -> Any:
    return signed_in("examiner")


def question_of(attempts: list[Any]) -> Any:
    return attempts[0].items.get(slot=4).version.question


def address(attempts: list[Any]) -> str:
    return f"{NEW}?assessment={attempts[0].assessment.code}&question={question_of(attempts).code}"


def proposed(client: Any, attempts: list[Any], **given: Any) -> Regrade:
    data = {"method": "full_credit", "never_lower": "on", "reason": "Two answers were right", **given}
    response = client.post(address(attempts), data)
    assert response.status_code == 302, response.content.decode()
    return Regrade.objects.latest("id")


def test_the_way_from_the_assessment_to_the_preview(attempts: list[Any], examiner: Any, now: datetime) -> None:
    exam, question = attempts[0].assessment, question_of(attempts)
    assert f'value="{exam.code}"' in examiner.get(NEW).content.decode()
    assert f'value="{question.code}"' in examiner.get(f"{NEW}?assessment={exam.code}").content.decode()
    correct_key(question, 2, now)
    form = examiner.get(address(attempts)).content.decode()
    assert "Version 2 of" in form
    assert "Hypoxia" in form, "a version is told by what it takes as right"
    regrade = proposed(examiner, attempts)
    page = examiner.get(f"/examine/regrades/{regrade.uuid}/").content.decode()
    for words in (
        "Passes now",
        "75.00 %",
        "100.00 %",
        "Two answers were right",
        "This is your own proposal",
        "Withdraw",
    ):
        assert words in page, words
    assert "Approve and apply" not in page
    assert page.index(">Ann</a>") < page.index(">Ben</a>"), "flips come first"
    assert scores(attempts) == [3, 2]


def test_what_the_form_refuses(attempts: list[Any], examiner: Any) -> None:
    for data, words in (
        ({"method": "new_key", "reason": "x"}, "Choose the version that holds the corrected key."),
        ({"method": "full_credit"}, "This field is required."),
        ({"reason": "x"}, "This field is required."),
        ({"method": "new_key", "reason": "x", "to_version": "nonsense"}, "Select a valid choice"),
    ):
        response = examiner.post(address(attempts), data)
        assert response.status_code == 200
        assert words in response.content.decode()
    assert not Regrade.objects.exists()


def test_only_versions_that_show_the_same_are_offered(attempts: list[Any], examiner: Any, now: datetime) -> None:
    version = correct_key(question_of(attempts), 2, now, stem="<p>Something else?</p>")
    form = examiner.get(address(attempts)).content.decode()
    assert "Version 1 of" in form
    assert str(version.uuid) not in form


def test_another_person_approves_and_undoes(attempts: list[Any], examiner: Any, signed_in: Any, clock: Any) -> None:
    regrade = proposed(examiner, attempts)
    there = f"/examine/regrades/{regrade.uuid}/"
    examiner.post(f"{there}approve/")
    assert scores(attempts) == [3, 2], "not by the proposer"
    admin = signed_in("admin")
    page = admin.get(there).content.decode()
    assert "Approve and apply" in page
    assert "can be undone" in page
    admin.post(f"{there}approve/")
    assert scores(attempts) == [4, 3]
    assert in_force(attempts[0]).passed
    page = examiner.get(there).content.decode()
    assert "Undo the regrade" in page
    examiner.post(f"{there}undo/", {"reason": ""})
    assert scores(attempts) == [4, 3]
    examiner.post(f"{there}undo/", {"reason": "It was right after all"})
    assert scores(attempts) == [3, 2]
    assert "It was right after all" in examiner.get(there).content.decode()
    assert not list(audit_scores())


def test_an_outdated_preview_is_told_in_words(
    attempts: list[Any], examiner: Any, signed_in: Any, make_user: Any, now: datetime
) -> None:
    regrade = proposed(examiner, attempts)
    sit(attempts[0].assessment, make_user("cas"), now)
    page = signed_in("admin").post(f"/examine/regrades/{regrade.uuid}/approve/", follow=True).content.decode()
    assert "Scores have changed since this preview was made" in page
    assert scores(attempts) == [3, 2]


def test_declining_closes_it(attempts: list[Any], examiner: Any) -> None:
    regrade = proposed(examiner, attempts)
    examiner.post(f"/examine/regrades/{regrade.uuid}/decline/")
    assert "This is closed" in examiner.get(f"/examine/regrades/{regrade.uuid}/").content.decode()
    assert "No proposal waits" in examiner.get("/examine/regrades/").content.decode()
    assert examiner.post(f"/examine/regrades/{regrade.uuid}/praise/").status_code == 404
    assert examiner.get(f"/examine/regrades/{regrade.uuid}/approve/").status_code == 405


def test_who_may_see_them(attempts: list[Any], examiner: Any, signed_in: Any) -> None:
    there = f"/examine/regrades/{proposed(examiner, attempts).uuid}/"
    statuses = {who: signed_in(who).get(there).status_code for who in ("admin", "instructor", "registrar", "other")}
    assert statuses == {"admin": 200, "instructor": 404, "registrar": 403, "other": 403}
    instructor = signed_in("instructor")
    assert instructor.get(address(attempts)).status_code == 404
    assert question_of(attempts).code not in instructor.get("/examine/regrades/").content.decode()


def test_looks_at_keys_of_an_exam_are_written_down(attempts: list[Any], examiner: Any, others: Any) -> None:
    examiner.get(address(attempts))
    looked = BankAccess.objects.filter(user=others["examiner"], question_code=question_of(attempts).code)
    assert looked.count() == 1


def test_pages_cost_the_same_with_few_rows_and_with_many(
    attempts: list[Any], examiner: Any, make_user: Any, now: datetime
) -> None:
    few = proposed(examiner, attempts)
    for number in range(30):
        sit(attempts[0].assessment, make_user(f"more-{number}"), now, right_slots=(1,))
    for _ in range(12):
        many = proposed(examiner, attempts)
    examiner.get("/examine/regrades/")
    pages = [statements(lambda row=row: examiner.get(f"/examine/regrades/{row.uuid}/")) for row in (few, many)]
    assert len(pages[0]) == len(pages[1])
    at_most(12, pages[1])
    at_most(10, statements(lambda: examiner.get("/examine/regrades/")))
