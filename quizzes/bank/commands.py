"""Changes to the bank: freezing a question at publication, and the log of who looked at confidential items."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from lms.core.digest import digest_of
from lms.core.markup import clean_rich, plain_text
from quizzes.types import registry
from quizzes.types.base import Compiled, CompileProblem, ScoringRule, gettext_noop

from .enums import BankAction
from .exceptions import FreezeRefused
from .models import AnswerKey, Bank, BankAccess, Question, QuestionVersion


def compile_question(question: Question) -> tuple[str, Compiled[Any, Any]]:
    """What publishing would freeze: (type slug, compiled). Raises `CompileProblem` for what an author must mend."""
    if len(question.interaction) != 1:
        raise CompileProblem("Choose one answer format.", "interaction")
    if not plain_text(question.stem):
        raise CompileProblem("The stem is empty.", "stem")
    block = question.interaction[0]
    kind = registry.get(block.block_type)
    value = block.value
    if question.picture and not question.picture.alt.strip():
        raise CompileProblem(gettext_noop("The picture needs an alternative text."), "picture")
    if kind.uses_picture:
        if question.picture is None:
            raise CompileProblem(gettext_noop("This kind of question needs a picture."), "picture")
        # Circles on it are circular only for a type that knows its proportions.
        value = {**value, "picture_size": (question.picture.width, question.picture.height)}
    return kind.slug, kind.compile(value, ScoringRule(question.scoring))


@transaction.atomic
def freeze_question(*, question: Question, by: Any, at: datetime) -> QuestionVersion:
    """Freeze what was published as a new version; unchanged content makes none. All or nothing."""
    try:
        slug, compiled = compile_question(question)
    except CompileProblem as problem:
        raise FreezeRefused(
            _("%(code)s: %(reason)s") % {"code": question.code, "reason": problem.translated(_)}, field=problem.field
        ) from problem
    kind = registry.get(slug)
    stem_html = clean_rich(question.stem)
    stimulus_html = clean_rich(question.stimulus.text) if question.stimulus else ""
    rationale_html = clean_rich(question.rationale)
    presentation = compiled.presentation.model_dump(mode="json")
    key = compiled.key.model_dump(mode="json")
    shown = {
        "type": slug,
        "stem": stem_html,
        "stimulus": stimulus_html,
        "picture": str(question.picture.uuid) if question.picture else None,
        "presentation": presentation,
    }
    claim_codes = sorted(question.claims.values_list("code", flat=True))
    known = {
        **shown,
        "type_version": kind.version,
        "key": key,
        "rationale": rationale_html,
        "scoring": question.scoring,
        "domain": question.domain.code,
        "objective": question.objective.code,
        "cognitive_level": question.cognitive_level,
        "claims": claim_codes,
    }
    content_digest = digest_of(known)
    current = question.current_version
    if current and current.content_digest == content_digest:
        return current
    last = QuestionVersion.objects.filter(question=question).aggregate(last=Max("number"))["last"] or 0
    version = QuestionVersion.objects.create(
        question=question,
        number=last + 1,
        type=slug,
        type_version=kind.version,
        stem_html=stem_html,
        stimulus_html=stimulus_html,
        picture=question.picture,
        presentation=presentation,
        summary=plain_text(stem_html),
        domain_code=question.domain.code,
        objective_code=question.objective.code,
        claim_codes=claim_codes,
        cognitive_level=question.cognitive_level,
        content_digest=content_digest,
        presentation_digest=digest_of(shown),
        published_at=at,
        published_by=by,
    )
    AnswerKey.objects.create(version=version, key=key, rationale_html=rationale_html, scoring=question.scoring)
    Question.objects.filter(pk=question.pk).update(current_version=version)
    question.current_version = version
    return version


def note_access(*, bank: Bank, action: BankAction, question_code: str = "", by: Any, at: datetime) -> None:
    """Write down that somebody read or took out confidential items; other banks are not logged."""
    if bank.is_confidential:
        BankAccess.objects.create(user=by, bank=bank, question_code=question_code, action=action, at=at)


def note_accesses(*, questions: Iterable[Question], action: BankAction, by: Any, at: datetime) -> None:
    """Write down a look at many items at once, in one statement. Needs `bank` of each question."""
    BankAccess.objects.bulk_create(
        BankAccess(user=by, bank=question.bank, question_code=question.code, action=action, at=at)
        for question in questions
        if question.bank.is_confidential
    )


def note_export(*, bank: Bank, by: Any = None, at: datetime) -> None:
    """A whole bank was taken out; without `by`, at the server's command line."""
    note_access(bank=bank, action=BankAction.EXPORTED, by=by, at=at)
