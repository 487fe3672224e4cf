"""Digests never change, and what people write comes out harmless."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.digest import canonical_json, digest_of, digest_of_text
from lms.core.markup import (
    RICH_TAGS,
    UnsafeSvg,
    clean_inline,
    clean_rich,
    clean_svg,
    html_to_markdown,
    markdown_to_html,
    plain_text,
    shortened,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_equal_values_have_equal_digests_whatever_the_order_of_their_keys(value: object) -> None:
    def turned(part: object) -> object:
        if isinstance(part, dict):
            return {key: turned(part[key]) for key in reversed(list(part))}
        return [turned(item) for item in part] if isinstance(part, list) else part

    assert digest_of(turned(value)) == digest_of(value)


def test_values_that_json_does_not_know_go_in_as_text() -> None:
    value = [Decimal("1.50"), date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, tzinfo=UTC)]
    assert canonical_json(value) == '["1.50","2026-01-02","2026-01-02 03:04:00+00:00"]'


HOSTILE = (
    '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<a href="javascript:alert(1)">x</a>',
    '<p onclick="alert(1)">x</p>', '<svg><script>alert(1)</script></svg>', '<style>*{}</style>', '<iframe src="//e">',
    '<a href="data:text/html,<script>">x</a>', '<math><mtext></form><form><mglyph><style></math><img src onerror=a>',
)  # fmt: skip


class Seen(HTMLParser):
    """Tags and attributes as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name: value or "" for name, value in attrs}


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_comes_out_harmless(html: str) -> None:
    for clean in (clean_rich(html), clean_inline(html), markdown_to_html(html)):
        seen = Seen(clean)
        assert seen.tags <= RICH_TAGS
        assert set(seen.attributes) <= {"href"}
        assert not seen.attributes.get("href", "").startswith(("javascript", "data"))


@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_rich(clean_rich(text)) == clean_rich(text)
    assert "<" not in plain_text(text) or "<" in text or "&lt" in text


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("Which one?", 10, "Which one?"),
        ("Which one is it?", 10, "Which one…"),
        ("Which one is it?", 9, "Which…"),
        ("Which, of these?", 8, "Which…"),
        ("Sternocleidomastoid", 8, "Sternoc…"),
        ("", 8, ""),
    ],
)
def test_a_long_text_ends_after_a_whole_word(text: str, most: int, expected: str) -> None:
    assert shortened(text, most) == expected


@given(st.text(max_size=60), st.integers(1, 60))
def test_a_shortened_text_is_short_enough(text: str, most: int) -> None:
    line = shortened(text, most)
    assert len(line) <= most
    assert text.startswith(line.removesuffix("…"))


def test_inline_text_has_no_blocks() -> None:
    assert clean_inline("<p>one <b>two</b></p>") == "one <b>two</b>"


@pytest.mark.parametrize(
    "text",
    [
        "One paragraph.", "One.\n\nTwo.", "*soft* and **strong**", "- one\n- two", "1. one\n2. two", "## A heading",
        "[a link](https://example.org/)", "> quoted", "2 \\* 3 and snake\\_case", "A — dash, “quotes” and 5 %",
    ],
)  # fmt: skip
def test_markdown_comes_back_as_it_went_in(text: str) -> None:
    assert html_to_markdown(markdown_to_html(text)) == text


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'


def test_a_plain_drawing_passes() -> None:
    drawing = clean_svg(SVG.format('<title>A line</title><path d="M0 0L9 9" stroke="currentColor"/>'))
    assert "<path" in drawing
    assert clean_svg(SVG.format('<g clip-path="url(#a)"/>'))


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>", '<path onclick="alert(1)" d="M0 0"/>', "<foreignObject/>", "<style>*{}</style>",
        '<use href="https://evil.example/x.svg#a"/>', '<image href="data:image/png;base64,AAAA"/>',
        '<a href="javascript:alert(1)"><path d="M0 0"/></a>', '<rect fill="url(https://evil.example/)"/>',
        '<path style="background:url(//e)" d="M0 0"/>', "<animate/>", '<rect fill="url(#a) url(//e)"/>',
    ],
)  # fmt: skip
def test_a_drawing_with_anything_else_is_refused(inner: str) -> None:
    with pytest.raises(UnsafeSvg):
        clean_svg(SVG.format(inner))


@pytest.mark.parametrize(
    "source",
    [
        "", "no drawing", "<svg/>", SVG.format("<g>"), "<html/>",
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        SVG.format(f"<title>{'x' * 400_001}</title>"),
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_refused(source: str) -> None:
    with pytest.raises(UnsafeSvg):
        clean_svg(source)


def test_digests_are_those_of_the_first_day() -> None:
    """Stored digests were made like this; a change would make every old certificate look forged."""
    assert canonical_json({"b": 1, "a": [True, None, "é"]}) == '{"a":[true,null,"é"],"b":1}'
    assert digest_of({"b": 1, "a": [True, None, "é"]}) == digest_of_text('{"a":[true,null,"é"],"b":1}')
    assert digest_of_text("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
