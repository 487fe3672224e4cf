"""Erasing a person: what goes, what must stay and why, and what stands against it now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from lms.accounts.api import User, pseudonymise
from lms.certification.api import (
    Application,
    Renewal,
    desk_cases,
    held_certificates,
    own_cases,
    standing_of_certificate,
)
from lms.core.clock import school_day
from lms.core.exceptions import DomainError
from lms.core.record import TOMBSTONE, Record
from lms.practicals.api import AttemptState, PracticalAttempt, standing_of_attempt, with_sign_offs
from quizzes.api import HIGH_STAKES, Attempt

from .personal_data import Model, rows_about, tables_about_people

#: A practical examination that nobody touched for so long does not run any more, whatever its state says.
QUIET = timedelta(days=1)
LOG_ACTION = "lms.erase_person"
#: Why rows stay, by table or by package. They no longer say who it was, but for what is said here.
KEPT: dict[str, str] = {
    "accounts": "That a text was agreed to, and under which conditions examinations were sat.",
    "quizzes": "Examinations as they were sat, answers included: scores must be able to be worked out again.",
    "learning": "Rosters, attendance and completions, which those who audit the school ask for.",
    "learning.EvaluationGiven": "That a course was evaluated; what was said was never kept with a name.",
    "practicals": "Who was judged how, without words about the person; the hours log never named anybody.",
    "certification": "What was asked, decided and awarded, and the facts that it rests on.",
    "certification.Certificate": (
        "Number, name as printed, title and dates: whoever is shown the certificate must be able to check it."
    ),
    "certification.CertificateFile": "The document as it was handed out, with the name: it must be recognised.",
    "certification.SignedCredential": "The badge as it was signed, with the name: it must be able to be checked.",
    "certification.Payment": "Book-keeping, without the receipt.",
    "certification.CeClaim": "Hours with title and provider, which renewals rest on; the evidence itself goes.",
}


class CannotErase(DomainError):
    code = "cannot_erase_now"
    title = "This person cannot be erased now"


@dataclass
class Erasure:
    """What erasing a person does. Before it is applied these are counts of what would happen."""

    against: list[str] = field(default_factory=list)
    erased: dict[str, int] = field(default_factory=dict)
    files: list[tuple[Any, str]] = field(default_factory=list)
    removed: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    applied: bool = False

    @property
    def reasons(self) -> dict[str, str]:
        """Why each table that keeps rows keeps them."""
        return {label: KEPT.get(label) or KEPT[label.split(".")[0]] for label in self.kept}

    def as_dict(self) -> dict[str, Any]:
        """For the log and for JSON: numbers and tables, nothing about the person."""
        return {
            "applied": self.applied,
            "against": self.against,
            "erased": self.erased,
            "files": len(self.files),
            "removed": self.removed,
            "kept": {label: {"rows": rows, "why": self.reasons[label]} for label, rows in self.kept.items()},
        }


def plan(user: Any, at: datetime, *, even_if_certified: bool = False) -> Erasure:
    """What erasing would do, and what stands against it; changes nothing."""
    found = Erasure(against=list(_against(user, at, even_if_certified)))
    for model in tables_about_people():
        rows = rows_about(model, user)
        if not issubclass(model, Record):
            continue
        for name, chosen in _erasable(model, rows):
            if count := chosen.count():
                found.erased[f"{model._meta.label}.{name}"] = count
            column = model._meta.get_field(name)
            if isinstance(column, models.FileField):
                found.files += [(column.storage, stored) for stored in chosen.values_list(name, flat=True)]
    for label, rows in _removable(user):
        if count := rows.count():
            found.removed[label] = count
    if sessions := sum(1 for _key in _sessions(user)):
        found.removed["sessions"] = sessions
    for model in tables_about_people():
        if model._meta.label not in found.removed and (count := rows_about(model, user).count()):
            found.kept[model._meta.label] = count
    return found


@transaction.atomic
def erase(*, user: Any, even_if_certified: bool = False, at: datetime) -> Erasure:
    """Erase a person for good. The record keeps its rows, without names, words, files or a way in.

    Raises `CannotErase` with everything that stands against it.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    found = plan(locked, at, even_if_certified=even_if_certified)
    if found.against:
        raise CannotErase(" ".join(found.against), against=found.against)
    for model in tables_about_people():
        if issubclass(model, Record):
            for name, chosen in _erasable(model, rows_about(model, locked)):
                chosen.order_by().update(**{name: None if model._meta.get_field(name).null else TOMBSTONE})
    for key in list(_sessions(locked)):
        import_module(settings.SESSION_ENGINE).SessionStore(key).delete()
    for profile in UserProfile.objects.filter(user=locked).exclude(avatar=""):
        found.files.append((profile.avatar.storage, profile.avatar.name))
    for _label, rows in _removable(locked):
        rows.delete()
    _forget_in_logs(locked)
    locked.groups.clear()
    locked.user_permissions.clear()
    blank = User()
    locked.language, locked.time_zone = blank.language, blank.time_zone
    locked.last_login, locked.is_staff = None, False
    pseudonymise(user=locked, at=at)
    found.applied = True
    log(instance=locked, action=LOG_ACTION, data=found.as_dict())
    transaction.on_commit(lambda: _delete(found.files))
    return found


def _delete(files: list[tuple[Any, str]]) -> None:
    for storage, name in files:
        storage.delete(name)


def _erasable(model: type[Record], rows: Any) -> Iterator[tuple[str, Any]]:
    """Each erasable column with the rows that hold something in it."""
    for name in model.erasable_fields:
        if model._meta.get_field(name).null:
            yield name, rows.filter(**{f"{name}__isnull": False})
        else:
            yield name, rows.exclude(**{name: ""}).exclude(**{name: TOMBSTONE})


def _removable(user: Any) -> Iterator[tuple[str, Any]]:
    """Rows that are no part of the record: keys, mail that was owed, the second factor, the profile of the CMS."""
    by_label: dict[str, Model] = {model._meta.label: model for model in tables_about_people()}
    for label in ("accounts.ApiToken", "accounts.OutgoingMail"):
        yield label, rows_about(by_label[label], user)
    yield "mfa.Authenticator", Authenticator.objects.filter(user=user)
    yield "account.EmailAddress", user.emailaddress_set.all()
    yield "wagtailusers.UserProfile", UserProfile.objects.filter(user=user)


def _sessions(user: Any) -> Iterator[str]:
    for session in Session.objects.all().iterator(chunk_size=500):
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            yield session.session_key


def _forget_in_logs(user: Any) -> None:
    """The CMS's log of changes to people has their names as labels, and what was changed."""
    entries = ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    entries.update(label=TOMBSTONE, data={})


def _against(user: Any, at: datetime, even_if_certified: bool) -> Iterator[str]:
    if user.has_role("admin"):
        yield "This is an administrator; take the role away first."
    if Attempt.objects.open().filter(candidate=user, assessment__kind__in=HIGH_STAKES, kind="candidate").exists():
        yield "An examination is running."
    for attempt in with_sign_offs(PracticalAttempt.objects.filter(candidate=user)):
        last = max([attempt.opened_at, *(row.recorded_at for row in attempt.sign_offs.all())])
        if at - last < QUIET and standing_of_attempt(attempt).state is AttemptState.RUNNING:
            yield "A practical examination is running."
    if own_cases(user).filter(is_closed=False).exists():
        yield "A case that this person opened is open."
    if desk_cases(user).filter(is_closed=False, assignee_now=user.pk).exists():
        yield "A case waits for this person's decision; give it to somebody else first."
    if Application.objects.filter(admission__user=user, closed_at=None).exists():
        yield "An application waits for a decision."
    if Renewal.objects.filter(certificate__holder=user, closed_at=None).exists():
        yield "A renewal waits for a decision."
    today = school_day(at)
    active = [row.number for row in held_certificates(user) if standing_of_certificate(row, today).is_valid]
    if active and not even_if_certified:
        yield f"An active certificate is held: {', '.join(active)}. Say --even-if-certified to erase all the same."
