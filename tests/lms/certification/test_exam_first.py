"""A path may want an exam passed before hands-on work: examiners, the hours log and the ledger say so alike."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from lms.certification.api import Admission, waive_requirement
from lms.certification.eligibility import Action, Fact, evaluate, waived_leaves
from lms.core.ports import practice_blocks
from lms.practicals.api import Practical, open_attempt
from lms.practicals.exceptions import ExamFirst, InvalidEntry
from tests.lms.certification.papers import follow, paper_path, signed_in
from tests.lms.learning.classes import make_cohort, make_session
from tests.lms.learning.studying import take
from tests.lms.practicals import log_builders
from tests.lms.practicals.builders import published

EXAM = {"key": "exam:foundations-exam", "kind": "exam", "reference": "foundations-exam", "title": "The exam"}
AFTER = {"after": ["exam:foundations-exam"]}
PRACTICAL = {
    "key": "practical:little-practical", "kind": "practical", "reference": "little-practical", "title": "Practical",
    "stations": 2, **AFTER,
}  # fmt: skip
SESSIONS = {
    "key": "sessions:s", "kind": "sessions", "reference": "s", "title": "Sessions", "count": 1, "clients": 1,
    "min_minutes": 60, "max_minutes": 90, "minima": [], **AFTER,
}  # fmt: skip
GROUP = {"key": "group:1", "kind": "all_of", "title": "Theory", "count": None, "items": [EXAM]}
OPEN = Fact(0, 60, False, False, action=Action("Go to the examination", "/exam/"))
BEGUN = Fact(1, 2, False, True, detail="1 of 2 stations passed", action=Action("See the stations", "/practical/"))


# The ledger ---------------------------------------------------------------------------------------------------


def line(facts: dict[str, Fact], *waived: str) -> tuple[str, str]:
    ledger = evaluate([GROUP, PRACTICAL], facts, waived)
    row = ledger.leaves()[-1]
    assert row.action
    return row.detail, row.action.url


def test_the_ledger_says_what_comes_first_and_leads_there() -> None:
    facts = {EXAM["key"]: OPEN, PRACTICAL["key"]: BEGUN}
    assert line(facts) == ("First: The exam · 1 of 2 stations passed", "/exam/")


@pytest.mark.parametrize("waived", [(EXAM["key"],), (GROUP["key"],)])
def test_what_is_waived_comes_first_no_more(waived: tuple[str, ...]) -> None:
    assert line({EXAM["key"]: OPEN, PRACTICAL["key"]: BEGUN}, *waived) == (BEGUN.detail, "/practical/")


def test_what_is_met_comes_first_no_more() -> None:
    met = Fact(60, 60, True, True)
    assert line({EXAM["key"]: met, PRACTICAL["key"]: BEGUN}) == (BEGUN.detail, "/practical/")


def test_a_waived_group_covers_what_is_in_it() -> None:
    inner = {"key": "group:1.1", "kind": "any_of", "title": "", "count": None, "items": [GROUP, PRACTICAL]}
    assert waived_leaves([inner], ["group:1.1"]) == {EXAM["key"], PRACTICAL["key"]}
    assert waived_leaves([inner], ["group:1"]) == {EXAM["key"]}
    assert waived_leaves([inner], []) == frozenset()


# At the table and in the log ----------------------------------------------------------------------------------

pages = pytest.mark.django_db


@pytest.fixture
def admission(people: dict[str, Any], now: datetime) -> Admission:
    """A path whose exam the student has not passed."""
    published()
    return follow(people["student"], paper_path(now, EXAM, PRACTICAL, SESSIONS), now)


def waive(admission: Admission, people: dict[str, Any], at: datetime) -> None:
    waive_requirement(
        admission=admission, requirement=EXAM["key"], reason="Passed elsewhere", by=people["registrar"], at=at
    )


@pages
def test_nobody_opens_a_practical_before_it(admission: Admission, people: Any, now: datetime) -> None:
    terms = {
        "candidate": people["student"], "practical": Practical.objects.get(code="little-practical"),
        "by": people["examiner"], "at": now,
    }  # fmt: skip
    with pytest.raises(ExamFirst) as caught:
        open_attempt(**terms)
    assert [row["code"] for row in caught.value.extra["missing"]] == ["foundations-exam"]
    waive(admission, people, now)
    _attempt, is_new = open_attempt(**terms)
    assert is_new


@pages
def test_the_examiner_sees_it_instead_of_a_button(admission: Admission, people: Any, now: datetime) -> None:
    client = signed_in(people["examiner"])
    url = f"/examine/practicals/candidates/{people['student'].uuid}/"
    page = client.get(url).content.decode()
    assert "Not yet" in page
    assert 'value="little-practical"' not in page
    assert client.post(url, {"practical": "little-practical"})["Location"] == url
    assert not people["student"].practical_attempts.exists()
    waive(admission, people, now)
    assert 'value="little-practical"' in client.get(url).content.decode()


@pages
def test_no_client_before_it(admission: Admission, people: Any, now: datetime) -> None:
    student = people["student"]
    with pytest.raises(InvalidEntry) as caught:
        log_builders.log(student, people["instructor"], now)
    assert list(caught.value.extra["errors"]) == ["held_on"]
    client = signed_in(student)
    for url in ("/hours/", "/hours/new/"):
        assert "/quizzes/foundations-exam/" in client.get(url).content.decode()
    waive(admission, people, now)
    assert log_builders.log(student, people["instructor"], now).student == student


@pages
def test_a_day_before_the_pass_is_too_early(admission: Admission, people: dict[str, Any], now: datetime) -> None:
    day = take(people["student"], "foundations-exam", now).date()
    assert practice_blocks([people["student"].pk], "sessions", day - timedelta(days=1))
    assert practice_blocks([people["student"].pk], "sessions", day) == []


@pages
def test_it_takes_as_many_queries_for_many_people(
    people: dict[str, Any], make_user: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    path = paper_path(now, EXAM, PRACTICAL)
    users = [make_user(f"c{number}@example.org") for number in range(12)]
    for user in users:
        follow(user, path, now)
    with django_assert_max_num_queries(3):
        found = practice_blocks([user.pk for user in users], "practical", now.date())
    assert {row["user"] for row in found} == {user.pk for user in users}
    assert practice_blocks([people["student"].pk], "practical", now.date()) == []


@pages
def test_the_roster_of_a_lab_says_who_only_watches(people: dict[str, Any], now: datetime) -> None:
    lab = {
        "key": "attendance:technique_lab", "kind": "attendance", "reference": "technique_lab", "title": "Lab",
        "hours": 3, **AFTER,
    }  # fmt: skip
    admission = follow(people["student"], paper_path(now, EXAM, lab), now)
    cohort = make_cohort(people["instructor"], [people["student"], people["other"]], now)
    first, theory = (
        make_session(cohort, people["instructor"], now - timedelta(hours=3), kind=kind)
        for kind in ("technique_lab", "theory")
    )
    client = signed_in(people["instructor"])
    words = "not passed by this day: The exam"

    def told(session: Any) -> int:
        return client.get(f"/teach/sessions/{session.uuid}/").content.decode().count(words)

    assert (told(first), told(theory)) == (1, 0)
    waive(admission, people, now)
    assert told(first) == 0
