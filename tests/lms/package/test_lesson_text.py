"""Lessons as text and back: nothing is lost, and what cannot be read says where."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.package import located_yaml
from lms.package.lesson_text import CALLOUT_KINDS, TextFault, parse_body, split_front_matter, write_body

#: Words as authors write them: no line that looks like the end of a block.
words = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="|\\"), min_size=1,
    max_size=12,
)  # fmt: skip
phrases = st.lists(words, min_size=1, max_size=5).map(" ".join).filter(lambda text: not text.startswith(":::"))
paragraphs = st.lists(phrases, min_size=1, max_size=3).map("\n\n".join)
titles = phrases
codes = st.from_regex(r"[A-Za-z][A-Za-z0-9._-]{0,10}", fullmatch=True)
cells = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="\\"),
                max_size=8)  # fmt: skip


@st.composite
def tables(draw: Any) -> list[list[str]]:
    width, height = draw(st.integers(1, 3)), draw(st.integers(2, 4))
    # A first cell that is empty or of dashes alone would read as the line under the header.
    return [[f"c{draw(cells)}" for _ in range(width)] for _ in range(height)]


def rows(*names: str) -> st.SearchStrategy[list[dict[str, str]]]:
    """Rows with their parts in alphabetical order, as they are stored."""
    return st.lists(st.tuples(*[phrases] * len(names)), min_size=1, max_size=3).map(
        lambda found: [dict(zip(sorted(names), row, strict=True)) for row in found]
    )


blocks = st.one_of(
    st.builds(lambda text: {"type": "prose", "text": text}, paragraphs),
    st.builds(
        lambda kind, title, text: {"type": "callout", "kind": kind, "title": title, "text": text},
        st.sampled_from(sorted(CALLOUT_KINDS)), titles, paragraphs,
    ),
    st.builds(lambda kind, code: {"type": kind, "code": code}, st.sampled_from(["claim", "figure", "term"]), codes),
    st.builds(lambda code: {"type": "check", "assessment": code}, codes),
    st.builds(lambda title, found: {"type": "say_instead", "title": title, "rows": found}, titles,
              rows("avoid", "because", "instead")),
    st.builds(lambda title, found: {"type": "timeline", "title": title, "rows": found}, titles,
              rows("date", "text", "title")),
    st.builds(lambda caption, found: {"type": "table", "caption": caption, "rows": found}, titles, tables()),
    st.builds(
        lambda title, minutes, text: {
            "type": "video", "title": title, "url": "https://vimeo.com/1", "duration_minutes": minutes, "text": text,
        },
        titles, st.integers(1, 90), paragraphs,
    ),
)  # fmt: skip


def joined(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Prose beside prose is one piece of prose: text has no seam there."""
    result: list[dict[str, Any]] = []
    for block in found:
        if block["type"] == "prose" and result and result[-1]["type"] == "prose":
            result[-1] = {"type": "prose", "text": f"{result[-1]['text']}\n\n{block['text']}"}
        else:
            result.append(block)
    return result


def without_lines(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in block.items() if name != "line"} for block in found]


@given(st.lists(blocks, min_size=1, max_size=5).map(joined))
def test_what_is_written_reads_back_and_writes_the_same_again(body: list[dict[str, Any]]) -> None:
    text = write_body(body)
    read = without_lines(parse_body(text))
    assert read == body
    assert write_body(read) == text


@given(st.text(max_size=80))
def test_any_text_is_a_lesson_or_a_fault_with_a_line(text: str) -> None:
    last = 10 + max(1, len(text.splitlines()))
    try:
        lines = [block["line"] for block in parse_body(text, 10)]
    except TextFault as fault:
        lines = [fault.line]
    assert all(10 <= line <= last for line in lines)


def test_each_block_knows_its_line() -> None:
    text = "Words.\n\nMore words.\n\n:::claim {code: C-1}\n:::\n\n\nThe end."
    assert [(block["type"], block["line"]) for block in parse_body(text, 7)] == [
        ("prose", 7), ("claim", 11), ("prose", 15),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (":::", 1, "no block opening"),
        (":::Claim {code: C-1}\n:::", 1, "no block opening"),
        ("Words.\n:::claim {code: C-1}", 2, "not closed"),
        (":::claim code\n:::", 1, "no block opening"),
        (":::claim {code: [}\n:::", 1, ""),
        (":::claim {code: C-1}\nwords\n:::", 2, "no text of its own"),
        (":::callout {kind: caution}\n  \n:::", 1, "empty"),
        (":::timeline {}\nwords\n:::", 2, "needs a list"),
        (":::timeline {}\n- words\n:::", 2, "named parts"),
        (":::timeline {}\n- {date: x, title: y}\n- {date: x, year: 1}\n:::", 3, "year"),
        (":::timeline {}\n- date: [\n:::", 2, ""),
        (":::table {caption: T}\n| a |\n:::", 2, "a table needs"),
        (":::table {caption: T}\n| a | b |\n| --- | --- |\n| c |\n:::", 4, "1 cells and the header 2"),
    ],
)
def test_what_cannot_be_read_says_where(text: str, line: int, word: str) -> None:
    with pytest.raises(TextFault) as caught:
        parse_body(text)
    assert (caught.value.line, word in caught.value.reason) == (line, True), caught.value.reason


@pytest.mark.parametrize("text", ["", "Words.", "---\ncode: X\nWords."])
def test_a_lesson_begins_with_front_matter(text: str) -> None:
    with pytest.raises(TextFault):
        split_front_matter(text)


def test_front_matter_and_body_are_told_apart() -> None:
    assert split_front_matter("---\ncode: X\n---\nWords.\n---\nMore.") == ("code: X", "Words.\n---\nMore.", 4)


# YAML with lines -----------------------------------------------------------------------------------------------


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(codec="utf-8"), max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(codes, inner, max_size=3),
    max_leaves=10,
)


@given(values)
def test_a_document_reads_back_as_it_was_written(value: Any) -> None:
    assert located_yaml.load(located_yaml.dump(value)).data == value


def test_every_part_knows_its_line_and_a_part_without_one_that_of_its_whole() -> None:
    found = located_yaml.load("a: 1\nb:\n  - x\n  - y: 2\n", 5)
    assert [found.line(path) for path in [(), ("a",), ("b",), ("b", 0), ("b", 1, "y"), ("b", 9), ("z",)]] == [
        5, 5, 6, 7, 8, 6, 5,
    ]  # fmt: skip


def test_the_same_key_twice_is_refused_with_its_line() -> None:
    with pytest.raises(located_yaml.DuplicateKey) as caught:
        located_yaml.load("a: 1\nb: 2\na: 3\n", 5)
    assert (caught.value.key, caught.value.line) == ("a", 7)
