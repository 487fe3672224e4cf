"""Nothing about badges reaches for the network."""

from __future__ import annotations

import json
import socket
from typing import Any, NoReturn

import pytest

from lms.certification.badges.baking import bake, unbake
from lms.certification.badges.credential import signed, verify
from lms.certification.badges.exceptions import BadgeError
from lms.certification.badges.picture import badge_svg, share_picture
from lms.certification.badges.status_list import status_list_credential, statuses
from tests.lms.certification.badges.making import AT, CONTROLLER, ISSUER, KEY, REVOCATION, badge, signed_badge


@pytest.fixture(autouse=True)
def _no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        pytest.fail("something asked for the network")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)


def test_a_badge_is_made_signed_drawn_baked_and_verified_without_it() -> None:
    done = signed_badge()
    facts = {"number": "NMT-7K3F9-QXM4C", "title": "T", "school": "S"}
    for picture in (share_picture(**facts), badge_svg(**facts)):
        verify(json.loads(unbake(bake(picture, json.dumps(done)))), controller=CONTROLLER)
    bare = status_list_credential(REVOCATION, issuer=ISSUER.id, purpose="revocation", places=[], valid_from=AT)
    revocations = signed(bare, issuer=ISSUER, key=KEY, at=AT)
    verify(revocations, controller=CONTROLLER)
    one = {**done, "credentialStatus": done["credentialStatus"][0]}
    assert statuses(one, [revocations]) == {"revocation": False}


@pytest.mark.parametrize("url", ["https://example.org/context.json", "http://127.0.0.1/", "file:///etc/passwd", "x"])
def test_vocabularies_elsewhere_are_refused_and_not_fetched(url: str) -> None:
    for document in ({**badge(), "@context": [*badge()["@context"], url]}, {**badge(), "@context": url}):
        with pytest.raises(BadgeError) as refused:
            signed(document, issuer=ISSUER, key=KEY, at=AT)
        assert refused.value.code == "context"
    inside = {**badge(), "issuer": {"@context": url, **badge()["issuer"]}}
    with pytest.raises(BadgeError):
        signed(inside, issuer=ISSUER, key=KEY, at=AT)
