"""Everything that the record holds about a person: where it stands, and all of it as a download.

A row is about a person when it points at them as its subject, or belongs to a row that does. Whoever noted, judged or
decided something is not its subject. What lies where is read from the models, so that a new table is not forgotten;
`tests/lms/portal/test_personal_data.py` knows no relation to a person that is neither.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from courses.api import SchoolSettings
from lms.accounts.api import User
from lms.core.record import TOMBSTONE
from lms.core.zipped import zipped
from lms.practicals.api import AttemptState, PracticalAttempt, standing_of_attempt, with_sign_offs
from quizzes.api import HIGH_STAKES

OURS = ("accounts", "courses", "knowledge", "quizzes", "learning", "practicals", "certification")
#: Names under which a row points at the person whom it is about.
SUBJECTS = frozenset({"user", "candidate", "student", "holder", "to"})
#: One that bears another name.
MORE_SUBJECTS = frozenset({"certification.Case.opened_by"})
#: Names of those who did something, of whom such a row is not.
ACTORS = frozenset(
    {"by", "examiner", "supervisor", "judge", "assignee", "owner", "teachers", "instructors", "invigilators"}
)
#: Staff who looked at a bank of questions: what they did, not what is known of them.
MORE_ACTORS = frozenset({"quizzes.BankAccess.user"})

Model = type[models.Model]


def person_named(name: str) -> User | None:
    """Somebody by e-mail address, or by the identifier that an erased account keeps."""
    by_address = User.objects.filter(email__iexact=name).first()
    if by_address:
        return by_address
    try:
        return User.objects.filter(uuid=UUID(name)).first()
    except ValueError:
        return None


def is_subject(field: models.Field[Any, Any]) -> bool:
    """Whether a relation to a person says whom the row is about."""
    name = f"{field.model._meta.label}.{field.name}"
    return name in MORE_SUBJECTS or (field.name in SUBJECTS and name not in MORE_ACTORS)


def is_actor(field: models.Field[Any, Any]) -> bool:
    """Whether a relation to a person says who did something."""
    name = f"{field.model._meta.label}.{field.name}"
    return name not in MORE_SUBJECTS and (field.name in ACTORS or field.name.endswith("_by") or name in MORE_ACTORS)


def _single_relations(model: Model) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.many_to_one or field.one_to_one]


@cache
def tables_about_people() -> dict[Model, str]:
    """Every table with rows about people, and the lookup from a row to its person."""
    ours = [model for model in apps.get_models() if model._meta.app_label in OURS]
    found: dict[Model, str] = {}
    for model in ours:
        for field in _single_relations(model):
            if field.related_model is User and is_subject(field):
                found.setdefault(model, field.name)
    # A row that may belong to nobody is about a person only where it does, so sure ways are gone to their end first.
    while step := _step(ours, found, sure=True) or _step(ours, found, sure=False):
        found.update(step)
    return dict(sorted(found.items(), key=lambda item: item[0]._meta.label))


def _step(ours: Iterable[Model], found: Mapping[Model, str], *, sure: bool) -> dict[Model, str]:
    """Tables that belong to a table that is known: one more way each, or one way at all where it is not sure."""
    added: dict[Model, str] = {}
    for model in ours:
        for field in _single_relations(model) if model not in found else ():
            if field.related_model in found and not (sure and field.null):
                added.setdefault(model, f"{field.name}__{found[field.related_model]}")
        if added and not sure:
            break
    return added


def rows_about(model: Model, user: Any) -> models.QuerySet[Any]:
    """The rows of a table that are about a person, oldest first."""
    return model._default_manager.filter(**{tables_about_people()[model]: user}).order_by("pk")


# The download -------------------------------------------------------------------------------------------------------

#: Tables that are not handed out, and why.
LEFT_OUT: dict[str, str] = {
    "quizzes.AttemptItem": "Which questions an examination asked stays secret, so that it can be asked again.",
    "quizzes.Grade": "Marks of single answers would tell the keys. Ask the school to look at a result with you.",
    "quizzes.Marking": "Marks of single answers would tell the keys. Ask the school to look at a result with you.",
    "quizzes.LateDecision": "It belongs to single answers; your result says what came of it.",
    "quizzes.IncidentNote": "What invigilators noted may speak of others. Ask the school what concerns you.",
    "certification.AwardBatchItem": "How the school worked through a list; what came of it is in the decisions.",
    "certification.StatusPosition": "Where a certificate stands in the published lists; it says nothing about you.",
}
#: Columns that are not handed out: secrets, the order of questions, and what the school notes for itself.
HIDDEN: dict[str, frozenset[str]] = {
    "accounts.ApiToken": frozenset({"digest"}),
    "quizzes.Attempt": frozenset({"seed", "policy", "form", "version"}),
    "quizzes.Response": frozenset({"client_key", "request_digest"}),
    "quizzes.PracticeCard": frozenset({"shown_version", "shown_arrangement"}),
    "quizzes.PracticeReview": frozenset({"arrangement", "version"}),
    "certification.CertificateEvent": frozenset({"internal_reason"}),
}


def _shown(rows: models.QuerySet[Any], user: Any) -> models.QuerySet[Any]:
    """Without what the person may not know yet, or at all: held results, stations of an attempt that runs, notes."""
    label = rows.model._meta.label
    path = tables_about_people()[rows.model]
    if label == "quizzes.Result":
        return rows.filter(released_at__isnull=False)
    if label == "certification.CaseEvent":
        return rows.filter(is_shared=True)
    if label == "practicals.SignOff":
        return rows.exclude(attempt__in=_running(user))
    if path.startswith("sign_off__"):
        return rows.exclude(sign_off__attempt__in=_running(user))
    return rows


def _running(user: Any) -> list[int]:
    attempts = with_sign_offs(PracticalAttempt.objects.filter(candidate=user))
    return [row.pk for row in attempts if standing_of_attempt(row).state is AttemptState.RUNNING]


def _answer(row: Any) -> Any:
    """A person's own words always; the rest of an answer would tell the key while the question may be asked again."""
    attempt = row.item.attempt
    if attempt.submitted_at is None or attempt.assessment.kind in HIGH_STAKES:
        text = row.data.get("text") if isinstance(row.data, dict) else None
        return {"text": text} if text else None
    return row.data


#: Columns that are told in another way than they are kept.
TOLD: dict[str, tuple[tuple[str, ...], dict[str, Callable[[Any], Any]]]] = {
    "quizzes.Response": (("item__attempt__assessment",), {"data": _answer}),
}


def _file_name(row: Any, field: models.FileField) -> str:
    stored = getattr(row, field.name)
    if not stored or stored.name == TOMBSTONE:
        return ""
    name = getattr(row, "file_name", "") or stored.name.rsplit("/", 1)[-1]
    safe = "".join(letter if letter.isalnum() or letter in "-_. " else "_" for letter in name)[-80:]
    return f"files/{row._meta.model_name}-{row.pk}-{safe}"


def _related(row: Any, field: Any) -> Any:
    """What a row points at, by an identifier that means something outside the database."""
    other = getattr(row, field.name)
    return None if other is None else str(getattr(other, "uuid", None) or getattr(other, "code", None) or other)


def _as_dict(row: Any, fields: Iterable[Any], told: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for field in fields:
        if field.name in told:
            data[field.name] = told[field.name](row)
        elif isinstance(field, models.FileField):
            data[field.name] = _file_name(row, field)
        elif field.is_relation:
            data[field.name] = _related(row, field)
        else:
            data[field.name] = getattr(row, field.name)
    return data


def _rows(model: Model, user: Any) -> Iterator[dict[str, Any]]:
    label = model._meta.label
    hidden = HIDDEN.get(label, frozenset())
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in hidden and field.related_model is not User
    ]
    joins, told = TOLD.get(label, ((), {}))
    related = [field.name for field in fields if field.is_relation]
    for row in _shown(rows_about(model, user), user).select_related(*related, *joins).iterator(chunk_size=500):
        yield _as_dict(row, fields, told)


def _account(user: Any) -> dict[str, Any]:
    names = (
        "uuid", "email", "display_name", "legal_name", "sort_name", "language", "time_zone", "preferences",
        "date_joined", "last_login", "is_active",
    )  # fmt: skip
    return {
        **{name: getattr(user, name) for name in names},
        "roles": sorted(user.role_codes),
        "addresses": list(EmailAddress.objects.filter(user=user).order_by("pk").values("email", "verified", "primary")),
        "second_factors": list(
            Authenticator.objects.filter(user=user).order_by("pk").values("type", "created_at", "last_used_at")
        ),
    }


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def as_json(user: Any, at: datetime) -> Iterator[bytes]:
    """All of it as one JSON object, piece by piece: `account`, `records` by table, and `left_out` with the reasons."""
    head = {"school": SchoolSettings.load().name, "made_at": at, "account": _account(user), "left_out": LEFT_OUT}
    yield f'{_json(head)[:-1]}, "records": {{'.encode()
    between = ""
    for model in tables_about_people():
        label = model._meta.label
        if label in LEFT_OUT:
            continue
        yield f'{between}\n"{label}": ['.encode()
        separator = "\n"
        for row in _rows(model, user):
            yield f"{separator}{_json(row)}".encode()
            separator = ",\n"
        yield b"]"
        between = ","
    yield b"\n}}\n"


def _stored_files(user: Any) -> Iterator[tuple[str, Iterable[bytes]]]:
    for model in tables_about_people():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, models.FileField)]
        if not fields or model._meta.label in LEFT_OUT:
            continue
        for row in rows_about(model, user).iterator(chunk_size=100):
            for field in fields:
                name, stored = _file_name(row, field), getattr(row, field.name)
                if name and stored.storage.exists(stored.name):
                    yield name, _chunks(stored)


def _chunks(stored: Any) -> Iterator[bytes]:
    with stored.storage.open(stored.name, "rb") as file:
        yield from file.chunks()


def as_zip(user: Any, at: datetime) -> Iterator[bytes]:
    """All of it with the files that were handed in, as a ZIP, piece by piece."""

    def files() -> Iterator[tuple[str, Iterable[bytes]]]:
        yield "README.txt", [_readme(at).encode()]
        yield "data.json", as_json(user, at)
        yield from _stored_files(user)

    return zipped(files(), at)


def _readme(at: datetime) -> str:
    lines = [
        "EVERYTHING THAT THE SCHOOL HOLDS ABOUT YOU",
        "",
        f"{SchoolSettings.load().name}, {at.isoformat(timespec='seconds')}",
        "",
        "data.json  your account, and every record that is about you, table by table. Times are in ISO 8601.",
        "files/     what you handed in, and the certificates that were made for you.",
        "",
        "Who of the school noted, judged or decided something is not named here; ask the school.",
        "",
        "Not in it, and why",
        *(f"  {label}: {why}" for label, why in LEFT_OUT.items()),
        "  Results that are held, and stations of a practical examination that still runs.",
        "  What the school notes for itself on a case or a certificate.",
        "",
    ]
    return "\n".join(lines)
