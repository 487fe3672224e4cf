"""Words of the glossary in prose: found whole, the longest first, marked once, and nowhere where they must not be."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.markup import clean_rich
from lms.knowledge.terms import Marking, Term, Vocabulary, spellings, terms_in, texts_of

NAMES = {
    "point": "Trigger point",
    "release": "Trigger point pressure release",
    "sensitised": "Central sensitization",
    "blood": "Ischemia",
    "consent": "Consent (informed)",
    "skin": "Dermatome / myotome",
    "again": "Re-assessment",
    "pain": "Pain",
}
WORDS = Vocabulary(tuple(Term(code, name, f"What {code} is.", f"/glossary/#{code}") for code, name in NAMES.items()))
CARDS = re.compile(r'<div class="tips">.*</div>$', re.DOTALL)
BUTTON = re.compile(r'<button type="button" class="tip" popovertarget="tip-([^"]+)">(.*?)</button>', re.DOTALL)


def marked(html: str, left: int = 12) -> list[tuple[str, str]]:
    """(code, words) of what is marked, in order."""
    return BUTTON.findall(Marking(WORDS, set(), left).mark(html))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A TRIGGER POINT.", [("point", "TRIGGER POINT")]),
        ("Trigger points hurt.", [("point", "Trigger points")]),
        ("trigger\npoint", [("point", "trigger\npoint")]),
        ("Trigger point pressure release and a trigger point", [("release", "Trigger point pressure release"),
                                                              ("point", "trigger point")]),
        ("central sensitisation, central sensitization", [("sensitised", "central sensitisation")]),
        ("ischaemia", [("blood", "ischaemia")]),
        ("Give informed consent.", [("consent", "informed consent")]),
        ("a myotome", [("skin", "myotome")]),
        ("re-assessment", [("again", "re-assessment")]),
        ("painful, pain-free, no-pain, spain", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_word_is_found_whole_and_the_longest_first(text: str, found: list[tuple[str, str]]) -> None:
    assert marked(f"<p>{text}</p>") == found


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Pain</h2>",
        "<h3><b>Pain</b></h3>",
        '<p><a href="/pain/">pain</a></p>',
        '<p><a href="/x/"><b>pain</b></a></p>',
        "<p><code>pain</code></p>",
        '<p><a href="pain">x</a></p>',
    ],
)
def test_nothing_is_marked_in_headings_links_code_and_attributes(html: str) -> None:
    assert Marking(WORDS, set(), 12).mark(html) == html


def test_a_word_is_marked_once_on_a_page_however_many_texts_it_has() -> None:
    marking = Marking(WORDS, set(), 12)
    first, second = marking.mark("<p>Pain and pain.</p>"), marking.mark("<p>Pain, a trigger point.</p>")
    assert BUTTON.findall(first) == [("pain", "Pain")]
    assert BUTTON.findall(second) == [("point", "trigger point")]


def test_a_page_marks_no_more_words_than_it_may() -> None:
    html = "<p>Pain, ischaemia, myotome, trigger point.</p>"
    assert len(marked(html)) == 4
    assert marked(html, left=2) == [("pain", "Pain"), ("blood", "ischaemia")]
    assert marked(html, left=0) == []


def test_each_mark_has_its_card_with_the_way_to_the_glossary() -> None:
    html = Marking(WORDS, set(), 12).mark("<p>Pain.</p><ul><li>A trigger point</li></ul>")
    cards = CARDS.search(html)
    assert cards is not None
    for code in ("pain", "point"):
        assert f'id="tip-{code}" popover' in cards[0]
        assert f'href="/glossary/#{code}"' in cards[0]
        assert f"What {code} is." in cards[0]


def test_a_term_with_signs_of_its_own_is_escaped() -> None:
    words = Vocabulary((Term("odd", "Pain", 'More < less & "quoted"', "/glossary/#odd"),))
    html = Marking(words, set(), 12).mark("<p>Pain</p>")
    assert "More &lt; less &amp; &quot;quoted&quot;" in html


def test_an_empty_glossary_marks_nothing() -> None:
    assert Marking(Vocabulary(()), set(), 12).mark("<p>Pain</p>") == "<p>Pain</p>"


def test_codes_of_the_terms_that_texts_use() -> None:
    assert terms_in(["<h2>Ischaemia</h2>", "<p>Pain and pain</p>", "myotomes"], WORDS) == {"pain", "skin"}


def test_spellings_of_a_term() -> None:
    assert spellings("Consent (informed)") == ["informed Consent"]
    assert spellings("Dermatome / myotome") == ["Dermatome", "myotome"]
    assert spellings("Spray-and-stretch") == ["Spray-and-stretch"]


TEXTS = st.lists(
    st.sampled_from(["pain", "Trigger points", "ischaemia", "<b>pain</b>", "<i>a</i>", '<a href="/x">pain</a>', "&amp;",
                     "and", "<br>", "re-assessment", "é", "x < y"])
).map(lambda parts: clean_rich(f"<p>{' '.join(parts)}</p>"))  # fmt: skip


@given(TEXTS, st.integers(0, 4))
def test_marking_changes_no_text_and_loses_no_tag(html: str, left: int) -> None:
    found = CARDS.sub("", Marking(WORDS, set(), left).mark(html))
    assert BUTTON.sub(r"\2", found) == html
    assert len(BUTTON.findall(found)) <= left
    assert "".join(piece for piece, _is_open in texts_of(html)) == html
    assert unescape(html).count("<") >= 2
