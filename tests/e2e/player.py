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
  const interaction = {};
  const type = form.dataset.type;
  if (type === "single_choice" || type === "multiple_response") {
    interaction.choices = [...question.querySelectorAll(".option")]
      .map((option) => ({ id: option.querySelector("input").value, html: html(".option__text", option) }));
  } else if (type === "matching") {
    const selects = named("pair-");
    interaction.prompts = selects
      .map((one) => ({ id: id(one, "pair-"), html: html(".match__prompt", one.closest("li")) }));
    interaction.options = [...selects[0].options].filter((one) => one.value)
      .map((one) => ({ id: one.value, html: one.textContent.replace(/&/g, "&amp;").replace(/</g, "&lt;") }));
  } else if (type === "ordering") {
    interaction.elements = named("position-")
      .map((one) => ({ id: id(one, "position-"), html: html(".order__text", one.closest("li")) }));
  }
  return { slot: Number(form.dataset.slot), type, stem_html: html(".question__stem", question), interaction };
}"""
FOCUSED = "(selector) => document.activeElement?.matches(selector) ?? false"
LONGEST_WAY = 80


def read_item(page: Page) -> Item:
    """The question on the page, in the shape of the API."""
    item: Item = page.locator("[data-player]").evaluate(READ)
    return item


def option(value: str) -> str:
    """The radio button or tick box of a choice."""
    return f'.option__input[value="{value}"]'


def answer_by_mouse(page: Page, item: Item, answer: Answer) -> None:
    """Click and choose."""
    for value in _picked(item, answer):
        page.locator(f".option:has({option(value)})").click()
    if "value" in answer and item["type"] == "numeric":
        page.locator('.numeric input[name="answer"]').fill(answer["value"])
    for prompt, chosen in answer.get("pairs", {}).items():
        page.locator(f'[name="pair-{prompt}"]').select_option(chosen)
    if "order" in answer:
        _put_in_order(page, answer["order"], lambda button: page.locator(button).click())


def answer_by_form(page: Page, item: Item, answer: Answer) -> None:
    """Without a script: an order is given by numbers."""
    if "order" not in answer:
        answer_by_mouse(page, item, answer)
    for place, element in enumerate(answer.get("order", []), start=1):
        page.locator(f'[name="position-{element}"]').select_option(str(place))


def answer_by_keyboard(page: Page, item: Item, answer: Answer) -> None:
    """Tab, arrows, Space, and the letters beside the options."""
    if item["type"] == "single_choice":
        ids = [choice["id"] for choice in item["interaction"]["choices"]]
        tab_to(page, ".option__input")
        page.keyboard.press("Space")
        for _step in range(ids.index(answer["choice"])):
            page.keyboard.press("ArrowDown")
    elif item["type"] == "multiple_response":
        for value in answer["choices"]:
            tab_to(page, option(value))
            page.keyboard.press("Space")
    elif item["type"] == "true_false":
        tab_to(page, ".option__input")
        page.keyboard.press("t" if answer["value"] else "f")
    elif item["type"] == "numeric":
        tab_to(page, '.numeric input[name="answer"]')
        page.keyboard.type(answer["value"])
    elif item["type"] == "matching":
        for prompt, chosen in answer["pairs"].items():
            ids = [one["id"] for one in item["interaction"]["options"]]
            tab_to(page, f'[name="pair-{prompt}"]')
            for _step in range(ids.index(chosen) + 1):
                page.keyboard.press("ArrowDown")
    elif item["type"] == "ordering":
        _put_in_order(page, answer["order"], lambda button: press_on(page, button))


def _picked(item: Item, answer: Answer) -> list[str]:
    if item["type"] == "true_false":
        return ["true" if answer["value"] else "false"]
    return [answer["choice"]] if "choice" in answer else answer.get("choices", [])


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
    """Press Tab until the focus is there, wherever it is now."""
    for _step in range(LONGEST_WAY):
        if page.evaluate(FOCUSED, selector):
            return
        page.keyboard.press("Tab")
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
