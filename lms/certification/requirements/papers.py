"""What is met by handing something in: documents that are valid, fees that are paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field
from wagtail import blocks

from lms.core.clock import school_day

from ..dossier_models import CandidateDocument, Payment
from ..eligibility import Action, Fact
from .base import Node, RequirementTerms


class DocumentBlock(blocks.StructBlock):
    """A document that somebody of the school looks at."""

    code = blocks.RegexBlock(r"^[a-z0-9-]+$", max_length=60)
    title = blocks.CharBlock(max_length=200)
    hint = blocks.CharBlock(max_length=400, required=False)
    expires = blocks.BooleanBlock(required=False, help_text=gettext_lazy("It must be valid on the day of the award."))

    class Meta:
        icon = "doc-empty"
        label = gettext_lazy("Document")


class DocumentKind:
    """A document accepted, and valid today where it expires."""

    slug = "document"
    icon = "file"

    class Terms(RequirementTerms):
        """What is to be handed in, and whether it must be valid on the day of the award."""

        document: str = Field(pattern=r"^[a-z0-9-]+$", max_length=60)
        title: str = Field(min_length=1, max_length=200)
        hint: str = ""
        expires: bool = False

    def block(self) -> blocks.Block:
        return DocumentBlock()

    def terms(self, value: Mapping[str, Any]) -> Terms:
        return self.Terms(
            document=value["code"], title=value["title"], hint=value["hint"], expires=bool(value["expires"])
        )

    def value(self, terms: Terms) -> dict[str, Any]:
        return {"code": terms.document, "title": terms.title, "hint": terms.hint, "expires": terms.expires}

    def refers_to(self, terms: Terms) -> Iterable[tuple[str, str]]:
        return []

    def node(self, terms: Terms) -> dict[str, Any]:
        data = terms.model_dump(mode="json")
        code = data.pop("document")
        return {"key": f"document:{code}", "kind": self.slug, "reference": code, **data}

    def gather(self, user: Any, nodes: Sequence[Node]) -> Mapping[str, Any]:
        codes = [node["reference"] for node in nodes]
        rows = CandidateDocument.objects.filter(user=user, code__in=codes).select_related("review").order_by("id")
        by_code: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            review = getattr(row, "review", None)
            by_code[row.code].append(
                {
                    "document": str(row.uuid),
                    "digest": row.digest,
                    "expires_on": row.expires_on,
                    "accepted": review.counts if review else None,
                    "reason": review.words if review else "",
                }
            )
        today = school_day(timezone.now())
        return {node["key"]: {"today": today, "documents": by_code[node["reference"]]} for node in nodes}

    def evaluate(self, node: Node, found: Any) -> Fact:
        rows = found["documents"] if found else []
        accepted = [row for row in rows if row["accepted"]]
        valid = [row for row in accepted if not node["expires"] or _is_valid(row["expires_on"], found["today"])]
        if valid:
            detail = ""
        elif any(row["accepted"] is None for row in rows):
            detail = _("The school is looking at it.")
        elif accepted:
            detail = _("What you handed in has run out.")
        elif rows:
            detail = _("Not accepted: %(reason)s") % {"reason": rows[-1]["reason"]}
        else:
            detail = node["hint"]
        facts = tuple(
            {
                "kind": "document",
                "reference": row["document"],
                "title": node["title"],
                "detail": (
                    _("Accepted, valid until %(date)s") % {"date": row["expires_on"].isoformat()}
                    if row["expires_on"]
                    else _("Accepted")
                ),
                "digest": row["digest"],
            }
            for row in valid[-1:]
        )
        return Fact(
            have=int(bool(valid)),
            need=1,
            is_met=bool(valid),
            has_begun=bool(rows),
            detail=detail,
            evidence=facts,
            action=Action(_("Hand it in"), reverse("certification:document", args=[node["reference"]])),
        )

    def asked(self, node: Node) -> str:
        return _("Hand in: %(title)s") % {"title": node["title"]}


def _is_valid(expires_on: Any, today: Any) -> bool:
    return expires_on is not None and bool(expires_on >= today)


class FeeBlock(blocks.StructBlock):
    """A fee that the school marks as paid."""

    code = blocks.RegexBlock(r"^[a-z0-9-]+$", max_length=60)
    title = blocks.CharBlock(max_length=200)
    amount = blocks.DecimalBlock(min_value=0, max_digits=9, decimal_places=2)
    currency = blocks.RegexBlock(r"^[A-Z]{3}$", max_length=3, default="USD")

    class Meta:
        icon = "tag"
        label = gettext_lazy("Fee")


class FeeKind:
    """A fee paid, as the school noted it."""

    slug = "fee"
    icon = "flag"

    class Terms(RequirementTerms):
        """The amount in a currency by its ISO 4217 code."""

        fee: str = Field(pattern=r"^[a-z0-9-]+$", max_length=60)
        title: str = Field(min_length=1, max_length=200)
        amount: Decimal = Field(ge=0, max_digits=9, decimal_places=2)
        currency: str = Field(pattern=r"^[A-Z]{3}$")

    def block(self) -> blocks.Block:
        return FeeBlock()

    def terms(self, value: Mapping[str, Any]) -> Terms:
        return self.Terms(fee=value["code"], title=value["title"], amount=value["amount"], currency=value["currency"])

    def value(self, terms: Terms) -> dict[str, Any]:
        return {"code": terms.fee, "title": terms.title, "amount": terms.amount, "currency": terms.currency}

    def refers_to(self, terms: Terms) -> Iterable[tuple[str, str]]:
        return []

    def node(self, terms: Terms) -> dict[str, Any]:
        return {
            "key": f"fee:{terms.fee}",
            "kind": self.slug,
            "reference": terms.fee,
            "title": terms.title,
            "amount": f"{terms.amount:.2f}",
            "currency": terms.currency,
        }

    def gather(self, user: Any, nodes: Sequence[Node]) -> Mapping[str, Any]:
        codes = [node["reference"] for node in nodes]
        rows = list(Payment.objects.filter(user=user, code__in=codes, reversal=None).order_by("id"))
        return {
            node["key"]: [
                {"payment": str(row.uuid), "amount": row.amount, "on": row.paid_on.isoformat()}
                for row in rows
                if row.code == node["reference"] and row.currency == node["currency"]
            ]
            for node in nodes
        }

    def evaluate(self, node: Node, found: Any) -> Fact:
        rows = found or []
        need = Decimal(node["amount"])
        paid = sum((row["amount"] for row in rows), Decimal(0))
        is_met = paid >= need
        facts = tuple(
            {
                "kind": "payment",
                "reference": row["payment"],
                "title": node["title"],
                "detail": _("%(amount)s %(currency)s, noted as paid on %(date)s")
                % {"amount": row["amount"], "currency": node["currency"], "date": row["on"]},
            }
            for row in rows
        )
        return Fact(
            have=int(is_met),
            need=1,
            is_met=is_met,
            has_begun=bool(rows),
            detail=_("%(amount)s %(currency)s, paid to the school, which notes it here")
            % {"amount": node["amount"], "currency": node["currency"]},
            evidence=facts if is_met else (),
        )

    def asked(self, node: Node) -> str:
        return _("Pay: %(title)s, %(amount)s %(currency)s") % {
            "title": node["title"], "amount": node["amount"], "currency": node["currency"],
        }  # fmt: skip
