"""What to put first on a student's page. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.certification.api import required_courses
from lms.certification.eligibility import Ledger, Requirement

#: More steps than this do not fit on a line.
MOST_STEPS = 9


def choose_next(
    open_attempts: Sequence[Any],
    courses: Sequence[Mapping[str, Any]],
    paths: Sequence[Mapping[str, Any]],
    certificates: Sequence[Mapping[str, Any]],
    renewal_dues: Sequence[Mapping[str, Any]] = (),
) -> dict[str, str]:
    """The one next step: finish what runs, go on where one is, renew, enrol, meet the rest, apply, or look at it."""
    if open_attempts:
        attempt = open_attempts[0]
        return {
            "kind": "attempt",
            "title": attempt.assessment.title,
            "text": _("You have begun this. Your answers are safe; go on where you stopped."),
            "label": _("Go on"),
            "url": reverse("quizzes:attempt", args=[attempt.uuid]),
        }
    for course in courses:
        step = course["next_step"]
        if step:
            label = _("Read the lesson") if step["kind"] == "lesson" else _("Take the quiz")
            return {
                "kind": step["kind"],
                "title": step["label"],
                "text": f"{course['title']} · {step['context']}",
                "label": label,
                "url": step["url"],
            }
    for due in renewal_dues:
        if not due["has_applied"]:
            certificate = due["certificate"]
            return {
                "kind": "renewal",
                "title": _("Renew: %(title)s") % {"title": certificate.title},
                "text": _("See what counts already, and what renewing still asks for."),
                "label": _("See the renewal"),
                "url": reverse("certification:renewal", args=[certificate.number]),
            }
    covered = {
        code
        for row in certificates
        if row["standing"].is_valid
        for code in required_courses(row["certificate"].path_version.requirements)
    }
    for course in courses:
        if course["state"] == "available" and not course["is_enrolled"] and course["code"] not in covered:
            return {
                "kind": "enrol",
                "title": course["title"],
                "text": _("Enrol, and the first lesson opens."),
                "label": _("See the course"),
                "url": course["url"],
            }
    return _next_on_paths(paths, certificates)


def _next_on_paths(paths: Sequence[Mapping[str, Any]], certificates: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    held = {row["certificate"].path_version.path_id for row in certificates if row["standing"].is_valid}
    for row in paths:
        path, ledger = row["path"], row["ledger"]
        if path.pk in held:
            continue
        url = reverse("certification:path", args=[path.code])
        if ledger.is_eligible:
            return {
                "kind": "apply",
                "title": path.title,
                "text": _("Everything is met. Confirm your name and apply for the certificate."),
                "label": _("Apply"),
                "url": url,
            }
        for leaf in ledger.steps():
            if not leaf.is_satisfied and leaf.action:
                return {
                    "kind": leaf.kind,
                    "title": leaf.title,
                    "text": leaf.detail or path.title,
                    "label": leaf.action.label,
                    "url": leaf.action.url,
                }
    if certificates:
        number = certificates[0]["certificate"].number
        return {
            "kind": "certificate",
            "title": certificates[0]["certificate"].title,
            "text": _("You hold this certificate. Print it, or give its number to whoever asks."),
            "label": _("See the certificate"),
            "url": reverse("certification:certificate", args=[number]),
        }
    return {
        "kind": "courses",
        "title": _("Choose a course"),
        "text": _("The catalogue shows what opens first."),
        "label": _("See the courses"),
        "url": "/courses/",
    }


def milestones(ledger: Ledger, certificates: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The way to the certificate as steps: done, current, open. A long way is told by its groups."""
    steps = []
    current_given = False
    every = ledger.steps()
    for leaf in every if len(every) <= MOST_STEPS else ledger.requirements:
        mark = "done" if leaf.is_satisfied else "open"
        if mark == "open" and not current_given:
            mark, current_given = "current", True
        steps.append(
            {
                "title": leaf.title,
                "text": _of(leaf) if leaf.items else leaf.detail,
                "mark": mark,
                "url": leaf.action.url if leaf.action else "",
            }
        )
    has_certificate = any(row["standing"].is_valid for row in certificates)
    mark = "done" if has_certificate else "open" if current_given else "current"
    steps.append({"title": _("Certificate"), "text": "", "mark": mark, "url": reverse("certification:home")})
    return steps


def _of(group: Requirement) -> str:
    if group.state == "waived":
        return str(group.state.label)
    return _("%(have)s of %(need)s") % {"have": group.have, "need": group.need}


def in_order(paths: Sequence[Mapping[str, Any]], certificates: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Paths that lead somewhere new first, then those whose certificate one holds."""
    held = {row["certificate"].path_version.path_id for row in certificates if row["standing"].is_valid}
    return sorted(paths, key=lambda row: row["path"].pk in held)
