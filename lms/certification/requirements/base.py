"""What a kind of requirement is: how a school writes it, what is frozen of it, and how it is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ConfigDict
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from quizzes.api import Assessment

from ..eligibility import Fact
from ..exceptions import PathIncomplete

Node = Mapping[str, Any]
Found = Any


class RequirementTerms(BaseModel):
    """What the school says of one requirement, as data. The first field bears the kind's name and is its code."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class AfterBlock(blocks.ListBlock):
    """Exams that are passed before somebody may practise."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            SnippetChooserBlock("quizzes.Assessment"),
            default=[],
            label=gettext_lazy("After these exams"),
            help_text=gettext_lazy("Exams of this path; before they are passed nobody is let in."),
            **kwargs,
        )


def exams_before(value: Iterable[Any]) -> list[str]:
    """Codes of the exams of an `AfterBlock`."""
    rows = list(value)
    if None in rows:
        raise PathIncomplete(_("An examination of this path is not published."))
    return [row.code for row in rows]


def frozen_after(codes: Iterable[str]) -> dict[str, Any]:
    """What a version freezes of them: the keys of their requirements, or nothing where nothing comes first."""
    keys = [f"exam:{code}" for code in codes]
    return {"after": keys} if keys else {}


def chosen_exams(codes: Sequence[str]) -> list[Assessment]:
    """The exams in the order in which they are named: the value of an `AfterBlock`."""
    by_code = Assessment.objects.in_bulk(codes, field_name="code")
    return [by_code[code] for code in codes]


class RequirementKind(Protocol):
    """One kind. Adding a class here and to the list in `kinds` is all that a further one takes."""

    slug: ClassVar[str]
    icon: ClassVar[str]
    Terms: type[RequirementTerms]

    def block(self) -> blocks.Block:
        """How it is written in the CMS."""
        ...

    def terms(self, value: Mapping[str, Any]) -> RequirementTerms:
        """What was written, as data."""
        ...

    def value(self, terms: Any) -> dict[str, Any]:
        """The reverse of `terms`."""
        ...

    def refers_to(self, terms: Any) -> Iterable[tuple[str, str]]:
        """What it names elsewhere in a curriculum package: kinds and codes."""
        ...

    def node(self, terms: Any) -> dict[str, Any]:
        """What a version freezes, with `key`, `kind`, `reference` and `title`; refuses what nobody can meet."""
        ...

    def gather(self, user: Any, nodes: Sequence[Node]) -> Mapping[str, Found]:
        """What the record says of a person, by key: a number of queries that does not grow with `nodes`."""
        ...

    def evaluate(self, node: Node, found: Found) -> Fact:
        """How far it is met. Pure; more in `found` never makes less of it."""
        ...

    def asked(self, node: Node) -> str:
        """What it asks for, in one line, for somebody who has not begun."""
        ...
