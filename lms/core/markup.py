"""Untrusted or authored text made safe and put into shape: HTML, Markdown, SVG."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import nh3
from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException
from markdown_it import MarkdownIt
from markdownify import markdownify

RICH_TAGS = {"p", "br", "b", "strong", "i", "em", "sup", "sub", "ul", "ol", "li", "h2", "h3", "h4", "a", "blockquote"}
INLINE_TAGS = {"b", "strong", "i", "em", "sup", "sub", "br", "a"}
RICH_ATTRIBUTES = {"a": {"href", "linktype", "id"}}

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": False})


def clean_rich(html: str) -> str:
    """Sanitised rich text: paragraphs, lists, headings, links, emphasis."""
    return nh3.clean(
        html,
        tags=RICH_TAGS,
        attributes=RICH_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "lesson"},
        link_rel=None,
    )


def clean_inline(html: str) -> str:
    """Sanitised inline text without block elements."""
    return nh3.clean(html, tags=INLINE_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=None)


def plain_text(html: str) -> str:
    """The words of an HTML fragment, white space collapsed."""
    spaced = re.sub(r"</(p|li|h[1-6]|div)>|<br\s*/?>", " ", html)
    return " ".join(unescape(nh3.clean(spaced, tags=set())).split())


def shortened(text: str, most: int) -> str:
    """The text as it is, or whole words of its beginning and an ellipsis: `most` characters at the most."""
    if len(text) <= most:
        return text
    begin = text[: most - 1]
    whole = begin if text[most - 1].isspace() else begin.rpartition(" ")[0] or begin
    return f"{whole.rstrip(' ,;:–-')}…"


@lru_cache(maxsize=4096)
def markdown_to_html(text: str) -> str:
    """Markdown of the curriculum package as sanitised HTML in the CMS's spelling (`<b>`, `<i>`)."""
    html = _markdown.render(text.strip()).strip()
    html = re.sub(r"(</?)strong>", r"\1b>", html)
    html = re.sub(r"(</?)em>", r"\1i>", html)
    html = re.sub(r">\n+<", "><", html)
    return clean_rich(html)


@lru_cache(maxsize=4096)
def markdown_inline_to_html(text: str) -> str:
    """One paragraph of Markdown without the `<p>`."""
    html = _markdown.renderInline(" ".join(text.split()))
    html = re.sub(r"(</?)strong>", r"\1b>", html)
    html = re.sub(r"(</?)em>", r"\1i>", html)
    return clean_inline(html)


def html_to_markdown(html: str) -> str:
    """The reverse of `markdown_to_html` for everything that it makes."""
    text = markdownify(
        html,
        heading_style="ATX",
        bullets="-",
        strong_em_symbol="*",
        wrap=False,
        escape_underscores=True,
        escape_asterisks=True,
    )
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


SVG_TAGS = {
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs",
    "pattern", "clipPath", "marker", "title", "desc", "use",
}  # fmt: skip
SVG_ATTRIBUTES = {
    "viewBox", "preserveAspectRatio", "id", "class", "transform", "opacity", "role", "x", "y", "x1", "x2", "y1", "y2",
    "cx", "cy", "r", "rx", "ry", "d", "points", "width", "height", "dx", "dy", "href", "fill", "stroke", "rotate",
    "text-anchor", "dominant-baseline", "font-size", "font-weight", "font-family", "font-style", "letter-spacing",
    "marker-start", "marker-mid", "marker-end", "markerWidth", "markerHeight", "markerUnits", "refX", "refY", "orient",
    "clip-path", "clip-rule", "patternUnits", "patternTransform", "patternContentUnits", "clipPathUnits", "overflow",
    "paint-order", "vector-effect", "focusable", "lang", "textLength", "lengthAdjust",
}  # fmt: skip
SVG_PREFIXES = ("aria-", "stroke-", "fill-")
_SVG_NS = "{http://www.w3.org/2000/svg}"
_SVG_LIMIT = 400_000


class UnsafeSvg(ValueError):
    """A drawing that is not well-formed, too large, or holds something outside the allow-list."""


def clean_svg(source: str) -> str:
    """A drawing for inlining: the allow-list or an `UnsafeSvg` that names the culprit."""
    if len(source) > _SVG_LIMIT:
        raise UnsafeSvg("the drawing is larger than 400 kB")
    try:
        root = SafeTree.fromstring(source, forbid_dtd=True)
    except (SafeTree.ParseError, DefusedXmlException, ValueError) as error:
        raise UnsafeSvg(f"not a well-formed drawing: {error}") from error
    if root.tag != f"{_SVG_NS}svg":
        raise UnsafeSvg("the root element must be <svg> of the SVG namespace")
    for element in root.iter():
        _check_svg_element(element)
        element.tag = element.tag.removeprefix(_SVG_NS)
    return SafeTree.tostring(root, encoding="unicode")


def _check_svg_element(element: Element) -> None:
    tag = element.tag.removeprefix(_SVG_NS) if isinstance(element.tag, str) else "?"
    if tag not in SVG_TAGS:
        raise UnsafeSvg(f"<{tag}> is not allowed in a drawing")
    for name, value in element.attrib.items():
        if name not in SVG_ATTRIBUTES and not name.startswith(SVG_PREFIXES):
            raise UnsafeSvg(f"the attribute {name} of <{tag}> is not allowed in a drawing")
        if name == "href" and not value.startswith("#"):
            raise UnsafeSvg(f"<{tag}> may only refer to something inside the drawing")
        if "url(" in value and not re.fullmatch(r"\s*url\(\s*['\"]?#[\w.-]+['\"]?\s*\)\s*", value):
            raise UnsafeSvg(f"the attribute {name} of <{tag}> refers to something outside the drawing")


def is_web_address(value: str) -> bool:
    """True for an absolute http(s) address."""
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
