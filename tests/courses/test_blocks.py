"""What a lesson is made of: each block renders, says everything as text, and lets nothing hostile through."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.blocks import StreamValue
from wagtail.blocks.stream_block import StreamBlockValidationError

from courses.api import BLOCK_SHAPES, BlockPart, LessonPage, ModulePage
from courses.blocks import LessonBody, VideoBlock
from lms.core.markup import plain_text
from lms.knowledge.api import Claim, Figure, GlossaryTerm
from quizzes.api import Assessment
from tests.courses.activities import example, words_of
from tests.courses.authoring import lesson_page
from tests.lms.learning.studying import lesson

pytestmark = pytest.mark.django_db

TABLE = {"data": [["Muscle", "Nerve"], ["Trapezius", "Accessory"]], "first_row_is_table_header": True}
VIDEO = {
    "title": "Palpation", "url": "https://www.youtube.com/watch?v=abc", "duration_minutes": 3,
    "transcript": "<p>Rest the hand first.</p>",
}  # fmt: skip


def shown(kind: str, value: Any) -> str:
    """A block as the lesson shows it."""
    body = LessonBody()
    child = body.child_blocks[kind]
    return str(child.render(child.to_python(child.get_prep_value(child.normalize(value)))))


def examples() -> dict[str, tuple[Any, list[str]]]:
    claim, figure, term = Claim.objects.first(), Figure.objects.first(), GlossaryTerm.objects.first()
    check = Assessment.objects.get(code="ori-1-check")
    assert claim is not None
    assert figure is not None
    assert term is not None
    return {
        "prose": ("<p>Pain is <b>real</b>.</p>", ["Pain is <b>real</b>."]),
        "figure": ({"figure": figure}, ["<svg", "figcaption"]),
        "callout": ({"kind": "caution", "title": "Stop", "text": "<p>When it burns.</p>"}, ["Stop", "When it burns."]),
        "claim": ({"claim": claim}, [claim.code, claim.get_standing_display()]),
        "key_term": ({"term": term}, [term.term, "/glossary/#"]),
        "say_instead": (
            {"title": "", "rows": [{"avoid": "It cures", "instead": "It may ease", "because": "Trials are small"}]},
            ["It cures", "It may ease", "Trials are small"],
        ),
        "timeline": (
            {"title": "Years", "events": [{"date": "1942", "title": "First paper", "text": "On referral"}]},
            ["<ol", "1942", "First paper", "On referral"],
        ),
        "table": (
            {"caption": "Nerves", "table": TABLE},
            ["<caption>Nerves</caption>", '<th scope="col">Muscle', "<td>Accessory"],
        ),
        "video": (VIDEO, ["Palpation", "Rest the hand first.", "YouTube", "3 minutes"]),
        "knowledge_check": ({"assessment": check}, [check.title, check.start_url]),
        **{kind: (example(kind), []) for kind in BLOCK_SHAPES},
    }  # fmt: skip


@pytest.mark.parametrize("kind", LessonBody().child_blocks)
def test_each_block_shows_what_it_holds(kind: str) -> None:
    value, words = examples()[kind]
    html = shown(kind, value)
    for word in words:
        assert word in html


def test_a_lesson_of_all_blocks_is_stored_served_and_read_back(make_user: Any) -> None:
    page = lesson_page("ALL-1", body=[(kind, value) for kind, (value, _words) in examples().items()])
    ModulePage.objects.get(code="ORI").add_child(instance=page)
    page.save_revision().publish()
    stored = LessonPage.objects.get(code="ALL-1")
    assert [block.block_type for block in stored.body] == list(examples())
    assert stored.make_preview_request(preview_mode="").status_code == 200
    assert stored.knowledge_check_id == Assessment.objects.get(code="ori-1-check").pk


@pytest.mark.parametrize("kind", ["figure", "claim", "key_term", "knowledge_check"])
def test_a_block_whose_object_is_gone_shows_nothing_and_breaks_nothing(kind: str) -> None:
    name = {"figure": "figure", "claim": "claim", "key_term": "term", "knowledge_check": "assessment"}[kind]
    body = LessonBody()
    value = body.to_python([{"type": kind, "value": {name: 987_654}, "id": "1"}])
    assert isinstance(value, StreamValue)
    assert "<a " not in str(value.render_as_block())


HOSTILE = (
    '<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a>[y](javascript:alert(1))'
)


def hostile(value: Any) -> Any:
    """The same with every text replaced."""
    if isinstance(value, dict):
        return {name: hostile(part) for name, part in value.items()}
    if isinstance(value, list):
        return [hostile(part) for part in value]
    return HOSTILE if isinstance(value, str) else value


def test_each_cell_of_a_wide_table_knows_the_head_of_its_column() -> None:
    wide = {"data": [["Site", "At risk", "Rule"], ["Eyes", "Eyeball", "Avoid"]], "first_row_is_table_header": True}
    html = shown("table", {"caption": "", "table": wide})
    assert "table--rows" in html
    assert "".join(f'<td data-label="{head}">{cell}</td>' for head, cell in zip(*wide["data"], strict=True)) in html
    assert "data-label" not in shown("table", {"caption": "", "table": TABLE})
    assert "data-label" not in shown("table", {"caption": "", "table": {**wide, "first_row_is_table_header": False}})


@pytest.mark.parametrize("kind", ["prose", "callout", "say_instead", "timeline", "table", "video", *BLOCK_SHAPES])
def test_hostile_words_come_out_harmless(kind: str) -> None:
    values: dict[str, Any] = {
        "prose": HOSTILE,
        "callout": {"kind": "caution", "title": HOSTILE, "text": HOSTILE},
        "say_instead": {"title": HOSTILE, "rows": [{"avoid": HOSTILE, "instead": HOSTILE, "because": HOSTILE}]},
        "timeline": {"title": HOSTILE, "events": [{"date": HOSTILE, "title": HOSTILE, "text": HOSTILE}]},
        "table": {"caption": HOSTILE, "table": {**TABLE, "data": [[HOSTILE], [HOSTILE]]}},
        "video": {**VIDEO, "title": HOSTILE, "transcript": HOSTILE},
        **{kind: hostile(example(kind)) for kind in BLOCK_SHAPES},
    }
    html = shown(kind, values[kind])
    assert "<script>" not in html
    assert "<img" not in html
    assert not re.search(r'<a [^>]*href="javascript', html)


# Links between lessons ----------------------------------------------------------------------------------------


def test_a_link_to_a_lesson_follows_it_when_it_moves() -> None:
    html = '<p><a href="lesson:HIS-1">history</a></p>'
    assert f'href="{lesson("HIS-1").url}"' in shown("prose", html)
    page = LessonPage.objects.get(code="HIS-1")
    page.slug = "elsewhere"
    page.save_revision().publish()
    assert lesson("HIS-1").url.endswith("/elsewhere/")
    assert f'href="{lesson("HIS-1").url}"' in shown("prose", html)


def test_a_link_to_a_lesson_that_is_gone_leads_nowhere() -> None:
    assert 'href="#"' in shown("prose", '<p><a href="lesson:GONE-1">gone</a></p>')


# Videos -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=abc", "https://youtu.be/abc", "https://www.youtube-nocookie.com/embed/abc",
        "https://vimeo.com/123", "https://player.vimeo.com/video/123",
    ],
)  # fmt: skip
def test_videos_of_the_two_providers_are_taken(url: str) -> None:
    block = VideoBlock()
    assert block.clean(block.normalize({**VIDEO, "url": url}))["url"] == url


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/watch", "https://youtube.com.evil.example/", "https://evil.example/youtube.com",
        "https://youtube.com@evil.example/", "javascript:alert(1)", "ftp://youtube.com/x", "",
    ],
)  # fmt: skip
def test_videos_from_anywhere_else_are_refused(url: str) -> None:
    block = VideoBlock()
    with pytest.raises(ValidationError):
        block.clean(block.normalize({**VIDEO, "url": url}))


def test_nothing_is_loaded_from_the_provider_before_the_click() -> None:
    html = shown("video", VIDEO)
    assert "<iframe" not in html
    assert "<video" not in html.replace("<video-embed", "")
    assert "<img" not in html
    assert f'href="{VIDEO["url"]}"' in html, "without a script the link leads there"


def test_the_policy_lets_only_the_providers_be_framed(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    frames = next(part for part in policy.split("; ") if part.startswith("frame-src"))
    assert frames.split()[1:] == ["https://www.youtube-nocookie.com", "https://player.vimeo.com"]


def test_a_lesson_has_one_check_at_most() -> None:
    body, check = LessonBody(), Assessment.objects.get(code="ori-1-check")
    two = body.normalize([("knowledge_check", {"assessment": check})] * 2)
    with pytest.raises(StreamBlockValidationError):
        body.clean(two)


# Activities ---------------------------------------------------------------------------------------------------


ACTIVITIES = pytest.mark.parametrize("kind", list(BLOCK_SHAPES))
#: Names that connect steps, and words that the page says in its own way.
UNSAID = {"start", "asked", "end-good", "end-unsafe", "good", "unsafe", "mild", "working", "stop"}


def cleaned(kind: str, value: Any) -> Any:
    """What the CMS makes of a value that an author sends."""
    block = LessonBody().child_blocks[kind]
    return block.clean(block.normalize(value))


def refusals(error: Any) -> list[str]:
    """Where a value was refused, as paths, with the words."""
    nested = getattr(error, "block_errors", None) or {}
    rows = nested.items() if isinstance(nested, dict) else enumerate(nested)
    found = [f"{name}.{rest}" for name, inner in rows if inner for rest in refusals(inner)]
    return found + [str(words) for words in getattr(error, "non_block_errors", error.messages)]


@ACTIVITIES
def test_an_activity_says_everything_without_a_script(kind: str) -> None:
    html = re.sub(r"<template.*?</template>", "", shown(kind, example(kind)), flags=re.DOTALL)
    said = plain_text(re.sub(r'\b(?:aria-label|data-[a-z]+|value)="[^"]*"', "", html))
    assert [words for words in words_of(example(kind)) if words not in UNSAID and words not in said] == []


@ACTIVITIES
def test_an_activity_sends_nothing_anywhere(kind: str) -> None:
    html = shown(kind, example(kind))
    assert "<form" not in html
    assert not re.search(r"<(?:input|select|textarea)[^>]*\sname=", html)
    assert re.search(r"\s(?:style|on[a-z]+)=", html) is None


@ACTIVITIES
def test_the_cms_takes_what_the_package_takes(kind: str) -> None:
    assert cleaned(kind, example(kind))["rows"]


@ACTIVITIES
def test_fields_of_the_cms_are_those_of_the_rules(kind: str) -> None:
    def agree(block: Any, parts: dict[str, BlockPart]) -> None:
        assert list(block.child_blocks) == list(parts)
        for name, part in parts.items():
            child = block.child_blocks[name]
            if part.kind in {"line", "text"}:
                assert (child.field.max_length, child.required) == (part.most, part.needed), name
            if part.kind == "rows":
                agree(child.child_block, dict(part.row))

    block, shape = LessonBody().child_blocks[kind], BLOCK_SHAPES[kind]
    rows = block.child_blocks["rows"]
    agree(block, {**shape.options, "rows": BlockPart("lines")})
    assert (rows.meta.min_num, rows.meta.max_num) == (shape.fewest, shape.most)
    if "" not in shape.row:
        agree(rows.child_block, dict(shape.row))


REFUSED: dict[str, tuple[str, Any, str]] = {
    "four sentences": ("in_short", lambda value: value["rows"].pop(), "rows."),
    "a group that is none": ("sorting", lambda value: value["rows"][2].update(bin="Guess"), "rows.2.bin.There is no"),
    "groups of one name": ("sorting", lambda value: value.update(bins=["Established"] * 2), "bins.Each group"),
    "a right half twice": ("matching", lambda value: value["rows"][1].update(right="Length"), "rows.1.right."),
    "an overclaim alone": ("find_overclaims", lambda value: value["rows"][1].update(instead=""), "rows.1.instead."),
    "a way to nowhere": (
        "branching_case", lambda value: value["rows"][0]["choices"][1].update(to="gone"), "rows.0.choices.1.to.There",
    ),
    "steps in a circle": (
        "branching_case", lambda value: [one.update(to="asked") for one in value["rows"][1]["choices"]],
        "rows.1.step.From this",
    ),
    "a single choice": ("branching_case", lambda value: value["rows"][1]["choices"].pop(), "rows.1.choices.There must"),
    "a gap between zones": ("slider", lambda value: value["rows"][1].update({"from": 12}), "rows.1.from.This zone"),
    "a slider upside down": ("slider", lambda value: value.update(minimum=90), "maximum.This must be larger"),
    "a step that is too long": ("slider", lambda value: value.update(step=7), "step.Steps of this size"),
    "a region twice": (
        "find_on_figure", lambda value: value["rows"][1].update(region="Scalene triangle"), "rows.1.region.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_breaks_a_rule_is_refused_at_its_field(case: str) -> None:
    kind, spoil, place = REFUSED[case]
    value = example(kind)
    spoil(value)
    with pytest.raises(ValidationError) as caught:
        cleaned(kind, value)
    assert [found for found in refusals(caught.value) if found.startswith(place)], refusals(caught.value)
    assert json.dumps(caught.value.as_json_data()), "the editor shows it"


def test_steps_to_be_ordered_are_never_shown_in_order() -> None:
    value = example("ordering")
    for start in range(len(value["rows"])):
        turned = {**value, "rows": value["rows"][start:] + value["rows"][:start]}
        places = re.findall(r'data-place="(\d)"', shown("ordering", turned))
        assert sorted(places) == ["1", "2", "3", "4"]
        assert places != sorted(places)


def test_a_drawing_that_stands_twice_has_each_id_once() -> None:
    value = example("find_on_figure")
    html = shown("figure", {"figure": value["figure"]}) + shown("find_on_figure", value)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)) > 4
    referred = re.findall(r'(?:href="#|url\(#)([\w.-]+)', html)
    assert [name for name in referred if name not in ids] == []
