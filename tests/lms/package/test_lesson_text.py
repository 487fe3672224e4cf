"""Lessons as text and back: nothing is lost, and what cannot be read says where."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.api import BLOCK_SHAPES, BlockPart, block_problems
from lms.package import located_yaml
from lms.package.block_rows import from_value
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


EVERY_BLOCK = Path(site.BASE_DIR) / "tests" / "courses" / "every_block.md"
ACTIVITIES = pytest.mark.parametrize("kind", list(BLOCK_SHAPES))


def of_part(part: BlockPart) -> st.SearchStrategy[Any]:
    """Values that may stand in a part of an activity."""
    if part.kind == "rows":
        return st.just([])
    values: dict[str, st.SearchStrategy[Any]] = {
        "line": words | st.sampled_from(["a: b", "- c", "'d' # e", "no", "1942", "**f** *g*", "h" * 50]),
        "text": words | st.sampled_from(["i\n\nj: k", "- l\n- m\n"]).map(str.strip),
        "choice": st.sampled_from(part.choices or ("",)),
        "code": codes,
        "lines": st.lists(words, min_size=2, max_size=3),
        "flag": st.booleans(),
        "whole": st.integers(-99, 999),
        "number": st.integers(0, 400).map(lambda count: count // 4 if count % 4 == 0 else count / 4),
    }
    return values[part.kind] if part.needed else values[part.kind] | st.just("")


@st.composite
def activities(draw: Any, kind: str) -> dict[str, Any]:
    """An activity whose parts are of the right kind, whatever the rules between them say."""
    shape = BLOCK_SHAPES[kind]
    parts = st.tuples(*map(of_part, shape.row.values()))
    row = parts.map(lambda drawn: drawn[0] if "" in shape.row else dict(zip(shape.row, drawn, strict=True)))
    options = {name: draw(of_part(part)) for name, part in shape.options.items()}
    return {"type": kind, **options, "rows": draw(st.lists(row, min_size=shape.fewest, max_size=shape.fewest + 1))}


def written(kind: str) -> dict[str, Any]:
    """The example of an activity."""
    return next(block for block in without_lines(parse_body(EVERY_BLOCK.read_text())) if block["type"] == kind)


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


@ACTIVITIES
@settings(max_examples=20)
@given(st.data())
def test_whatever_an_activity_says_reads_back_or_breaks_its_rules(kind: str, data: st.DataObject) -> None:
    block = data.draw(activities(kind))
    text = write_body([block])
    if problems := list(block_problems(kind, block)):
        with pytest.raises(TextFault) as caught:
            parse_body(text)
        assert str(problems[0][1]) in caught.value.reason
        return
    read = without_lines(parse_body(text))
    assert read == [block]
    assert write_body(read) == text


def test_the_examples_are_written_back_as_they_stand() -> None:
    text = EVERY_BLOCK.read_text()
    read = without_lines(parse_body(text))
    assert [block["type"] for block in read] == list(BLOCK_SHAPES)
    again = write_body(read)
    assert without_lines(parse_body(again)) == read
    assert write_body(without_lines(parse_body(again))) == again


def test_lines_of_a_browser_are_lines_of_the_package() -> None:
    block = {**written("branching_case"), "figure": None}
    block["rows"][0]["text"] = "One.\r\n\r\nTwo."
    assert from_value("branching_case", block)["rows"][0]["text"] == "One.\n\nTwo."


#: What is wrong: the activity, what is replaced in its text by what, the line of the fault (from 0), a word of it.
FAULTS = {
    "four sentences": ("in_short", "- The fifth ends it.\n", "", 1, "exactly 5"),
    "a sentence that YAML reads as a pair": ("in_short", "- A third one follows.", "- A third: one", 3, "in quotes"),
    "a card without a back": ("flash_cards", "  back: The least that is felt as pain.\n", "", 7, "needed"),
    "a part that is none": ("flash_cards", "front: Wind-up", "face: Wind-up", 9, "face"),
    "an option that is none": ("ordering", "title:", "tittle:", 0, "tittle"),
    "the same step twice": ("ordering", "Recheck the baseline", "Locate the point", 6, "is there already"),
    "a group that is none": ("sorting", "bin: Hypothesis\n  because", "bin: Guess\n  because", 9, "Guess"),
    "one group": ("sorting", "[Established, Hypothesis]", "[Established]", 0, "2 to 5"),
    "groups that are no list": ("sorting", "[Established, Hypothesis]", "Established", 0, "list in brackets"),
    "the same half twice": ("matching", "right: Tension", "right: Length", 5, "is there already"),
    "an overclaim without an honest version": (
        "find_overclaims", "  instead: Massage may feel pleasant.\n", "", 4, "honest version",
    ),
    "a verdict that is none": ("find_overclaims", "overclaim: false", "overclaim: maybe", 2, "true or false"),
    "a way to nowhere": ("branching_case", "to: end-unsafe", "to: nowhere", 11, "nowhere"),
    "a name that YAML takes for no": ("branching_case", "step: asked", "step: off", 13, "in quotes"),
    "a step that is never reached": ("branching_case", "to: end-good", "to: end-unsafe", 22, "No choice leads"),
    "an end without an outcome": ("branching_case", "  outcome: good\n", "", 22, "outcome"),
    "choices that are no list": ("branching_case", "  outcome: good", "  choices: none", 24, "list"),
    "a gap between zones": ("slider", "from: 10", "from: 12", 6, "begin at 10"),
    "zones that end early": ("slider", "to: 60", "to: 59", 12, "end at 60"),
    "a start between the steps": ("slider", "start: 0", "start: 3", 0, "cannot stand here"),
    "half a second": ("slider", "to: 9", "to: 9.5", 2, "whole number"),
    "a tone that is none": ("slider", "tone: stop", "tone: loud", 14, "mild"),
    "a note without a model": ("build_note", "  example: Re-assess at visit 4.\n", "", 5, "needed"),
    "a comparison of one": ("comparison", ", second: Neutral", "", 0, "second"),
    "a region outside the drawing": ("find_on_figure", "x: 64", "x: 164", 2, "0 to 100"),
    "a figure that is not named": ("find_on_figure", "figure: M-22, ", "", 0, "figure"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_an_activity_lacks_is_said_where_it_stands(case: str) -> None:
    kind, old, new, line, word = FAULTS[case]
    text = re.search(rf"^:::{kind}\b.*?^:::$", EVERY_BLOCK.read_text(), re.MULTILINE | re.DOTALL)[0]
    assert old in text
    with pytest.raises(TextFault) as caught:
        parse_body(text.replace(old, new, 1), 10)
    assert (caught.value.line - 10, word in caught.value.reason) == (line, True), caught.value.reason


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
