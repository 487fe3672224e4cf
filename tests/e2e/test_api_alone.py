"""From nothing begun to a certificate and its revocation, by the API alone."""

from __future__ import annotations

import json
from urllib.request import Request, urlopen

import pytest

from tests.e2e.answers import wrong_answer
from tests.e2e.server import Site
from tests.e2e.study import Script, sit, study_course
from tests.e2e.visit import PASSWORD

pytestmark = pytest.mark.e2e

INTERNAL = "The file of evidence belongs to somebody of the same name"


def test_a_script_goes_all_the_way_to_a_certificate_and_a_registrar_takes_it_back(site: Site) -> None:
    student = Script.log_in(site.url, "student2@example.org", PASSWORD)
    assert student.send("GET", "me/")["roles"] == ["student"]

    # Nothing begun: no quiz of a course that one does not take, and no lesson without enrolment.
    assert student.ask("GET", "quizzes/ori-quiz/")[0] == 404
    status, problem = student.ask("POST", "courses/understanding-pain/enrol/")
    assert (status, problem["code"]) == (409, "prerequisite_missing")
    assert student.ask("POST", "courses/foundations/enrol/")[0] == 201
    assert student.ask("POST", "courses/foundations/enrol/")[0] == 200

    # A lesson is not completed before its check is answered, and a later module is closed before an earlier one.
    status, problem = student.ask("POST", "lessons/ORI-1/complete/")
    assert (status, problem["code"]) == (409, "knowledge_check_open")
    status, problem = student.ask("POST", "quizzes/his-quiz/attempts/")
    assert (status, problem["code"], [row["code"] for row in problem["missing"]]) == (409, "locked", ["ORI"])
    assert student.ask("POST", "lessons/HIS-1/complete/")[1]["code"] == "lesson_locked"

    sit(student, "ori-1-check", wrong_answer)
    assert student.send("POST", "lessons/ORI-1/complete/")["state"] == "completed"
    assert student.send("GET", "lessons/ORI-1/")["state"] == "completed"

    sit(student, "ori-2-check")
    student.send("POST", "lessons/ORI-2/complete/")
    failed = sit(student, "ori-quiz", wrong_answer)
    assert (failed["state"], failed["passed"], failed["score"]) == ("graded", False, 0)

    study_course(student, "foundations")
    status, problem = student.ask("POST", "quizzes/foundations-exam/attempts/")
    assert (status, problem["code"]) == (409, "locked")
    student.send("POST", "courses/understanding-pain/enrol/")
    study_course(student, "understanding-pain")

    # The examination keeps its questions: a review has no key in it, even for who passed.
    passed = sit(student, "foundations-exam")
    assert (passed["passed"], passed["percent"]) == (True, 100)
    tries = student.send("GET", "quizzes/foundations-exam/")
    review = student.send("GET", f"attempts/{tries['attempts'][-1]['id']}/review/")
    assert not any("correct_answer" in item or "rationale_html" in item for item in review["items"])

    status, problem = student.ask("POST", "programmes/foundations/application/")
    assert (status, problem["code"]) == (409, "requirements_missing")
    for code in ("honour-statement", "truthful-representation"):
        statement = student.send("GET", f"agreements/{code}/")
        refused, _problem = student.ask("POST", f"agreements/{code}/acceptance/", {"digest": "0" * 64})
        assert refused == 400
        student.send("POST", f"agreements/{code}/acceptance/", {"digest": statement["digest"]})
    assert student.send("GET", "programmes/foundations/progress/")["eligible"] is True

    name = "Tomasz Nowak"
    status, application = student.ask("POST", "programmes/foundations/application/", {"legal_name": name})
    assert (status, application["state"]) == (201, "open")
    assert student.ask("POST", "programmes/foundations/application/", {"legal_name": name})[0] == 200

    # Nobody decides on an application without the role.
    decision = f"registrar/applications/{application['id']}/decision/"
    assert student.ask("POST", decision, {"outcome": "award"})[0] == 403
    registrar = Script.log_in(site.url, "registrar@example.org", PASSWORD)
    waiting = registrar.send("GET", "registrar/applications/")["results"]
    assert application["id"] in {row["id"] for row in waiting}
    number = registrar.send("POST", decision, {"outcome": "award"})["certificate"]
    assert registrar.ask("POST", decision, {"outcome": "award"})[0] == 409

    # The public check, by anyone, and the paper, by the holder.
    public = Script(site.url)
    facts = public.send("GET", f"verify/{number}/")
    assert (facts["status"], facts["valid"], facts["name"]) == ("active", True, name)
    assert [row["number"] for row in student.send("GET", "certificates/")["results"]] == [number]
    paper = Request(
        f"{site.url}/api/v1/certificates/{number}/pdf/", headers={"Authorization": f"Token {student.token}"}
    )
    with urlopen(paper, timeout=30) as answer:
        assert answer.read(5) == b"%PDF-"
    assert registrar.ask("GET", f"certificates/{number}/")[0] == 404

    revocation = f"registrar/certificates/{number}/revocation/"
    reasons = {"public_reason": "issued_in_error", "internal_reason": INTERNAL}
    assert student.ask("POST", revocation, reasons)[0] == 403
    registrar.send("POST", revocation, reasons)
    facts = public.send("GET", f"verify/{number}/")
    assert (facts["status"], facts["valid"], facts["public_reason"]) == ("revoked", False, "issued_in_error")
    assert INTERNAL not in json.dumps(facts)
    assert INTERNAL not in json.dumps(student.send("GET", f"certificates/{number}/"))
    assert registrar.ask("POST", revocation, reasons)[0] == 409


@pytest.mark.smoke
def test_an_unknown_number_and_an_unknown_person_get_problems_and_no_more(site: Site) -> None:
    public = Script(site.url)
    status, problem = public.ask("GET", "verify/NMT-00000-00000/")
    assert (status, problem["status"], problem["code"]) == (404, 404, "not_found")
    status, problem = public.ask("GET", "me/")
    assert (status, problem["code"]) == (401, "not_signed_in")
    wrong = {"email": "student@example.org", "password": "not this one"}
    status, problem = public.ask("POST", "auth/token/", wrong)
    assert (status, problem["code"]) == (400, "invalid_credentials")
