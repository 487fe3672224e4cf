"""Where examiners disagree: what each sees, and how a third person decides."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from lms.learning.api import Cohort
from lms.practicals.api import rule
from lms.practicals.models import StationRuling
from tests.lms.practicals.builders import FAILS, WRONG, judge, teach
from tests.lms.practicals.pages import address, signed_in, words

pytestmark = pytest.mark.django_db
CRITICAL = {FAILS[0]: "Put a hand on the shoulder at 10:42."}


def test_a_disagreement_is_shown_line_by_line_and_a_third_person_decides(
    pair: Any, people: dict[str, Any], second: Any, now: datetime
) -> None:
    judge(pair, "P1", people["examiner"], now, (2, 2, 1))
    judge(pair, "P1", second, now, (2, 0, 1))
    page = signed_in(second).get(address(pair))
    assert [line.differs for line in page.context["view"].station("P1").lines] == [False, True, False]
    assert "The examiners disagree" not in words(signed_in(people["student"]).get("/practicals/little-practical/"))
    assert "You are a third person" not in words(page)

    registrar = signed_in(people["registrar"])
    assert "You are a third person: decide" in words(registrar.get(address(pair)))
    unsaid = registrar.post(f"{address(pair)}stations/P1/ruling/", {"passed": "no", "reason": " "})
    assert "This field is required." in words(unsaid)
    assert re.search(r'value="no" required checked', unsaid.content.decode())
    told = {"passed": "no", "reason": "The film shows no recheck"}
    assert registrar.post(f"{address(pair)}stations/P1/ruling/", told).url == f"{address(pair)}#station-P1"
    ruling = StationRuling.objects.get()
    assert (ruling.passed, ruling.by) == (False, people["registrar"])
    assert "The film shows no recheck" in words(signed_in(people["student"]).get("/practicals/little-practical/"))

    late = signed_in(people["admin"]).post(f"{address(pair)}stations/P1/ruling/", told)
    assert "The examiners do not disagree here" in late.content.decode()


def test_a_third_person_is_asked_whether_the_critical_fail_was_shown(
    pair: Any, people: dict[str, Any], second: Any, now: datetime
) -> None:
    judge(pair, "P1", people["examiner"], now, WRONG)
    judge(pair, "P1", second, now, WRONG, CRITICAL)
    registrar, where = signed_in(people["registrar"]), f"{address(pair)}stations/P1/ruling/"
    page = registrar.get(address(pair))
    assert "Not all of them noted the critical fail" in words(page)
    assert re.findall(r'name="passed" value="(\w+)"', page.content.decode()) == ["no", "critical"]
    assert "Select a valid choice" in words(registrar.post(where, {"passed": "yes", "reason": "No"}))
    assert registrar.post(where, {"passed": "no", "reason": "Had asked at the door"}).status_code == 302
    assert "decided: not passed, and no critical fail" in words(registrar.get(address(pair)))
    assert "Running" in words(registrar.get(address(pair)))
    mine = words(signed_in(people["student"]).get("/practicals/little-practical/"))
    assert "The critical fail does not stand. Had asked at the door" in mine
    for examiner, seen in ((people["examiner"], CRITICAL), (second, {})):
        judge(pair, "P1", examiner, now, WRONG, seen)
    assert registrar.post(where, {"passed": "critical", "reason": "Had not"}).status_code == 302
    text = words(registrar.get(address(pair)))
    assert "A critical fail ended this attempt" in text
    assert "decided: not passed, with a critical fail" in text


def test_whoever_taught_the_candidate_is_not_asked_and_a_ruling_says_who_did(
    pair: Any, people: dict[str, Any], second: Any, now: datetime
) -> None:
    judge(pair, "P1", people["examiner"], now)
    judge(pair, "P1", second, now, WRONG)
    teach(people["registrar"], people["student"], now)
    text = words(signed_in(people["registrar"]).get(address(pair)))
    assert "You are a third person" not in text
    assert "A third person decides, who has neither judged here nor taught the candidate" in text
    rule(attempt=pair, station="P1", passed=True, reason="The film shows it", by=people["admin"], at=now)
    assert "Has taught the candidate" not in words(signed_in(second).get(address(pair)))
    Cohort.objects.get().instructors.add(people["admin"])
    assert "Has taught the candidate" in words(signed_in(second).get(address(pair)))
