"""Credentials inside pictures: put in ("baked") and taken out again, with nothing else of the picture changed.

PNG: an uncompressed `iTXt` chunk with the keyword `openbadgecredential`. SVG: the element `openbadges:credential`
directly after the `<svg>` tag. A credential is JSON text, or a compact JWS (an attribute in SVG).
Source: 1EdTech Open Badges 3.0, section 5.3 "Baked Badge"; W3C PNG, section 11.3.3.4 "iTXt".
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .exceptions import BadgeError

KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
SVG = "http://www.w3.org/2000/svg"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TAG = f"{{{NAMESPACE}}}credential"
_JWS = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)
#: What may stand before the root element, then its start tag. Only used on text that an XML parser has accepted.
_ROOT = re.compile(
    r"""(?P<before>\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*)
        <(?P<name>(?:[\w.-]+:)?svg)(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*?)(?P<empty>/?)>""",
    re.DOTALL | re.VERBOSE,
)
_DECLARED = re.compile(r"""\sxmlns:openbadges\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ENCODING = re.compile(r"""<\?xml[^>]*?\sencoding\s*=\s*["'](?P<name>[^"']*)["']""")


def bake(picture: bytes, credential: str) -> bytes:
    """The picture with the credential inside. `BadgeError`: `picture` (neither PNG nor SVG), `already_baked`."""
    if not credential.lstrip().startswith("{") and not _JWS.fullmatch(credential):
        raise BadgeError("unreadable", "A credential is JSON or a compact JWS.")
    baked = _into_png(picture, credential) if picture.startswith(_SIGNATURE) else _into_svg(picture, credential)
    # XML has no way to write some characters, and reads some line ends as others.
    if unbake(baked) != credential:
        raise BadgeError("unreadable", "The credential holds characters that do not keep in this kind of picture.")
    return baked


def unbake(picture: bytes) -> str:
    """The text of the credential in a picture. `BadgeError`: `picture`, `not_baked`, `unreadable`."""
    return _from_png(picture) if picture.startswith(_SIGNATURE) else _from_svg(picture)


def _into_png(picture: bytes, credential: str) -> bytes:
    chunks = list(_chunks(picture))
    if any(_text_of(kind, body) is not None for kind, body, _ in chunks):
        raise BadgeError("already_baked", "The picture carries a credential already.")
    # Keyword, no compression, its method, no language, no translated keyword, text.
    body = KEYWORD + b"\0\0\0\0\0" + _utf8(credential)
    head = chunks[0][2]
    return picture[:head] + _chunk(b"iTXt", body) + picture[head:]


def _from_png(picture: bytes) -> str:
    for kind, body, _ in _chunks(picture):
        text = _text_of(kind, body)
        if text is not None:
            parts = text[2:].split(b"\0", 2)
            if text[:1] != b"\0" or len(parts) != 3:
                raise BadgeError("unreadable", "The credential in the picture is compressed or cut off.")
            try:
                return parts[2].decode("utf-8")
            except UnicodeDecodeError as cause:
                raise BadgeError("unreadable", "The credential in the picture is not UTF-8.") from cause
    raise BadgeError("not_baked", "The picture carries no credential.")


def _text_of(kind: bytes, body: bytes) -> bytes | None:
    """What follows the keyword in a chunk that is ours; None for any other."""
    return body.removeprefix(KEYWORD + b"\0") if kind == b"iTXt" and body.startswith(KEYWORD + b"\0") else None


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Kind, body and end of each chunk of a PNG, in order; each checksum is checked, and that it begins and ends."""
    at, first = len(_SIGNATURE), True
    while at + 12 <= len(picture):
        (length,) = struct.unpack_from(">L", picture, at)
        kind, end = picture[at + 4 : at + 8], at + 12 + length
        if end > len(picture) or picture[end - 4 : end] != _checksum(picture[at + 4 : end - 4]):
            break
        if first and kind != b"IHDR":
            break
        yield kind, picture[at + 8 : end - 4], end
        if kind == b"IEND":
            return
        at, first = end, False
    raise BadgeError("picture", "The PNG is damaged.")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body)) + kind + body + _checksum(kind + body)


def _checksum(data: bytes) -> bytes:
    return struct.pack(">L", zlib.crc32(data))


def _into_svg(picture: bytes, credential: str) -> bytes:
    root, text = _svg(picture)
    if root.find(f".//{_TAG}") is not None:
        raise BadgeError("already_baked", "The picture carries a credential already.")
    tag = _ROOT.match(text)
    if tag is None:
        raise BadgeError("picture", "The SVG begins in an unusual way.")
    attributes, declared = tag["attributes"].rstrip(), _DECLARED.search(tag["attributes"])
    if declared is None:
        attributes += f' xmlns:openbadges="{NAMESPACE}"'
    elif (declared[1] or declared[2]) != NAMESPACE:
        raise BadgeError("picture", "The SVG uses the prefix openbadges for something else.")
    start = f"{tag['before']}<{tag['name']}{attributes}>{_element(credential)}"
    end = f"</{tag['name']}>" if tag["empty"] else ""
    return _utf8(start + end + text[tag.end() :])


def _element(credential: str) -> str:
    if _JWS.fullmatch(credential):
        return f'<openbadges:credential verify="{credential}"></openbadges:credential>'
    kept = credential.replace("]]>", "]]]]><![CDATA[>")
    return f"<openbadges:credential><![CDATA[{kept}]]></openbadges:credential>"


def _from_svg(picture: bytes) -> str:
    root, _ = _svg(picture)
    found = root.find(f".//{_TAG}")
    if found is None:
        raise BadgeError("not_baked", "The picture carries no credential.")
    text = found.get("verify") or found.text or ""
    # Others put line breaks around the CDATA section.
    return text if text.startswith("{") else text.strip()


def _svg(picture: bytes) -> tuple[Element, str]:
    """The root and the text of an SVG; no entities, no document type, UTF-8 only."""
    try:
        text = picture.decode("utf-8-sig")
        root: Element = fromstring(picture, forbid_dtd=True)
    except (UnicodeDecodeError, ParseError, DefusedXmlException, LookupError, ValueError) as cause:
        raise BadgeError("picture", "The picture is neither PNG nor plain SVG.") from cause
    encoding = _ENCODING.match(text)
    if root.tag != f"{{{SVG}}}svg" or (encoding and encoding["name"].lower() not in {"utf-8", "us-ascii", "ascii"}):
        raise BadgeError("picture", "The picture is neither PNG nor plain SVG.")
    return root, text


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as cause:
        raise BadgeError("unreadable", "The credential is not text.") from cause
