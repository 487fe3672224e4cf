"""The record is attacked table by table: with raw SQL, and with every way around `save()` that Django has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, connection, models, transaction

from lms.core.exceptions import RecordIsFixed
from lms.core.record import TOMBSTONE, Record, missing_triggers, record_models, trigger_names
from tests.architecture.rows import APART, made, sample

pytestmark = pytest.mark.django_db

MODELS = sorted(record_models(), key=lambda model: model._meta.label)
EVERY = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
#: A table that is part of the record and lost its base class would silently leave `record_models()`.
PROMISED = {
    "accounts.Acceptance", "accounts.AccommodationProfile", "accounts.AccommodationReason", "accounts.Agreement",
    "certification.Admission", "certification.Application", "certification.Certificate",
    "certification.CertificateEvent", "certification.Decision", "certification.Evidence", "certification.PathVersion",
    "certification.Waiver", "learning.Attendance", "learning.CourseCompletion",
    "learning.CourseEvaluation", "learning.Enrolment", "learning.EvaluationGiven",
    "learning.LessonCompletion", "learning.ModuleCompletion", "certification.CandidateDocument",
    "certification.DocumentReview", "certification.Payment", "certification.PaymentReversal", "practicals.CaseReport",
    "practicals.CaseReportReview", "practicals.Client", "practicals.CriterionJudgement", "practicals.CriticalFail",
    "practicals.PracticalAttempt", "practicals.PracticalSignature", "practicals.PracticalVersion",
    "practicals.SignOff", "practicals.SignOffWithdrawal", "practicals.StationRuling",
    "practicals.SupervisedSession", "practicals.SupervisedSessionDecision",
    "practicals.SupervisedSessionWithdrawal", "quizzes.AnswerKey",
    "quizzes.AssessmentVersion", "quizzes.Attempt", "quizzes.AttemptEvent", "quizzes.AttemptItem",
    "quizzes.Authorisation", "quizzes.BankAccess", "quizzes.Form", "quizzes.FormItem", "quizzes.Grade",
    "quizzes.QuestionVersion", "quizzes.Response", "quizzes.Result", "quizzes.TimeAdjustment",
}  # fmt: skip


def key_of(row: models.Model) -> Any:
    """The primary key as the database takes it."""
    return row._meta.pk.get_db_prep_value(row.pk, connection)


def sql_update(row: models.Model, **values: Any) -> int:
    """UPDATE one row behind Django's back; the number of rows that changed."""
    fields = {name: row._meta.get_field(name) for name in values}
    columns = ", ".join(f'"{field.column}" = %s' for field in fields.values())
    parameters = [fields[name].get_db_prep_save(value, connection) for name, value in values.items()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{row._meta.db_table}" SET {columns} WHERE id = %s', [*parameters, key_of(row)])
        return cursor.rowcount


def refused(act: Callable[[], Any]) -> bool:
    """True when the guard of the database stopped it, and not some other constraint."""
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        return "append-only" in str(error)
    return False


def others(row: models.Model, field: Any) -> list[Any]:
    """Values unlike the present one: another of its kind, and NULL where the column takes it."""
    present = getattr(row, field.attname)
    if field.is_relation:
        return [(present or 0) + 1, *([None] if present is not None and field.null else [])]
    return [sample(field, avoid=present), *([None] if present is not None and field.null else [])]


def fixed_fields(model: type[Record]) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if field.name not in model.changeable_fields()]


def test_every_promised_table_is_part_of_the_record() -> None:
    assert {model._meta.label for model in MODELS} >= PROMISED


@EVERY
def test_sql_cannot_change_a_fixed_column(model: type[Record]) -> None:
    row = made(model)
    open_columns = [
        field.column
        for field in fixed_fields(model)
        for value in others(row, field)
        if not refused(lambda name=field.name, new=value: sql_update(row, **{name: new}))
    ]
    assert open_columns == []
    assert fixed_fields(model)


@EVERY
def test_sql_cannot_delete_a_row(model: type[Record]) -> None:
    row = made(model)

    def delete() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE id = %s', [key_of(row)])

    assert refused(delete)
    assert model._base_manager.filter(pk=row.pk).exists()


@EVERY
def test_erasable_text_goes_to_the_tombstone_and_never_comes_back(model: type[Record]) -> None:
    for name in model.erasable_fields:
        field = model._meta.get_field(name)
        row = made(model, **{name: sample(field)})
        tombstone = None if field.null else TOMBSTONE
        assert refused(lambda row=row, field=field: sql_update(row, **{field.name: sample(field)})), name
        assert sql_update(row, **{name: tombstone}) == 1
        assert refused(lambda row=row, field=field: sql_update(row, **{field.name: sample(field)})), name


@EVERY
def test_write_once_columns_are_written_once(model: type[Record]) -> None:
    apart = APART.get(model.__name__, set())
    # Together: some of them are only known together.
    for names in (sorted(set(model.write_once_fields) - apart), sorted(apart)):
        if names:
            _written_once(model, names)


def _written_once(model: type[Record], names: list[str]) -> None:
    row = made(model)
    first = {}
    for name in names:
        field = model._meta.get_field(name)
        assert getattr(row, field.attname) is None, f"{name} does not begin as NULL"
        first[name] = made(field.related_model).pk if field.is_relation else sample(field)
    assert sql_update(row, **first) == 1
    row.refresh_from_db()
    for name in names:
        for value in others(row, model._meta.get_field(name)):
            assert refused(lambda name=name, value=value: sql_update(row, **{name: value})), f"{name} again: {value}"


@EVERY
def test_only_declared_columns_stay_open(model: type[Record]) -> None:
    row = made(model)
    for name in model.mutable_fields:
        assert sql_update(row, **{name: sample(model._meta.get_field(name))}) == 1
    assert not model.mutable_fields or model._meta.label == "quizzes.Attempt"


@EVERY
def test_python_refuses_before_the_database_does(model: type[Record]) -> None:
    row = made(model)
    name = next(field.name for field in fixed_fields(model) if not field.primary_key)
    rows = model._default_manager.filter(pk=row.pk)
    with pytest.raises(RecordIsFixed):
        row.save()
    with pytest.raises(RecordIsFixed):
        row.save(update_fields=[name])
    with pytest.raises(RecordIsFixed):
        row.delete()
    with pytest.raises(RecordIsFixed):
        rows.update(**{name: getattr(row, name)})
    with pytest.raises(RecordIsFixed):
        rows.delete()
    with pytest.raises(RecordIsFixed):
        model._default_manager.bulk_update([row], [name])


@EVERY
def test_the_ways_around_python_end_at_the_database(model: type[Record]) -> None:
    row = made(model)
    field = next(field for field in fixed_fields(model) if not field.primary_key)
    changed = model._base_manager.get(pk=row.pk)
    setattr(changed, field.attname, others(row, field)[0])

    def upsert() -> None:
        model._default_manager.bulk_create(
            [changed], update_conflicts=True, unique_fields=["id"], update_fields=[field.name]
        )

    assert refused(upsert)
    plain = models.QuerySet(model)
    assert refused(lambda: plain.filter(pk=row.pk).update(**{field.name: getattr(changed, field.attname)}))
    assert refused(lambda: plain.filter(pk=row.pk)._raw_delete("default"))


def test_no_guard_is_missing_after_the_last_migration() -> None:
    assert missing_triggers() == []


@pytest.mark.parametrize("which", [0, 1], ids=["update", "delete"])
def test_a_dropped_guard_is_named_and_the_next_migrate_puts_it_back(which: int, client: Any) -> None:
    model = apps.get_model("quizzes", "Response")
    name = trigger_names(model)[which]
    on = f' ON "{model._meta.db_table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"{on}')
    assert missing_triggers() == [name]
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["record"]) == (503, "unguarded")
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert missing_triggers() == []
    row = made(model)
    assert refused(lambda: sql_update(row, sequence=row.sequence + 1))


def test_the_system_check_names_a_missing_guard() -> None:
    from lms.core.checks import record_triggers_are_installed

    assert record_triggers_are_installed(databases=["default"]) == []
    model = apps.get_model("quizzes", "Grade")
    name = trigger_names(model)[0]
    on = f' ON "{model._meta.db_table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"{on}')
    [warning] = record_triggers_are_installed(databases=["default"])
    assert name in warning.msg
