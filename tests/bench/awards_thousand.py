"""A thousand certificates in one batch, on PostgreSQL: `python -m tests.bench.awards_thousand [HOW MANY]`.

Two processes run the same batch side by side, as two workers would, each issuing what the other does not hold. Prints
the rate, its ratio to a floor of the same run (one insert and one update in a transaction, in as many processes),
statements per certificate, and the memory of a runner after each quarter. Then documents and badges are made of a few.
Exit status 1 if a certificate is missing or issued twice, or if memory grows by more than a tenth after the first half.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import queue
import sys
import time
from typing import Any

from tests.bench.services import postgresql

MANY, RUNNERS, SAMPLE = 1000, 2, 20


def _setup() -> None:
    import django

    django.setup()


def _megabytes() -> float:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def make(many: int) -> Any:
    """A school with so many applications that wait: every requirement is waived, every statement of it recorded."""
    from django.core.management import call_command
    from django.utils import timezone

    from lms.accounts.api import User, grant_role
    from lms.certification.api import admit, apply, published_paths, waive_requirement
    from lms.certification.batches import open_batch

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_curriculum", verbosity=0)
    at = timezone.now()
    registrar = User.objects.create_user("registrar@bench.example", display_name="Registrar")
    grant_role(user=registrar, role="registrar")
    path = published_paths().get(code="foundations")
    applications = []
    for number in range(many):
        name = f"Bench Candidate {number}"
        candidate = User.objects.create_user(f"candidate-{number}@bench.example", display_name=name, legal_name=name)
        admission, _is_new = admit(user=candidate, path=path, by=candidate, at=at)
        for node in admission.path_version.requirements:
            waive_requirement(admission=admission, requirement=node["key"], reason="Bench", by=registrar, at=at)
        applications.append(apply(user=candidate, path=path, legal_name=name, at=at)[0].uuid)
    return open_batch(applications=applications, title="A thousand", by=registrar, at=at)


def runner(batch: int, quarter: int, told: Any) -> None:
    """Run the batch to its end; tell the memory whenever another quarter of this runner's share is done."""
    _setup()
    from lms.certification import batches
    from lms.certification.models import AwardBatch

    row = AwardBatch.objects.select_related("opened_by").get(pk=batch)
    memory: list[float] = []
    decide, done = batches.commands.decide, 0

    def counted(**given: Any) -> Any:
        nonlocal done
        found = decide(**given)
        done += 1
        if done % quarter == 0:
            memory.append(round(_megabytes(), 1))
        return found

    batches.commands.decide = counted  # type: ignore[assignment]
    began = time.perf_counter()
    batches.run_batch(batch=row, by=row.opened_by)
    told.put({"done": done, "seconds": time.perf_counter() - began, "megabytes": memory})


def floor(seconds: float, told: Any) -> None:
    """Transactions a second of one insert and one update on the same server."""
    _setup()
    from django.db import connection, transaction

    count, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_floor (words, seen) VALUES ('x', 0) RETURNING id")
            cursor.execute("UPDATE bench_floor SET seen = 1 WHERE id = %s", cursor.fetchone())
        count += 1
    told.put(count / seconds)


def side_by_side(target: Any, *given: Any) -> list[Any]:
    """Run it in as many processes as there are runners; what each of them told."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    processes = [context.Process(target=target, args=(*given, told)) for _runner in range(RUNNERS)]
    for process in processes:
        process.start()
    found = []
    while len(found) < len(processes):
        try:
            found.append(told.get(timeout=5))
        except queue.Empty:
            if any(process.exitcode for process in processes):
                raise RuntimeError("a process ended with an error; it says above which") from None
    for process in processes:
        process.join()
    return found


def documents() -> dict[str, float]:
    """Documents and signed credentials a second, by one process."""
    from django.utils import timezone

    from lms.certification.credentials import credential_of
    from lms.certification.models import Certificate
    from lms.certification.pdf import certificate_pdf

    rows = list(Certificate.objects.order_by("pk")[:SAMPLE])
    rates = {}
    for name, act in (
        ("documents_per_second", lambda row: certificate_pdf(row, verify_url=f"https://bench.example/{row.number}/")),
        ("credentials_per_second", lambda row: credential_of(row, timezone.now())),
    ):
        act(rows[0])
        began = time.perf_counter()
        for row in rows[1:]:
            act(row)
        rates[name] = round((len(rows) - 1) / (time.perf_counter() - began), 1)
    return rates


def measure(many: int) -> dict[str, Any]:
    """Make everything, run the batch, look whether it is whole."""
    _setup()
    from django.db import connection, connections
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from lms.certification.batches import open_batch, run_batch
    from lms.certification.models import Application, Certificate

    batch = make(many + 1)
    # One is issued here, to count its statements; the batch finds it decided and says so.
    single = Application.objects.order_by("pk").first()
    assert single is not None
    alone = open_batch(applications=[single.uuid], title="One", by=batch.opened_by, at=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        run_batch(batch=alone, by=batch.opened_by)
    statements = len(captured)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (id bigserial PRIMARY KEY, words text, seen int)")
    connections.close_all()
    before = sum(side_by_side(floor, 3.0))
    began = time.perf_counter()
    found = side_by_side(runner, batch.pk, max(many // (4 * RUNNERS), 1))
    seconds = max(row["seconds"] for row in found)
    around = time.perf_counter() - began
    after = sum(side_by_side(floor, 3.0))
    rate, least = many / seconds, min(before, after)
    memory = max((row["megabytes"] for row in found), key=len)
    return {
        "certificates": Certificate.objects.count() - 1,
        "holders": Certificate.objects.values("holder").distinct().count() - 1,
        "problems": batch.items.exclude(problem=None).count() - 1,
        "seconds": round(seconds, 1),
        "with_start_of_processes": round(around, 1),
        "certificates_per_second": round(rate, 1),
        "floor_per_second": [round(before), round(after)],
        "floor_over_rate": round(least / rate, 1),
        "statements_per_certificate": statements,
        "megabytes_after_each_quarter": memory,
        **documents(),
    }


def main() -> int:
    """Exit status 1 if one is missing, double, or memory is not flat."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with postgresql() as cluster:
        os.environ["DATABASE_URL"] = cluster.url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
        found = measure(many)
        print(json.dumps(found))
        from django.db import connections

        connections.close_all()
    memory = found["megabytes_after_each_quarter"]
    is_flat = len(memory) < 3 or memory[-1] <= memory[1] * 1.1
    return 0 if found["certificates"] == found["holders"] == many and is_flat else 1


if __name__ == "__main__":
    sys.exit(main())
