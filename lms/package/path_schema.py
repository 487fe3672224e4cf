"""What a package may say of a path: its requirements, each in the words of its kind, and the renewal policy."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, Literal

from pydantic import Field

from lms.certification.api import REQUIREMENT_KINDS, RenewalPolicy, RequirementTerms

from .schema import Entry, Slug, Text

Leaf: Any = reduce(or_, (kind.Terms for kind in REQUIREMENT_KINDS))


class GroupRequirement(Entry):
    """Several requirements joined; groups may hold groups."""

    group: Literal["all_of", "any_of", "n_of"]
    title: Text
    count: int | None = Field(default=None, ge=1)
    items: list[Leaf | GroupRequirement] = Field(min_length=1)


class PathEntry(Entry):
    """A programme that ends in a credential."""

    code: Slug
    title: Text
    credential_title: Text
    credential_kind: Literal["attendance", "assessment_based", "certification"]
    summary: Text
    scope_note: str = ""
    hours_label: str = ""
    valid_months: int | None = Field(default=None, ge=1)
    ce_hours: Decimal | None = Field(default=None, gt=0, max_digits=5, decimal_places=2)
    course_type: Literal["", "live", "home_study", "webinar"] = ""
    instructor_name: str = ""
    admits_on_enrolment: bool = True
    requirements: list[Leaf | GroupRequirement] = Field(min_length=1)
    renewal: RenewalPolicy | None = None


def leaves(requirements: list[Any]) -> list[RequirementTerms]:
    """Single requirements of a tree, groups opened."""
    found: list[RequirementTerms] = []
    for row in requirements:
        found += leaves(row.items) if isinstance(row, GroupRequirement) else [row]
    return found
