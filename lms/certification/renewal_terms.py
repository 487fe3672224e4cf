"""The renewal policy of a certificate, as a school writes it. Every number is the school's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from .requirements.base import RequirementTerms


class RenewalCategory(RequirementTerms):
    """Hours of one kind of continuing education: at least and at most so many count. None: no limit."""

    code: str = Field(pattern=r"^[a-z0-9_-]+$", max_length=40)
    title: str = Field(min_length=1, max_length=120)
    min_hours: int = Field(default=0, ge=0, le=1000)
    max_hours: int | None = Field(default=None, ge=0, le=1000)


class RenewalPolicy(RequirementTerms):
    """What renewing asks for.

    Hours are earned within the validity of the certificate, or until `grace_days` after it. After that it has lapsed:
    later than `refresher_after_months` a practical refresher is due too, and later than `recertify_after_months` the
    whole certification. `audit_percent` of the renewals are looked at with all their evidence.
    """

    hours: int = Field(ge=1, le=1000)
    categories: list[RenewalCategory] = Field(min_length=1)
    quiz: str = Field(default="", max_length=80)
    renews_statements: bool = True
    opens_days: int = Field(default=180, ge=0, le=1000)
    grace_days: int = Field(default=60, ge=0, le=1000)
    refresher_after_months: int = Field(default=12, ge=0, le=600)
    recertify_after_months: int = Field(default=36, ge=0, le=600)
    audit_percent: int = Field(default=10, ge=0, le=100)

    @model_validator(mode="after")
    def can_be_met(self) -> RenewalPolicy:
        """Codes are different, no minimum exceeds its maximum, and the hours asked for can be reached."""
        codes = [row.code for row in self.categories]
        if len(set(codes)) != len(codes):
            raise ValueError("two categories have the same code")
        for row in self.categories:
            if row.max_hours is not None and row.max_hours < row.min_hours:
                raise ValueError(f"{row.title}: the most hours are fewer than the least")
        if sum(row.min_hours for row in self.categories) > self.hours:
            raise ValueError("the least hours of the categories are more than the hours asked for")
        most = [row.max_hours for row in self.categories]
        if None not in most and sum(hours or 0 for hours in most) < self.hours:
            raise ValueError("the most hours of the categories are fewer than the hours asked for")
        if self.recertify_after_months < self.refresher_after_months:
            raise ValueError("the whole certification is due before the refresher")
        return self


def policy_of(value: Mapping[str, Any]) -> RenewalPolicy:
    """The policy as it was written in the CMS, where what is left empty is None."""
    written = {name: said for name, said in value.items() if said is not None}
    categories = [{name: said for name, said in row.items() if said is not None} for row in value["categories"]]
    return RenewalPolicy(**{**written, "categories": [RenewalCategory(**row) for row in categories]})
