"""The pictures of a certificate."""

from __future__ import annotations

import io
from typing import Any

import pytest
from defusedxml import ElementTree
from PIL import Image, ImageChops

from lms.certification.badges.picture import CLAY, DEMONSTRATION, badge_svg, share_picture

FACTS: dict[str, Any] = {
    "number": "NMT-7K3F9-QXM4C",
    "title": "Neuromuscular Therapy Certificate",
    "school": "School of Neuromuscular Therapy",
}
LONG = "Advanced Practitioner of Neuromuscular Therapy for the Head, Neck and Shoulder Girdle " * 4


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def words(svg: bytes) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_picture_to_share_has_the_size_that_sites_ask_for() -> None:
    data = share_picture(**FACTS, holder="Eleanor Ó Sé")
    picture = Image.open(io.BytesIO(data))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert len(data) < 300_000


def test_equal_facts_give_equal_bytes() -> None:
    assert share_picture(**FACTS) == share_picture(**FACTS)
    assert badge_svg(**FACTS) == badge_svg(**FACTS)


@pytest.mark.parametrize(
    ("change", "box"),
    [
        ({"title": "Another title"}, (60, 130, 700, 500)),
        ({"school": "Another school"}, (60, 60, 700, 130)),
        ({"number": "NMT-00000-00000"}, (60, 520, 700, 580)),
        ({"number": "NMT-00000-00001"}, (730, 90, 1150, 510)),
        ({"holder": "Eleanor Ó Sé"}, (60, 430, 700, 540)),
    ],
)
def test_each_fact_is_drawn_in_its_place(change: dict[str, str], box: tuple[int, int, int, int]) -> None:
    plain, other = opened(share_picture(**FACTS)), opened(share_picture(**{**FACTS, **change}))
    assert ImageChops.difference(plain.crop(box), other.crop(box)).getbbox()


@pytest.mark.parametrize("name", [LONG, "Wolfeschlegelsteinhausenbergerdorff" * 4, "王小明", "\u202eEve", "", "Ж" * 90])
def test_long_and_strange_texts_stay_inside_their_room(name: str) -> None:
    data = share_picture(number="NMT-7K3F9-QXM4C", title=name or "T", school=name or "S", holder=name)
    plain = opened(share_picture(number="NMT-7K3F9-QXM4C", title="T", school="S"))
    for box in ((700, 40, 1200, 590), (0, 0, 80, 630), (0, 0, 1200, 34), (0, 596, 1200, 630)):
        assert not ImageChops.difference(plain.crop(box), opened(data).crop(box)).getbbox()
    ElementTree.fromstring(badge_svg(number="N", title=name, school=name))


def test_a_demonstration_says_so() -> None:
    picture = opened(share_picture(**FACTS, is_demonstration=True))
    assert picture.getpixel((20, 620)) == tuple(bytes.fromhex(CLAY[1:]))
    assert DEMONSTRATION.upper() in words(badge_svg(**FACTS, is_demonstration=True))


def test_the_badge_is_square_and_names_title_and_school() -> None:
    svg = badge_svg(**FACTS)
    root = ElementTree.fromstring(svg)
    assert root.get("width") == root.get("height") == "512"
    assert root[0].text == "Neuromuscular Therapy Certificate, School of Neuromuscular Therapy"
    assert " ".join(words(svg)) == "Neuromuscular Therapy Certificate SCHOOL OF NEUROMUSCULAR THERAPY"


def test_text_stays_text_in_the_badge() -> None:
    svg = badge_svg(number="N", title='<script>alert("1")</script> & co', school="<b>")
    assert b"<script" not in svg
    assert "".join(words(svg)).startswith("<script>")


def test_another_number_draws_another_seal() -> None:
    assert badge_svg(**FACTS) != badge_svg(**{**FACTS, "number": "NMT-00000-00000"})
