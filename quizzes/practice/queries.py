"""What a person may practise, what is due, and how it stands. Practice never touches confidential banks."""

from __future__ import annotations

import zoneinfo
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from lms.core.ports import practice_pool
from quizzes.assembly.enums import HIGH_STAKES
from quizzes.attempts.enums import AttemptKind
from quizzes.attempts.models import AttemptItem
from quizzes.bank.enums import BankPurpose, LifeCycle
from quizzes.bank.models import Question
from quizzes.grading.models import Grade
from quizzes.types.registry import all_types

from .models import PracticeCard, PracticeReview

#: So many cards a day are met for the first time; each comes back several times, and a day shall stay short.
NEW_PER_DAY = 20


def learned_objectives(user: Any) -> list[str]:
    """Codes of the objectives whose lessons the person has completed."""
    return sorted(set(practice_pool(user)))


def teaching_questions(objectives: Collection[str] | None = None) -> QuerySet[Question]:
    """Questions that practice may ask: live and frozen, in a teaching bank, judged without a person. None: of all."""
    by_person = [kind.slug for kind in all_types() if kind.marked_by_person]
    rows = (
        Question.objects.drawable()
        .filter(bank__purpose=BankPurpose.TEACHING, life_cycle=LifeCycle.LIVE)
        .exclude(current_version__type__in=by_person)
    )
    return rows if objectives is None else rows.filter(objective__code__in=objectives)


def askable(user: Any, objectives: Collection[str] | None = None) -> QuerySet[Question]:
    """Of these, those that this person is not being asked in an open attempt, nor any that answers one of those."""
    return _not_asked_elsewhere(teaching_questions(objectives), user)


def may_explain(user: Any, question: Question) -> bool:
    """May the person read the key of a question that they have practised? Not while an open attempt asks for it."""
    rows = Question.objects.filter(pk=question.pk, bank__purpose=BankPurpose.TEACHING)
    return _not_asked_elsewhere(rows, user).exists()


def _not_asked_elsewhere(rows: QuerySet[Question], user: Any) -> QuerySet[Question]:
    asked = AttemptItem.objects.filter(
        attempt__candidate=user, attempt__submitted_at=None, attempt__voided_at=None
    ).values("version__question_id")
    return rows.exclude(pk__in=asked).exclude(enemies__in=asked)


def due_cards(user: Any, objectives: Collection[str], at: datetime) -> QuerySet[PracticeCard]:
    """Cards to be answered now: what was shown and left open first, then what is due longest."""
    is_open = Case(When(shown_version=None, then=Value(1)), default=Value(0))
    return PracticeCard.objects.filter(user=user, due_at__lte=at, question__in=askable(user, objectives)).order_by(
        is_open, "due_at", "pk"
    )


def new_today(user: Any, at: datetime) -> int:
    """How many cards the person met for the first time on this day of theirs."""
    here = at.astimezone(zoneinfo.ZoneInfo(user.time_zone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    return PracticeCard.objects.filter(user=user, created_at__gte=midnight).count()


def weakness(user: Any) -> dict[str, Decimal]:
    """Mean fraction by objective over what the person was told of checks and quizzes (one query).

    Exams say by objective what to revise and never how each item went, so they do not come in here.
    """
    rows = (
        Grade.objects.filter(
            item__attempt__candidate=user,
            item__attempt__kind=AttemptKind.CANDIDATE,
            item__attempt__voided_at=None,
            item__attempt__results__released_at__isnull=False,
        )
        .exclude(item__attempt__assessment__kind__in=HIGH_STAKES)
        .order_by("id")
        .values_list("item_id", "item__version__objective_code", "fraction", "excluded")
    )
    # The last grade of an item is the one in force.
    in_force = {item: (objective, fraction, excluded) for item, objective, fraction, excluded in rows}
    fractions: dict[str, list[Decimal]] = {}
    for objective, fraction, excluded in in_force.values():
        if fraction is not None and not excluded:
            fractions.setdefault(objective, []).append(fraction)
    return {objective: sum(found, Decimal(0)) / len(found) for objective, found in fractions.items()}


@dataclass(frozen=True)
class Summary:
    """Practice in two numbers: cards that are due, and new ones that today still has room for."""

    due: int
    fresh: int

    @property
    def ready(self) -> int:
        """How many cards could be practised now."""
        return self.due + self.fresh


def practice_summary(user: Any, at: datetime) -> Summary:
    """What waits for a person: at most four queries, however much there is."""
    objectives = learned_objectives(user)
    if not objectives:
        return Summary(0, 0)
    unmet = askable(user, objectives).exclude(practice_cards__user=user).count()
    room = max(0, NEW_PER_DAY - new_today(user, at))
    return Summary(due=due_cards(user, objectives, at).count(), fresh=min(room, unmet))


def reviews_of(card: PracticeCard) -> list[PracticeReview]:
    """Every row of a card, oldest first; `schedule.in_force` says which of them count."""
    return list(PracticeReview.objects.filter(card=card).order_by("id"))


def my_review(user: Any, review_uuid: Any) -> PracticeReview:
    """One of the person's own with all that its page needs, or `PracticeReview.DoesNotExist`."""
    return PracticeReview.objects.select_related("card__question", "version__answer_key", "version__picture").get(
        uuid=review_uuid, card__user=user
    )


def next_due_at(user: Any, objectives: Collection[str], at: datetime) -> datetime | None:
    """When the next card comes back, if one does."""
    waiting = PracticeCard.objects.filter(user=user, due_at__gt=at, question__in=askable(user, objectives))
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()
