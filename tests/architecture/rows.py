"""One valid row of any model, made from its fields alone: new models need no factory to be attacked."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import models

from lms.accounts.api import User

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
_numbers = itertools.count(100)

#: What a model's constraints ask for beyond the types of its fields.
PARTICULARS: dict[str, dict[str, Any]] = {
    "AngoffRating": {"round": 1},
    "Authorisation": {"valid_until": NOW + timedelta(days=30)},
    "CaseEvent": {"kind": "noted"},
    "CriterionJudgement": {"points": 1},
    "LateDecision": {"accepted": False},
    "PracticeReview": {"rating": 3},
    "SupervisedSession": {"minutes": 60},
}

#: Write-once columns of a model that exclude the others: a regrade is approved or declined.
APART: dict[str, set[str]] = {"Regrade": {"declined_by", "declined_at"}}


def sample(field: models.Field[Any, Any], avoid: Any = None) -> Any:
    """A value that fits a column and differs from `avoid`."""
    number = next(_numbers)
    if number == avoid:
        number = next(_numbers)
    if field.choices:
        return next(value for value, _label in field.flatchoices if value != avoid)
    match field.get_internal_type():
        case "BooleanField":
            return not avoid
        case "UUIDField":
            return uuid.uuid4()
        case "DateTimeField":
            return NOW + timedelta(minutes=number)
        case "DateField":
            return date(2026, 1, 1) + timedelta(days=number)
        case "TimeField":
            return time(number % 24, number % 60)
        case "DecimalField":
            return Decimal(1) if avoid != 1 else Decimal(2)
        case "JSONField":
            return {"number": number}
        case "FileField":
            return f"files/{number}"
        case "GenericIPAddressField":
            return f"192.0.2.{number % 250}"
        case "CharField" | "SlugField" | "TextField":
            return f"text{number}"[-(field.max_length or 20) :]
    return number


def made(model: type[models.Model], **given: Any) -> Any:
    """A fresh row of `model`, with what it must point at; columns that may be empty are, unless given."""
    if model is User:
        number = next(_numbers)
        return User.objects.create_user(f"row{number}@test.example", display_name=f"Row {number}")
    values: dict[str, Any] = {}
    for field in model._meta.local_concrete_fields:
        if field.primary_key or field.null or field.has_default():
            continue
        if field.is_relation:
            values[field.name] = target(field.related_model)
        else:
            values[field.name] = sample(field)
    values |= PARTICULARS.get(model.__name__, {}) | given
    row = model(**values)
    row.save()
    return row


def target(model: Any) -> Any:
    """Something to point at: the record gets fresh rows, the shipped content serves as it is."""
    from lms.core.record import Record

    if model is User or issubclass(model, Record):
        return made(model)
    return model._base_manager.first() or made(model)
