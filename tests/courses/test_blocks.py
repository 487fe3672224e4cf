"""What a lesson is made of: each block renders, says everything as text, and lets nothing hostile through."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.blocks import StreamValue
from wagtail.blocks.stream_block import StreamBlockValidationError

from courses.api import LessonPage, ModulePage
from courses.blocks import LessonBody, VideoBlock
from lms.knowledge.api import Claim, Figure, GlossaryTerm
from quizzes.api import Assessment
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


HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a>'


@pytest.mark.parametrize("kind", ["prose", "callout", "say_instead", "timeline", "table", "video"])
def test_hostile_words_come_out_harmless(kind: str) -> None:
    values: dict[str, Any] = {
        "prose": HOSTILE,
        "callout": {"kind": "caution", "title": HOSTILE, "text": HOSTILE},
        "say_instead": {"title": HOSTILE, "rows": [{"avoid": HOSTILE, "instead": HOSTILE, "because": HOSTILE}]},
        "timeline": {"title": HOSTILE, "events": [{"date": HOSTILE, "title": HOSTILE, "text": HOSTILE}]},
        "table": {"caption": HOSTILE, "table": {**TABLE, "data": [[HOSTILE], [HOSTILE]]}},
        "video": {**VIDEO, "title": HOSTILE, "transcript": HOSTILE},
    }
    html = shown(kind, values[kind])
    assert "<script>" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


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
