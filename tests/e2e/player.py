"""The quiz player as a person uses it: with a mouse, with the bare form, or with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.answers import Answer, Item

READ = """(form) => {
  const question = form.querySelector(".question");
  const named = (prefix) => [...question.querySelectorAll(`[name^="${prefix}"]`)];
  const id = (field, prefix) => field.name.slice(prefix.length);
  const html = (selector, inside) => inside.querySelector(selector).innerHTML;
  const offered = (field) => [...(field.options || [])].filter((one) => one.value)
    .map((one) => ({ id: one.value, html: one.textContent.replace(/&/g, "&amp;").replace(/</g, "&lt;") }));
  const interaction = {};
  const type = form.dataset.type;
  if (type === "single_choice" || type === "multiple_response") {
    interaction.choices = [...question.querySelectorAll(".option")]
      .map((option) => ({ id: option.querySelector("input").value, html: html(".option__text", option) }));
  } else if (type === "matching") {
    const selects = named("pair-");
    interaction.prompts = selects
      .map((one) => ({ id: id(one, "pair-"), html: html(".match__prompt", one.closest("li")) }));
    interaction.options = offered(selects[0]);
  } else if (type === "ordering") {
    interaction.elements = named("position-")
      .map((one) => ({ id: id(one, "position-"), html: html(".order__text", one.closest("li")) }));
  } else if (type === "cloze") {
    interaction.gaps = named("gap-").map((one) => ({ id: id(one, "gap-"), choices: offered(one) }));
  } else if (type === "hotspot") {
    interaction.regions = [...question.querySelectorAll(".option")]
      .map((option) => ({ id: option.querySelector("input").value, html: html(".option__text", option) }));
  } else if (type === "labelling") {
    const selects = named("label-");
    interaction.labels = offered(selects[0]);
    interaction.targets = selects.map((one) => ({
      id: id(one, "label-"), x: parseFloat(one.dataset.x) / 100, y: parseFloat(one.dataset.y) / 100,
    }));
  }
  return { slot: Number(form.dataset.slot), type, stem_html: html(".question__stem", question), interaction };
}"""
WAY = """(selector) => {
  const goal = document.querySelector(selector);
  const here = document.activeElement || document.body;
  if (here.matches(selector)) return "";
  return goal && goal.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING ? "Shift+Tab" : "Tab";
}"""
STEPS_IN_LIST = """([selector, value]) => {
  const field = document.querySelector(selector);
  return [...field.options].findIndex((one) => one.value === value) - field.selectedIndex;
}"""
LONGEST_WAY = 80
#: A press of an arrow moves the crosshair by this many hundredths of the picture, without and with Shift.
SMALL_STEP, BIG_STEP = 1, 5


def read_item(page: Page) -> Item:
    """The question on the page, in the shape of the API."""
    item: Item = page.locator("[data-player]").evaluate(READ)
    return item


def option(value: str) -> str:
    """The radio button or tick box of a choice."""
    return f'.option__input[value="{value}"]'


def answer_by_mouse(page: Page, item: Item, answer: Answer) -> None:
    """Click, choose and fill in."""
    closed = page.locator(".hotspot__list:not([open]) summary")
    if "regions" in answer and closed.is_visible():
        closed.click()
    for value in _picked(item, answer):
        page.locator(f".option:has({option(value)})").click()
    for selector, given in _typed(item, answer).items():
        page.locator(selector).fill(given)
    for selector, chosen in _chosen(item, answer).items():
        page.locator(selector).select_option(chosen)
    for x, y in answer.get("points", []):
        surface = page.locator(".hotspot__surface")
        box = surface.bounding_box()
        assert box is not None
        surface.click(position={"x": x * box["width"], "y": y * box["height"]})
    if "order" in answer:
        _put_in_order(page, answer["order"], lambda button: page.locator(button).click())


def answer_by_form(page: Page, item: Item, answer: Answer) -> None:
    """Without a script: an order is given by numbers."""
    if "order" not in answer:
        answer_by_mouse(page, item, answer)
    for place, element in enumerate(answer.get("order", []), start=1):
        page.locator(f'[name="position-{element}"]').select_option(str(place))


def answer_by_keyboard(page: Page, item: Item, answer: Answer) -> None:
    """Tab, arrows, Space, Enter, letters: whatever the type of question takes, and never a pointer."""
    if item["type"] == "true_false":
        tab_to(page, ".option__input")
        page.keyboard.press("t" if answer["value"] else "f")
    else:
        if "regions" in answer and page.locator(".hotspot__list:not([open])").count():
            press_on(page, ".hotspot__summary")
            page.locator(".hotspot__list .option__input:enabled").first.wait_for()
        for value in _picked(item, answer):
            _pick(page, value)
    for selector, given in _typed(item, answer).items():
        tab_to(page, selector)
        page.keyboard.type(given)
    for selector, chosen in _chosen(item, answer).items():
        _choose(page, selector, chosen)
    if "points" in answer:
        _set_points(page, answer["points"])
    if "order" in answer:
        _put_in_order(page, answer["order"], lambda button: press_on(page, button))


def label_by_keyboard(page: Page, labels: dict[str, str]) -> None:
    """On the picture itself: press a place, then the label that goes there."""
    for target, label in labels.items():
        number = target.removeprefix("t")
        press_on(page, f':is([aria-label^="Place {number},"], [aria-label^="Place {number}:"])')
        press_on(page, f'[data-label="{label}"]')


def _typed(item: Item, answer: Answer) -> dict[str, str]:
    """Fields that take text, with what belongs there."""
    if item["type"] == "numeric":
        return {'.numeric input[name="answer"]': str(answer["value"])}
    if "text" in answer:
        return {'.question [name="answer"]': answer["text"]}
    lists = {gap["id"] for gap in item["interaction"].get("gaps", []) if gap["choices"]}
    return {f'[name="gap-{gap}"]': given for gap, given in answer.get("gaps", {}).items() if gap not in lists}


def _chosen(item: Item, answer: Answer) -> dict[str, str]:
    """Lists to choose from, with what is right there."""
    found = {f'[name="pair-{prompt}"]': chosen for prompt, chosen in answer.get("pairs", {}).items()}
    found |= {f'[name="label-{target}"]': label for target, label in answer.get("labels", {}).items()}
    lists = {gap["id"] for gap in item["interaction"].get("gaps", []) if gap["choices"]}
    return found | {f'[name="gap-{gap}"]': given for gap, given in answer.get("gaps", {}).items() if gap in lists}


def _pick(page: Page, value: str) -> None:
    """Tab reaches each box, but only one of a row of radio buttons: from there arrows lead on, and choose."""
    if page.locator(option(value)).get_attribute("type") == "checkbox":
        tab_to(page, option(value))
        page.keyboard.press("Space")
        return
    tab_to(page, ".option__input")
    page.keyboard.press("Space")
    for _step in range(page.locator(".option__input").count()):
        if not page.evaluate(WAY, option(value)):
            return
        page.keyboard.press("ArrowDown")


def _choose(page: Page, selector: str, value: str) -> None:
    tab_to(page, selector)
    steps = page.evaluate(STEPS_IN_LIST, [selector, value])
    for _step in range(abs(steps)):
        page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")


def _set_points(page: Page, points: list[list[float]]) -> None:
    """Move the crosshair from the middle of the picture from place to place, and set a point at each."""
    tab_to(page, ".hotspot__surface")
    at = [50, 50]
    for point in points:
        for axis, ways in enumerate((("ArrowLeft", "ArrowRight"), ("ArrowUp", "ArrowDown"))):
            far = round(point[axis] * 100) - at[axis]
            for _step in range(abs(far) // BIG_STEP):
                page.keyboard.press(f"Shift+{ways[far > 0]}")
            for _step in range(abs(far) % BIG_STEP // SMALL_STEP):
                page.keyboard.press(ways[far > 0])
            at[axis] += far
        page.keyboard.press("Enter")


def _picked(item: Item, answer: Answer) -> list[str]:
    if item["type"] == "true_false":
        return ["true" if answer["value"] else "false"]
    return [answer["choice"]] if "choice" in answer else answer.get("choices") or answer.get("regions", [])


def _put_in_order(page: Page, order: list[str], press: Callable[[str], None]) -> None:
    """Move each element up to its place, the first one first."""
    names = [element.get_attribute("name") for element in page.locator(".order__position").all()]
    shown = [str(name).removeprefix("position-") for name in names]
    for place, element in enumerate(order):
        for _step in range(shown.index(element) - place):
            press(f'.order__item:has([name="position-{element}"]) [data-move="up"]')
        shown.remove(element)
        shown.insert(place, element)
    if page.locator("[data-use]").is_visible():
        press("[data-use]")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab, or Shift and Tab, until the focus is there, wherever it is now."""
    for _step in range(LONGEST_WAY):
        key = page.evaluate(WAY, selector)
        if not key:
            return
        page.keyboard.press(key)
    raise AssertionError(f"Tab does not reach {selector}")


def press_on(page: Page, selector: str) -> None:
    """Tab to a link or button and press Enter."""
    tab_to(page, selector)
    page.keyboard.press("Enter")


def heading_of(slot: int) -> re.Pattern[str]:
    """What the player says above a question."""
    return re.compile(rf"^Question {slot} of \d+")


def is_at(page: Page, slot: int) -> None:
    """Wait until the player shows that question."""
    expect(page.locator("#question")).to_have_text(heading_of(slot))


def count_of(page: Page) -> int:
    """How many questions the attempt has."""
    words = page.locator("#question").inner_text()
    return int(words.split(" of ")[1].split()[0])
