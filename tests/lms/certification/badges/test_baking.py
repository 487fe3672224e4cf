"""Credentials inside pictures."""

from __future__ import annotations

import io
import json
import zlib

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lms.certification.badges.baking import NAMESPACE, bake, unbake
from lms.certification.badges.credential import verify
from lms.certification.badges.exceptions import BadgeError
from lms.certification.badges.picture import badge_svg
from tests.lms.certification.badges.making import CONTROLLER, signed_badge

TEXT = json.dumps(signed_badge(), ensure_ascii=False)
JWS = "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6MX0.c2lnbmF0dXJl_-"
PLAIN = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>T</title></svg>'


def png(colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (3, 2), colour).save(file, "PNG")
    return file.getvalue()


def code(picture: bytes, credential: str | None = None) -> str:
    """With which code baking (or, without a credential, unbaking) is refused."""
    with pytest.raises(BadgeError) as refused:
        unbake(picture) if credential is None else bake(picture, credential)
    return refused.value.code


pictures = pytest.mark.parametrize(
    "picture", [png(), PLAIN, badge_svg(number="NMT-1", title="T & <T>", school="S")], ids=["png", "svg", "badge"]
)


@pictures
@pytest.mark.parametrize("credential", [TEXT, json.dumps(signed_badge(), indent=2), JWS], ids=["json", "lines", "jws"])
def test_what_is_baked_in_comes_out_letter_by_letter(picture: bytes, credential: str) -> None:
    assert unbake(bake(picture, credential)) == credential


@pictures
def test_a_baked_badge_still_verifies(picture: bytes) -> None:
    verify(json.loads(unbake(bake(picture, TEXT))), controller=CONTROLLER)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
)


@given(st.dictionaries(st.text(alphabet="ab]>&<", max_size=6), json_values, max_size=4))
def test_any_json_survives_in_both_kinds_of_picture(value: dict[str, object]) -> None:
    text = json.dumps(value)
    for picture in (png(), PLAIN):
        assert unbake(bake(picture, text)) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_text_is_kept_exactly_or_refused(inside: str) -> None:
    text = "{" + inside
    assert unbake(bake(png(), text)) == text
    try:
        baked = bake(PLAIN, text)
    except BadgeError:
        # XML cannot hold it: some characters, and line ends other than its own.
        assert any(ord(letter) < 32 or letter in "\x85\u2028\ufffe\uffff" for letter in inside)
    else:
        assert unbake(baked) == text


def test_the_end_of_a_cdata_section_in_a_name_does_not_break_out() -> None:
    text = json.dumps({"name": "]]></openbadges:credential><script/>"})
    baked = bake(PLAIN, text)
    assert unbake(baked) == text
    assert ElementTree.fromstring(baked).find(".//{*}script") is None


def test_a_png_shows_the_same_picture_and_holds_the_text_plainly() -> None:
    baked = bake(png(), TEXT)
    with Image.open(io.BytesIO(baked)) as picture:
        assert picture.getpixel((0, 0)) == (0, 128, 128)
        assert picture.text["openbadgecredential"] == TEXT
    assert baked.count(b"iTXt" + b"openbadgecredential" + b"\0\0\0\0\0") == 1


def test_an_svg_declares_the_prefix_on_its_root_and_begins_with_the_credential() -> None:
    baked = bake(PLAIN, TEXT).decode()
    assert f'xmlns:openbadges="{NAMESPACE}"><openbadges:credential><![CDATA[{{' in baked
    assert baked.endswith("</openbadges:credential><title>T</title></svg>")
    assert f'<openbadges:credential verify="{JWS}"></openbadges:credential>' in bake(PLAIN, JWS).decode()


@pytest.mark.parametrize(
    "picture",
    [
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- <svg a="1"> -->\n' + PLAIN,
        b"\xef\xbb\xbf" + PLAIN,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b'<s:svg xmlns:s="http://www.w3.org/2000/svg" data-x="a > b"></s:svg>',
        PLAIN.replace(b"viewBox", b'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" viewBox'),
    ],
)
def test_svg_in_every_plain_form_is_baked(picture: bytes) -> None:
    baked = bake(picture, TEXT)
    assert unbake(baked) == TEXT
    assert ElementTree.fromstring(baked)[0].tag == f"{{{NAMESPACE}}}credential"


def test_an_example_as_others_bake_it_is_read() -> None:
    spaced = PLAIN.replace(
        b"<title>",
        f'<o:credential xmlns:o="{NAMESPACE}">\n  <![CDATA[\n {{"id": 1}}\n ]]>\n</o:credential><title>'.encode(),
    )
    assert json.loads(unbake(spaced)) == {"id": 1}


@pictures
def test_a_picture_is_baked_once_and_an_unbaked_one_is_empty(picture: bytes) -> None:
    assert code(bake(picture, TEXT), TEXT) == "already_baked"
    assert code(picture) == "not_baked"


BOMB = b'<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&c;</svg>'


@pytest.mark.parametrize(
    "picture",
    [
        b"",
        b"GIF89a",
        b"\xff\xd8\xff\xe0",
        b"<html/>",
        b"<svg/>",
        PLAIN[:-3],
        BOMB,
        PLAIN.decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="iso-8859-1"?>' + PLAIN,
        PLAIN.replace(b"viewBox", b'xmlns:openbadges="https://elsewhere.example" viewBox'),
        png()[:-1],
        png()[:20],
        png()[:8],
        png().replace(b"IHDR", b"IHDX"),
        png().replace(b"IDAT", b"IDAX"),
    ],
)
def test_what_is_neither_png_nor_plain_svg_is_refused(picture: bytes) -> None:
    assert code(picture, TEXT) == "picture"


@pytest.mark.parametrize("credential", ["", "hello", "a.b", "<svg/>", '"a"'])
def test_what_is_no_credential_is_not_baked(credential: str) -> None:
    assert code(png(), credential) == "unreadable"


@given(st.binary(max_size=200), st.integers(0, 200))
def test_damaged_pictures_are_refused_with_a_code(noise: bytes, at: int) -> None:
    for picture in (bake(png(), TEXT), bake(PLAIN, TEXT)):
        damaged = picture[:at] + noise + picture[at + len(noise) :]
        for candidate in (damaged, noise, picture[:8] + noise):
            try:
                unbake(candidate)
            except BadgeError as refused:
                known = refused.code in {"picture", "not_baked", "unreadable"}
                if not known:
                    raise


def test_a_compressed_credential_is_not_read() -> None:
    def chunk(body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + b"iTXt" + body + zlib.crc32(b"iTXt" + body).to_bytes(4, "big")

    plain, packed = (b"openbadgecredential\0" + flag + b"\0\0\0{}" for flag in (b"\0", b"\1"))
    head = 8 + 25
    for body, outcome in ((packed, "unreadable"), (plain[:22], "unreadable"), (plain[:-2] + b"\xff", "unreadable")):
        assert code(png()[:head] + chunk(body) + png()[head:]) == outcome
    assert unbake(png()[:head] + chunk(plain) + png()[head:]) == "{}"
