"""The certificate as a document: what it says, that it is the same each time, and that data stays data."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation
from pypdf import PdfReader

from lms.certification.enums import CredentialKind
from lms.certification.lettering import BOX, covered, missing, printable
from lms.certification.models import Certificate
from lms.certification.pdf import certificate_pdf

NUMBER = "NMT-7K3F9-QXM4C"
FACTS = {
    "school": "School of Neuromuscular Therapy",
    "school_address": "12 Harbour Street\nPort Ellen",
    "school_email": "registrar@example.org",
    "signatory": "Margaret Ó Sé",
    "signatory_title": "Registrar",
    "hours_label": "16 CEs",
    "scope_note": "This certificate is not a licence to practise.",
    "path": "Practitioner path",
}


def certificate(**changes: Any) -> Certificate:
    fields: dict[str, Any] = {
        "number": NUMBER,
        "holder_name": "Eleanor Whitcombe",
        "title": "Neuromuscular Therapy Certificate",
        "credential_kind": CredentialKind.ASSESSMENT_BASED,
        "facts": FACTS,
        "awarded_on": date(2026, 11, 22),
        "expires_on": date(2028, 11, 22),
        "is_demonstration": False,
        "content_digest": "ab" * 32,
        "issued_at": datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
    }
    return Certificate(**{**fields, **changes})


def drawn(**changes: Any) -> bytes:
    row = certificate(**changes)
    return certificate_pdf(row, verify_url=f"https://school.example.org/verify/{row.number}/")


def reader(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def words(document: bytes) -> str:
    """All text of the document, in single spaces and without the invisible places to break a line."""
    pages = (page.extract_text() for page in reader(document).pages)
    return " ".join(" ".join(pages).replace("\u200b", "").split())


def test_is_a_tagged_archival_document_with_a_title() -> None:
    document = drawn()
    assert document.startswith(b"%PDF-1.7")
    pdf = reader(document)
    catalogue: Any = pdf.trailer["/Root"]
    assert len(pdf.pages) == 1
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en-GB"
    assert pdf.metadata is not None
    assert pdf.metadata.title == f"Neuromuscular Therapy Certificate, Eleanor Whitcombe ({NUMBER})"
    assert pdf.metadata.creation_date == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    xmp = catalogue["/Metadata"].get_data()
    assert b"<pdfaid:part>3</pdfaid:part>" in xmp
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert b"<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_says_everything_that_was_frozen() -> None:
    text = words(drawn())
    for printed in (
        NUMBER, "Eleanor Whitcombe", "Neuromuscular Therapy Certificate", "Assessment-based certificate",
        "22 November 2026", "22 November 2028", "16 CEs", "Margaret Ó Sé", "Registrar", "Practitioner path",
        "This certificate is not a licence to practise.", "12 Harbour Street · Port Ellen · registrar@example.org",
        f"Check this certificate at https://school.example.org/verify/{NUMBER}/",
    ):  # fmt: skip
        assert printed in text


def test_what_it_does_not_have_takes_no_room() -> None:
    text = words(drawn(expires_on=None, facts={**FACTS, "hours_label": "", "path": "Neuromuscular Therapy"}))
    for label in ("VALID UNTIL", "HOURS", "PROGRAMME", "COURSE TYPE"):
        assert label not in text
    text = words(drawn(facts={**FACTS, "course_type": "Live", "provider_number": "451234-26"}))
    assert "COURSE TYPE Live" in text
    assert "APPROVED PROVIDER NUMBER 451234-26" in text


@pytest.mark.parametrize("kind", CredentialKind.values)
def test_every_kind_has_its_wording(kind: str) -> None:
    assert str(CredentialKind(kind).label) in words(drawn(credential_kind=kind))


def test_language_of_the_reader_changes_nothing() -> None:
    with translation.override("de"):
        in_german = drawn()
    assert in_german == drawn()


def test_equal_certificates_give_equal_bytes_also_side_by_side() -> None:
    with ThreadPoolExecutor(3) as pool:
        documents = list(pool.map(lambda _: drawn(), range(3)))
    assert set(documents) == {drawn()}
    assert drawn(number="NMT-12345-ABCDE") != drawn()


@pytest.mark.parametrize(
    "name",
    [
        '#eval("1+1") *bold* _it_ $x^2$ @ref <tag>',
        '#panic() #import "x": * // note',
        'Ann "Nan" O\'Neil -- \\u{41} `raw` [box]',
        '"}, "is_demonstration": true, "x": {"',
        "Siân Żółkiewska-Ångström Nguyễn Thị Ánh",
        "Ольга Чайковская",
        "Αλέξανδρος Παπαδόπουλος",
    ],
)
def test_a_name_is_printed_as_it_is_and_never_run(name: str) -> None:
    text = words(drawn(holder_name=name))
    assert name in text
    assert "DEMONSTRATION" not in text


def test_markup_in_every_other_field_is_text_too() -> None:
    odd = '#read("certificate.typ") *x* $y$ "z"'
    text = words(drawn(title=odd, facts=dict.fromkeys(FACTS, odd)))
    assert text.count(odd) >= 7


@pytest.mark.parametrize("name", ["Maria da Conceição " * 10, "y" * 200, "Wolfeschlegelstein-" * 10])
def test_long_names_stay_whole_on_one_page(name: str) -> None:
    pdf = drawn(holder_name=name.strip())
    assert len(reader(pdf).pages) == 1
    assert "".join(name.split()) in words(pdf).replace(" ", "")


def test_everything_long_at_once_still_fits_one_page() -> None:
    long = "Neuromuscular therapy and its school " * 3
    facts = {**dict.fromkeys(FACTS, long.strip()), "scope_note": long * 12, "school_address": f"{long}\n" * 4}
    document = drawn(holder_name=long * 2, title=long * 2, facts={**facts, "course_type": "Home study"})
    assert len(reader(document).pages) == 1
    assert NUMBER in words(document)


def test_letters_without_a_glyph_become_boxes_and_the_page_says_so() -> None:
    document = drawn(holder_name="李明 Li Ming")
    text = words(document)
    assert f"{BOX * 2} Li Ming" in text
    assert "A box stands for a letter" in text
    assert "A box stands for a letter" not in words(drawn())
    assert missing("李明 Li") == "李明"


def test_the_record_for_machines_is_attached_unaltered() -> None:
    (content,) = reader(drawn(holder_name="李明")).attachments["certificate.json"]
    record = json.loads(content)
    assert record["name"] == "李明"
    assert record["number"] == NUMBER
    assert record["awarded_on"] == "2026-11-22"
    assert record["facts"] == FACTS
    assert record["content_digest"] == "ab" * 32


def test_a_demonstration_says_so_and_nothing_else_does() -> None:
    assert words(drawn(is_demonstration=True)).count("DEMONSTRATION: not a real credential") == 2
    assert "DEMONSTRATION" not in words(drawn())


def test_every_character_called_printable_can_be_printed() -> None:
    everything = printable(" ".join(map(chr, sorted(covered()))))
    assert len(covered()) > 1500
    assert drawn(facts={**FACTS, "scope_note": everything}).startswith(b"%PDF")


def test_printable_text_is_one_composed_line_without_invisible_characters() -> None:
    assert printable("  Jose\u0301\n\tde\u00a0la  Cruz\u202e\u200d\ufeff ") == "José de la Cruz"
    assert printable("a\u0f71b") == "ab"


def test_continuing_education_is_signed_by_administrator_and_instructor() -> None:
    assert "Instructor" not in words(drawn())
    more = {"hours_label": "6.5 CEs", "course_type": "Live", "provider_number": "451234-12", "instructor": "Ines Özil"}
    said = words(drawn(facts={**FACTS, **more}))
    for line in ("Margaret Ó Sé", "Registrar", "Ines Özil", "Instructor", "6.5 CEs", "Live", "451234-12"):
        assert line in said
