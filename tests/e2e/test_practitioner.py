"""The ledger of the practitioner programme turns step by step in a browser, until the certificate is checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.looks import PHONE
from tests.e2e.test_hours_log import TEXT, judge, log_session
from tests.e2e.test_registrar import PDF, check_the_file
from tests.e2e.visit import Visit
from tests.e2e.way import EMAIL, NAME

pytestmark = pytest.mark.e2e

PATH = "/certification/practitioner/"
REGISTRAR, TEACHER, EXAMINER = "registrar@example.org", "instructor@example.org", "examiner@example.org"
LAB, SESSIONS, REPORTS = "Supervised technique lab", "Supervised client sessions", "Case reports"
STATIONS, FIRST_AID, CONDUCT = "Practical examination", "CPR and first-aid certificate", "Code of conduct"


def shows(walker: Visit, title: str, words: str) -> None:
    """What the line of a requirement says now."""
    page = walker.go(PATH)
    expect(page.locator(".ledger__row", has_text=title).last).to_contain_text(words)


def is_met(walker: Visit, title: str) -> None:
    """The line is green."""
    page = walker.go(PATH)
    row = page.locator(".ledger__item--met > .ledger__row", has_text=title).last
    expect(row.locator(".pill")).to_have_text("Met")


def theory_is_taken_as_equivalent(registrar: Visit) -> None:
    page = registrar.go("/registrar/candidates/")
    page.get_by_label("Name, e-mail or number").fill(EMAIL)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("row").filter(has_text=EMAIL).get_by_role("link").click()
    page.get_by_role("link", name=re.compile(r"equivalent\W+Neuromuscular therapy practitioner")).click()
    page.get_by_label("Requirement").select_option(label="Theory")
    page.get_by_label("Something equivalent is accepted").check()
    page.get_by_label("Reason").fill("The theory of the Hill Road School.")
    page.get_by_label("Evidence").fill("Transcript of 3 May 2026")
    page.get_by_role("button", name="Let it count as met").click()
    expect(page.get_by_text("Transcript of 3 May 2026")).to_be_visible()


def the_last_lab(teacher: Visit) -> None:
    page = teacher.go("/teach/")
    page.get_by_role("link", name="The way").click()
    page.get_by_role("link", name="Plan a session").click()
    page.get_by_label("Title").fill("The last lab")
    page.get_by_label("Begins").fill(f"{datetime.now(UTC) - timedelta(hours=4):%Y-%m-%dT%H:%M}")
    page.get_by_label("Minutes that count").fill("180")
    page.get_by_label("Technique lab").check()
    page.get_by_role("button", name="Plan it").click()
    page.get_by_role("button", name="Everybody else was there").click()
    expect(page.get_by_text("Noted for 1 person.")).to_be_visible()


def the_last_session(walker: Visit, teacher: Visit) -> None:
    log_session(walker.go("/hours/new/"), "C-01", "09:00")
    expect(walker.page.get_by_text("Session with C-01 saved.")).to_be_visible()
    page = teacher.go("/supervise/")
    page.locator(".entries", has_text=NAME).get_by_role("link", name="Tick these 10").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("10 sessions approved.")).to_be_visible()


def the_last_report(walker: Visit, teacher: Visit) -> None:
    page = walker.go("/case-reports/new/")
    page.get_by_label("Client", exact=True).select_option("C-02")
    page.get_by_label("Title").fill("Shoulder pain in a painter")
    page.get_by_label("Report as text").fill(TEXT)
    page.get_by_label(re.compile("^The client has read")).check()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("Your report is handed in.")).to_be_visible()
    page = teacher.go("/supervise/case-reports/")
    page.get_by_role("link", name="Shoulder pain in a painter").click()
    judge(page, "there", "Accepted", "")


def the_last_station(examiner: Visit) -> None:
    examiner.page.set_viewport_size(PHONE)
    page = examiner.go("/examine/practicals/")
    page.get_by_role("link", name=re.compile(NAME)).first.click()
    page.get_by_role("link", name=re.compile("^Judge this station")).click()
    for row in page.locator(".criterion").all():
        row.locator(".three-way__option").nth(2).click()
    page.get_by_role("button", name="Sign off this station").click()
    expect(page.get_by_text("The candidate has not signed yet")).to_be_visible()


def the_candidate_signs(walker: Visit) -> None:
    page = walker.go("/practicals/practical-exam/")
    page.get_by_label("I have read it and agree").check()
    page.get_by_role("button", name="Sign").click()
    expect(page.get_by_text(f"You signed as {NAME}")).to_be_visible()


def first_aid(walker: Visit, registrar: Visit, folder: Path) -> None:
    file = folder / "first aid.pdf"
    file.write_bytes(PDF + b"\n% of the walker\n")
    page = walker.go("/certification/documents/cpr/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Issued on").fill((date.today() - timedelta(days=30)).isoformat())
    page.get_by_label("Valid until").fill((date.today() + timedelta(days=300)).isoformat())
    page.get_by_role("button", name="Hand in", exact=True).click()
    page = registrar.go("/registrar/documents/")
    page.get_by_role("link", name=re.compile(f"^Look at it.*{NAME}")).click()
    page.get_by_label("Accept").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("The document is accepted.")).to_be_visible()


def fifteen_statements(walker: Visit) -> None:
    """Each is read by itself; one leads to the next."""
    page = walker.go(PATH)
    page.locator(".ledger__row", has_text="Honour statement").get_by_role("link").click()
    for place in range(1, 16):
        expect(page.get_by_text(f"Statement {place} of 15")).to_be_visible()
        page.get_by_label("I have read this statement and I stand by it.").check()
        page.get_by_role("button", name="Sign").click()
    expect(page.get_by_role("heading", name="Everything is met")).to_be_visible()


def apply(walker: Visit) -> None:
    page = walker.page
    walker.examine("practitioner, everything met")
    page.get_by_label("Your name on the certificate").fill(NAME)
    page.get_by_label("My name is written as it shall stand on the certificate.").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("heading", name="With the registrar")).to_be_visible()


def award(registrar: Visit) -> str:
    page = registrar.go("/registrar/")
    page.get_by_role("link", name=re.compile(rf"Decide\W+{NAME}")).click()
    registrar.examine("registrar, application of a practitioner")
    page.get_by_label("Award").check()
    page.get_by_role("button", name="Decide").click()
    page.wait_for_url("**/registrar/certificates/**")
    return page.get_by_role("heading", level=1).inner_text()


def printed(walker: Visit, number: str) -> tuple[bytes, Image.Image]:
    """The document that the holder downloads, and how its first page looks at 150 dots an inch."""
    page = walker.go(f"/certification/certificates/{number}/")
    address = page.get_by_role("link", name="PDF to print").get_attribute("href")
    document = walker.context.request.get(f"{walker.site.url}{address}").body()
    with pypdfium2.PdfDocument(document) as pdf:
        assert len(pdf) == 1
        return document, pdf[0].render(scale=150 / 72).to_pil()


def test_the_ledger_turns_green_step_by_step(visit: Callable[..., Visit], tmp_path: Path) -> None:
    walker, registrar, teacher, examiner = visit(), visit(REGISTRAR), visit(TEACHER), visit(EXAMINER)
    behind = walker.site.do
    behind("tests.e2e.way", "begin")
    walker.log_in(EMAIL)
    walker.go(PATH).get_by_role("button", name="Follow it").click()
    shows(walker, STATIONS, "First: Safety")
    walker.examine("practitioner, nothing met")
    theory_is_taken_as_equivalent(registrar)
    shows(walker, STATIONS, "0 of 6 stations passed")

    behind("tests.e2e.way", "labs")
    shows(walker, LAB, "57 of 60 hours")
    the_last_lab(teacher)
    is_met(walker, LAB)

    behind("tests.e2e.way", "sessions")
    shows(walker, SESSIONS, "20 of 30 sessions")
    the_last_session(walker, teacher)
    is_met(walker, SESSIONS)

    behind("tests.e2e.way", "reports")
    shows(walker, REPORTS, "3 of 4 accepted")
    the_last_report(walker, teacher)
    is_met(walker, REPORTS)

    behind("tests.e2e.way", "stations")
    shows(walker, STATIONS, "5 of 6 stations passed")
    the_last_station(examiner)
    shows(walker, STATIONS, "your signature is missing")
    the_candidate_signs(walker)
    is_met(walker, STATIONS)

    first_aid(walker, registrar, tmp_path)
    is_met(walker, FIRST_AID)
    walker.examine("practitioner, nearly everything met")
    fifteen_statements(walker)
    is_met(walker, CONDUCT)
    apply(walker)

    number = award(registrar)
    document, picture = printed(walker, number)
    assert picture.width > picture.height, "a certificate lies on its side"
    [code] = zxingcpp.read_barcodes(picture)
    assert code.text.endswith(f"/verify/{number}/")
    anyone = visit()
    page: Page = anyone.go(code.text.removeprefix(anyone.site.url))
    expect(page.get_by_text("This certificate is valid")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    check_the_file(anyone, tmp_path, document, number)
