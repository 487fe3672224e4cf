"""From a pain to a muscle and back, with the keyboard and with a finger, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e


def tab_to(page: Page, wanted: Locator, most: int = 80) -> None:
    """Press Tab until the focus is there."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{most} times Tab do not lead to {wanted}")


@pytest.mark.parametrize("javascript", [True, False])
def test_by_keyboard_from_a_place_to_a_muscle_and_back_to_the_place(
    visit: Callable[..., Visit], javascript: bool
) -> None:
    window = visit(javascript=javascript)
    page = window.go("/atlas/")
    tab_to(page, page.locator(".hurts__list").get_by_role("link", name="Low back"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/atlas/?region=low-back#muscles")
    expect(page.get_by_role("heading", name="Low back: 6 muscles are described")).to_be_in_viewport()
    expect(page.get_by_label("Where it hurts")).to_have_value("low-back")

    tab_to(page, page.get_by_role("link", name="Quadratus lumborum"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/atlas/MU-16/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Quadratus lumborum")
    expect(page.get_by_role("img", name="Referral map: Quadratus lumborum")).to_be_visible()
    tab_to(page, page.get_by_text("The map as text"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="near the twelfth rib")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Piriformis").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/atlas/MU-20/")
    tab_to(page, page.get_by_role("link", name="Low back", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url("**/atlas/?region=low-back#muscles")


def test_by_keyboard_from_words_to_the_muscles(visit: Callable[..., Visit]) -> None:
    page = visit().go("/atlas/")
    tab_to(page, page.get_by_label("Muscle, complaint or place"))
    page.keyboard.type("TEMPLE headache")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=TEMPLE+headache**")
    expect(page.get_by_role("heading", name="3 muscles fit")).to_be_visible()
    expect(page.locator(".muscle-card__name")).to_have_text(["Upper trapezius", "Temporalis", "Splenius capitis"])


def test_the_body_is_passed_by_with_the_keyboard_and_answers_to_a_finger(visit: Callable[..., Visit]) -> None:
    page = visit().go("/atlas/")
    back = page.locator(".body-map--back")
    last = page.locator(".hurts__list").get_by_role("link").last
    for _ in range(80):
        page.keyboard.press("Tab")
        assert not page.evaluate("() => Boolean(document.activeElement.closest('.body-map'))")
        if last.evaluate("element => element === document.activeElement"):
            break
    box = back.bounding_box()
    assert box is not None
    # The low back, beside the spine: 208 of 380 units across, 310 of 785 down, below the name of the view.
    page.mouse.click(box["x"] + box["width"] * 208 / 380, box["y"] + box["height"] * (310 + 24) / 811)
    page.wait_for_url("**/atlas/?region=low-back#muscles")
    expect(back.locator(".body-map__spot").first).to_be_attached()
