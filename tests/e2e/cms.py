"""The writing desk as an author uses it."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator, Page, expect

WATCHING = """document.addEventListener("w-unsaved:watch-edits",
  () => document.documentElement.setAttribute("data-is-watched", ""))"""


def announce_watching(page: Page) -> None:
    """Let the editor's pages tell when they begin to watch for edits, some two seconds after they came."""
    page.add_init_script(WATCHING)


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
    body = page.locator(".modal-body")
    link = body.get_by_role("link", name=title, exact=True)
    onward = body.get_by_role("link", name="Next")
    number = 1
    link.or_(onward).first.wait_for()
    # A long list comes in pages.
    while link.count() == 0:
        onward.click()
        number += 1
        expect(body).to_contain_text(f"Page {number} of")
    link.click()
    expect(chooser).to_contain_text(title)


def preview(page: Page) -> FrameLocator:
    """Open the preview beside the editor. From when the editor watches for edits the preview follows them."""
    toggle = page.get_by_role("button", name="Toggle preview")
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    page.locator("html[data-is-watched]").wait_for(state="attached")
    return page.frame_locator("#w-preview-iframe")


def publish(page: Page) -> None:
    """From the menu beside "Save draft"."""
    page.locator("footer, .footer").locator(".w-dropdown__toggle").click()
    page.locator('button[name="action-publish"]').click()


def is_said(page: Page, words: str) -> None:
    """Wait for a message at the top of the CMS."""
    expect(page.locator(".messages")).to_contain_text(words)


def add_item(block: Locator, name: str) -> None:
    """One more entry at the end of a list inside a block."""
    count = block.locator(f'[name$="-{name}-count"]')
    more = int(count.input_value()) + 1
    block.locator(f'[data-contentpath="{name}"]').get_by_title("Add", exact=True).last.click()
    expect(count).to_have_value(str(more))


def choice(page: Page, place: int, part: str) -> Locator:
    """A rich text field of one choice of the first block."""
    field = page.locator(f'.w-field:has([name="interaction-0-value-choices-{place}-value-{part}"])').last
    return rich(field).first


def key(page: Page, place: int) -> Locator:
    """The box that says that a choice is right."""
    return page.locator(f'[name="interaction-0-value-choices-{place}-value-key"]')
