"""Reading a fixed form item by item, with the keys; approving it; and sitting a preview of an assessment."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lms.accounts.api import role_required
from lms.core.clock import arrival
from lms.core.exceptions import DomainError
from lms.knowledge.api import domain_titles, objectives_by_code
from quizzes.assembly.commands import approve_form
from quizzes.assembly.models import Assessment, Form, FormItem
from quizzes.attempts.commands import start_preview
from quizzes.attempts.models import AttemptItem
from quizzes.bank.commands import note_accesses
from quizzes.bank.enums import DRAWABLE, BankAction, CognitiveLevel, LifeCycle
from quizzes.bank.models import Question
from quizzes.delivery.presenters import feedback_data
from quizzes.types import registry

from .access import STAFF, assessment_or_404


@dataclass(frozen=True)
class BlueprintCell:
    """Items of one domain and level: how many the form has, and how many the blueprint asks for."""

    have: int
    need: int

    @property
    def differs(self) -> bool:
        """Only where the blueprint speaks of single cells."""
        return self.have != self.need


@dataclass(frozen=True)
class BlueprintRow:
    """A domain with its cells, one per level."""

    title: str
    cells: tuple[BlueprintCell, ...]
    have: int
    need: int


def form_or_404(assessment: Assessment, label: str) -> Form:
    """A form of the version in force."""
    forms = Form.objects.select_related("version", "reviewed_by")
    return get_object_or_404(forms, version=assessment.current_version_id, label=label)


def items_of(form: Form) -> list[FormItem]:
    """Its items with all that a reader needs (one query)."""
    rows = FormItem.objects.filter(form=form).select_related(
        "version__answer_key", "version__picture", "version__question__bank"
    )
    return list(rows.order_by("slot"))


def shown_item(form: Form, item: FormItem) -> dict[str, Any]:
    """An item as its review shows it to a candidate who may see the key."""
    version = item.version
    kind = registry.get(version.type)
    presentation = kind.Presentation.model_validate(version.presentation)
    # A form says which items, not how their options stand: each attempt arranges them anew.
    rng = random.Random(f"{form.seed}/{item.slot}")  # noqa: S311
    sample = AttemptItem(
        slot=item.slot,
        version=version,
        marks=item.marks,
        counts=item.counts,
        arrangement=kind.arrange(presentation, rng),
    )
    told = feedback_data(sample, None, None)
    data: dict[str, Any] = {
        "slot": item.slot,
        "type": version.type,
        "marks": item.marks,
        "counts": item.counts,
        "stem_html": version.stem_html,
        "stimulus_html": version.stimulus_html,
        "interaction": kind.interaction(presentation, sample.arrangement),
        # With the right answer given, a review shows the whole key; that nobody gave it, a specimen says.
        "is_specimen": True,
        "answer": told["correct_answer"],
        "fraction": 1,
        "correct": told["correct_answer"],
        "feedback": told["choice_feedback"],
        "rationale_html": told["rationale_html"],
        "drawing": told.get("drawing"),
        "rationale_template": f"quizzes/rationale/{version.type}.html",
        "version": version,
        "question": version.question,
    }
    if version.picture:
        picture = {
            "src": reverse("question_picture", args=[version.picture.uuid]),
            "width": version.picture.width,
            "height": version.picture.height,
            "alt": version.picture.alt,
        }
        if kind.uses_picture:
            data["interaction"] = {"image": picture, **data["interaction"]}
        else:
            data["picture"] = picture
    return data


def warnings_about(items: Sequence[FormItem]) -> dict[int, list[str]]:
    """What speaks against an item in this form, by slot (one query): enemies, later versions, retirement."""
    slots = {item.version.question_id: item.slot for item in items}
    through = Question.enemies.through
    pairs = through.objects.filter(from_question__in=slots, to_question__in=slots).values_list(
        "from_question", "to_question"
    )
    found: dict[int, list[str]] = {}
    for one, other in pairs:
        said = _("Is an enemy of question %(slot)d of this form: one gives the other away.")
        found.setdefault(slots[one], []).append(said % {"slot": slots[other]})
    for item in items:
        question = item.version.question
        if question.current_version_id != item.version_id:
            found.setdefault(item.slot, []).append(
                _("A later version of this question is published. Publish the assessment again to take it in.")
            )
        if question.life_cycle not in DRAWABLE:
            label = LifeCycle(question.life_cycle).label
            found.setdefault(item.slot, []).append(_("The question is no longer in use: %(state)s.") % {"state": label})
    return found


def against_blueprint(items: Sequence[FormItem], blueprint: Sequence[Mapping[str, Any]]) -> list[BlueprintRow]:
    """Counts by domain and level beside those of the blueprint; what it leaves open counts as it came."""
    have = Counter((item.version.domain_code, item.version.cognitive_level) for item in items)
    need: Counter[tuple[str, str]] = Counter()
    for section in blueprint:
        for cell in section.get("cells", ()):
            if cell["domain"] and cell["level"]:
                need[cell["domain"], cell["level"]] += cell["count"]
    is_closed = all("cells" in section for section in blueprint) and all(
        cell["domain"] and cell["level"] for section in blueprint for cell in section["cells"]
    )
    titles = domain_titles()
    rows = []
    for domain in sorted({domain for domain, _level in (*have, *need)}):
        cells = tuple(
            BlueprintCell(
                have[domain, level], need[domain, level] if is_closed else max(need[domain, level], have[domain, level])
            )
            for level in CognitiveLevel.values
        )
        title = titles.get(domain, domain)
        rows.append(BlueprintRow(title, cells, sum(cell.have for cell in cells), sum(cell.need for cell in cells)))
    return rows


@role_required(*STAFF)
@never_cache
@require_GET
def review(request: HttpRequest, slug: str, label: str) -> HttpResponse:
    """The form to read, every item with key, rationale and what it is about. The look is logged."""
    assessment = assessment_or_404(request.user, slug)
    form = form_or_404(assessment, label)
    items = items_of(form)
    note_accesses(
        questions=[item.version.question for item in items],
        action=BankAction.VIEWED,
        by=request.user,
        at=arrival(request),
    )
    warnings = warnings_about(items)
    objectives = objectives_by_code([item.version.objective_code for item in items])
    shown = [shown_item(form, item) for item in items]
    for data in shown:
        data["warnings"] = warnings.get(data["slot"], ())
        data["objective"] = objectives.get(data["version"].objective_code)
    context = {
        "assessment": assessment,
        "form": form,
        "items": shown,
        "levels": CognitiveLevel.labels,
        "rows": against_blueprint(items, form.version.blueprint),
        "marks": sum(item.marks for item in items if item.counts),
        "pilot_count": sum(not item.counts for item in items),
        "warning_slots": sorted(warnings),
        "titles": domain_titles(),
    }
    return render(request, "quizzes/examining/form.html", context)


@role_required(*STAFF)
@require_POST
def approve(request: HttpRequest, slug: str, label: str) -> HttpResponse:
    """Say that one has read the form, so that it may be given."""
    assessment = assessment_or_404(request.user, slug)
    form = form_or_404(assessment, label)
    if approve_form(form=form, by=request.user, at=arrival(request)):
        messages.success(request, _("Form %(label)s is approved: it may be given now.") % {"label": form.label})
    else:
        messages.info(request, _("Form %(label)s had been approved before.") % {"label": form.label})
    return redirect("examining:assessment", assessment.code)


@role_required(*STAFF)
@require_POST
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Sit it as a candidate does; it counts for nothing and appears nowhere. The items seen are logged."""
    assessment = assessment_or_404(request.user, slug)
    label = request.POST.get("form", "")
    form = form_or_404(assessment, label) if label else None
    at = arrival(request)
    try:
        attempt = start_preview(assessment=assessment, form=form, by=request.user, at=at)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("examining:assessment", assessment.code)
    questions = Question.objects.filter(versions__attempt_items__attempt=attempt).select_related("bank")
    note_accesses(questions=questions, action=BankAction.PREVIEWED, by=request.user, at=at)
    return redirect("quizzes:attempt", attempt.uuid)
