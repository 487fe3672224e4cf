"""What happens around an exam, done inside the platform that is served: `python -m tests.e2e.conditions pause ATTEMPT`.

begin PERSON [SECONDS]   a quiz of its own, begun; prints the attempt
give ATTEMPT SECONDS     time given by an examiner
pause ATTEMPT            the clock stopped, a minute ago
resume ATTEMPT           the clock set going again
"""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django

#: In the order of the quiz; the last two share a case.
TYPES = ("single_choice", "ordering", "hotspot", "essay", "numeric", "numeric")


def _begin(person: str, seconds: str = "3600") -> None:
    from lms.accounts.api import User
    from quizzes.attempts.commands import start_attempt
    from quizzes.bank.models import Stimulus
    from tests.quizzes.making import make_assessment, make_bank, make_question

    name = uuid4().hex[:8]
    bank = make_bank("conditions")
    case = Stimulus.objects.create(code=f"case-{name}", title="A case", bank=bank, text="<p>A runner of 34.</p>")
    questions = [
        make_question(f"Q-CON-{name}-{place}", slug, bank=bank, stimulus=case if slug == "numeric" else None)
        for place, slug in enumerate(TYPES, start=1)
    ]
    quiz = make_assessment(
        f"conditions-{name}",
        questions,
        title="Under exam conditions",
        time_limit=timedelta(seconds=int(seconds)),
        asks_certainty=True,
    )
    attempt, _is_new = start_attempt(assessment=quiz, by=User.objects.get(email=person), at=_now())
    print(attempt.uuid)


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


def _change(action: str, attempt_id: str, seconds: str = "") -> None:
    from lms.accounts.api import User
    from quizzes.attempts.commands import adjust_time, pause, resume
    from quizzes.attempts.models import Attempt

    told: dict[str, Any] = {
        "attempts": [Attempt.objects.get(uuid=attempt_id)],
        "by": User.objects.get(email="examiner@example.org"),
        "reason": "Fire alarm",
    }
    if action == "give":
        adjust_time(seconds=int(seconds), at=_now(), **told)
    elif action == "pause":
        pause(at=_now() - timedelta(minutes=1), **told)
    else:
        resume(at=_now(), **told)


def main(action: str, *words: str) -> None:
    """Do it."""
    django.setup()
    if action == "begin":
        _begin(*words)
    else:
        _change(action, *words)


if __name__ == "__main__":
    main(*sys.argv[1:])
