"""Awarding many together: each by itself, problems in words, and an interruption that loses and repeats nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from lms.accounts.api import User
from lms.certification import batches, commands
from lms.certification.batches import open_batch, run_batch
from lms.certification.commands import decide
from lms.certification.models import Application, AwardBatch, AwardBatchItem, Certificate, Waiver
from lms.certification.taking_back import withdraw_waiver
from lms.certification.tasks import award_batch
from lms.core.exceptions import InvalidInput, NotAllowed
from lms.learning.api import Cohort, enrol
from tests.lms.certification.papers import many_applications, paper_path, signed_in

pytestmark = pytest.mark.django_db

NEW = "/registrar/batches/new/"


@pytest.fixture
def path(now: datetime) -> Any:
    return paper_path(now)


@pytest.fixture
def waiting(path: Any, people: dict[str, Any], now: datetime) -> list[Application]:
    """Five who applied."""
    return many_applications(path, people["registrar"], 5, now)


def opened(waiting: list[Application], by: Any) -> AwardBatch:
    return open_batch(applications=[row.uuid for row in waiting], title="May", by=by, at=timezone.now())


def form(*waiting: Application, **more: str) -> dict[str, Any]:
    return {"application": [str(row.uuid) for row in waiting], "title": "May", "confirm": "on", **more}


def test_each_gets_a_certificate_and_the_batch_ends(waiting: Any, people: dict[str, Any]) -> None:
    batch = opened(waiting, people["registrar"])
    assert run_batch(batch=batch, by=people["registrar"]) == 5
    batch.refresh_from_db()
    assert batch.finished_at is not None
    assert sorted(Certificate.objects.values_list("holder_name", flat=True)) == [row.legal_name for row in waiting]
    assert {row.certificate.decision.application_id for row in batch.items.select_related("certificate__decision")} == {
        row.pk for row in waiting
    }
    assert run_batch(batch=batch, by=people["registrar"]) == 0
    assert Certificate.objects.count() == 5


def test_whoever_lacks_something_is_named_and_the_rest_goes_on(waiting: Any, people: dict[str, Any], now: Any) -> None:
    decided, lacking = waiting[1], waiting[3]
    batch = opened(waiting, people["registrar"])
    decide(application=decided, outcome="refuse", reason="Not you", by=people["admin"], at=now)
    waiver = Waiver.objects.get(admission=lacking.admission)
    withdraw_waiver(waiver=waiver, reason="Of somebody else", by=people["admin"], at=now)
    assert run_batch(batch=batch, by=people["registrar"]) == 5
    problems = {row.application_id: row.problem for row in batch.items.exclude(problem=None)}
    assert set(problems) == {decided.pk, lacking.pk}
    assert "decided before" in problems[decided.pk]
    assert "First aid" in problems[lacking.pk]
    lacking.refresh_from_db()
    assert lacking.closed_at is None
    batch.refresh_from_db()
    assert batch.finished_at is not None
    assert Certificate.objects.count() == 3


def test_killed_in_the_middle_and_run_again_gives_each_one_certificate(
    waiting: Any, people: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = opened(waiting, people["registrar"])
    real, calls = commands.decide, []

    def dies_after_deciding(**terms: Any) -> Any:
        calls.append(terms)
        done = real(**terms)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patch:
        patch.setattr(commands, "decide", dies_after_deciding)
        with pytest.raises(KeyboardInterrupt):
            run_batch(batch=batch, by=people["registrar"])
    assert Certificate.objects.count() == 2
    batch.refresh_from_db()
    assert batch.finished_at is None
    call_command("run_award_batches")
    batch.refresh_from_db()
    assert batch.finished_at is not None
    held = Certificate.objects.values("holder").annotate(n=Count("pk")).values_list("n", flat=True)
    assert list(held) == [1] * 5
    assert not batch.items.filter(certificate=None).exists()


def test_what_fails_for_another_reason_waits_for_the_next_run(
    waiting: Any, people: dict[str, Any], monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    batch = opened(waiting, people["registrar"])
    real = commands.decide

    def disk_is_full_once(**terms: Any) -> Any:
        if terms["application"].pk == waiting[2].pk:
            raise OSError("the disk is full")
        return real(**terms)

    with monkeypatch.context() as patch:
        patch.setattr(commands, "decide", disk_is_full_once)
        assert run_batch(batch=batch, by=people["registrar"]) == 4
    assert "could not be decided" in caplog.text
    batch.refresh_from_db()
    assert (batch.finished_at, batch.items.filter(done_at=None).count()) == (None, 1)
    page = signed_in(people["registrar"]).get(f"/registrar/batches/{batch.uuid}/").content.decode()
    assert "4 of 5 decided" in page
    assert signed_in(people["registrar"]).post(f"/registrar/batches/{batch.uuid}/go-on/").status_code == 302
    assert Certificate.objects.count() == 5


def test_only_open_applications_come_in_and_nothing_half(waiting: Any, people: dict[str, Any], now: Any) -> None:
    decide(application=waiting[0], outcome="award", by=people["registrar"], at=now)
    for applications, title, field in ((waiting, "May", "applications"), ([], "May", "applications")):
        with pytest.raises(InvalidInput) as caught:
            open_batch(applications=[row.uuid for row in applications], title=title, by=people["registrar"], at=now)
        assert list(caught.value.extra["errors"]) == [field]
    with pytest.raises(InvalidInput):
        open_batch(applications=[waiting[1].uuid], title=" ", by=people["registrar"], at=now)
    assert not AwardBatch.objects.exists()


def test_somebody_who_lost_the_role_awards_nothing(waiting: Any, people: dict[str, Any], capsys: Any) -> None:
    batch = opened(waiting, people["registrar"])
    people["registrar"].groups.clear()
    person = User.objects.get(pk=people["registrar"].pk)
    with pytest.raises(NotAllowed):
        run_batch(batch=batch, by=person)
    call_command("run_award_batches")
    assert "Only a registrar" in capsys.readouterr().err
    assert not Certificate.objects.exists()


# Pages --------------------------------------------------------------------------------------------------------


def test_ticked_applications_of_a_cohort_are_awarded(
    waiting: Any, path: Any, people: dict[str, Any], now: datetime
) -> None:
    from courses.api import outline

    cohort = Cohort.objects.create(code="may", title="Cohort of May")
    for row in waiting[:2]:
        enrol(user=row.admission.user, course=outline().course("C1"), by=row.admission.user, at=now, cohort=cohort)
    client = signed_in(people["registrar"])
    shown = client.get(NEW).context["lines"]
    assert [line["is_ticked"] for line in shown] == [False] * 5
    narrowed = client.get(NEW, {"cohort": "may"}).context["lines"]
    assert [(line["application"], line["is_ticked"]) for line in narrowed] == [(row, True) for row in waiting[:2]]
    assert len(client.get(NEW, {"path": "papers"}).context["lines"]) == 5
    assert client.get(NEW, {"path": "foundations"}).context["lines"] == []
    response = client.post(NEW, form(*waiting[:2]))
    batch = AwardBatch.objects.get()
    assert response["Location"] == f"/registrar/batches/{batch.uuid}/"
    page = client.get(response["Location"])
    assert (page.context["awarded"], page.context["left"], page.context["is_moving"]) == (2, 0, False)
    assert Certificate.objects.first().number in page.content.decode()
    assert "May" in client.get("/registrar/batches/").content.decode()


def test_after_an_error_the_ticks_and_the_name_are_still_there(waiting: Any, people: dict[str, Any], now: Any) -> None:
    client = signed_in(people["registrar"])
    for data in (form(*waiting[:2], confirm=""), form(*waiting[:2], title=" "), form()):
        page = client.post(NEW, data)
        assert page.context["form"].errors
        assert [line["is_ticked"] for line in page.context["lines"]].count(True) == len(data["application"])
    decide(application=waiting[0], outcome="award", by=people["registrar"], at=now)
    page = client.post(NEW, form(*waiting[:2]))
    assert "decided meanwhile" in str(page.context["form"].non_field_errors())
    assert not AwardBatch.objects.exists()


def test_ones_own_application_is_not_offered(path: Any, people: dict[str, Any], now: datetime) -> None:
    from tests.lms.certification.papers import follow

    admission = follow(people["registrar"], path, now)
    Waiver.objects.create(admission=admission, requirement="document:cpr", reason="x", by=people["admin"], at=now)
    mine = Application.objects.create(admission=admission, legal_name="Me", eligibility=[], submitted_at=now)
    client = signed_in(people["registrar"])
    assert client.get(NEW).context["lines"] == []
    client.post(NEW, form(mine))
    assert "own application" in (AwardBatchItem.objects.get().problem or "")
    assert not Certificate.objects.exists()


def test_the_api_opens_a_batch_and_tells_how_far_it_is(waiting: Any, people: dict[str, Any], api: Any) -> None:
    client = api(people["registrar"])
    url = "/api/v1/registrar/batches/"
    assert client.post(url, {"title": "May", "applications": []}).status_code == 400
    made = client.post(url, {"title": "May", "applications": [str(row.uuid) for row in waiting]})
    assert (made.status_code, made.json()["total"], made.json()["awarded"]) == (201, 5, 5)
    assert client.get(f"{url}{made.json()['id']}/").json() == made.json()
    assert client.get(url).json()["count"] == 1


def test_the_task_takes_plain_words(waiting: Any, people: dict[str, Any]) -> None:
    batch = opened(waiting, people["registrar"])
    assert award_batch.enqueue(str(batch.uuid), str(people["admin"].uuid)).return_value == 5
    assert {row.issued_by_id for row in Certificate.objects.all()} == {people["admin"].pk}


@pytest.mark.parametrize("count", [1, 12])
def test_pages_take_as_many_queries_for_many_rows(
    count: int, path: Any, people: dict[str, Any], now: datetime, django_assert_max_num_queries: Any
) -> None:
    rows = many_applications(path, people["registrar"], count, now)
    batch = opened(rows, people["registrar"])
    run_batch(batch=batch, by=people["registrar"])
    many_applications(path, people["registrar"], count, now, prefix="more")
    client = signed_in(people["registrar"])
    for url, most in (
        (f"/registrar/batches/{batch.uuid}/", 12),
        ("/registrar/batches/", 10),
        (NEW, 12),
        ("/registrar/", 18),
        ("/api/v1/registrar/batches/", 8),
        ("/api/v1/registrar/applications/", 8),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


def test_a_runner_holds_one_row_at_a_time(
    waiting: Any, people: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However large a batch is, the next item is asked for by its key, one by one."""
    asked: list[int] = []
    real = batches._next_item

    def next_item(batch: AwardBatch, after: int) -> int | None:
        asked.append(after)
        return real(batch, after)

    monkeypatch.setattr(batches, "_next_item", next_item)
    run_batch(batch=opened(waiting, people["registrar"]), by=people["registrar"])
    assert asked == [0, *AwardBatchItem.objects.order_by("pk").values_list("pk", flat=True)]
