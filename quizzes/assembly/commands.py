"""Publishing an assessment: freeze its policy and blueprint, prove that it can be filled, assemble fixed forms."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import CharField, Max, QuerySet
from django.utils.translation import gettext as _

from lms.core.digest import digest_of
from lms.core.markup import clean_rich
from lms.core.prepared import Param, Prepared
from quizzes.bank.enums import CONFIDENTIAL, LifeCycle
from quizzes.bank.models import Bank, Question

from .draw import Candidate, Cell, NotEnoughCases, NotEnoughItems, draw, draw_cases
from .enums import HIGH_STAKES, FormPolicy
from .exceptions import CannotAssemble
from .models import Assessment, AssessmentVersion, Form, FormItem
from .policy import Hurdle, Policy

FORM_LABELS = "ABCDEF"


@dataclass(frozen=True)
class DrawnItem:
    """An item that was chosen, with its marks and whether it counts."""

    version: int
    marks: Decimal
    counts: bool
    question: int


def policy_of(assessment: Assessment) -> Policy:
    """The rules as the author has set them."""

    def seconds(value: Any) -> int | None:
        return int(value.total_seconds()) if value is not None else None

    return Policy(
        kind=assessment.kind,
        form_policy=assessment.form_policy,
        cut_percent=assessment.cut_percent,
        cut_basis=assessment.cut_basis,
        hurdles=tuple(Hurdle(**hurdle) for hurdle in assessment.hurdles),
        time_limit_seconds=seconds(assessment.time_limit),
        opens_at=assessment.opens_at,
        starts_until=assessment.starts_until,
        closes_at=assessment.closes_at,
        max_attempts=assessment.max_attempts,
        attempts_window_seconds=seconds(assessment.attempts_window),
        cooldown_seconds=seconds(assessment.cooldown),
        feedback=assessment.feedback,
        results=assessment.results,
        domain_report=assessment.domain_report,
        navigation=assessment.navigation,
        shuffle_items=assessment.shuffle_items,
        asks_certainty=assessment.asks_certainty,
        needs_authorisation=assessment.needs_authorisation,
        needs_sitting=assessment.needs_sitting,
        needs_second_marker=assessment.needs_second_marker,
        retake_needs_remediation=assessment.retake_needs_remediation,
    )


def blueprint_of(assessment: Assessment) -> list[dict[str, Any]]:
    """The structure as plain data: sections of named questions and of draws."""
    sections: list[dict[str, Any]] = []
    for block in assessment.structure:
        value = block.value
        if block.block_type == "items":
            questions = [question.pk for question in value["questions"] if question]
            if not questions:
                raise CannotAssemble(_("A section of named questions is empty."))
            sections.append({"items": questions, "marks": str(value["marks"])})
        elif block.block_type == "case_sets":
            sections.append(
                {
                    "bank": value["bank"].code,
                    "marks": str(value["marks"]),
                    "sets": value["sets"],
                    "items_per_set": value["items_per_set"],
                }
            )
        else:
            sections.append(
                {
                    "bank": value["bank"].code,
                    "marks": str(value["marks"]),
                    "max_per_objective": value["max_per_objective"],
                    "cells": [
                        {
                            "domain": rule["domain"].code if rule["domain"] else "",
                            "level": rule["cognitive_level"] or "",
                            "tag": rule["tag"] or "",
                            "count": rule["count"],
                            "pilot": bool(rule["pilot"]),
                        }
                        for rule in value["rules"]
                    ],
                }
            )
    if not sections:
        raise CannotAssemble(_("The assessment has no items."))
    return sections


def _drawable() -> QuerySet[Any, Any]:
    rows = Question.objects.drawable().filter(bank__code=Param(0, CharField())).order_by("code")
    return rows.values_list(
        "pk", "current_version_id", "domain__code", "cognitive_level", "objective__code", "tags", "life_cycle",
        "stimulus__code",
    )  # fmt: skip


def _enemies() -> QuerySet[Any, Any]:
    pairs = Question.enemies.through.objects.filter(from_question__bank__code=Param(0, CharField()))
    return pairs.order_by().values_list("from_question", "to_question")


DRAWABLE = Prepared(_drawable)
ENEMIES = Prepared(_enemies)


def pool_of(bank_codes: Sequence[str]) -> dict[str, list[Candidate]]:
    """Drawable items by bank (two queries for each)."""
    return {code: _pool(code) for code in bank_codes}


def _pool(bank_code: str) -> list[Candidate]:
    enemies: dict[int, set[int]] = {}
    for question, enemy in ENEMIES(bank_code):
        enemies.setdefault(question, set()).add(enemy)
    return [
        Candidate(
            question=pk,
            version=version,
            domain=domain,
            level=level,
            objective=objective,
            tags=frozenset(tags),
            enemies=frozenset(enemies.get(pk, ())),
            is_pilot=life_cycle == LifeCycle.PILOT,
            stimulus=stimulus or "",
        )
        for pk, version, domain, level, objective, tags, life_cycle, stimulus in DRAWABLE(bank_code)
    ]


def select_items(
    blueprint: Sequence[dict[str, Any]],
    *,
    rng: random.Random,
    seen: frozenset[int] = frozenset(),
    only_unseen: bool = False,
) -> list[DrawnItem]:
    """One concrete set of items for a blueprint, in the order of its sections.

    What was `seen` comes only when nothing else fits, and never with `only_unseen`. A draw leaves alone what is named
    elsewhere, and the cases of a bank from which whole cases are drawn. Raises `CannotAssemble`.
    """
    chosen: list[DrawnItem] = []
    pools = pool_of(sorted({section["bank"] for section in blueprint if "bank" in section}))
    named = [question for section in blueprint for question in section.get("items", [])]
    if len(set(named)) < len(named):
        raise CannotAssemble(_("A question is named twice."))
    # A named question is certain to come, so a draw leaves it alone wherever its section stands.
    taken = set(named) | (set(seen) if only_unseen else set())
    by_case = {section["bank"] for section in blueprint if "sets" in section}
    for section in blueprint:
        marks = Decimal(section["marks"])
        if "items" in section:
            chosen += _named_items(section["items"], marks)
            continue
        pool = pools[section["bank"]]
        excluded = taken | {item.question for item in pool if item.enemies & taken}
        try:
            drawn = _drawn(section, pool, rng, seen, excluded, keeps_cases=section["bank"] in by_case)
        except NotEnoughCases as error:
            raise CannotAssemble(
                _("The bank %(bank)s cannot fill the blueprint: %(what)s.")
                % {"bank": section["bank"], "what": str(error)},
                shortages=[{"cell": "case", "needed": error.shortage.needed, "supply": error.shortage.supply}],
            ) from error
        except NotEnoughItems as error:
            raise CannotAssemble(
                _("The bank %(bank)s cannot fill the blueprint: %(what)s.")
                % {"bank": section["bank"], "what": str(error)},
                shortages=[{"cell": str(s.cell), "needed": s.cell.count, "supply": s.supply} for s in error.shortages],
            ) from error
        taken |= {item.question for item in drawn}
        chosen += [DrawnItem(item.version, marks, not item.is_pilot, item.question) for item in drawn]
    return chosen


def _drawn(
    section: dict[str, Any],
    pool: Sequence[Candidate],
    rng: random.Random,
    seen: frozenset[int],
    excluded: set[int],
    *,
    keeps_cases: bool,
) -> list[Candidate]:
    if "sets" in section:
        return draw_cases(
            pool, rng, sets=section["sets"], items_per_set=section["items_per_set"], seen=seen, excluded=excluded
        )
    return draw(
        [Cell(**cell) for cell in section["cells"]],
        [item for item in pool if not (keeps_cases and item.stimulus)],
        rng,
        max_per_objective=section["max_per_objective"],
        seen=seen,
        excluded=excluded,
    )


def _named_items(questions: Sequence[int], marks: Decimal) -> list[DrawnItem]:
    rows = {
        row.pk: row
        for row in Question.objects.drawable().filter(pk__in=questions).only("pk", "current_version_id", "life_cycle")
    }
    if missing := [pk for pk in questions if pk not in rows]:
        codes = ", ".join(Question.objects.filter(pk__in=missing).order_by("code").values_list("code", flat=True))
        raise CannotAssemble(_("Not published, or retired: %(codes)s.") % {"codes": codes or "?"})
    return [
        DrawnItem(rows[pk].current_version_id or 0, marks, rows[pk].life_cycle != LifeCycle.PILOT, pk)
        for pk in questions
    ]


def _check_pools(assessment: Assessment, blueprint: Sequence[dict[str, Any]]) -> None:
    """High-stakes items come from confidential banks and never the other way round."""
    codes = [section["bank"] for section in blueprint if "bank" in section]
    named = [pk for section in blueprint for pk in section.get("items", [])]
    purposes = set(Bank.objects.filter(code__in=codes).values_list("purpose", flat=True))
    purposes |= set(Question.objects.filter(pk__in=named).values_list("bank__purpose", flat=True))
    confidential = {purpose in CONFIDENTIAL for purpose in purposes}
    if confidential - {assessment.kind in HIGH_STAKES}:
        raise CannotAssemble(_("Exams draw on exam banks only, and everything else on teaching banks only."))


@dataclass(frozen=True)
class Assembled:
    """What publishing an assessment would freeze."""

    policy: Policy
    content: dict[str, Any]
    forms: list[list[DrawnItem]]


def check_assessment(*, assessment: Assessment) -> Assembled:
    """Put an assessment together without keeping anything of it, or raise `CannotAssemble`.

    Fixed forms are assembled as different from each other as the bank allows; a draw is tried once, so that a
    blueprint that cannot be filled is refused now and not at the bell.
    """
    policy = policy_of(assessment)
    blueprint = blueprint_of(assessment)
    _check_pools(assessment, blueprint)
    # The seed follows from the content, so that the same package assembles the same forms everywhere.
    content: dict[str, Any] = {
        "policy": policy.model_dump(mode="json"),
        "blueprint": blueprint,
        "intro": clean_rich(assessment.intro),
    }
    forms: list[list[DrawnItem]] = []
    if policy.form_policy == FormPolicy.FIXED:
        used: set[int] = set()
        for label in FORM_LABELS[: assessment.form_count]:
            rng = random.Random(f"{assessment.code}/{label}")  # noqa: S311
            items = select_items(blueprint, rng=rng, seen=frozenset(used))
            used |= {item.question for item in items}
            forms.append(items)
        content["forms"] = [[item.version for item in items] for items in forms]
    else:
        select_items(blueprint, rng=random.Random(assessment.code))  # noqa: S311
    return Assembled(policy, content, forms)


@transaction.atomic
def freeze_assessment(*, assessment: Assessment, by: Any, at: datetime) -> AssessmentVersion:
    """Freeze what was published. Unchanged rules and items make no new version. All or nothing."""
    assembled = check_assessment(assessment=assessment)
    content = assembled.content
    digest = digest_of(content)
    current = assessment.current_version
    if current and current.content_digest == digest:
        return current
    last = AssessmentVersion.objects.filter(assessment=assessment).aggregate(last=Max("number"))["last"] or 0
    version = AssessmentVersion.objects.create(
        assessment=assessment,
        number=last + 1,
        policy=content["policy"],
        blueprint=content["blueprint"],
        intro_html=content["intro"],
        content_digest=digest,
        published_at=at,
        published_by=by,
    )
    reviewed = {
        (form.items_digest, form.cut_percent, form.cut_basis): form
        for form in Form.objects.filter(version__assessment=assessment).exclude(reviewed_at=None).order_by("pk")
    }
    for label, items in zip(FORM_LABELS, assembled.forms, strict=False):
        _freeze_form(version=version, label=label, items=items, policy=assembled.policy, reviewed=reviewed, at=at)
    Assessment.objects.filter(pk=assessment.pk).update(current_version=version)
    assessment.current_version = version
    return version


def _freeze_form(
    *,
    version: AssessmentVersion,
    label: str,
    items: Sequence[DrawnItem],
    policy: Policy,
    reviewed: dict[Any, Form],
    at: datetime,
) -> None:
    digest = digest_of([[item.version, str(item.marks), item.counts] for item in items])
    # The same items under the same cut were reviewed before: that review still holds.
    before = reviewed.get((digest, policy.cut_percent, policy.cut_basis))
    form = Form.objects.create(
        version=version,
        label=label,
        seed=f"{version.assessment.code}/{label}",
        cut_percent=policy.cut_percent,
        cut_basis=policy.cut_basis,
        items_digest=digest,
        assembled_at=at,
        reviewed_by=before.reviewed_by if before else None,
        reviewed_at=before.reviewed_at if before else None,
    )
    FormItem.objects.bulk_create(
        FormItem(form=form, slot=slot, version_id=item.version, marks=item.marks, counts=item.counts)
        for slot, item in enumerate(items, start=1)
    )


def approve_form(*, form: Form, by: Any, at: datetime) -> bool:
    """Write down that a person has read a form item by item. Exams are given on reviewed forms only."""
    approved = Form.objects.filter(pk=form.pk, reviewed_at=None).update(reviewed_by=by, reviewed_at=at)
    form.refresh_from_db()
    return bool(approved)
