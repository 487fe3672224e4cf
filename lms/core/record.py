"""The record: rows about people and published content that may be added to but never rewritten.

A `Record` is guarded twice: in Python, for a clear error, and by triggers in the database, for everything that
Python does not see (bulk updates, raw SQL, another program). The rules of a model are three lists on its class:

* `erasable_fields` may go to a tombstone once (free text, addresses): erasure of personal data;
* `write_once_fields` may go from NULL to a value once (a submission time);
* `mutable_fields` may change freely (the fast lane of a cached pointer); most records have none.

Every other column is fixed from the insert on, and no row is deleted. SQLite drops triggers when a migration remakes
a table, so they are reinstalled after each migrate from the model registry, and a system check looks for them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.apps import apps as global_apps
from django.db import connections, models

from .exceptions import RecordIsFixed

TOMBSTONE = "[erased]"


class RecordQuerySet(models.QuerySet):
    """A queryset that refuses the wholesale changes that a record must never see."""

    def delete(self) -> Any:
        raise RecordIsFixed(f"{self.model.__name__} rows are kept; none is deleted.")

    def update(self, **kwargs: Any) -> int:
        changeable = self.model.changeable_fields()
        if fixed := sorted(set(kwargs) - changeable):
            raise RecordIsFixed(f"{self.model.__name__}: {', '.join(fixed)} cannot be changed.")
        return super().update(**kwargs)


class Record(models.Model):
    """Base of every append-only row (see the module's docstring)."""

    erasable_fields: ClassVar[tuple[str, ...]] = ()
    write_once_fields: ClassVar[tuple[str, ...]] = ()
    mutable_fields: ClassVar[tuple[str, ...]] = ()

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            named = kwargs.get("update_fields")
            if named is None or set(named) - type(self).changeable_fields():
                raise RecordIsFixed(f"{type(self).__name__} rows are never rewritten; add a new row.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise RecordIsFixed(f"{type(self).__name__} rows are kept; none is deleted.")

    @classmethod
    def changeable_fields(cls) -> set[str]:
        """Names of the fields that any later statement may touch, under the rules above."""
        return {*cls.erasable_fields, *cls.write_once_fields, *cls.mutable_fields}


def immutable_uuid() -> models.UUIDField:
    """The public identifier of a row: random, unique, never edited."""
    return models.UUIDField(default=uuid.uuid4, unique=True, editable=False)


def digest_field() -> models.CharField:
    """A SHA-256 in hexadecimal, see `lms.core.digest`."""
    return models.CharField(max_length=64, editable=False)


def record_models(apps: Any = global_apps) -> Iterator[type[Record]]:
    """Every concrete record of the installed apps."""
    for model in apps.get_models(include_auto_created=False):
        if issubclass(model, Record) and not model._meta.abstract and model._meta.managed:
            yield model


def trigger_names(model: type[models.Model]) -> tuple[str, str]:
    """Names of the guards against UPDATE and DELETE of a model's table."""
    table = model._meta.db_table[:48]
    return f"{table}_no_update", f"{table}_no_delete"


def _forbidden_change(model: type[Record], vendor: str) -> str:
    """SQL condition that is true for an UPDATE that breaks the rules of `model`."""
    differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    conditions = []
    for field in model._meta.local_concrete_fields:
        column = f'"{field.column}"'
        changed = f"OLD.{column} {differs} NEW.{column}"
        if field.name in model.mutable_fields:
            continue
        if field.name in model.write_once_fields:
            conditions.append(f"({changed} AND OLD.{column} IS NOT NULL)")
        elif field.name in model.erasable_fields:
            if field.null:
                conditions.append(f"({changed} AND NEW.{column} IS NOT NULL)")
            else:
                conditions.append(f"({changed} AND NEW.{column} <> '{TOMBSTONE}')")
        else:
            conditions.append(f"({changed})")
    return " OR ".join(conditions) or "FALSE"


def trigger_sql(model: type[Record], vendor: str) -> list[str]:
    """Statements that (re)install both guards of one model."""
    table = f'"{model._meta.db_table}"'
    no_update, no_delete = trigger_names(model)
    when = _forbidden_change(model, vendor)
    if vendor == "sqlite":
        return [
            f'DROP TRIGGER IF EXISTS "{no_update}"',
            f'DROP TRIGGER IF EXISTS "{no_delete}"',
            f'CREATE TRIGGER "{no_update}" BEFORE UPDATE ON {table} FOR EACH ROW WHEN {when} '
            f"BEGIN SELECT RAISE(ABORT, 'record is append-only: {model._meta.db_table}'); END",
            f'CREATE TRIGGER "{no_delete}" BEFORE DELETE ON {table} FOR EACH ROW '
            f"BEGIN SELECT RAISE(ABORT, 'record is append-only: {model._meta.db_table}'); END",
        ]
    return [
        f'DROP TRIGGER IF EXISTS "{no_update}" ON {table}',
        f'DROP TRIGGER IF EXISTS "{no_delete}" ON {table}',
        f'CREATE TRIGGER "{no_update}" BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({when}) '
        "EXECUTE FUNCTION lms_record_is_fixed()",
        f'CREATE TRIGGER "{no_delete}" BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION lms_record_is_fixed()',
    ]


POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION lms_record_is_fixed() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'record is append-only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql
"""


def install_triggers(sender: Any = None, using: str = "default", **kwargs: Any) -> None:
    """Install the guards of every record whose table exists (receiver of post_migrate)."""
    # The signal comes once per app, after all migrations of the run: one time is enough.
    if sender is not None and sender.label != "core":
        return
    connection = connections[using]
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for model in record_models():
            if model._meta.db_table in present:
                for statement in trigger_sql(model, connection.vendor):
                    cursor.execute(statement)


def missing_triggers(using: str = "default") -> list[str]:
    """Names of guards that should be in the database and are not."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        installed = {row[0] for row in cursor.fetchall()}
    expected: Iterable[str] = (
        name for model in record_models() if model._meta.db_table in present for name in trigger_names(model)
    )
    return sorted(set(expected) - installed)
