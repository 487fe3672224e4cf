"""Ports: how a lower layer asks a question that only a higher one can answer.

A port is a small registry. Higher packages register their answer when they start; the lower layer calls the port and
works without anybody registered. Order never matters: a gate denies if anyone denies, collections are concatenated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Missing:
    """One thing that stands between a person and an object, with where to do something about it."""

    code: str
    title: str
    url: str = ""

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return {"code": self.code, "title": self.title, "url": self.url}


@dataclass(frozen=True)
class Allow:
    """The gate is open."""

    allowed: bool = True


@dataclass(frozen=True)
class Deny:
    """The gate is shut: a stable code, a sentence, and what is missing."""

    code: str
    message: str
    missing: tuple[Missing, ...] = ()
    allowed: bool = False


Verdict = Allow | Deny


@dataclass
class Port(Generic[Answer]):
    """A named question with the answers that packages have registered."""

    name: str
    answers: list[Callable[..., Answer]] = field(default_factory=list)

    def register(self, answer: Callable[..., Answer]) -> Callable[..., Answer]:
        """Add an answer; usable as a decorator."""
        if answer not in self.answers:
            self.answers.append(answer)
        return answer


Verdicts = Mapping[Any, Verdict]


@dataclass
class GatePort(Port[Verdicts]):
    """May this person use these objects? Answers map primary keys to verdicts; the first denial decides.

    Answers take many subjects at once, so that a list costs no more queries than one.
    """

    def many(self, user: Any, subjects: Sequence[Any]) -> dict[Any, Verdict]:
        """A verdict for each subject, by primary key."""
        verdicts: dict[Any, Verdict] = {subject.pk: Allow() for subject in subjects}
        for answer in self.answers:
            for key, verdict in answer(user, subjects).items():
                if verdicts[key].allowed and not verdict.allowed:
                    verdicts[key] = verdict
        return verdicts

    def __call__(self, user: Any, subject: Any) -> Verdict:
        return self.many(user, [subject])[subject.pk]


@dataclass
class SinglePort(Port[Any]):
    """A question that one package answers; the last to register counts, and without any the default holds."""

    default: Callable[..., Any] = lambda *args, **kwargs: None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return (self.answers[-1] if self.answers else self.default)(*args, **kwargs)


@dataclass
class CollectPort(Port[Iterable[Any]]):
    """All answers of all packages, one after the other."""

    def __call__(self, *args: Any, **kwargs: Any) -> list[Any]:
        return [item for answer in self.answers for item in answer(*args, **kwargs)]

    def holds(self, wanted: Any, *args: Any, **kwargs: Any) -> bool:
        """Whether any answer names it; nobody is asked once it was found."""
        return any(wanted in answer(*args, **kwargs) for answer in self.answers)


#: gate(user, assessment): may this person use this assessment?
gate = GatePort("gate")
#: visible_assessments(user): codes of the assessments that belong to what the person is enrolled in.
visible_assessments = CollectPort("visible_assessments")
#: conditions(candidate, assessment): overrides of a cohort or sitting, dicts of policy fields.
conditions = CollectPort("conditions")
#: scope(user): querysets of the people whom this member of staff teaches.
scope = CollectPort("scope")
#: people_groups(user): groups that this member of staff may choose people from, dicts (code, title, people).
people_groups = CollectPort("people_groups")
#: lessons_for(objective codes): dicts (code, title, url, objectives, module) of the lessons that teach them, in order.
lessons_for = CollectPort("lessons_for")
#: impact(results): certificates that rest on these results, dicts with number and holder.
impact = CollectPort("impact")
#: practice_pool(user): codes of the objectives whose lessons the person has completed.
practice_pool = CollectPort("practice_pool")
#: remediation(user, assessment): what the person must still practise before another attempt, Missing items.
remediation = CollectPort("remediation")
#: eligibility_facts(user, assessment): what speaks for letting the person test, dicts (code, title, at).
eligibility_facts = CollectPort("eligibility_facts")
#: attempt_navigation(assessment code): where the person goes after an attempt, dicts (label, url).
after_attempt = CollectPort("after_attempt")
#: appeals(result, at): where its candidate may appeal against a released result now, dicts (label, url, until).
appeals = CollectPort("appeals")
#: lessons_for_claim(claim code): dicts (code, title, url) of the lessons that use a claim.
lessons_for_claim = CollectPort("lessons_for_claim")
#: questions_for_claim(claim code): dicts (summary, title, url) of the published teaching questions that rest on a
#: claim, with the lesson that they belong to. Nothing of a confidential bank, and no key.
questions_for_claim = CollectPort("questions_for_claim")
#: lessons_named(lesson codes): dicts (code, title, url) of the published ones of these lessons, in their order.
lessons_named = CollectPort("lessons_named")
#: lessons_for_terms(): dicts (term, lessons) for each code of a glossary term that lessons use; lessons are dicts
#: (code, title, url), those that explain the term first.
lessons_for_terms = CollectPort("lessons_for_terms")
#: lessons_about(names, figure codes): dicts (code, title, url) of the lessons that show one of these figures or say one
#: of these names more than once, those that say the most first; lessons with a single mention where there is no other.
lessons_about = CollectPort("lessons_about")
#: practice_terms(user): dicts of kind `sessions` or `case_reports` with the terms of the paths that a person follows,
#: as their versions froze them, and the title of the path as `path`.
practice_terms = CollectPort("practice_terms")
#: practice_blocks(users, kind, on): the exams that these people's paths want passed before practice of a kind
#: (`practical`, `sessions` or `attendance`) and that they had not passed by the end of that day; dicts (user, reference
#: of the practice, code, title, url). The number of queries does not grow with the people.
practice_blocks = CollectPort("practice_blocks")
