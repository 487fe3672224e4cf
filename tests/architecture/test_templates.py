"""What templates name exists: other templates, tag libraries and addresses. Static files too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms.renderers import get_default_renderer
from django.template import Template, TemplateDoesNotExist
from django.template.base import FilterExpression, Node, Variable
from django.template.defaulttags import URLNode
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode, IncludeNode
from django.templatetags.static import StaticNode
from django.urls import URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
FOLDERS = [ROOT / "templates", *sorted(ROOT.glob("lms/*/templates")), *sorted(ROOT.glob("[cq]*/templates"))]
NAMES = sorted(str(path.relative_to(folder)) for folder in FOLDERS for path in folder.rglob("*.html"))
EVERY = pytest.mark.parametrize("name", NAMES)


@cache
def compiled(name: str) -> Template:
    """Compiling fails for an unknown tag, filter or `{% load %}`."""
    return get_template(name).template


def nodes(name: str, kind: type[Node]) -> list[Any]:
    return compiled(name).nodelist.get_nodes_by_type(kind)


def constant(expression: FilterExpression) -> str | None:
    """The text of an expression that is a plain string; None for one that is worked out."""
    if expression.filters or isinstance(expression.var, Variable):
        return None
    return str(expression.var)


@cache
def route_names() -> frozenset[str]:
    def walk(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[str]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
            elif entry.name:
                yield ":".join([*spaces, entry.name])

    return frozenset(walk(get_resolver(), ()))


def load(name: str) -> None:
    """Templates of the site, or those of form widgets, which have an engine of their own."""
    try:
        get_template(name)
    except TemplateDoesNotExist:
        get_default_renderer().get_template(name)


@EVERY
def test_a_template_compiles(name: str) -> None:
    compiled(name)


@EVERY
def test_what_a_template_includes_or_extends_exists(name: str) -> None:
    for node in nodes(name, IncludeNode):
        target = constant(node.template)
        if target is not None:
            load(target)
    for node in nodes(name, ExtendsNode):
        target = constant(node.parent_name)
        if target is not None:
            load(target)


@EVERY
def test_addresses_in_a_template_have_a_route(name: str) -> None:
    wanted = {constant(node.view_name) for node in nodes(name, URLNode)} - {None}
    assert wanted - route_names() == set()


@EVERY
def test_static_files_that_a_template_names_exist(name: str) -> None:
    for node in nodes(name, StaticNode):
        path = constant(node.path)
        if path is not None:
            assert finders.find(path), path


@EVERY
def test_a_page_has_no_inline_script_style_or_handler(name: str) -> None:
    """The content security policy would refuse them in the browser, silently. Mail has no other way to be styled."""
    if name.startswith("mail/"):
        return
    source = next(folder / name for folder in FOLDERS if (folder / name).exists()).read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", source), "inline script"
    assert not re.search(r"<style\b|\sstyle=[\"']", source), "inline style"
    assert not re.search(r"\son[a-z]+=[\"']", source), "inline handler"


def test_the_walk_sees_what_templates_are_made_of() -> None:
    assert "portal:dashboard" in route_names()
    assert "wagtailsnippets_quizzes_question:edit" in route_names()
    assert sum(len(nodes(name, IncludeNode)) for name in NAMES) > 50
    assert sum(len(nodes(name, URLNode)) for name in NAMES) > 50
    assert len(NAMES) > 100
