"""What is met by studying and by being examined in writing: courses, attended hours, examinations, statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from courses.api import next_step
from courses.api import outline as read_outline
from lms.accounts.api import acceptances_of, current_agreements
from lms.learning.api import CourseCompletion, SessionKind, attended, standing_of
from quizzes.api import Assessment, AssessmentKind, Attempt, Result, display_percent, results_of

from ..eligibility import Action, Fact
from ..exceptions import PathIncomplete
from .base import AfterBlock, Node, RequirementTerms, chosen_exams, exams_before, frozen_after


class CourseBlock(blocks.StructBlock):
    """A course completed."""

    course = blocks.CharBlock(max_length=60, help_text=gettext_lazy("The course's code."))

    class Meta:
        icon = "doc-full"
        label = gettext_lazy("Course")


class CourseKind:
    """All modules of a course completed."""

    slug = "course"
    icon = "book"

    class Terms(RequirementTerms):
        """Code of the course."""

        course: str

    def block(self) -> blocks.Block:
        return CourseBlock()

    def terms(self, value: Mapping[str, Any]) -> Terms:
        return self.Terms(course=value["course"])

    def value(self, terms: Terms) -> dict[str, Any]:
        return {"course": terms.course}

    def refers_to(self, terms: Terms) -> Iterable[tuple[str, str]]:
        return [("course", terms.course)]

    def node(self, terms: Terms) -> dict[str, Any]:
        course = read_outline().course(terms.course)
        if course is None:
            raise PathIncomplete(_("There is no published course %(code)s.") % {"code": terms.course})
        return {"key": f"course:{course.code}", "kind": self.slug, "reference": course.code, "title": course.title}

    def gather(self, user: Any, nodes: Sequence[Node]) -> Mapping[str, Any]:
        codes = [node["reference"] for node in nodes]
        outline = read_outline()
        state = standing_of(user, outline)
        done = {row.course_code: row for row in CourseCompletion.objects.filter(user=user, course_code__in=codes)}
        found = {}
        for node in nodes:
            code = node["reference"]
            course = outline.course(code)
            is_enrolled = code in state.enrolled
            step = next_step(course, state) if course and is_enrolled else None
            action = Action(_("Go to the course"), course.url) if course else None
            completion = done.get(code)
            found[node["key"]] = {
                "lessons": len(course.lessons) if course else 1,
                "done": sum(state.is_complete(lesson.code) for lesson in course.lessons) if course else 0,
                "is_enrolled": is_enrolled,
                "action": Action(step["label"], step["url"]) if step else action,
                "completion": completion
                and {
                    "kind": "course_completion",
                    "reference": str(completion.uuid),
                    "title": node["title"],
                    "completed_at": completion.completed_at.isoformat(),
                    "credited_minutes": completion.credited_minutes,
                    "outline_digest": completion.outline_digest,
                },
            }
        return found

    def evaluate(self, node: Node, found: Any) -> Fact:
        completion = found["completion"]
        have = found["lessons"] if completion else found["done"]
        return Fact(
            have=have,
            need=found["lessons"],
            is_met=completion is not None,
            has_begun=found["is_enrolled"],
            detail=_("%(have)s of %(need)s lessons") % {"have": have, "need": found["lessons"]},
            evidence=(completion,) if completion else (),
            action=found["action"],
        )

    def asked(self, node: Node) -> str:
        return _("Complete the course %(title)s") % {"title": node["title"]}


class ExamBlock(blocks.StructBlock):
    """An assessment passed."""

    assessment = SnippetChooserBlock("quizzes.Assessment")

    class Meta:
        icon = "tick-inverse"
        label = gettext_lazy("Examination")


class ExamKind:
    """A written examination passed, its hurdles included."""

    slug = "exam"
    icon = "target"

    class Terms(RequirementTerms):
        """Code of the assessment."""

        exam: str

    def block(self) -> blocks.Block:
        return ExamBlock()

    def terms(self, value: Mapping[str, Any]) -> Terms:
        if value["assessment"] is None:
            raise PathIncomplete(_("An examination of this path is not published."))
        return self.Terms(exam=value["assessment"].code)

    def value(self, terms: Terms) -> dict[str, Any]:
        return {"assessment": Assessment.objects.get(code=terms.exam)}

    def refers_to(self, terms: Terms) -> Iterable[tuple[str, str]]:
        return [("assessment", terms.exam)]

    def node(self, terms: Terms) -> dict[str, Any]:
        assessment = Assessment.objects.filter(code=terms.exam).first()
        if assessment is None or assessment.current_version_id is None:
            raise PathIncomplete(_("An examination of this path is not published."))
        if assessment.kind not in {AssessmentKind.EXAM, AssessmentKind.QUIZ}:
            raise PathIncomplete(_("%(title)s is not an examination.") % {"title": assessment.title})
        code, title = assessment.code, assessment.title
        return {"key": f"exam:{code}", "kind": self.slug, "reference": code, "title": title}

    def gather(self, user: Any, nodes: Sequence[Node]) -> Mapping[str, Any]:
        codes = [node["reference"] for node in nodes]
        cuts = dict(Assessment.objects.filter(code__in=codes).values_list("code", "cut_percent"))
        mine = Attempt.objects.filter(candidate=user, assessment__code__in=codes, kind="candidate", voided_at=None)
        begun = set(mine.values_list("assessment__code", flat=True))
        best: dict[str, Result] = {}
        for result in results_of(user, codes):
            code = result.attempt.assessment.code
            if code not in best or (result.passed, result.percent) > (best[code].passed, best[code].percent):
                best[code] = result
        return {
            node["key"]: {
                "cut": int(cuts.get(node["reference"], 100)),
                "has_begun": node["reference"] in begun,
                "best": self._result(node, best.get(node["reference"])),
            }
            for node in nodes
        }

    def _result(self, node: Node, result: Result | None) -> dict[str, Any] | None:
        if result is None:
            return None
        return {
            "percent": display_percent(result.percent),
            "passed": bool(result.passed),
            "fact": {
                "kind": "result",
                "reference": str(result.uuid),
                "title": node["title"],
                "attempt": str(result.attempt.uuid),
                "percent": str(display_percent(result.percent)),
                "cut_percent": str(result.cut_percent),
                "at": result.at.isoformat(),
            },
        }

    def evaluate(self, node: Node, found: Any) -> Fact:
        best, cut = found["best"], found["cut"]
        percent = best["percent"] if best else None
        if percent is None:
            detail = _("Pass at %(cut)s %%") % {"cut": cut}
        else:
            detail = _("Best %(best)s %%, pass at %(cut)s %%") % {"best": percent, "cut": cut}
        passed = bool(best and best["passed"])
        return Fact(
            have=int(percent or 0),
            need=cut,
            is_met=passed,
            has_begun=found["has_begun"],
            detail=detail,
            evidence=(best["fact"],) if passed else (),
            action=Action(_("Go to the examination"), reverse("quizzes:start", args=[node["reference"]])),
        )

    def asked(self, node: Node) -> str:
        return _("Pass: %(title)s") % {"title": node["title"]}


class AttestationBlock(blocks.StructBlock):
    """A statement that the candidate signs."""

    agreement = blocks.CharBlock(max_length=80, help_text=gettext_lazy("The agreement's code."))

    class Meta:
        icon = "edit"
        label = gettext_lazy("Attestation")


class AttestationKind:
    """A statement signed in the wording that is in force."""

    slug = "attestation"
    icon = "edit"

    class Terms(RequirementTerms):
        """Code of the agreement."""

        attestation: str

    def block(self) -> blocks.Block:
        return AttestationBlock()

    def terms(self, value: Mapping[str, Any]) -> Terms:
        return self.Terms(attestation=value["agreement"])

    def value(self, terms: Terms) -> dict[str, Any]:
        return {"agreement": terms.attestation}

    def refers_to(self, terms: Terms) -> Iterable[tuple[str, str]]:
        return [("agreement", terms.attestation)]

    def node(self, terms: Terms) -> dict[str, Any]:
        agreement = current_agreements([terms.attestation]).get(terms.attestation)
        if agreement is None:
            raise PathIncomplete(_("There is no agreement %(code)s.") % {"code": terms.attestation})
        code, title = agreement.code, agreement.title
        return {"key": f"attestation:{code}", "kind": self.slug, "reference": code, "title": title}

    def gather(self, user: Any, nodes: Sequence[Node]) -> Mapping[str, Any]:
        accepted = acceptances_of(user, [node["reference"] for node in nodes])
        return {
            node["key"]: {
                "kind": "acceptance",
                "reference": str(row.uuid),
                "title": node["title"],
                "accepted_at": row.accepted_at.isoformat(),
                "digest": row.digest,
            }
            for node in nodes
            if (row := accepted.get(node["reference"]))
        }

    def evaluate(self, node: Node, found: Any) -> Fact:
        return Fact(
            have=int(found is not None),
            need=1,
            is_met=found is not None,
            has_begun=False,
            evidence=(found,) if found else (),
            action=Action(_("Read and sign"), reverse("certification:attest", args=[node["reference"]])),
        )

    def asked(self, node: Node) -> str:
        return _("Sign: %(title)s") % {"title": node["title"]}


class AttendanceBlock(blocks.StructBlock):
    """So many hours in the room, by the school's registers."""

    kind = blocks.ChoiceBlock(choices=SessionKind.choices)
    title = blocks.CharBlock(max_length=200)
    hours = blocks.IntegerBlock(min_value=1, max_value=2000)
    after = AfterBlock()

    class Meta:
        icon = "group"
        label = gettext_lazy("Attended hours")


class AttendanceKind:
    """Hours of class sessions of one kind, as noted by those who taught them."""

    slug = "attendance"
    icon = "clock"

    class Terms(RequirementTerms):
        """The kind of session, how many hours of it, and the exams that are passed before the first."""

        attendance: Literal["theory", "technique_lab"]
        title: str = Field(min_length=1, max_length=200)
        hours: int = Field(ge=1, le=2000)
        after: list[str] = []

    def block(self) -> blocks.Block:
        return AttendanceBlock()

    def terms(self, value: Mapping[str, Any]) -> Terms:
        after = exams_before(value["after"])
        return self.Terms(attendance=value["kind"], title=value["title"], hours=value["hours"], after=after)

    def value(self, terms: Terms) -> dict[str, Any]:
        return {
            "kind": terms.attendance, "title": terms.title, "hours": terms.hours, "after": chosen_exams(terms.after),
        }  # fmt: skip

    def refers_to(self, terms: Terms) -> Iterable[tuple[str, str]]:
        return [("assessment", code) for code in terms.after]

    def node(self, terms: Terms) -> dict[str, Any]:
        key = f"attendance:{terms.attendance}"
        return {
            "key": key, "kind": self.slug, "reference": terms.attendance, "title": terms.title, "hours": terms.hours,
            **frozen_after(terms.after),
        }  # fmt: skip

    def gather(self, user: Any, nodes: Sequence[Node]) -> Mapping[str, Any]:
        rows = attended(user, [node["reference"] for node in nodes])
        return {node["key"]: [row for row in rows if row["kind"] == node["reference"]] for node in nodes}

    def evaluate(self, node: Node, found: Any) -> Fact:
        rows = found or []
        minutes = sum(row["minutes"] for row in rows)
        need = node["hours"] * 60
        is_met = minutes >= need
        facts = tuple(
            {
                "kind": "attendance",
                "reference": row["session"],
                "title": row["title"],
                "detail": _("%(date)s, %(minutes)s minutes") % {"date": row["on"], "minutes": row["minutes"]},
                "minutes": row["minutes"],
                "on": row["on"],
            }
            for row in rows
        )
        return Fact(
            have=min(minutes, need) // 60,
            need=node["hours"],
            is_met=is_met,
            has_begun=minutes > 0,
            detail=_("%(have)s of %(need)s hours") % {"have": _hours(minutes), "need": node["hours"]},
            evidence=facts if is_met else (),
            action=Action(_("See your attendance"), reverse("learning:attendance")),
        )

    def asked(self, node: Node) -> str:
        return _("%(title)s: %(hours)s hours") % {"title": node["title"], "hours": node["hours"]}


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")
