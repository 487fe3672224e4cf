"""Registrars and runners at the same moment, on real threads: one certificate each, none lost. Needs PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Count
from django.utils import timezone

from lms.accounts.api import User, grant_role
from lms.certification.batches import open_batch, run_batch
from lms.certification.commands import decide
from lms.certification.documents import certificate_document
from lms.certification.models import AwardBatch, Certificate, CertificateFile, Decision
from lms.core.exceptions import DomainError
from tests.lms.certification.papers import many_applications, paper_path
from tests.quizzes.test_races import together

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


def registrar(name: str) -> Any:
    user = User.objects.create_user(f"{name}@test.example", "correct horse battery", display_name=name)
    grant_role(user=user, role="registrar")
    return user


def each_has_one(count: int) -> None:
    held = Certificate.objects.values("holder").annotate(n=Count("pk")).values_list("n", flat=True)
    assert list(held) == [1] * count
    assert Decision.objects.count() == count


@pytest.mark.parametrize("run", range(3))
def test_registrars_who_award_at_once_issue_one_certificate(run: int) -> None:
    registrars = [registrar(f"registrar{number}") for number in range(5)]
    (application,) = many_applications(paper_path(timezone.now()), registrars[0], 1, timezone.now())

    def award(number: int) -> str:
        try:
            decide(application=application, outcome="award", by=registrars[number], at=timezone.now())
        except DomainError as error:
            return error.code
        return "awarded"

    assert sorted(together(5, award)) == ["already_decided"] * 4 + ["awarded"]
    each_has_one(1)


def test_two_runners_of_a_batch_share_it() -> None:
    person = registrar("registrar")
    rows = many_applications(paper_path(timezone.now()), person, 30, timezone.now())
    batch = open_batch(applications=[row.uuid for row in rows], title="May", by=person, at=timezone.now())
    done = together(3, lambda number: run_batch(batch=AwardBatch.objects.get(pk=batch.pk), by=person))
    assert sum(done) == 30
    each_has_one(30)
    batch.refresh_from_db()
    assert batch.finished_at is not None
    assert not batch.items.filter(certificate=None).exists()


def test_a_batch_beside_single_decisions_gives_each_one() -> None:
    one, other = registrar("one"), registrar("other")
    rows = many_applications(paper_path(timezone.now()), one, 12, timezone.now())
    batch = open_batch(applications=[row.uuid for row in rows], title="May", by=one, at=timezone.now())

    def act(number: int) -> int:
        if number == 0:
            return run_batch(batch=batch, by=one)
        for row in reversed(rows):
            try:
                decide(application=row, outcome="award", by=other, at=timezone.now())
            except DomainError:
                continue
        return 0

    together(2, act)
    each_has_one(12)
    assert batch.items.filter(done_at=None).count() == 0


def test_documents_asked_for_at_once_are_kept_once() -> None:
    person = registrar("registrar")
    (application,) = many_applications(paper_path(timezone.now()), person, 1, timezone.now())
    _decision, certificate = decide(application=application, outcome="award", by=person, at=timezone.now())
    assert certificate is not None
    digests = together(4, lambda number: certificate_document(certificate).digest)
    assert len(set(digests)) == 1
    assert CertificateFile.objects.count() == 1
