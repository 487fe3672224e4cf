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


def page_examining(status: int = 200, teaching: int = 404) -> Expected:
    """A page about an exam for those who run it; instructors may ask, and get this."""
    return {**page_members(403), "examiner": status, "admin": status, "instructor": teaching}


def page_invigilating(status: int = 200) -> Expected:
    """A page of a sitting for its invigilators and those who run exams; other staff find nothing."""
    return {**page_members(403), **dict.fromkeys(STAFF, 404), "examiner": status, "admin": status}


def api_examining(status: int = 200, teaching: int = 404) -> Expected:
    """A call about an exam for those who run it; instructors may ask, and get this."""
    return {**api_members(403), "examiner": status, "admin": status, "instructor": teaching}


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
W, V = "{written}", "{written_question}"
SITTING, SEAT = "{sitting}", "{seat}"
STUDY = "{study}"
EXAM = {"slug": "foundations-exam"}

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
    post("api-heartbeat", api_owner(), attempt_id=A),
    post("api-submit", api_owner(), attempt_id=A),
    get("api-review", api_owner(), attempt_id=F),
    get("api-practice-next", {**api_members(204), "student": 200}),
    post("api-practice-card", api_owner(), {"answer": None}, card_id="{card}"),
    get("api-marking", api_examining(teaching=200)),
    post("api-marking-item", api_examining(400), attempt_id=W, slot="1"),
    get("api-analysis", api_examining(), slug="foundations-exam"),
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
    get("portal:coverage", {**page_role("instructor"), "examiner": 200}),
    post("portal:release", page_role("examiner", 302), attempt_id=F),
    get("examining:marking", page_examining(teaching=200)),
    get("examining:marking-question", page_examining(), version_id=V),
    get("examining:marking-done", page_examining(), version_id=V),
    get("examining:marking-again", page_examining(404), version_id=V, attempt_id=W, slot="1"),
    get("examining:marking-disagreements", page_examining(), version_id=V),
    get("examining:marking-moderate", page_examining(), version_id=V, attempt_id=W, slot="1"),
    get("examining:report", page_examining(), **EXAM),
    get("examining:report-export", page_examining(), what="results", kind="csv", **EXAM),
    get("examining:report-export", page_examining(404), " (unknown)", what="keys", kind="csv", **EXAM),
    get("examining:results", page_examining(), **EXAM),
    post("examining:results", page_examining(302), **EXAM),
    get("examining:attempt", page_examining(), attempt_id=W),
    get(
        "examining:attempt",
        {**page_members(403), **dict.fromkeys(("instructor", "examiner"), 404), "admin": 200},
        " (quiz)",
        attempt_id=F,
    ),
    get("examining:attempt-change", page_examining(), attempt_id=W, action="void"),
    get("examining:attempt-change", page_examining(404), " (unknown)", attempt_id=W, action="praise"),
    get("examining:attempt-late", page_examining(404), attempt_id=W, slot="1", sequence="1"),
    get("examining:regrades", page_examining(teaching=200)),
    get("examining:regrade-new", page_examining(teaching=200)),
    get("examining:regrade", page_examining(), regrade_id="{regrade}"),
    post("examining:regrade-decide", page_examining(302), regrade_id="{regrade}", action="decline"),
    get("examining:assessments", page_examining(teaching=200)),
    get("examining:assessment", page_examining(), **EXAM),
    get(
        "examining:assessment",
        {**page_members(403), **dict.fromkeys(("instructor", "admin"), 200), "examiner": 404},
        " (quiz)",
        slug="ori-quiz",
    ),
    post("examining:preview", page_examining(302), **EXAM),
    get("examining:form", page_examining(), label="A", **EXAM),
    get("examining:form", page_examining(404), " (none)", label="Z", **EXAM),
    post("examining:form-approve", page_examining(302), label="A", **EXAM),
    get("examining:analysis", page_examining(), **EXAM),
    post("examining:analysis", page_examining(302), **EXAM),
    get("examining:analysis-item", page_examining(404), code="Q-NONE", **EXAM),
    get("examining:analysis-kept", page_examining(), snapshot_id="{snapshot}", **EXAM),
    get("examining:standard", page_examining(), **EXAM),
    get("examining:study", page_examining(), study_id=STUDY),
    post("examining:study-judge", page_examining(), study_id=STUDY),
    post("examining:study-close", page_examining(302), study_id=STUDY),
    post("examining:study-adopt", page_examining(302), study_id=STUDY),
    get(
        "examining:study-rate",
        {**page_members(403), **dict.fromkeys(STAFF, 404), "examiner": 200},
        study_id=STUDY,
    ),
    get("examining:authorisations", page_role("examiner")),
    get("examining:authorisation-new", page_role("examiner")),
    get("examining:authorisation", page_role("examiner"), authorisation_id="{authorisation}"),
    get("examining:sittings", {**page_members(403), **dict.fromkeys(STAFF, 200)}),
    get("examining:sitting-new", page_role("examiner")),
    get("examining:sitting", page_invigilating(), sitting_id=SITTING),
    get("examining:sitting-live", page_invigilating(), sitting_id=SITTING),
    get("examining:sitting-register", page_invigilating(), sitting_id=SITTING),
    post("examining:sitting-code", page_invigilating(), sitting_id=SITTING),
    post("examining:sitting-book", page_invigilating(), sitting_id=SITTING),
    get("examining:sitting-seat", page_invigilating(), sitting_id=SITTING, seat_id=SEAT),
    post("examining:sitting-seat", page_invigilating(302), {"action": "cancel"}, sitting_id=SITTING, seat_id=SEAT),
    get("examining:sitting-void", {**page_role("examiner", 404)}, sitting_id=SITTING, seat_id=SEAT),
    get("examining:sitting-clock", page_invigilating(302), sitting_id=SITTING, action="pause"),
    get("examining:sitting-incident", page_invigilating(), sitting_id=SITTING),
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
    get("knowledge:contradictions", everybody()),
    get("knowledge:glossary", everybody()),
    get("knowledge:atlas", everybody()),
    get("knowledge:muscle", everybody(), code="MU-03"),
    get("knowledge:about", everybody()),
    post("learning:enrol", page_members(302), slug="foundations"),
    post("learning:complete", page_members(302), code="HIS-1"),
    get("quizzes:start", page_owner(), slug="ori-quiz"),
    get("quizzes:attempt", page_owner(), attempt_id=A),
    get("quizzes:questions", page_owner(), attempt_id=A),
    get("quizzes:summary", page_owner(), attempt_id=A),
    post("quizzes:submit", page_owner(302), attempt_id=A),
    get("quizzes:result", page_owner(), attempt_id=F),
    get("quizzes:review", page_owner(), attempt_id=F),
    get("quizzes:picture", page_members(404), attempt_id=A, token="none"),
    get("practice:overview", page_members()),
    get("practice:card", {**page_members(302), "student": 200}),
    post("practice:answer", page_owner(302), {"go": "unknown"}, card_id="{card}"),
    get("practice:picture", page_members(404), card_id="{card}", token="none"),
    get("practice:review", page_owner(), review_id="{review}"),
    post("practice:review", page_owner(302), {"rating": "3"}, review_id="{review}"),
    get("practice:after", page_owner(), attempt_id=F),
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
