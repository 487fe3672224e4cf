"""What changed since one studied it: lessons published anew, claims of another standing, each until it was seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Revision

from courses.api import LessonPage, forget_outline
from lms.certification.changes import changes_for, compared, has_changes, passages
from lms.certification.models import ChangeAcknowledgement
from lms.knowledge.api import Claim
from lms.learning.models import LessonCompletion
from tests.lms.learning.studying import lesson

TEXT = "<p>A sentence that nobody has read before.</p><p>And one more.</p>"


def completed(user: Any, code: str, at: datetime) -> None:
    row = lesson(code)
    LessonCompletion.objects.create(
        user=user, lesson_code=code, revision_id=row.revision_id, content_digest=row.digest, credited_minutes=5,
        completed_at=at,
    )  # fmt: skip


def publish(code: str, *added: tuple[str, Any]) -> None:
    page = LessonPage.objects.get(code=code)
    blocks = [(block.block_type, block.value) for block in page.body]
    page.body = [*blocks[1:], *added] if added else blocks
    page.save_revision().publish()
    forget_outline()


def lesson_with_a_claim() -> tuple[str, Claim]:
    for page in LessonPage.objects.live().order_by("code"):
        for block in page.body.raw_data:
            if block["type"] == "claim":
                return page.code, Claim.objects.get(pk=block["value"]["claim"])
    raise AssertionError("no lesson shows a claim")


@pytest.mark.django_db
class TestChanges:
    def test_nothing_has_changed_for_who_has_just_studied(
        self, student: Any, now: datetime, django_assert_max_num_queries: Any
    ) -> None:
        completed(student, "HIS-1", now)
        assert changes_for(student) == []
        with django_assert_max_num_queries(4):
            assert not has_changes(student)

    def test_a_lesson_published_anew_shows_what_it_says_now(self, student: Any, now: datetime, client: Any) -> None:
        completed(student, "HIS-1", now)
        publish("HIS-1", ("prose", TEXT))
        [change] = changes_for(student)
        assert has_changes(student)
        assert (change.kind, change.code, change.studied_at) == ("lesson", "HIS-1", now)
        assert change.now == ("A sentence that nobody has read before.", "And one more.")
        assert change.before
        assert change.words == "Its text has changed."
        client.force_login(student)
        assert "A sentence that nobody has read before." in client.get("/certification/changes/").content.decode()
        assert "Something that you studied has changed" in client.get("/dashboard/").content.decode()

    def test_the_same_text_published_anew_says_so(self, student: Any, now: datetime) -> None:
        completed(student, "HIS-1", now)
        publish("HIS-1")
        [change] = changes_for(student)
        assert change.words == "It was published anew; the text that you read stands."

    def test_what_was_seen_is_gone_until_it_changes_again(self, student: Any, now: datetime, client: Any) -> None:
        completed(student, "HIS-1", now)
        publish("HIS-1", ("prose", TEXT))
        [change] = changes_for(student)
        client.force_login(student)
        seen = {"kind": change.kind, "code": change.code, "digest": change.digest}
        for _time in range(2):
            assert client.post("/certification/changes/", seen).status_code == 302
        assert ChangeAcknowledgement.objects.count() == 1
        assert not has_changes(student)
        assert "Something that you studied" not in client.get("/dashboard/").content.decode()
        publish("HIS-1", ("prose", "<p>Quite another sentence.</p>"))
        assert has_changes(student)

    def test_nobody_acknowledges_what_they_were_not_shown(self, student: Any, now: datetime, client: Any) -> None:
        completed(student, "HIS-1", now)
        publish("HIS-1", ("prose", TEXT))
        client.force_login(student)
        for data in ({"kind": "lesson", "code": "HIS-1", "digest": "0" * 64}, {"kind": "rumour"}, {}, {"all": "on"}):
            client.post("/certification/changes/", data)
        assert not ChangeAcknowledgement.objects.exists()

    def test_all_that_was_shown_is_seen_at_once(self, student: Any, now: datetime, client: Any) -> None:
        for code in ("HIS-1", "ORI-1"):
            completed(student, code, now)
            publish(code, ("prose", TEXT))
        shown = [change.digest for change in changes_for(student)]
        assert len(shown) == 2
        client.force_login(student)
        client.post("/certification/changes/", {"all": "on", "shown": shown})
        assert not has_changes(student)

    def test_a_claim_that_stands_otherwise_now(self, student: Any, now: datetime) -> None:
        code, claim = lesson_with_a_claim()
        completed(student, code, now)
        was, claim.standing = claim.standing, "outdated" if claim.standing != "outdated" else "contested"
        claim.save()
        [change] = [row for row in changes_for(student) if row.kind == "claim"]
        assert (change.code, change.standings) == (claim.code, (was, claim.standing))
        claim.standing = was
        claim.save()
        assert not has_changes(student)

    def test_who_studied_after_the_change_is_told_nothing(self, student: Any, now: datetime) -> None:
        code, claim = lesson_with_a_claim()
        claim.standing = "outdated" if claim.standing != "outdated" else "contested"
        claim.save()
        after = Revision.objects.latest("created_at").created_at + timedelta(seconds=1)
        completed(student, code, after)
        assert not has_changes(student)

    def test_a_change_of_words_alone_is_no_change_of_standing(self, student: Any, now: datetime) -> None:
        code, claim = lesson_with_a_claim()
        completed(student, code, now)
        claim.statement = "Said a little better"
        claim.save()
        claim.save_revision()
        assert not has_changes(student)

    def test_two_changes_are_measured_from_what_was_studied(self, student: Any, now: datetime) -> None:
        code, claim = lesson_with_a_claim()
        completed(student, code, now)
        was = claim.standing
        for standing in [row for row in ("contested", "outdated", "limited") if row != was][:2]:
            claim.standing = standing
            claim.save()
            claim.save_revision()
        [change] = changes_for(student)
        assert change.standings == (was, claim.standing)

    def test_how_much_is_read_does_not_grow(
        self, student: Any, now: datetime, client: Any, django_assert_max_num_queries: Any
    ) -> None:
        from courses.api import outline

        for _course, _module, row in list(outline().lessons())[:12]:
            completed(student, row.code, now)
        client.force_login(student)
        for codes in (["HIS-1"], [row.code for _c, _m, row in list(outline().lessons())[:12]]):
            for code in codes:
                publish(code, ("prose", TEXT))
            client.get("/certification/changes/")
            with django_assert_max_num_queries(16):
                client.get("/certification/changes/")


# Comparing --------------------------------------------------------------------------------------------------------


def test_passages_are_the_words_of_the_blocks() -> None:
    blocks = [
        {"type": "text", "id": "0b1c", "value": "<p>One <b>bold</b> word &amp; more.</p><p>Two words.</p>"},
        {"type": "claim", "value": {"claim": 7, "note": "A note here", "id": "not a text"}},
        {"type": "list", "value": ["single", "several words", {"type": "a kind", "value": "deep inside"}]},
    ]
    assert passages(blocks) == [
        "One bold word & more.", "Two words.", "A note here", "several words", "deep inside",
    ]  # fmt: skip


texts = st.lists(st.sampled_from(["a b", "c d", "e f", "g h"]), max_size=6)


@given(texts, texts)
def test_what_is_in_both_is_neither_gone_nor_new(before: list[str], now: list[str]) -> None:
    gone, new = compared(before, now)
    assert not set(gone) & set(now)
    assert not set(new) & set(before)
    assert set(before) - set(gone) == set(now) - set(new)
    assert compared(before, before) == ((), ())
