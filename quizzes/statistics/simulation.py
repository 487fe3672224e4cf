"""Synthetic students and their attempts, for trying out reports and for measuring speed. Never on a live instance.

Each student has an ability, each question a difficulty and a discrimination, and the chance of a right answer follows
the two-parameter logistic model with a floor for guessing (Birnbaum 1968). Everything follows from the seed.

There are two ways to write the same plan down: step by step through the commands that real attempts use, and in bulk.
A test holds them equal row by row. The bulk path asks no gate and sends no signals; `reconcile` catches up with those.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.api import Role, User
from lms.core.exceptions import NotAllowed
from quizzes.assembly.commands import DrawnItem, select_items
from quizzes.assembly.enums import HIGH_STAKES, FormPolicy, ResultRelease
from quizzes.assembly.models import Assessment, AssessmentVersion, Form
from quizzes.assembly.policy import Policy
from quizzes.attempts import policy as rules
from quizzes.attempts.commands import record_response, start_attempt, submit_attempt
from quizzes.attempts.commands.starting import in_order
from quizzes.attempts.enums import EventType, InputMode, SubmittedHow
from quizzes.attempts.exceptions import NotOpen
from quizzes.attempts.models import Attempt, AttemptEvent, AttemptItem, Response
from quizzes.bank.models import QuestionVersion
from quizzes.grading.commands import grade_attempt, graded_fraction
from quizzes.grading.engine import GradedItem, work_out
from quizzes.grading.enums import GradeSource
from quizzes.grading.models import Grade, Result
from quizzes.grading.simulation import wrong_answer
from quizzes.types import registry

#: Attempts written in one transaction.
PORTION = 500
#: How many different wrong answers are made for a question.
WRONG_ANSWERS = 8
BLANKS = 0.02
SECONDS_PER_ITEM = 40
#: Of the time limit, the share that even the slowest needs.
MOST_OF_THE_TIME = 0.9
LANGUAGE = "en-gb"
#: As the database gives marks back.
MARK_PLACES = Decimal("0.01")


@dataclass(frozen=True)
class Traits:
    """How a question behaves: its curve, its floor, and the answers that are given to it, in canonical ids."""

    difficulty: float
    discrimination: float
    floor: float
    right: Any
    wrong: tuple[Any, ...]

    def chance(self, ability: float) -> float:
        """The chance that a student of this ability answers rightly."""
        return self.floor + (1 - self.floor) / (1 + math.exp(-self.discrimination * (ability - self.difficulty)))


@dataclass
class School:
    """What all simulated attempts share, worked out once: versions, traits, and what each answer is worth."""

    seed: int
    versions: dict[int, QuestionVersion] = field(default_factory=dict)
    traits: dict[int, Traits] = field(default_factory=dict)
    worth: dict[tuple[int, str], Decimal | None] = field(default_factory=dict)

    def know(self, ids: Sequence[int]) -> None:
        """Read the versions that are new (one statement)."""
        missing = [pk for pk in ids if pk not in self.versions]
        if missing:
            rows = QuestionVersion.objects.select_related("answer_key", "question").in_bulk(missing)
            self.versions.update(rows)
            self.traits.update({pk: _traits(version, self.seed) for pk, version in rows.items()})

    def fraction(self, item: AttemptItem, response: Response) -> Decimal | None:
        """What an answer is worth, graded once per different answer."""
        key = item.version_id, json.dumps(response.data, sort_keys=True)
        if key not in self.worth:
            self.worth[key] = graded_fraction(item, response)
        return self.worth[key]


@dataclass(frozen=True)
class Plan:
    """One student's attempt before it is written down."""

    number: int
    ability: float
    seed: str
    started_at: datetime


def simulate_cohort(
    *, assessment: Assessment, students: int, seed: int, at: datetime, in_bulk: bool = True
) -> list[Attempt]:
    """Make so many students with a graded attempt each, all of it before `at`. Gives the attempts.

    The same seed makes the same students; those who have an attempt already are left as they are. Raises
    `NotAllowed` on a live instance, and `NotOpen` for an assessment that nobody could sit.
    """
    if settings.INSTANCE == "live":
        raise NotAllowed(_("Synthetic students are for trying out; this is a live instance."))
    version = assessment.current_version
    if version is None:
        raise NotOpen(_("This assessment is not published."))
    school = School(seed)
    plans = [_plan(seed, number, at) for number in range(1, students + 1)]
    made: list[Attempt] = []
    for start in range(0, students, PORTION):
        with transaction.atomic():
            people = _people(seed, plans[start : start + PORTION])
            sat = set(
                Attempt.objects.filter(assessment=assessment, candidate__in=list(people.values())).values_list(
                    "candidate_id", flat=True
                )
            )
            waiting = [(plan, people[plan.number]) for plan in plans[start : start + PORTION]]
            waiting = [(plan, person) for plan, person in waiting if person.pk not in sat]
            if in_bulk:
                made += _write_in_bulk(assessment, version, school, waiting)
            else:
                made += [_sit(assessment, school, plan, person) for plan, person in waiting]
    return made


def _plan(seed: int, number: int, at: datetime) -> Plan:
    rng = random.Random(f"{seed}/{number}")  # noqa: S311
    ability = rng.gauss(0, 1)
    return Plan(number, ability, f"{seed}-{number}", at - timedelta(days=2, seconds=rng.randrange(80 * 86_400)))


def _people(seed: int, plans: Sequence[Plan]) -> dict[int, Any]:
    """Number -> account, made where it is missing. Nobody can log in with one."""
    addresses = {f"synthetic-{seed}-{plan.number}@synthetic.invalid": plan for plan in plans}
    known = {person.email: person for person in User.objects.filter(email__in=list(addresses))}
    locked = make_password(None)
    fresh = User.objects.bulk_create(
        User(email=address, display_name=f"Synthetic student {seed}-{plan.number}", password=locked)
        for address, plan in addresses.items()
        if address not in known
    )
    role = Group.objects.get(name=Role.STUDENT)
    User.groups.through.objects.bulk_create(User.groups.through(user=person, group=role) for person in fresh)
    known.update({person.email: person for person in fresh})
    return {plan.number: known[address] for address, plan in addresses.items()}


def _traits(version: QuestionVersion, seed: int) -> Traits:
    rng = random.Random(f"{seed}/{version.question.code}")  # noqa: S311
    kind = registry.get(version.type)
    presentation = kind.Presentation.model_validate(version.presentation)
    key = kind.Key.model_validate(version.answer_key.key)
    chance = kind.chance(presentation, key)
    wrong: dict[str, Any] = {}
    for _try in range(WRONG_ANSWERS):
        shown = AttemptItem(version=version, arrangement=kind.arrange(presentation, rng))
        sent = wrong_answer(shown, rng)
        if sent is None:
            continue
        answer = kind.parse(presentation, shown.arrangement, sent)
        if kind.grade(key, answer).fraction != 1:
            data = answer.model_dump(mode="json")
            wrong[json.dumps(data, sort_keys=True)] = data
    return Traits(
        difficulty=rng.gauss(-0.9, 0.8),
        discrimination=math.exp(rng.gauss(0.1, 0.35)),
        floor=float(chance or 0) * 0.8,
        right=kind.correct_answer(key).model_dump(mode="json"),
        wrong=tuple(wrong.values()),
    )


def _answer(school: School, plan: Plan, version: QuestionVersion) -> tuple[Any, float]:
    """What the student answers, in canonical ids (None is a blank), and after how many seconds."""
    rng = random.Random(f"{plan.seed}/{version.question.code}")  # noqa: S311
    traits = school.traits[version.pk]
    seconds = SECONDS_PER_ITEM * math.exp(rng.gauss(0, 0.4))
    if rng.random() < BLANKS:
        return None, seconds
    if rng.random() < traits.chance(plan.ability):
        return traits.right, seconds
    return (rng.choice(traits.wrong) if traits.wrong else None), seconds


def _paces(seconds: Sequence[float], limit: timedelta | None) -> list[int]:
    """Milliseconds for each item, shortened so that everybody ends within the limit."""
    scale = 1.0
    if limit is not None and seconds:
        scale = min(1.0, MOST_OF_THE_TIME * limit.total_seconds() / sum(seconds))
    return [max(1, int(1000 * scale * value)) for value in seconds]


def _sit(assessment: Assessment, school: School, plan: Plan, person: Any) -> Attempt:
    """The plan through the commands of real attempts."""
    attempt, _is_new = start_attempt(
        assessment=assessment, seed=plan.seed, language=LANGUAGE, by=person, at=plan.started_at
    )
    items = list(AttemptItem.objects.filter(attempt=attempt).order_by("slot"))
    school.know([item.version_id for item in items])
    moment = attempt.started_at
    for item, data, pace in _script(school, plan, attempt, items):
        moment += timedelta(milliseconds=pace)
        kind = registry.get(school.versions[item.version_id].type)
        sent = None if data is None else kind.serialise(item.arrangement, kind.Answer.model_validate(data))
        record_response(attempt_uuid=attempt.uuid, slot=item.slot, answer=sent, elapsed_ms=pace, by=person, at=moment)
    submit_attempt(attempt=attempt, by=person, at=moment)
    grade_attempt(attempt=attempt, at=moment)
    return attempt


def _script(
    school: School, plan: Plan, attempt: Attempt, items: Sequence[AttemptItem]
) -> list[tuple[AttemptItem, Any, int]]:
    """Item, answer and milliseconds, in the order of the slots."""
    answers = [_answer(school, plan, school.versions[item.version_id]) for item in items]
    limit = attempt.deadline_at - attempt.started_at if attempt.deadline_at else None
    paces = _paces([seconds for _data, seconds in answers], limit)
    return [(item, data, pace) for item, (data, _seconds), pace in zip(items, answers, paces, strict=True)]


@dataclass
class Written:
    """Rows that wait to be written together."""

    attempts: list[Attempt] = field(default_factory=list)
    items: list[list[AttemptItem]] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    grades: list[Grade] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    events: list[AttemptEvent] = field(default_factory=list)


def _write_in_bulk(
    assessment: Assessment, version: AssessmentVersion, school: School, waiting: Sequence[tuple[Plan, Any]]
) -> list[Attempt]:
    """The same rows as `_sit` leaves, with a few statements for all."""
    policy = Policy(**version.policy)
    forms = list(version.forms.prefetch_related("items").order_by("label"))
    if policy.kind in HIGH_STAKES:
        forms = [form for form in forms if form.reviewed_at]
    if policy.form_policy == FormPolicy.FIXED and not forms:
        raise NotOpen(_("No form of this exam has been reviewed yet."))
    written = Written()
    for plan, person in waiting:
        rng = random.Random(plan.seed)  # noqa: S311
        form, drawn = _drawn(version, policy, forms, rng)
        own = policy if form is None else _with_form(policy, form)
        school.know([item.version for item in drawn])
        schedule = rules.schedule(own, plan.started_at, rules.TimeAllowance())
        attempt = Attempt(
            candidate=person,
            assessment=assessment,
            version=version,
            form=form,
            ordinal=1,
            policy=own.model_dump(mode="json"),
            conditions=schedule.conditions,
            language=LANGUAGE,
            seed=plan.seed,
            started_at=plan.started_at,
            deadline_at=schedule.deadline_at,
        )
        items = _laid_out(attempt, in_order(drawn, school.versions, own, rng), school)
        _play(written, school, plan, attempt, items)
    _write(written)
    return written.attempts


def _drawn(
    version: AssessmentVersion, policy: Policy, forms: Sequence[Form], rng: random.Random
) -> tuple[Form | None, list[DrawnItem]]:
    if policy.form_policy == FormPolicy.FIXED:
        form = rng.choice(forms)
        return form, [DrawnItem(item.version_id, item.marks, item.counts, 0) for item in form.items.all()]
    return None, select_items(version.blueprint, rng=rng)


def _with_form(policy: Policy, form: Form) -> Policy:
    return policy.model_copy(update={"cut_percent": form.cut_percent, "cut_basis": form.cut_basis})


def _laid_out(attempt: Attempt, drawn: Sequence[DrawnItem], school: School) -> list[AttemptItem]:
    rows = []
    for slot, item in enumerate(drawn, start=1):
        version = school.versions[item.version]
        kind = registry.get(version.type)
        own = random.Random(f"{attempt.seed}/{slot}")  # noqa: S311
        arrangement = kind.arrange(kind.Presentation.model_validate(version.presentation), own)
        rows.append(
            AttemptItem(
                attempt=attempt, slot=slot, version=version, marks=item.marks.quantize(MARK_PLACES),
                counts=item.counts, arrangement=arrangement,
            )
        )  # fmt: skip
    return rows


def _play(written: Written, school: School, plan: Plan, attempt: Attempt, items: Sequence[AttemptItem]) -> None:
    """Answer, hand in and grade an attempt in memory."""
    moment = attempt.started_at
    written.events.append(AttemptEvent(attempt=attempt, type=EventType.STARTED, at=moment, by=attempt.candidate))
    responses = []
    for item, data, pace in _script(school, plan, attempt, items):
        moment += timedelta(milliseconds=pace)
        responses.append(
            Response(
                item=item, sequence=1, data=data, received_at=moment, elapsed_ms=pace, input_mode=InputMode.API,
            )
        )  # fmt: skip
    attempt.submitted_at, attempt.finished_at, attempt.submitted_how = moment, moment, SubmittedHow.CANDIDATE
    written.events.append(
        AttemptEvent(
            attempt=attempt, type=EventType.SUBMITTED, at=moment, by=attempt.candidate,
            data={"how": SubmittedHow.CANDIDATE.value},
        )
    )  # fmt: skip
    graded = []
    for item, response in zip(items, responses, strict=True):
        fraction = school.fraction(item, response)
        graded.append(GradedItem(item.slot, item.marks, item.counts, item.version.domain_code, fraction))
        written.grades.append(
            Grade(
                item=item, response=response, answer_key=item.version.answer_key, source=GradeSource.AUTO,
                fraction=fraction, mark=None if fraction is None else fraction * item.marks, at=moment,
            )
        )  # fmt: skip
    cut = Decimal(str(attempt.policy["cut_percent"]))
    figures = work_out(graded, cut_percent=cut, hurdles=attempt.policy["hurdles"])
    if figures is not None:
        written.results.append(
            Result(
                attempt=attempt, raw=figures.raw, maximum=figures.maximum, percent=figures.percent, cut_percent=cut,
                hurdles=list(figures.hurdles), domains=[domain.as_dict() for domain in figures.domains],
                passed=figures.passed, source=GradeSource.AUTO, at=moment,
                released_at=moment if attempt.policy["results"] == ResultRelease.AT_ONCE else None,
            )
        )  # fmt: skip
    written.attempts.append(attempt)
    written.items.append(list(items))
    written.responses.extend(responses)


def _write(written: Written) -> None:
    """All rows, parents first: a child takes the id of its parent when it is written."""
    Attempt.objects.bulk_create(written.attempts)
    _write_children(AttemptItem, [item for items in written.items for item in items], "attempt")
    _write_children(Response, written.responses, "item")
    _write_children(Grade, written.grades, "item", "response")
    _write_children(Result, written.results, "attempt")
    _write_children(AttemptEvent, written.events, "attempt")


def _write_children(model: Any, rows: Sequence[Any], *parents: str) -> None:
    for row in rows:
        for parent in parents:
            setattr(row, parent, getattr(row, parent))
    model.objects.bulk_create(rows, batch_size=5_000)
