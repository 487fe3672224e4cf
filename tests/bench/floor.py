"""The floor: a bare Django view, without log-in and middleware, that inserts one row and updates one in a transaction.

What the platform does to store anything at all cannot cost less than this, on the same database and the same server
program. It is a project of its own, with two tables of its own: `python -m tests.bench.floor` makes them.
"""

from __future__ import annotations

import os

import django
import environ
from django.conf import settings

if not settings.configured:
    database = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    # As in lms/settings/base.py.
    pool_size = int(os.environ.get("DATABASE_POOL", "8"))
    database |= {"CONN_MAX_AGE": 0, "OPTIONS": {"pool": {"min_size": 1, "max_size": pool_size}}}
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        MIDDLEWARE=[],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
    )
    django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from tests.bench.students import FLOOR_ROWS


class Attempt(models.Model):
    """The row that is updated."""

    seen_at = models.DateTimeField()

    class Meta:
        app_label = "floor"


class Answer(models.Model):
    """The row that is inserted."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT)
    data = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        app_label = "floor"


def save(request: HttpRequest, attempt: int) -> HttpResponse:
    """Insert one row and update one row in one transaction."""
    now = timezone.now()
    with transaction.atomic():
        Answer.objects.create(attempt_id=attempt, data=request.body.decode(), received_at=now)
        Attempt.objects.filter(pk=attempt).update(seen_at=now)
    return HttpResponse(b"saved")


urlpatterns = [path("save/<int:attempt>/", save)]
application = get_wsgi_application()


def make_tables() -> None:
    """Make both tables, with a thousand rows to update."""
    with connection.schema_editor() as editor:
        editor.create_model(Attempt)
        editor.create_model(Answer)
    Attempt.objects.bulk_create(Attempt(seen_at=timezone.now()) for _row in range(FLOOR_ROWS))


if __name__ == "__main__":
    make_tables()
