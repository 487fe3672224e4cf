"""What is met by practising: stations of a practical examination, supervised sessions, case reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import Field, model_validator
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from lms.practicals.api import (
    Practical,
    SessionCategory,
    approved_sessions,
    case_reports_of,
    counting,
    log_progress,
    practical_standings,
)

from ..eligibility import Action, Fact
from ..exceptions import PathIncomplete
from .base import AfterBlock, Node, RequirementTerms, chosen_exams, exams_before, frozen_after


class PracticalBlock(blocks.StructBlock):
    """All stations of a practical examination passed."""

    practical = SnippetChooserBlock("practicals.Practical")
    after = AfterBlock()

    class Meta:
        icon = "group"
        label = gettext_lazy("Practical examination")


class PracticalKind:
    """Every station passed, no critical fail, and the candidate's signature."""

    slug = "practical"
    icon = "hand"

    class Terms(RequirementTerms):
        """Code of the practical examination, and of the exams that are passed before it is opened."""

        practical: str
        after: list[str] = []

    def block(self) -> blocks.Block:
        return PracticalBlock()

    def terms(self, value: Mapping[str, Any]) -> Terms:
        if value["practical"] is None:
            raise PathIncomplete(_("A practical examination of this path is not published."))
        return self.Terms(practical=value["practical"].code, after=exams_before(value["after"]))

    def value(self, terms: Terms) -> dict[str, Any]:
        return {"practical": Practical.objects.get(code=terms.practical), "after": chosen_exams(terms.after)}

    def refers_to(self, terms: Terms) -> Iterable[tuple[str, str]]:
        return [("practical", terms.practical), *(("assessment", code) for code in terms.after)]

    def node(self, terms: Terms) -> dict[str, Any]:
        row = Practical.objects.filter(code=terms.practical).select_related("current_version").first()
        if row is None or row.current_version is None:
            raise PathIncomplete(_("A practical examination of this path is not published."))
        return {
            "key": f"practical:{row.code}",
            "kind": self.slug,
            "reference": row.code,
            "title": row.title,
            "stations": len(row.current_version.content["stations"]),
            **frozen_after(terms.after),
        }

    def gather(self, user: Any, nodes: Sequence[Node]) -> Mapping[str, Any]:
        standings = practical_standings(user, [node["reference"] for node in nodes])
        return {node["key"]: standings.get(node["reference"], []) for node in nodes}

    def evaluate(self, node: Node, found: Any) -> Fact:
        attempts = found or []
        done = next((row for row in attempts if row["state"] == "passed" and row["is_signed"]), None)
        unsigned = next((row for row in attempts if row["state"] == "passed" and not row["is_signed"]), None)
        best = max((row["passed"] for row in attempts if row["state"] != "failed"), default=0)
        address = reverse("practicals:practical", args=[node["reference"]])
        if unsigned and not done:
            detail = _("Every station is passed; your signature is missing.")
            action = Action(_("Read and sign"), address)
        elif attempts and attempts[-1]["state"] == "failed" and not done:
            detail = _("The last attempt was not passed. Another one begins with the first station.")
            action = Action(_("See what was recorded"), address)
        else:
            detail = _("%(have)s of %(need)s stations passed") % {"have": best, "need": node["stations"]}
            action = Action(_("See the stations"), address)
        return Fact(
            have=node["stations"] if done else best,
            need=node["stations"],
            is_met=done is not None,
            has_begun=bool(attempts),
            detail=detail,
            evidence=tuple(done["evidence"]) if done else (),
            action=action,
        )

    def asked(self, node: Node) -> str:
        return ngettext(
            "Pass: %(title)s, %(count)s station", "Pass: %(title)s, %(count)s stations", node["stations"]
        ) % {"title": node["title"], "count": node["stations"]}


class CategoryMinimumBlock(blocks.StructBlock):
    """So many of the sessions in one of these categories."""

    categories = blocks.MultipleChoiceBlock(choices=SessionCategory.choices)
    count = blocks.IntegerBlock(min_value=1, max_value=999)

    class Meta:
        label = gettext_lazy("At least")


class SessionsBlock(blocks.StructBlock):
    """Supervised sessions with clients."""

    code = blocks.RegexBlock(r"^[a-z0-9-]+$", max_length=60, default="supervised")
    title = blocks.CharBlock(max_length=200)
    count = blocks.IntegerBlock(min_value=1, max_value=999)
    clients = blocks.IntegerBlock(min_value=1, max_value=999, default=1, label=gettext_lazy("Different clients"))
    min_minutes = blocks.IntegerBlock(min_value=1, max_value=720, default=60, label=gettext_lazy("Minutes at least"))
    max_minutes = blocks.IntegerBlock(min_value=1, max_value=720, default=90, label=gettext_lazy("Minutes at most"))
    minima = blocks.ListBlock(CategoryMinimumBlock(), default=[])
    after = AfterBlock()

    class Meta:
        icon = "history"
        label = gettext_lazy("Supervised sessions")


class CategoryMinimum(RequirementTerms):
    """At least `count` sessions in one or more of these categories."""

    categories: list[SessionCategory] = Field(min_length=1)
    count: int = Field(ge=1, le=999)


class SessionsKind:
    """Approved sessions of the hours log: how many, with how many clients, how many of each category.

    A session longer than `max_minutes` counts once, as one within the limits does; a shorter one does not count.
    """

    slug = "sessions"
    icon = "calendar"

    class Terms(RequirementTerms):
        """What is to be logged, lengths in minutes, and the exams that are passed before the first session."""

        sessions: str = Field(pattern=r"^[a-z0-9-]+$", max_length=60)
        title: str = Field(min_length=1, max_length=200)
        count: int = Field(ge=1, le=999)
        clients: int = Field(default=1, ge=1, le=999)
        min_minutes: int = Field(default=60, ge=1, le=720)
        max_minutes: int = Field(default=90, ge=1, le=720)
        minima: list[CategoryMinimum] = []
        after: list[str] = []

        @model_validator(mode="after")
        def can_be_met(self) -> SessionsKind.Terms:
            """No more clients than sessions, and a longest that is no shorter than the shortest."""
            if self.clients > self.count or self.max_minutes < self.min_minutes:
                raise ValueError("more clients than sessions, or a longest session shorter than the shortest")
            return self

    def block(self) -> blocks.Block:
        return SessionsBlock()

    def terms(self, value: Mapping[str, Any]) -> Terms:
        plain = {name: value[name] for name in ("title", "count", "clients", "min_minutes", "max_minutes")}
        minima = [CategoryMinimum(categories=list(row["categories"]), count=row["count"]) for row in value["minima"]]
        return self.Terms(sessions=value["code"], minima=minima, after=exams_before(value["after"]), **plain)

    def value(self, terms: Terms) -> dict[str, Any]:
        data = terms.model_dump(mode="json", exclude={"after"})
        return {"code": data.pop("sessions"), "after": chosen_exams(terms.after), **data}

    def refers_to(self, terms: Terms) -> Iterable[tuple[str, str]]:
        return [("assessment", code) for code in terms.after]

    def node(self, terms: Terms) -> dict[str, Any]:
        data = terms.model_dump(mode="json", exclude={"after"})
        code = data.pop("sessions")
        return {
            "key": f"sessions:{code}", "kind": self.slug, "reference": code, **data, **frozen_after(terms.after),
        }  # fmt: skip

    def gather(self, user: Any, nodes: Sequence[Node]) -> Mapping[str, Any]:
        rows = approved_sessions(user)
        return {node["key"]: rows for node in nodes}

    def evaluate(self, node: Node, found: Any) -> Fact:
        rows = counting(node, found or [])
        progress = log_progress(node, rows)
        parts = [
            _("%(have)s of %(need)s sessions") % {"have": progress.sessions.have, "need": node["count"]},
            _("%(have)s of %(need)s clients") % {"have": progress.clients.have, "need": node["clients"]},
            *(
                _("%(what)s %(have)s of %(need)s")
                % {"what": _categories(share.categories), "have": share.have, "need": share.need}
                for share in progress.minima
            ),
        ]
        facts = tuple(
            {
                "kind": "supervised_session",
                "reference": row["session"],
                "title": _("Session with %(client)s") % {"client": row["client"]},
                "detail": _("%(date)s, %(minutes)s minutes") % {"date": row["on"], "minutes": row["minutes"]},
                "minutes": row["minutes"],
                "on": row["on"],
            }
            for row in rows
        )
        return Fact(
            have=min(len(rows), node["count"]),
            need=node["count"],
            is_met=progress.is_met,
            has_begun=bool(found),
            detail=" · ".join(parts),
            evidence=facts if progress.is_met else (),
            action=Action(_("Open the hours log"), reverse("practicals:log")),
        )

    def asked(self, node: Node) -> str:
        return _("%(title)s: %(count)s sessions with %(clients)s different clients") % {
            "title": node["title"], "count": node["count"], "clients": node["clients"],
        }  # fmt: skip


def _categories(codes: Iterable[str]) -> str:
    return _(" or ").join(str(SessionCategory(code).label) for code in codes)


class CaseReportsBlock(blocks.StructBlock):
    """Case reports, read by the rubric that stands here."""

    code = blocks.RegexBlock(r"^[a-z0-9-]+$", max_length=60, default="case-reports")
    title = blocks.CharBlock(max_length=200)
    count = blocks.IntegerBlock(min_value=1, max_value=99)
    min_words = blocks.IntegerBlock(min_value=1, max_value=20000, default=800)
    max_words = blocks.IntegerBlock(min_value=1, max_value=20000, default=1200)
    criteria = blocks.ListBlock(blocks.CharBlock(max_length=300), min_num=1, label=gettext_lazy("Rubric"))

    class Meta:
        icon = "doc-full-inverse"
        label = gettext_lazy("Case reports")


class CaseReportsKind:
    """Accepted case reports; the rubric gives 0, 1 or 2 points for each criterion."""

    slug = "case_reports"
    icon = "file"

    class Terms(RequirementTerms):
        """How many, how long in words, and what they are read for."""

        case_reports: str = Field(pattern=r"^[a-z0-9-]+$", max_length=60)
        title: str = Field(min_length=1, max_length=200)
        count: int = Field(ge=1, le=99)
        min_words: int = Field(default=800, ge=1, le=20000)
        max_words: int = Field(default=1200, ge=1, le=20000)
        criteria: list[str] = Field(min_length=1)

        @model_validator(mode="after")
        def can_be_met(self) -> CaseReportsKind.Terms:
            """The most words are no fewer than the least."""
            if self.max_words < self.min_words:
                raise ValueError("the most words are fewer than the least")
            return self

    def block(self) -> blocks.Block:
        return CaseReportsBlock()

    def terms(self, value: Mapping[str, Any]) -> Terms:
        plain = {name: value[name] for name in ("title", "count", "min_words", "max_words")}
        return self.Terms(case_reports=value["code"], criteria=list(value["criteria"]), **plain)

    def value(self, terms: Terms) -> dict[str, Any]:
        data = terms.model_dump(mode="json")
        return {"code": data.pop("case_reports"), **data}

    def refers_to(self, terms: Terms) -> Iterable[tuple[str, str]]:
        return []

    def node(self, terms: Terms) -> dict[str, Any]:
        data = terms.model_dump(mode="json")
        code = data.pop("case_reports")
        return {"key": f"case_reports:{code}", "kind": self.slug, "reference": code, **data}

    def gather(self, user: Any, nodes: Sequence[Node]) -> Mapping[str, Any]:
        rows = case_reports_of(user)
        return {node["key"]: rows for node in nodes}

    def evaluate(self, node: Node, found: Any) -> Fact:
        rows = found or []
        by_state = Counter(row["state"] for row in rows)
        accepted = [row for row in rows if row["state"] == "accepted"]
        parts = [_("%(have)s of %(need)s accepted") % {"have": len(accepted), "need": node["count"]}]
        if by_state["submitted"]:
            parts.append(_("%(count)s being read") % {"count": by_state["submitted"]})
        if by_state["returned"]:
            parts.append(_("%(count)s returned to you") % {"count": by_state["returned"]})
        is_met = len(accepted) >= node["count"]
        facts = tuple(
            {
                "kind": "case_report",
                "reference": row["report"],
                "title": row["title"],
                "detail": _("Accepted on %(date)s") % {"date": row["on"]},
                "digest": row["digest"],
                "on": row["on"],
            }
            for row in accepted
        )
        return Fact(
            have=min(len(accepted), node["count"]),
            need=node["count"],
            is_met=is_met,
            has_begun=bool(rows),
            detail=" · ".join(parts),
            evidence=facts if is_met else (),
            action=Action(_("Open your case reports"), reverse("practicals:reports")),
        )

    def asked(self, node: Node) -> str:
        return _("%(title)s: %(count)s, of %(least)s to %(most)s words") % {
            "title": node["title"], "count": node["count"], "least": node["min_words"], "most": node["max_words"],
        }  # fmt: skip
