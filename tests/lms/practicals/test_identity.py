"""Notes that tell who a client is are noticed; what the trade writes every day is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.practicals.enums import SessionCategory, Technique
from lms.practicals.identity import identifying

TELLING = [
    ("Worked with Anna Schmidt on the neck.", "Anna Schmidt"),
    ("Anna Schmidt came with neck pain", "Anna Schmidt"),
    ("First visit. Anna Schmidt is 54.", "Anna Schmidt"),
    ("Łukasz Żak was better", "Łukasz Żak"),
    ("seen with José Álvarez today", "José Álvarez"),
    ("the O'Brien Murphy case", "O'Brien Murphy"),
    ("Mrs Jones slept better", "Mrs Jones"),
    ("sent by Dr. Okafor", "Dr. Okafor"),
    ("Client Maria, 45, office worker", "Maria"),
    ("client: Maria", "Maria"),
    ("her husband Peter drove her", "Peter"),
    ("a woman named Ilse", "Ilse"),
    ("my client Thomas had a headache", "Thomas"),
    ("Maria S. felt better", "Maria S."),
    ("April Smith reports less pain", "April Smith"),
    ("reach her at anna.s@example.org", "anna.s@example.org"),
    ("phone 0171 234 5678", "0171 234 5678"),
    ("phone +49 30 1234567", "+49 30 1234567"),
    ("phone 030/1234567", "030/1234567"),
    ("call (555) 123-4567", "(555) 123-4567"),
    ("born 1980", "born 1980"),
    ("DOB: 3/4/1980", "DOB: 3"),
    ("seen first on 12.03.1980", "12.03.1980"),
    ("1980-03-12 is the birthday", "1980-03-12"),
]
FINE = [
    "",
    "C-07 came back, pain down from 7 to 3 of 10.",
    "Rotation 45 / 50 / 60 degrees, before and after.",
    "Blood pressure 120/80, then 118/76.",
    "Pain 7 5 4 3 2 1 0 over nine visits; holds of 90 90 90 90 90 seconds.",
    "Symptoms since 2019-2021; before in 2014 2015 2016.",
    "Positive Spurling test on the left. The Kemp test was negative.",
    "Hawkins Kennedy sign negative, Thomas Test positive.",
    "We followed Dr. Travell's map for the Upper Trapezius.",
    "Trigger Point Pressure Release, then Spray and Stretch, on Levator Scapulae.",
    "Chronic Neck Pain in an Older Adult",
    "Treatment Plan\nNext week: Positional Release.",
    "SOAP Note, VAS and ROM recorded; TrP Release in SCM.",
    "On Monday the pain was worse. In May she slept well.",
    "Numeric Rating Scale 6 to 2. Client felt drained on Tuesday evening.",
]


@pytest.mark.parametrize(("text", "piece"), TELLING, ids=[piece for _text, piece in TELLING])
def test_what_tells_who_it_was_is_found_and_said(text: str, piece: str) -> None:
    assert piece in " | ".join(identifying(text))


@pytest.mark.parametrize("text", FINE)
def test_words_of_the_trade_are_no_names(text: str) -> None:
    assert identifying(text) == []


def test_written_small_a_word_passes() -> None:
    assert identifying("worked on the Whatever Ligament") == ["Whatever Ligament"]
    assert identifying("worked on the whatever ligament") == []


def test_our_own_words_pass() -> None:
    labels = [str(label) for choices in (SessionCategory, Technique) for _value, label in choices.choices]
    assert identifying(". ".join(labels)) == []
    assert identifying(" ".join(label.title() for label in labels)) == []


def test_pieces_come_in_order_and_each_once() -> None:
    text = "Anna Schmidt, then Boris Becker, then Anna Schmidt, phone 0171 2345678."
    assert identifying(text) == ["Anna Schmidt", "Boris Becker", "0171 2345678"]


@given(st.text(max_size=400))
def test_any_text_is_taken_and_what_is_found_stands_in_it(text: str) -> None:
    assert all(piece in text for piece in identifying(text))


@given(
    st.sampled_from(["Anna", "Ömer", "Zoë", "Siân"]),
    st.sampled_from(["Schmidt", "Nguyen", "Yılmaz", "d'Arcy-Smith", "Çelik"]).filter(lambda name: name[0].isupper()),
    st.sampled_from(["", "Seen today. ", "worked with ", "- ", "(", "neck pain, "]),
    st.sampled_from(["", " came back", ".", ")", ", 45"]),
)
def test_first_and_last_name_are_found_wherever_they_stand(first: str, last: str, before: str, after: str) -> None:
    assert identifying(f"{before}{first} {last}{after}") == [f"{first} {last}"]


def test_a_long_report_is_read_at_once() -> None:
    assert identifying("the client felt a 7 of 10, then a 3 of 10 after gliding. " * 1000) == []
