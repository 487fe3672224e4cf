"""Steps of a student's way that more than one journey takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.answers import Answer, Item, right_answer
from tests.e2e.player import count_of, is_at, read_item
from tests.e2e.visit import Visit

Give = Callable[[Page, Item, Answer], None]
PASSWORD = "seven calm herons"


def sign_up(window: Visit, name: str, email: str) -> None:
    """Make an account and confirm the address by the link in the mail."""
    page = window.go("/")
    page.get_by_role("banner").get_by_role("link", name="Sign up").click()
    window.examine("sign-up")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    for agreement in page.get_by_role("checkbox", name=re.compile("^I have read and accept")).all():
        agreement.check()
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step: your mail")
    window.examine("mail sent")
    page.get_by_role("link", name="read it here").click()
    mail = page.locator(".mail", has_text=f"To {email}").first
    window.examine("mail of the demonstration")
    mail.get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text(email)
    window.examine("confirm address")
    page.get_by_role("button", name="Yes, confirm it").click()
    page.wait_for_url("**/dashboard/")


def enrol_in_foundations(window: Visit) -> None:
    """From the catalogue into the course."""
    page = window.go("/courses/")
    page.get_by_role("main").get_by_role("link", name="Foundations", exact=True).first.click()
    page.get_by_role("button", name="Enrol").click()
    expect(page.get_by_text("You are enrolled in Foundations.")).to_be_visible()


def read_lesson(window: Visit, title: str, give: Give) -> None:
    """Open a lesson, answer its check with feedback after each answer, and mark the lesson as read."""
    page = window.go("/courses/foundations/")
    page.get_by_role("main").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("button", name="I have read this")).to_have_count(0)
    window.examine("lesson in progress")
    page.locator("#check").get_by_role("link", name="Begin").click()
    start(window)
    for slot in range(1, count_of(page) + 1):
        is_at(page, slot)
        item = read_item(page)
        window.examine(f"player with feedback, {item['type']}")
        give(page, item, right_answer(item))
        page.get_by_role("button", name="Check my answer").click()
        expect(page.locator("[data-feedback]")).to_be_visible()
        window.examine(f"feedback, {item['type']}")
        page.get_by_role("button", name="Go on").or_(page.get_by_role("button", name="To the overview")).click()
    hand_in(window)
    expect(page.get_by_role("heading", level=1)).to_have_text("You answered all")
    window.examine("result of a check")
    page.get_by_role("main").get_by_role("link", name=title).click()
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("status").get_by_text(f"Completed: {title}")).to_be_visible()
    window.go("/courses/foundations/").get_by_role("main").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", name="You have completed this lesson")).to_be_visible()
    window.examine("lesson completed")


def start(window: Visit) -> None:
    """Press the button that begins or goes on."""
    page = window.page
    window.examine("start of a quiz")
    page.get_by_role("button", name="Start").or_(page.get_by_role("button", name="Go on")).click()
    is_at(window.page, 1)


def take(window: Visit, quiz: str, give: Give) -> None:
    """Take a quiz on its pages with right answers, up to the result."""
    page = window.go(f"/quizzes/{quiz}/")
    start(window)
    count = count_of(page)
    for slot in range(1, count + 1):
        is_at(page, slot)
        item = read_item(page)
        window.examine(f"player, {item['type']}")
        give(page, item, right_answer(item))
        page.get_by_role("button", name="Save and see the overview" if slot == count else "Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have answered every question")
    hand_in(window)


def hand_in(window: Visit) -> None:
    """From the overview to the result."""
    window.page.wait_for_url("**/summary/")
    window.examine("overview")
    window.page.get_by_role("button", name="Hand in my answers").click()
    window.page.wait_for_url("**/result/")


def sign_statements(window: Visit) -> None:
    """Both statements of the path, read and signed: the first leads to the second, and that one back."""
    page = window.go("/certification/foundations/")
    page.locator(".ledger__row", has_text="Honour statement").get_by_role("link").click()
    for title in ("Honour statement", "Truthful representation"):
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        window.examine("statement")
        page.get_by_label("I have read this statement and I stand by it.").check()
        page.get_by_role("button", name="Sign").click()
        expect(page.get_by_text("Signed:")).to_be_visible()
    expect(page).to_have_url(re.compile("/certification/foundations/$"))


def path_of(page: Page) -> str:
    """The address without the host."""
    return urlsplit(page.url).path
