"""What lower packages ask of certification: which exams are a person's, and whether they are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.core.ports import Deny, Missing, Verdict, after_attempt, gate, impact, visible_assessments

from .eligibility import leaf_nodes
from .models import Admission, Evidence
from .queries import ledger_for


def _running(user: Any) -> Sequence[Admission]:
    return Admission.objects.filter(user=user, ended_at=None).select_related("path_version", "path")


@visible_assessments.register
def exams_of_paths(user: Any) -> Iterable[str]:
    """Exams of the paths that a person follows."""
    for admission in _running(user):
        yield from (leaf["reference"] for leaf in leaf_nodes(admission.path_version.requirements, "exam"))


@gate.register
def exam_gates(user: Any, subjects: Sequence[Any]) -> dict[Any, Verdict]:
    """An exam of a path opens when the courses of that path are completed."""
    by_code = {subject.code: subject for subject in subjects}
    verdicts: dict[Any, Verdict] = {}
    for admission in _running(user):
        exams = [
            leaf["reference"]
            for leaf in leaf_nodes(admission.path_version.requirements, "exam")
            if leaf["reference"] in by_code
        ]
        if not exams:
            continue
        ledger = ledger_for(user, admission.path_version, admission)
        lacking = [row for row in ledger.leaves() if row.kind == "course" and not row.is_satisfied]
        if lacking:
            missing = tuple(Missing(row.key, row.title, row.action.url if row.action else "") for row in lacking)
            for code in exams:
                verdicts[by_code[code].pk] = Deny("locked", _("The courses of this path come first."), missing)
    return verdicts


@after_attempt.register
def back_to_the_path(user: Any, assessment_code: str) -> list[dict[str, str]]:
    """After an exam, on to the requirements."""
    return [
        {"label": admission.path.title, "url": reverse("certification:path", args=[admission.path.code])}
        for admission in _running(user)
        if any(leaf["reference"] == assessment_code for leaf in leaf_nodes(admission.path_version.requirements, "exam"))
    ]


@impact.register
def certificates_resting_on(results: Iterable[Any]) -> list[dict[str, str]]:
    """Certificates whose evidence names one of these results."""
    references = [str(result.uuid) for result in results]
    rows = Evidence.objects.filter(kind="result", reference__in=references).select_related("certificate")
    return [{"number": row.certificate.number, "holder": row.certificate.holder_name} for row in rows]
