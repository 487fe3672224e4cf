"""What a package may say of contradictions between published accounts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from .schema import Code, Entry, Provenance, Table, Text, Topic


class SideEntry(Entry):
    """One side of a contradiction: who says what."""

    who: Annotated[str, StringConstraints(min_length=1, max_length=160)]
    says: Annotated[str, StringConstraints(min_length=1, max_length=600)]


class ContradictionEntry(Entry):
    code: Code
    topic: Topic
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    sides: list[SideEntry] = Field(min_length=2)
    resolution: Text
    claims: list[Code] = []
    lessons: list[Code] = []
    table_title: str = ""
    table: Table = []
    provenance: Provenance = Provenance()
