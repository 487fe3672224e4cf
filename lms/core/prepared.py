"""Querysets that are compiled once per process: what the ORM wrote is kept, and later calls only send it.

Building and compiling a queryset costs several times what sending it does. It pays on the few paths that a whole class
walks at the same moment; everywhere else a plain queryset is the right thing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import Expression
from django.db.models.query import get_related_populators


class _Place(NamedTuple):
    """Where the value of a call goes among a statement's parameters."""

    number: int
    field: Any


class Param(Expression):
    """Stands in a prepared queryset for the value number `number` of each call.

    Only where any value makes the same statement: `None`, lists and lookups that rewrite what they are given do not.
    """

    def __init__(self, number: int, output_field: models.Field) -> None:
        super().__init__(output_field=output_field)
        self.number = number

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """A placeholder, and what is to be sent in its place."""
        return "%s", [_Place(self.number, self.output_field)]


class _Statement(NamedTuple):
    sql: str
    params: tuple[Any, ...]
    converters: dict[int, Any]
    model: Any
    names: list[str]
    start: int
    end: int
    related: list[Any]
    annotations: list[tuple[str, int]]


class Prepared:
    """A queryset with `Param(0, …)`, `Param(1, …)` for the values of a call; a call gives its rows as a list.

    `build` makes the queryset, once for each database. Rows are model instances with what `select_related`, `only` and
    `annotate` asked for, or tuples after `values_list`. What a manager prefetches is not fetched.
    """

    def __init__(self, build: Callable[[], models.QuerySet]) -> None:
        self._build = build
        self._ready: dict[str, _Statement] = {}

    def __call__(self, *values: Any, using: str = DEFAULT_DB_ALIAS) -> list[Any]:
        """The rows for these values."""
        connection = connections[using]
        # Two threads may both compile at first; they come to the same.
        statement = self._ready.get(using)
        if statement is None:
            statement = self._ready[using] = self._compile(using)
        given = [
            part.field.get_db_prep_value(values[part.number], connection) if isinstance(part, _Place) else part
            for part in statement.params
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, given)
            rows: Any = cursor.fetchall()
        if statement.converters:
            rows = [_converted(row, statement.converters, connection) for row in rows]
        if statement.model is None:
            return [tuple(row) for row in rows]
        return [_instance(row, statement, using) for row in rows]

    def one(self, *values: Any, using: str = DEFAULT_DB_ALIAS) -> Any | None:
        """The first row for these values, or None."""
        rows = self(*values, using=using)
        return rows[0] if rows else None

    def _compile(self, using: str) -> _Statement:
        queryset = self._build().using(using)
        compiler = queryset.query.get_compiler(using=using)
        sql, params = compiler.as_sql()
        select, info = compiler.select, compiler.klass_info
        converters = compiler.get_converters([column[0] for column in select])
        if queryset._fields is not None:
            return _Statement(sql, tuple(params), converters, None, [], 0, 0, [], [])
        fields = info["select_fields"]
        start, end = fields[0], fields[-1] + 1
        return _Statement(
            sql,
            tuple(params),
            converters,
            info["model"],
            [column[0].target.attname for column in select[start:end]],
            start,
            end,
            get_related_populators(info, select, using),
            list((compiler.annotation_col_map or {}).items()),
        )


def _converted(row: Any, converters: dict[int, Any], connection: Any) -> list[Any]:
    values = list(row)
    for position, (functions, expression) in converters.items():
        value = values[position]
        for function in functions:
            value = function(value, expression, connection)
        values[position] = value
    return values


def _instance(row: Any, statement: _Statement, using: str) -> Any:
    found = statement.model.from_db(using, statement.names, row[statement.start : statement.end])
    for populator in statement.related:
        populator.populate(row, found)
    for name, position in statement.annotations:
        setattr(found, name, row[position])
    return found
