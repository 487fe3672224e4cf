"""Who may call what: every address of ours with the status that each kind of person gets."""

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


A, F, C, P = "{attempt}", "{finished}", "{certificate}", "{application}"

API = (
    get("api-schema", everybody()),
    get("api-docs", everybody()),
    get("api-not-found", everybody(404)),
    post("auth-token", everybody(400), {"email": "nobody@test.example", "password": "no"}),
    get("me", api_members()),
    get("api-agreement", api_members(), code="honour-statement"),
    post("api-acceptance", api_members(400), {"digest": "0"}, code="honour-statement"),
    get("api-courses", api_members()),
    get("api-course", api_members(), slug="foundations"),
    post("api-enrol", {**api_members(201), "student": 200}, slug="foundations"),
    get("api-lesson", api_members(), code="HIS-1"),
    post("api-lesson-complete", api_members(409), code="HIS-1"),
    get("api-quizzes", api_members()),
    get("api-quiz", api_owner(), slug="ori-quiz"),
    get("api-quiz", {**api_members(404), "student": 200, "other": 200}, " (exam)", slug="foundations-exam"),
    post("api-attempts", api_owner(200), slug="ori-quiz"),
    get("api-attempt", api_owner(), attempt_id=A),
    Row("api-response", api_owner(), {"attempt_id": A, "slot": "1"}, "PUT", {"answer": None}),
    post("api-submit", api_owner(), attempt_id=A),
    get("api-review", api_owner(), attempt_id=F),
    get("api-programmes", api_members()),
    get("api-progress", api_members(), slug="foundations"),
    post("api-application", {**api_members(409), "other": 200}, slug="foundations"),
    get("api-certificates", api_members()),
    get("api-certificate", api_owner(), number=C),
    get("api-certificate-pdf", api_owner(), number=C),
    get("api-verify", everybody(), number=C),
    get("api-registrar-applications", api_role("registrar")),
    post("api-registrar-decision", api_role("registrar", 201), {"outcome": "award"}, application_id=P),
    post("api-registrar-revocation", api_role("registrar", 201), {"public_reason": "conduct"}, number=C),
)

PAGES = (
    get("healthz", everybody()),
    get("readyz", everybody()),
    get("admin-login", everybody(302)),
    get("util-login", everybody(302)),
    get("demo:mail", everybody()),
    get("accounts:preferences", page_members()),
    get("accounts:agreement", everybody(404), code="honour-statement"),
    get("portal:dashboard", page_members()),
    get("portal:teach", page_role("instructor")),
    get("portal:examine", page_role("examiner")),
    post("portal:release", page_role("examiner", 302), attempt_id=F),
    get("certification:home", everybody()),
    get("certification:path", page_members(), slug="foundations"),
    post("certification:join", page_members(302), slug="foundations"),
    post("certification:apply", page_members(302), slug="foundations"),
    get("certification:attest", page_members(), code="honour-statement"),
    get("certification:certificate", page_owner(), number=C),
    get("certification:pdf", page_owner(), number=C),
    get("certification:verify_search", everybody()),
    get("certification:verify", everybody(), number=C),
    get("registrar:home", page_role("registrar")),
    get("registrar:application", page_role("registrar"), application_id=P),
    get("registrar:certificates", page_role("registrar")),
    get("registrar:certificate", page_role("registrar"), number=C),
    get("registrar:pdf", page_role("registrar"), number=C),
    get("registrar:change", page_role("registrar"), number=C, action="revoke"),
    get("knowledge:evidence", everybody()),
    get("knowledge:claim", everybody(), code="CH-17"),
    get("knowledge:glossary", everybody()),
    get("knowledge:atlas", everybody()),
    get("knowledge:about", everybody()),
    post("learning:enrol", page_members(302), slug="foundations"),
    post("learning:complete", page_members(302), code="HIS-1"),
    get("quizzes:start", page_owner(), slug="ori-quiz"),
    get("quizzes:attempt", page_owner(), attempt_id=A),
    get("quizzes:summary", page_owner(), attempt_id=A),
    post("quizzes:submit", page_owner(302), attempt_id=A),
    get("quizzes:result", page_owner(), attempt_id=F),
    get("quizzes:review", page_owner(), attempt_id=F),
    get("quizzes:picture", page_members(404), attempt_id=A, token="none"),
)

#: Sign-up and log-in are for visitors; whoever is signed in is sent on.
ACCOUNTS = (
    get("account_login", {**everybody(302), "anonymous": 200}),
    get("account_signup", {**everybody(302), "anonymous": 200}),
    get("account_reset_password", everybody()),
    get("account_email", page_members()),
    get("account_change_password", page_members()),
    get("mfa_index", page_members()),
)

#: Public pages of the tree: the home page and the catalogue by address, the others by code.
TREE = ("/", "/courses/", "C1", "C2", "HIS", "ORI-1", "HIS-1")
