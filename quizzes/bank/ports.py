"""What lower packages ask of the bank."""

from __future__ import annotations

from lms.core.markup import plain_text, shortened
from lms.core.ports import lessons_for, questions_for_claim

from .enums import BankPurpose
from .models import SUMMARY_LENGTH, Question


@questions_for_claim.register
def teaching_questions_for_claim(claim_code: str) -> list[dict[str, str]]:
    """Stems of the published teaching questions that rest on a claim, each with the lesson that it belongs to.

    Anybody may read the answer, so a confidential bank is left out in the query itself, and stems come from frozen
    versions: what lies in draft stays there.
    """
    questions = (
        Question.objects.drawable()
        .filter(bank__purpose=BankPurpose.TEACHING, claims__code=claim_code)
        .order_by("code")
        .values_list("current_version__stem_html", "current_version__objective_code")
        .distinct()
    )
    found = [(shortened(plain_text(stem), SUMMARY_LENGTH), objective) for stem, objective in questions]
    taught: dict[str, dict[str, str]] = {}
    for lesson in lessons_for({objective for _stem, objective in found}):
        for objective in lesson["objectives"]:
            taught.setdefault(objective, {"title": f"{lesson['code']} {lesson['title']}", "url": lesson["url"]})
    nowhere = {"title": "", "url": ""}
    return [{"summary": line, **taught.get(objective, nowhere)} for line, objective in found]
