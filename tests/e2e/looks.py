"""What every page must be: free of barriers that a machine can find, by day and by night, and no wider than a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
PHONE = {"width": 360, "height": 740}
RUN = """async (rules) => {
  const options = { resultTypes: ["violations"] };
  if (rules) options.runOnly = { type: "rule", values: rules };
  const { violations } = await axe.run(document, options);
  return violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.slice(0, 4).map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary}`),
  }));
}"""
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (element) => element && (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX)
    || scrolls(element.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > width + 0.5 && !scrolls(element.parentElement))
    .slice(0, 5).map((element) => `<${element.localName} class="${element.className}">`);
}"""
SMALLEST_TARGET = 24
TOO_SMALL = """(least) => {
  const reach = (element) => element.closest("label") || element;
  return [...document.querySelectorAll(".question :is(button, input, select, textarea, summary, [tabindex='0'])")]
    .filter((element) => element.checkVisibility() && !element.disabled)
    .filter((element) => {
      const { width, height } = reach(element).getBoundingClientRect();
      return width < least || height < least;
    }).map((element) => `<${element.localName} class="${element.className}" name="${element.name || ""}">`);
}"""


def barriers(page: Page) -> list[str]:
    """What axe finds: everything in the light scheme, and contrast, which alone can differ, in the dark one."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE)
    found = []
    for scheme, rules in (("light", None), ("dark", ["color-contrast"])):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [_told(page, scheme, violation) for violation in page.evaluate(RUN, rules)]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found


def _told(page: Page, scheme: str, violation: dict[str, Any]) -> str:
    nodes = "\n    ".join(violation["nodes"])
    return f"{page.url} ({scheme}) {violation['id']}: {violation['help']}\n    {nodes}"


def overflow(page: Page) -> list[str]:
    """Elements that make a phone scroll sideways."""
    size = page.viewport_size
    page.set_viewport_size(PHONE)
    wide = page.evaluate(TOO_WIDE)
    if size:
        page.set_viewport_size(size)
    return [f"{page.url} at {PHONE['width']} px: {element}" for element in wide]


def small_targets(page: Page) -> list[str]:
    """What of a question cannot be hit with a thumb: a side below 24 px on a phone. A box is as large as its label."""
    size = page.viewport_size
    page.set_viewport_size(PHONE)
    small = page.evaluate(TOO_SMALL, SMALLEST_TARGET)
    if size:
        page.set_viewport_size(size)
    return [f"{page.url}: {element}" for element in small]
