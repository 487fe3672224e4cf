"""A practical examination at the table: an examiner with a phone, a lost connection, and the candidate's signature."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.looks import PHONE
from tests.e2e.server import Site
from tests.e2e.visit import Visit
from tests.lms.practicals.little_practical import FAILS, STATIONS

pytestmark = pytest.mark.e2e

KEPT = "() => Object.keys(localStorage).filter((name) => /sign-off/.test(name))"


@pytest.fixture
def code(site: Site) -> str:
    """A practical examination of this test alone."""
    return site.do("tests.e2e.at_the_table", "publish", f"table-{uuid4().hex[:8]}").strip()


def recorded(site: Site, code: str) -> list[list[str]]:
    """The attempt's state, and each sign-off."""
    return [line.split() for line in site.do("tests.e2e.at_the_table", "state", code).splitlines()]


def examiner_of(visit: Callable[..., Visit], email: str, *, javascript: bool = True) -> Visit:
    window = visit(email, javascript=javascript)
    window.page.set_viewport_size(PHONE)
    return window


def line(page: Page, number: int) -> Locator:
    return page.locator(".criterion").nth(number)


def give(page: Page, points: tuple[int, ...]) -> None:
    for number, given in enumerate(points):
        line(page, number).locator(".three-way__option").nth(given).click()


def sign(page: Page) -> None:
    page.get_by_role("button", name="Sign off this station").click()


def judge(page: Page, station: str, points: tuple[int, ...] = (2, 2, 2)) -> None:
    page.get_by_role("link", name=f"Judge this station Station {station}").click()
    give(page, points)
    sign(page)
    expect(page.get_by_text(f"Signed off: Station {station}")).to_be_visible()


def open_by_the_code(student: Visit, examiner: Visit, code: str) -> Page:
    """The candidate shows the code; the examiner's phone opens what it says."""
    student.go(f"/practicals/{code}/")
    student.examine("practical, before")
    leads_to = student.page.locator(".qr .anywhere").inner_text()
    page = examiner.go(leads_to)
    examiner.examine("candidate of a practical")
    card = page.locator("article", has_text=f"Practical {code}")
    card.get_by_role("button", name="Open the examination").click()
    expect(page.get_by_text("Running, 0 of 6 passed")).to_be_visible()
    examiner.examine("stations of a practical")
    return page


def test_six_stations_are_signed_off_on_a_phone_and_a_critical_fail_fails_them_all(
    site: Site, visit: Callable[..., Visit], code: str
) -> None:
    student, examiner = visit("student2@example.org"), examiner_of(visit, "examiner@example.org")
    page = open_by_the_code(student, examiner, code)

    # What is missing is said at its line, and a 0 asks for words.
    page.get_by_role("link", name="Judge this station Station P1").click()
    expect(page.get_by_text("The secret of P1.")).to_be_visible()
    examiner.examine("checklist of a station")
    page.get_by_role("button", name="Start the clock").click()
    give(page, (0, 1))
    expect(page.locator(".checklist__total")).to_contain_text("1 of 6")
    sign(page)
    expect(line(page, 0)).to_contain_text("Say what was missing.")
    expect(line(page, 2)).to_contain_text("Choose 0, 1 or 2.")
    line(page, 0).get_by_role("textbox").fill("Began without a question")
    give(page, (0, 1, 2))
    expect(page.locator(".criterion--invalid")).to_have_count(0)
    sign(page)
    expect(page.get_by_text("Signed off: Station P1")).to_be_visible()
    expect(page.locator("#station-P1")).to_contain_text("3 of 6 points")
    expect(page.locator("#station-P1")).to_contain_text("Not passed")

    page.get_by_role("link", name="Judge it again Station P1").click()
    give(page, (2, 2, 2))
    sign(page)
    for station in STATIONS[1:5]:
        judge(page, station)
    expect(page.get_by_text("Running, 5 of 6 passed")).to_be_visible()

    # The sixth has all its points, and one thing happened that must not.
    page.get_by_role("link", name="Judge this station Station P6").click()
    give(page, (2, 2, 2))
    page.get_by_role("checkbox", name=FAILS[0]).check()
    sign(page)
    expect(page.locator(".critical")).to_contain_text("Say what you saw.")
    page.locator(".critical").get_by_role("textbox").fill("At 10:42 the hand was there before the question.")
    expect(page.get_by_text("A critical fail is ticked: the whole practical is failed.")).to_be_visible()
    sign(page)
    expect(page.get_by_text("A critical fail ended this attempt")).to_be_visible()
    examiner.examine("stations of a failed practical")
    assert page.evaluate(KEPT) == []

    state, first, *others = recorded(site, code)
    assert state == ["attempt", "failed"]
    assert (first[:2], first[3].isdigit()) == (["P1", "3"], True)
    assert [row[:2] for row in others] == [[station, "6"] for station in STATIONS]

    # The candidate reads all of it and does not agree.
    page = student.go(f"/practicals/{code}/")
    student.examine("practical, failed")
    expect(page.get_by_text("A critical fail ended this attempt")).to_be_visible()
    page.get_by_label("I have read it and do not agree").check()
    page.get_by_role("button", name="Sign").click()
    expect(page.get_by_text("Say what you do not agree with.")).to_be_visible()
    page.get_by_label("Remark").fill("I had asked before.")
    page.get_by_role("button", name="Sign").click()
    expect(page.get_by_text("and did not agree")).to_be_visible()


def test_without_a_connection_the_phone_keeps_the_checklists_and_sends_them_later(
    site: Site, visit: Callable[..., Visit], code: str
) -> None:
    student, examiner = visit("student2@example.org"), examiner_of(visit, "examiner@example.org")
    for words in ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED"):
        examiner.tolerate(words)
    page, network = open_by_the_code(student, examiner, code), examiner.context
    page.get_by_role("link", name="Judge this station Station P1").click()
    expect(page.locator("[data-stations][data-kept]")).to_be_attached()
    page.wait_for_load_state("networkidle")

    network.set_offline(True)
    give(page, (2, 2, 1))
    sign(page)
    expect(page.locator('[data-note="kept"]')).to_be_visible()
    examiner.examine("checklist kept on the phone")
    page.locator("[data-stations]").get_by_role("link", name="P2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Station P2")
    give(page, (2, 2, 2))
    sign(page)
    expect(page.locator('[data-note="kept"]')).to_be_visible()
    page.locator("[data-stations]").get_by_role("link", name="P3").click()
    give(page, (1,))
    assert [row[0] for row in recorded(site, code)] == ["attempt"]

    network.set_offline(False)
    expect(page.get_by_text("Sent: P1 Station P1, P2 Station P2")).to_be_visible()
    assert [row[:2] for row in recorded(site, code)[1:]] == [["P1", "5"], ["P2", "6"]]

    # The third was only begun; it outlives the page.
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Station P3")
    expect(page.get_by_text("What you had filled in is still here")).to_be_visible()
    expect(page.locator(".checklist__total")).to_contain_text("1 of 6")

    # The server cannot be reached and the page is closed: the next one sends it, once.
    network.route("**/sign-offs/**", lambda route: route.abort())
    give(page, (2, 2, 2))
    sign(page)
    expect(page.locator('[data-note="kept"]')).to_be_visible()
    network.unroute("**/sign-offs/**")
    page.goto(f"{site.url}/examine/practicals/")
    expect(page.get_by_text("Running, 3 of 6 passed").first).to_be_visible()
    assert [row[:2] for row in recorded(site, code)[3:]] == [["P3", "6"]]
    assert page.evaluate(KEPT) == []


def test_what_the_server_refuses_later_is_told_and_can_be_put_away(
    site: Site, visit: Callable[..., Visit], code: str
) -> None:
    student, examiner = visit("student2@example.org"), examiner_of(visit, "examiner@example.org")
    examiner.tolerate("ERR_INTERNET_DISCONNECTED")
    examiner.tolerate("status of 409")
    page = open_by_the_code(student, examiner, code)
    page.get_by_role("link", name="Judge this station Station P1").click()
    page.wait_for_load_state("networkidle")
    examiner.context.set_offline(True)
    give(page, (2, 2, 2))
    sign(page)
    expect(page.locator('[data-note="kept"]')).to_be_visible()

    # Meanwhile somebody else passes the station.
    other = examiner_of(visit, "admin@example.org")
    other.go(page.url)
    give(other.page, (2, 2, 2))
    sign(other.page)
    expect(other.page.get_by_text("Signed off: Station P1")).to_be_visible()

    examiner.context.set_offline(False)
    expect(page.locator('[data-note="refused"]')).to_contain_text("This station is passed already.")
    page.get_by_role("button", name="Remove it from this phone").click()
    expect(page.get_by_text("This station takes no sign-off from you now")).to_be_visible()
    assert page.evaluate(KEPT) == []
    assert len(recorded(site, code)) == 2


def test_the_checklist_is_a_form_without_a_script(site: Site, visit: Callable[..., Visit], code: str) -> None:
    student = visit("student2@example.org", javascript=False)
    examiner = examiner_of(visit, "examiner@example.org", javascript=False)
    page = open_by_the_code(student, examiner, code)
    page.get_by_role("link", name="Judge this station Station P1").click()
    give(page, (0, 0, 0))
    sign(page)
    expect(page.get_by_text("Say what was missing.")).to_have_count(3)
    give(page, (2, 2, 2))
    sign(page)
    expect(page.get_by_text("Signed off: Station P1")).to_be_visible()
    assert recorded(site, code)[1][:2] == ["P1", "6"]
