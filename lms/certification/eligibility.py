"""The ledger “why not certified yet”: requirements, what is there, what is missing, what to do next. Pure.

The same object decides eligibility, so that page, API and decision never disagree. More evidence never makes a person
less eligible.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from .enums import SATISFIED, RequirementState

GROUPS = frozenset({"all_of", "any_of", "n_of"})


@dataclass(frozen=True)
class Action:
    """What a person can do about a requirement."""

    label: str
    url: str

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return {"label": self.label, "url": self.url}


@dataclass(frozen=True)
class Fact:
    """How far a single requirement is met. `evidence` are frozen facts with `kind`, `reference` and `title`."""

    have: int
    need: int
    is_met: bool
    has_begun: bool
    detail: str = ""
    evidence: tuple[Mapping[str, Any], ...] = ()
    action: Action | None = None


@dataclass(frozen=True)
class Pending:
    """A requirement that others wait for."""

    title: str
    action: Action | None


@dataclass(frozen=True)
class Requirement:
    """A line of the ledger; a group has lines of its own."""

    key: str
    kind: str
    title: str
    state: RequirementState
    have: int
    need: int
    detail: str = ""
    evidence: tuple[Mapping[str, Any], ...] = ()
    action: Action | None = None
    items: tuple[Requirement, ...] = ()

    @property
    def is_satisfied(self) -> bool:
        """Met or waived."""
        return self.state in SATISFIED

    def as_dict(self) -> dict[str, Any]:
        """For JSON and for the record."""
        data: dict[str, Any] = {
            "key": self.key,
            "kind": self.kind,
            "title": self.title,
            "state": self.state.value,
            "progress": {"have": self.have, "need": self.need},
            "detail": self.detail,
            "evidence": [dict(row) for row in self.evidence],
            "next_action": self.action.as_dict() if self.action and not self.is_satisfied else None,
        }
        if self.kind in GROUPS:
            data["items"] = [item.as_dict() for item in self.items]
        return data


@dataclass(frozen=True)
class Ledger:
    """All requirements of a path for one person."""

    requirements: tuple[Requirement, ...] = field(default_factory=tuple)

    @property
    def is_eligible(self) -> bool:
        """Every requirement is satisfied; a path without requirements makes nobody eligible."""
        return bool(self.requirements) and all(row.is_satisfied for row in self.requirements)

    @property
    def missing(self) -> tuple[Requirement, ...]:
        """Requirements that are still open."""
        return tuple(row for row in self.requirements if not row.is_satisfied)

    def leaves(self) -> tuple[Requirement, ...]:
        """Every single requirement, groups opened."""
        return tuple(leaf for row in self.requirements for leaf in _leaves(row))

    def steps(self) -> tuple[Requirement, ...]:
        """The single requirements that matter: a group that is met counts by what meets it, not by what it left out."""
        return tuple(step for row in self.requirements for step in _steps(row))

    def as_list(self) -> list[dict[str, Any]]:
        """For JSON and for the record."""
        return [row.as_dict() for row in self.requirements]


def _leaves(row: Requirement) -> Iterator[Requirement]:
    if not row.items:
        yield row
    for item in row.items:
        yield from _leaves(item)


def _steps(row: Requirement) -> Iterator[Requirement]:
    if not row.items:
        yield row
        return
    counted = [item for item in row.items if item.is_satisfied] if row.is_satisfied else row.items
    if not counted:
        # The group itself was waived.
        yield row
    for item in counted:
        yield from _steps(item)


def evaluate(nodes: Sequence[Mapping[str, Any]], facts: Mapping[str, Fact], waived: Collection[str] = ()) -> Ledger:
    """The ledger of a requirement tree under the facts. A requirement without a fact counts as not started.

    A line whose node names others under `after` says which of them come first and leads there. That is advice on the
    order: it changes no state.
    """
    none = Fact(0, 1, False, False)
    covered = waived_leaves(nodes, waived)
    first = {
        leaf["key"]: Pending(leaf["title"], facts.get(leaf["key"], none).action)
        for leaf in leaf_nodes(nodes)
        if leaf["key"] not in covered and not facts.get(leaf["key"], none).is_met
    }
    return Ledger(tuple(_evaluate(node, facts, waived, first) for node in nodes))


def waived_leaves(nodes: Sequence[Mapping[str, Any]], waived: Collection[str]) -> frozenset[str]:
    """Keys of the single requirements that are waived, by themselves or with a group that holds them."""
    found: set[str] = set()
    for node in nodes:
        is_waived = node["key"] in waived
        if node["kind"] in GROUPS:
            found |= waived_leaves(node["items"], keys_of(node["items"]) if is_waived else waived)
        elif is_waived:
            found.add(node["key"])
    return frozenset(found)


def _evaluate(
    node: Mapping[str, Any], facts: Mapping[str, Fact], waived: Collection[str], first: Mapping[str, Pending]
) -> Requirement:
    if node["kind"] in GROUPS:
        return _group(node, tuple(_evaluate(item, facts, waived, first) for item in node["items"]), waived)
    fact = facts.get(node["key"], Fact(0, 1, False, False))
    if not fact.is_met and (before := [first[key] for key in node.get("after", ()) if key in first]):
        words = _("First: %(titles)s") % {"titles": ", ".join(row.title for row in before)}
        detail = " · ".join(filter(None, [words, fact.detail]))
        fact = replace(fact, detail=detail, action=before[0].action)
    if fact.is_met:
        state = RequirementState.MET
    elif node["key"] in waived:
        state = RequirementState.WAIVED
    else:
        state = RequirementState.IN_PROGRESS if fact.has_begun else RequirementState.NOT_STARTED
    return Requirement(
        node["key"], node["kind"], node["title"], state, fact.have, fact.need, fact.detail, fact.evidence, fact.action
    )


def _group(node: Mapping[str, Any], items: tuple[Requirement, ...], waived: Collection[str]) -> Requirement:
    have = sum(item.is_satisfied for item in items)
    need = {"all_of": len(items), "any_of": 1, "n_of": node.get("count") or len(items)}[node["kind"]]
    if have >= need:
        state = RequirementState.MET
    elif node["key"] in waived:
        state = RequirementState.WAIVED
    elif have or any(item.state is RequirementState.IN_PROGRESS for item in items):
        state = RequirementState.IN_PROGRESS
    else:
        state = RequirementState.NOT_STARTED
    return Requirement(node["key"], node["kind"], node["title"], state, min(have, need), need, items=items)


def required_courses(nodes: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Codes of the courses that a tree of requirements names."""
    return frozenset(leaf["reference"] for leaf in leaf_nodes(nodes, "course"))


def leaf_nodes(nodes: Sequence[Mapping[str, Any]], kind: str | None = None) -> list[Mapping[str, Any]]:
    """Single requirements of a tree, groups opened; of one kind if asked."""
    leaves: list[Mapping[str, Any]] = []
    for node in nodes:
        leaves += leaf_nodes(node["items"]) if node["kind"] in GROUPS else [node]
    return [leaf for leaf in leaves if kind is None or leaf["kind"] == kind]


def titles_of(nodes: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What each requirement of a tree is called, by key; groups and what is in them."""
    found: dict[str, str] = {}
    for node in nodes:
        found |= {node["key"]: node["title"], **titles_of(node.get("items", ()))}
    return found


def keys_of(nodes: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Keys of all requirements of a tree, groups and what is in them."""
    return frozenset(
        key for node in nodes for key in (node["key"], *(keys_of(node["items"]) if node["kind"] in GROUPS else ()))
    )
