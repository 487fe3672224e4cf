"""Prepared querysets give what the ORM gives, whoever asks and however often."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import BigAutoField, CharField, Q, UUIDField, Value
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from lms.accounts.models import User
from lms.core.prepared import Param, Prepared
from quizzes.bank.models import QuestionVersion

pytestmark = pytest.mark.django_db


def everything_of(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_rows_are_those_of_the_queryset() -> None:
    asked = Prepared(lambda: QuestionVersion.objects.filter(domain_code=Param(0, CharField())).order_by("pk"))
    for domain in ("D1", "D3", "none"):
        expected = QuestionVersion.objects.filter(domain_code=domain).order_by("pk")
        assert [everything_of(row) for row in asked(domain)] == [everything_of(row) for row in expected]
    assert asked("D1")


def test_related_rows_come_along(django_assert_num_queries: Any) -> None:
    rows = Prepared(
        lambda: QuestionVersion.objects.select_related("answer_key", "question__bank", "picture").order_by("pk")
    )
    plain = list(QuestionVersion.objects.select_related("answer_key", "question__bank", "picture").order_by("pk"))
    with django_assert_num_queries(1):
        found = [
            (row.answer_key.key, row.question.bank.code, row.picture.alt if row.picture else "", row._state.db)
            for row in rows()
        ]
    assert found == [
        (row.answer_key.key, row.question.bank.code, row.picture.alt if row.picture else "", row._state.db)
        for row in plain
    ]
    assert any(alt for _key, _bank, alt, _db in found)


def test_annotations_and_deferred_fields(people: Any) -> None:
    asked = Prepared(
        lambda: User.objects.filter(uuid=Param(0, UUIDField())).only("email").annotate(loud=Upper("email"))
    )
    row = asked.one(people["student"].uuid)
    assert (row.email, row.loud) == (people["student"].email, people["student"].email.upper())
    assert "legal_name" in row.get_deferred_fields()
    assert row.legal_name == people["student"].legal_name


def test_tuples_of_several_querysets_in_one() -> None:
    def build() -> Any:
        name = Param(0, CharField())
        found = Group.objects.filter(name=name).order_by().values_list(Value("is"), "name")
        return found.union(Group.objects.exclude(name=name).order_by().values_list(Value("other"), "name"), all=True)

    name = Group.objects.values_list("name", flat=True).first()
    rows = Prepared(build)(name)
    assert ("is", name) in rows
    assert {other for kind, other in rows if kind == "other"} == set(
        Group.objects.exclude(name=name).values_list("name", flat=True)
    )


def test_nothing_found() -> None:
    asked = Prepared(lambda: User.objects.filter(uuid=Param(0, UUIDField())))
    assert asked(uuid4()) == []
    assert asked.one(uuid4()) is None


def test_a_value_is_never_part_of_the_statement(people: Any) -> None:
    asked = Prepared(lambda: User.objects.filter(Q(email=Param(0, CharField()))).order_by())
    assert asked("' OR 1=1 --") == []
    assert asked("%s") == []
    assert [row.pk for row in asked(people["student"].email)] == [people["student"].pk]


def test_a_lock_is_kept(people: Any) -> None:
    asked = Prepared(lambda: User.objects.filter(pk=Param(0, BigAutoField())).select_for_update())
    user = people["student"]
    with CaptureQueriesContext(connection) as seen:
        assert asked.one(user.pk) == user
    assert ("FOR UPDATE" in seen.captured_queries[0]["sql"]) == connection.features.has_select_for_update
