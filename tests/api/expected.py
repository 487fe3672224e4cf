"""What each kind of person gets from an address: the usual patterns, for `tests.api.routes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PERSONS = ("anonymous", "student", "other", "instructor", "examiner", "registrar", "admin")
STAFF = ("instructor", "examiner", "registrar", "admin")
Expected = Mapping[str, int]


def everybody(status: int = 200) -> Expected:
    """The same for all."""
    return dict.fromkeys(PERSONS, status)


def _but(status: int, others: Expected) -> Expected:
    return {**others, "anonymous": status}


def page_members(status: int = 200) -> Expected:
    """A page for people with an account; visitors are sent to the log-in."""
    return _but(302, everybody(status))


def page_owner(status: int = 200) -> Expected:
    """A page that belongs to the student; for everybody else there is nothing."""
    return {**page_members(404), "student": status}


def page_role(role: str, status: int = 200) -> Expected:
    """A page for one role and administrators."""
    return {**page_members(403), role: status, "admin": status}


def page_examining(status: int = 200, teaching: int = 404) -> Expected:
    """A page about an exam for those who run it; instructors may ask, and get this."""
    return {**page_members(403), "examiner": status, "admin": status, "instructor": teaching}


def page_invigilating(status: int = 200) -> Expected:
    """A page of a sitting for its invigilators and those who run exams; other staff find nothing."""
    return {**page_members(403), **dict.fromkeys(STAFF, 404), "examiner": status, "admin": status}


def api_examining(status: int = 200, teaching: int = 404) -> Expected:
    """A call about an exam for those who run it; instructors may ask, and get this."""
    return {**api_members(403), "examiner": status, "admin": status, "instructor": teaching}


def page_teaching(status: int = 200) -> Expected:
    """A page about a cohort for its instructors, registrars and administrators."""
    return {**page_members(403), **dict.fromkeys(("instructor", "registrar", "admin"), status)}


def api_teaching(status: int = 200) -> Expected:
    """A call about a cohort for its instructors, registrars and administrators."""
    return {**api_members(403), **dict.fromkeys(("instructor", "registrar", "admin"), status)}


def page_at_the_table(status: int = 200) -> Expected:
    """A page of a practical examination for those who examine and for the registrar."""
    return {**page_members(403), **dict.fromkeys(("examiner", "registrar", "admin"), status)}


def api_at_the_table(status: int = 200) -> Expected:
    """A call about a practical examination for those who examine and for the registrar."""
    return {**api_members(403), **dict.fromkeys(("examiner", "registrar", "admin"), status)}


def page_supervising(status: int = 200, **others: int) -> Expected:
    """A page for those who supervise, read or run the register."""
    return {**page_members(403), **dict.fromkeys(STAFF, status), **others}


def api_supervising(status: int = 200, **others: int) -> Expected:
    """A call for those who supervise, read or run the register."""
    return {**api_members(403), **dict.fromkeys(STAFF, status), **others}


def page_handling(status: int = 200) -> Expected:
    """A page of a case that was given to the examiner: they, the registrar and administrators; others find nothing."""
    return {**page_members(403), **dict.fromkeys(("examiner", "registrar", "admin"), status), "instructor": 404}


def api_handling(status: int = 200) -> Expected:
    """A call about a case that was given to the examiner."""
    return {**api_members(403), **dict.fromkeys(("examiner", "registrar", "admin"), status), "instructor": 404}


def api_members(status: int = 200) -> Expected:
    """A call for people with an account."""
    return _but(401, everybody(status))


def api_owner(status: int = 200) -> Expected:
    """A call about something that belongs to the student."""
    return {**api_members(404), "student": status}


def api_role(role: str, status: int = 200) -> Expected:
    """A call for one role and administrators."""
    return {**api_members(403), role: status, "admin": status}


@dataclass(frozen=True)
class Row:
    """One address with one method. In `args` the names in braces stand for things of the school."""

    name: str
    expected: Expected
    args: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    data: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.name}{self.where}"


def post(name: str, expected: Expected, data: Mapping[str, Any] | None = None, **args: str) -> Row:
    """A row with POST."""
    return Row(name, expected, args, "POST", data or {})


def get(name: str, expected: Expected, where: str = "", **args: str) -> Row:
    """A row with GET."""
    return Row(name, expected, args, where=where)
