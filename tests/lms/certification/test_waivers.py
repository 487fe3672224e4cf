"""What the school does without, or takes as equivalent, for one person: of the version, with a reason, by another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from lms.certification.api import Admission, ledger_for, waive_requirement
from lms.certification.exceptions import AdmissionEnded, AlreadyWaived, OwnApplication
from lms.certification.models import Waiver
from lms.core.exceptions import InvalidInput
from tests.lms.certification.papers import DOCUMENT, FEE, GROUP, follow, paper_path, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admission(people: dict[str, Any], now: datetime) -> Admission:
    """The student follows a path that asks for a document and a fee."""
    return follow(people["student"], paper_path(now, DOCUMENT, FEE), now)


def states(admission: Admission) -> list[str]:
    return [row.state.value for row in ledger_for(admission.user, admission.path_version, admission).leaves()]


def test_a_leaf_or_a_group_of_the_version_is_waived_and_nothing_else(people: Any, now: datetime) -> None:
    admission = follow(people["student"], paper_path(now, GROUP, FEE), now)
    by = {"by": people["registrar"], "at": now, "reason": "Met elsewhere"}
    for unknown in ("document:horoscope", "group:2", ""):
        with pytest.raises(InvalidInput) as caught:
            waive_requirement(admission=admission, requirement=unknown, **by)
        assert list(caught.value.extra["errors"]) == ["requirement"]
    waive_requirement(admission=admission, requirement="document:cpr", **by)
    waive_requirement(admission=admission, requirement="group:1", **by)
    with pytest.raises(AlreadyWaived):
        waive_requirement(admission=admission, requirement="group:1", **by)
    Admission.objects.filter(pk=admission.pk).update(ended_at=now, end_reason="Left")
    admission.refresh_from_db()
    with pytest.raises(AdmissionEnded):
        waive_requirement(admission=admission, requirement="fee:exam", **by)


def test_an_equivalent_names_its_evidence(admission: Admission, people: Any, now: datetime) -> None:
    terms: dict[str, Any] = {
        "admission": admission, "requirement": "document:cpr", "is_equivalence": True, "by": people["registrar"],
        "at": now,
    }  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        waive_requirement(reason="A nurse.", **terms)
    assert list(caught.value.extra["errors"]) == ["proof"]
    with pytest.raises(InvalidInput) as caught:
        waive_requirement(reason="x" * 400, proof="y" * 200, **terms)
    assert list(caught.value.extra["errors"]) == ["reason"]
    row = waive_requirement(reason="A nurse.", proof="Licence 4711 of 2019", **terms)
    assert row.reason == "A nurse. Evidence: Licence 4711 of 2019"


def test_nobody_waives_for_themselves_nor_without_a_reason(admission: Admission, people: Any, now: datetime) -> None:
    with pytest.raises(OwnApplication):
        waive_requirement(admission=admission, requirement="fee:exam", reason="Me", by=admission.user, at=now)
    with pytest.raises(InvalidInput):
        waive_requirement(admission=admission, requirement="fee:exam", reason=" ", by=people["registrar"], at=now)
    assert not Waiver.objects.exists()


def test_the_page_waives_what_is_open(admission: Admission, people: Any, now: datetime, api: Any) -> None:
    client = signed_in(people["registrar"])
    url = f"/registrar/admissions/{admission.uuid}/waive/"
    offered = [key for key, _title in client.get(url).context["form"].fields["requirement"].choices]
    assert offered == ["", "document:cpr", "fee:exam"]
    data = {"requirement": "document:cpr", "kind": "equivalence", "reason": "A nurse.", "proof": ""}
    wrong = client.post(url, data)
    assert list(wrong.context["form"].errors) == ["proof"]
    assert wrong.context["form"]["reason"].value() == "A nurse."
    assert client.post(url, {**data, "proof": "Licence 4711"}).status_code == 302
    assert states(admission) == ["waived", "not_started"]
    assert "Licence 4711" in client.get(f"/registrar/candidates/{admission.user.uuid}/").content.decode()
    made = api(people["registrar"]).post(
        f"/api/v1/registrar/admissions/{admission.uuid}/waivers/", {"requirement": "fee:exam", "reason": "Grant"}
    )
    assert (made.status_code, made.json()["is_equivalence"]) == (201, False)
    assert states(admission) == ["waived", "waived"]
