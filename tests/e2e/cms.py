"""The writing desk as an author uses it."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator, Page, expect


def section(page: Page, name: str) -> Locator:
    """The panel of one field."""
    return page.locator(f'section[id^="panel-child-"][id$="-{name}-section"]')


def write(field: Locator, words: str) -> None:
    """Type into a rich text field."""
    field.click()
    field.page.keyboard.press("Control+a")
    field.page.keyboard.type(words)
    expect(field).to_contain_text(words)


def rich(place: Locator) -> Locator:
    """The rich text fields of a place, in order."""
    return place.locator('[contenteditable="true"]')


def insert_block(stream: Locator, kind: str) -> None:
    """Put a first block of a kind into a stream."""
    stream.get_by_title("Insert a block").first.click()
    stream.page.get_by_role("option", name=kind, exact=True).click()


def choose(page: Page, name: str, title: str) -> None:
    """Pick an object in the chooser of a field."""
    chooser = page.locator(f"#id_{name}-chooser")
    chooser.get_by_role("button", name="Choose").click()
    modal = page.locator(".modal-body")
    modal.get_by_role("textbox", name="Search").or_(modal.locator("#id_q")).first.wait_for(state="attached")
    modal.get_by_role("link", name=title, exact=True).click()
    expect(chooser).to_contain_text(title)


def preview(page: Page) -> FrameLocator:
    """Open the preview beside the editor."""
    toggle = page.get_by_role("button", name="Toggle preview")
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    return page.frame_locator("#w-preview-iframe")


def publish(page: Page) -> None:
    """From the menu beside "Save draft"."""
    page.locator("footer, .footer").locator(".w-dropdown__toggle").click()
    page.locator('button[name="action-publish"]').click()


def is_said(page: Page, words: str) -> None:
    """Wait for a message at the top of the CMS."""
    expect(page.locator(".messages")).to_contain_text(words)
