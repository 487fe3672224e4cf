"""An instructor writes a lesson and a question, sees them as students will, and publishes; a mistake is caught."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import cms, steps
from tests.e2e.answers import right_answer
from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e

LESSON = "Reading a posture photograph"
SENTENCE = "A photograph shows one moment of one day."
STEM = "What does a photograph of a standing client show?"
TWO_KEYS = "Only one choice can be right here."
QUESTIONS = "/admin/snippets/quizzes/question/"


def author(visit: Callable[..., Visit]) -> Visit:
    """The instructor at the writing desk."""
    window = visit("instructor@example.org")
    cms.announce_watching(window.page)
    # The desk saves by itself every few seconds, and says that a half-written form cannot be saved yet.
    window.tolerate(r"/admin/.*status of 400")
    return window


def test_a_new_lesson_is_previewed_published_and_read(visit: Callable[..., Visit]) -> None:
    window = author(visit)
    page = window.go("/teach/")
    page.get_by_role("main").get_by_role("link", name="Open the CMS").click()
    window.go("/admin/pages/")
    for title in ("Understanding pain", "The five sources of pain"):
        page.get_by_role("link", name=f"Explore child pages of '{title}'").click()
        expect(page.get_by_role("link", name=f"Explore child pages of '{title}'")).to_have_count(0)
    page.get_by_role("link", name="Add child page").first.click()
    page.get_by_role("main").get_by_role("link", name="Lesson", exact=True).click()

    preview = cms.preview(page)
    page.locator("#id_title").fill(LESSON)
    page.locator("#id_code").fill("SRC-9")
    page.locator("#id_summary").fill("What a picture of posture can say.")
    page.locator("#id_why").fill("Clients bring such pictures, and expect a verdict.")
    body = cms.section(page, "body")
    cms.insert_block(body, "Prose")
    cms.write(cms.rich(body).first, SENTENCE)
    expect(preview.get_by_role("heading", level=1)).to_have_text(LESSON)
    expect(preview.locator("main")).to_contain_text(SENTENCE)

    # Nobody sees it before it is published.
    reader = visit("graduate@example.org")
    module = "/courses/understanding-pain/five-sources/"
    expect(reader.go(module).get_by_role("main")).not_to_contain_text(LESSON)
    cms.publish(page)
    cms.is_said(page, "published")

    reader.go(module).get_by_role("main").get_by_role("link", name=LESSON).first.click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(LESSON)
    expect(reader.page.get_by_role("main")).to_contain_text(SENTENCE)
    expect(reader.page.get_by_role("main")).to_contain_text("Not yet reviewed by a licensed clinician")
    reader.page.get_by_role("button", name="I have read this").click()
    expect(reader.page.get_by_role("status").get_by_text(f"Completed: {LESSON}")).to_be_visible()


def test_a_new_question_is_previewed_and_published(visit: Callable[..., Visit]) -> None:
    window = author(visit)
    page = window.go("/teach/")
    page.get_by_role("main").get_by_role("link", name="Write a question").click()
    preview = cms.preview(page)
    cms.write(cms.rich(cms.section(page, "stem")).first, STEM)
    interaction = cms.section(page, "interaction")
    cms.insert_block(interaction, "Single choice")
    cms.add_item(interaction, "choices")
    cms.write(cms.choice(page, 0, "text"), "One moment of one day")
    cms.write(cms.choice(page, 0, "feedback"), "Yes, and no more than that")
    cms.write(cms.choice(page, 1, "text"), "The cause of the pain")
    cms.key(page, 0).check()
    cms.write(cms.rich(cms.section(page, "rationale")).first, "Posture changes from minute to minute.")

    page.get_by_role("tab", name="Where it belongs").click()
    page.locator("#id_code").fill("Q-PHOTOGRAPH")
    cms.choose(page, "bank", "The five sources of pain, teaching questions")
    cms.choose(page, "domain", "D3 Pain science and the five sources")
    cms.choose(page, "objective", "HIS-2.1 summarise Travell's career with dates")
    page.locator("#id_cognitive_level").select_option(label="Recall")
    # Not drawn into anybody's quiz for now.
    page.locator("#id_life_cycle").select_option(label="Draft")

    expect(preview.locator("main")).to_contain_text(STEM)
    expect(preview.locator(".option")).to_have_count(2)
    assert "no more than that" not in preview.locator("main").inner_html()
    cms.publish(page)
    cms.is_said(page, "published")
    row = window.go(f"{QUESTIONS}?q=Q-PHOTOGRAPH").get_by_role("row").filter(has_text="Q-PHOTOGRAPH")
    expect(row).to_contain_text(STEM)


def open_question(page: Page, code: str) -> None:
    """From the list to the editor."""
    page.get_by_role("link", name=code, exact=True).click()
    expect(page.locator("#id_code")).to_have_value(code)


def test_two_keys_are_refused_where_they_stand_and_the_live_question_stays(visit: Callable[..., Visit]) -> None:
    window = author(visit)
    page = window.go(f"{QUESTIONS}?q=Q-ORI-02")
    open_question(page, "Q-ORI-02")
    was_key = [cms.key(page, place).is_checked() for place in range(4)]
    assert sum(was_key) == 1
    cms.key(page, was_key.index(False)).check()
    cms.publish(page)

    problem = cms.section(page, "interaction").get_by_text(TWO_KEYS)
    expect(problem).to_be_visible()
    for name in ("stem", "scoring", "rationale"):
        expect(cms.section(page, name)).not_to_contain_text(TWO_KEYS)

    # What students meet is the question as it was: one key, and the same one.
    student = visit("student@example.org")
    attempt = student.send("POST", "quizzes/ori-1-check/attempts/")
    item = attempt["items"][1]
    assert "retired teacher" in item["stem_html"]
    saved = student.send("PUT", f"attempts/{attempt['id']}/responses/2/", {"answer": right_answer(item)})
    assert saved["feedback"]["score"] == item["max_score"]
    assert saved["feedback"]["correct_answer"] == right_answer(item)
    assert steps.path_of(page).startswith(QUESTIONS)
