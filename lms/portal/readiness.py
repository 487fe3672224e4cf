"""What still keeps a school from opening."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from lms.accounts.api import User
from lms.core.record import missing_triggers
from lms.knowledge.api import Claim
from quizzes.api import Assessment, Bank, Question, live_but_not_frozen

DEMO_DOMAIN = "@example.org"


@dataclass(frozen=True)
class Obstacle:
    """One thing to mend before real candidates come. `is_blocking` for what makes results or people unsafe."""

    what: str
    is_blocking: bool = True


def obstacles() -> Iterator[Obstacle]:
    """Everything that stands in the way, worst first."""
    if settings.INSTANCE != "live":
        yield Obstacle("INSTANCE is not “live”: this is a demonstration.")
    if names := missing_triggers():
        yield Obstacle(f"{len(names)} guards of the record are missing: run manage.py migrate.")
    if not settings.BASE_URL.startswith("https://"):
        yield Obstacle("BASE_URL is not https.")
    if "filebased" in settings.EMAIL_BACKEND or "console" in settings.EMAIL_BACKEND:
        yield Obstacle("No mail server is set (EMAIL_URL): nobody could confirm an address.")
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield Obstacle("The database is the embedded one; a school at work uses PostgreSQL.", is_blocking=False)
    demo = User.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True).count()
    if demo:
        yield Obstacle(f"{demo} demo people can sign in with a public password.")
    if codes := live_but_not_frozen():
        yield Obstacle(f"{len(codes)} live questions have no frozen version: publish them again.")
    for bank in Bank.objects.filter(is_sample=True).order_by("code"):
        yield Obstacle(f"The bank {bank.code} is a sample: its keys are public.")
    interim = Assessment.objects.filter(kind="exam", cut_basis="interim", live=True, is_retired=False)
    for assessment in interim.order_by("code"):
        yield Obstacle(f"The cut score of {assessment.code} is interim: no standard-setting study backs it.", False)
    unreviewed = Question.objects.filter(Q(reviewed_on=None), live=True).exclude(life_cycle="retired").count()
    if unreviewed:
        yield Obstacle(f"{unreviewed} questions are not reviewed by a licensed clinician.", is_blocking=False)
    claims = Claim.objects.filter(reviewed_on=None, is_retired=False).count()
    if claims:
        yield Obstacle(f"{claims} claims are not reviewed by a licensed clinician.", is_blocking=False)
    yield Obstacle("Backups are yours to arrange: the database, and MEDIA_ROOT. Try a restore.", is_blocking=False)
