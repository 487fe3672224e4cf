"""The registrar's day in a browser: documents, equivalents, batches, corrected names; and who checks from outside."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e

PDF = b"%PDF-1.7\n% a day of first aid\n%%EOF\n"
REGISTRAR, STUDENT, HOLDER = "registrar@example.org", "student@example.org", "graduate@example.org"
NEW_NAME = "Zdeňka Nováková"


def day(shift: int) -> str:
    return (date.today() + timedelta(days=shift)).isoformat()


def test_a_document_is_handed_in_looked_at_and_counts(visit: Callable[..., Visit], tmp_path: Path) -> None:
    student, registrar = visit(STUDENT), visit(REGISTRAR)
    page = student.go("/certification/practitioner/")
    follow = page.get_by_role("button", name="Follow it")
    if follow.count():
        follow.click()
    file = tmp_path / "first aid.pdf"
    file.write_bytes(PDF)
    page = student.go("/certification/documents/cpr/")
    student.examine("document to hand in")
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Issued on").fill(day(-30))
    page.get_by_label("Valid until").fill(day(-1))
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_text("It has run out. Hand in one that is valid.")).to_be_visible()
    expect(page.get_by_label("Issued on")).to_have_value(day(-30))
    student.examine("document, refused at once")
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Valid until").fill(day(300))
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_text("Being looked at")).to_be_visible()
    student.examine("document, waiting")

    page = registrar.go("/registrar/documents/")
    registrar.examine("registrar, documents")
    page.get_by_role("link", name=re.compile("^Look at it")).first.click()
    registrar.examine("registrar, document")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file").click()
    assert download.value.path().read_bytes() == PDF
    page.get_by_label("Accept").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("The document is accepted.")).to_be_visible()
    expect(student.go("/certification/documents/cpr/").get_by_text("Accepted")).to_be_visible()


def test_something_equivalent_is_accepted_for_one_person(visit: Callable[..., Visit]) -> None:
    registrar = visit(REGISTRAR)
    page = registrar.go("/registrar/candidates/")
    registrar.examine("registrar, candidates")
    page.get_by_label("Name, e-mail or number").fill(STUDENT)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("1 person")).to_be_visible()
    page.get_by_role("row").filter(has_text=STUDENT).get_by_role("link").click()
    registrar.examine("registrar, candidate")
    page.get_by_role("link", name=re.compile(r"equivalent\W+Foundations")).click()
    registrar.examine("registrar, waiver")
    page.get_by_label("Requirement").select_option("course:C2")
    page.get_by_label("Something equivalent is accepted").check()
    page.get_by_label("Reason").fill("The same course, taken elsewhere.")
    page.get_by_role("button", name="Let it count as met").click()
    expect(page.get_by_text("Name the evidence")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("The same course, taken elsewhere.")
    page.get_by_label("Evidence").fill("Certificate of the Harbour School, 3 May 2024")
    page.get_by_role("button", name="Let it count as met").click()
    expect(page.get_by_text("Certificate of the Harbour School")).to_be_visible()


def test_a_cohort_is_awarded_and_one_name_corrected(visit: Callable[..., Visit], tmp_path: Path) -> None:
    registrar, anyone = visit(REGISTRAR), visit()
    registrar.site.do("tests.e2e.applicants", "3")
    page = registrar.go("/registrar/batches/new/")
    registrar.examine("registrar, new batch")
    page.get_by_role("button", name="Tick none").click()
    for name in ("Candidate cohort 0", "Candidate cohort 1", "Candidate cohort 2"):
        page.get_by_label(name, exact=True).check()
    expect(page.locator("[data-ticked]")).to_have_text("3")
    page.get_by_label("Name of the batch").fill("Cohort of the journey")
    page.get_by_label("I have looked at these applications").check()
    page.get_by_role("button", name="Award what is ticked").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cohort of the journey")
    expect(page.get_by_text(re.compile("^Done on"))).to_be_visible()
    expect(page.locator("tbody td a")).to_have_count(3)
    registrar.examine("registrar, batch")

    number = page.locator("tbody td a").first.inner_text()
    document = registrar.context.request.get(f"{registrar.site.url}/registrar/certificates/{number}/pdf/").body()
    page.locator("tbody td a").first.click()
    page.get_by_role("link", name="Correct the name").click()
    registrar.examine("registrar, correction")
    page.get_by_label("Name on the new certificate").fill("李明")
    page.get_by_label("Reason for the school’s record").fill("Passport seen")
    page.get_by_role("button", name="Issue it anew").click()
    expect(page.get_by_text("The certificate cannot print: 李 明")).to_be_visible()
    expect(page.get_by_label("Reason for the school’s record")).to_have_value("Passport seen")
    page.get_by_label("Name on the new certificate").fill(NEW_NAME)
    page.get_by_role("button", name="Issue it anew").click()
    expect(page.get_by_text(f"stands in place of {number}")).to_be_visible()
    fresh = page.get_by_role("heading", level=1).inner_text()

    page = anyone.go(f"/verify/{number}/")
    expect(page.get_by_text("This certificate has been replaced")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text(fresh)
    expect(page.get_by_role("main")).not_to_contain_text(NEW_NAME)
    check_the_file(anyone, tmp_path, document, number)
    without_a_script(visit(javascript=False), tmp_path / "certificate.pdf", number)


def check_the_file(anyone: Visit, folder: Path, document: bytes, number: str) -> None:
    """The digest is worked out in the browser: nothing but an address is asked for, and no file is sent."""
    sent: list[str] = []
    anyone.page.on("request", lambda request: sent.append(request.method))
    page = anyone.go("/verify/")
    anyone.examine("verify, search")
    (folder / "certificate.pdf").write_bytes(document)
    page.get_by_label("The certificate as a PDF").set_input_files(folder / "certificate.pdf")
    page.wait_for_url("**/verify/file/?digest=*")
    expect(page.get_by_text("This file is the document that we issued")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(number)
    anyone.examine("verify, known file")
    anyone.go("/verify/")
    drop(page, "changed.pdf", document[:-1] + b"x")
    anyone.tolerate("status of 404")
    page.wait_for_url("**/verify/file/?digest=*")
    expect(page.get_by_role("heading", level=1)).to_have_text("We did not issue this file as it is")
    anyone.examine("verify, unknown file")
    assert set(sent) == {"GET"}


def drop(page: Page, name: str, content: bytes) -> None:
    """Let a file fall on the box."""
    transfer = page.evaluate_handle(
        """([name, bytes]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "application/pdf" }));
          return transfer;
        }""",
        [name, list(content)],
    )
    page.dispatch_event(".file-check__drop", "drop", {"dataTransfer": transfer})


def without_a_script(anyone: Visit, file: Path, number: str) -> None:
    """The form sends the file, and the answer is the same."""
    page = anyone.go("/verify/")
    page.get_by_label("The certificate as a PDF").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("This file is the document that we issued")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(number)


def test_a_holder_steps_into_the_public_register_and_out_again(visit: Callable[..., Visit]) -> None:
    holder, anyone = visit(HOLDER), visit()
    page = holder.go("/certification/")
    page.locator(".held__item", has_text="Active").first.get_by_role("link").click()
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    expect(anyone.go("/verify/register/").get_by_text(number)).to_have_count(0)
    page.get_by_role("button", name="I agree: list my certificate").click()
    expect(page.get_by_text("Your certificate is in the public register from now on.")).to_be_visible()
    holder.examine("own certificate, listed")
    shown = anyone.go("/verify/register/")
    anyone.examine("public register")
    shown.get_by_role("link", name=number).click()
    expect(shown.get_by_text("This certificate is valid")).to_be_visible()
    page.get_by_role("button", name="Take it out of the register").click()
    expect(anyone.go("/verify/register/").get_by_text(number)).to_have_count(0)
