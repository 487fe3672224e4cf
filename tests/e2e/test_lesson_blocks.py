"""Every activity of a lesson: worked by keyboard alone, tapped where it is a picture, and read without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import looks
from tests.e2e.every_block import PATH
from tests.e2e.player import press_on, tab_to
from tests.e2e.server import Site
from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e

STUDENT = "student@example.org"
#: What is too small for a thumb, of what an activity offers.
TOO_SMALL = """() => [...document.querySelectorAll(".activity :is(button, input, select, textarea, summary)")]
  .filter((element) => element.checkVisibility())
  .filter((element) => {
    const { width, height } = (element.closest("label") || element).getBoundingClientRect();
    return width < 24 || height < 24;
  }).map((element) => element.outerHTML.slice(0, 90))"""

OPEN_ALL = """() => { for (const details of document.querySelectorAll(".activity details")) details.open = true; }"""


@pytest.fixture(scope="module")
def lesson(site: Site) -> Iterator[str]:
    """The address of the lesson; its course is withdrawn afterwards, since the platform is shared."""
    site.do("tests.e2e.every_block")
    yield PATH
    site.do("tests.e2e.every_block", "away")


@pytest.fixture(scope="module")
def reader(stay: Callable[..., Visit], lesson: str) -> Visit:
    """Somebody who may read it."""
    window = stay(STUDENT)
    window.send("POST", "courses/every-activity/enrol/")
    return window


@pytest.fixture
def page(reader: Visit, lesson: str) -> Page:
    """The lesson, with nothing done yet and its scripts at work."""
    page = reader.go(lesson)
    page.wait_for_function("() => !document.querySelector('.activity :not(:defined)')")
    return page


def block(page: Page, kind: str) -> Locator:
    """One activity."""
    return page.locator(f".lesson-block--{kind}")


def said(page: Page, kind: str) -> Locator:
    """The polite region of an activity."""
    return block(page, kind).locator('[role="status"]')


def choose(page: Page, select: str, value: str) -> None:
    """Go to a select and down to an option."""
    tab_to(page, select)
    for _step in range(page.locator(select).locator("option").count()):
        if page.locator(select).input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{select} has no {value}")


def test_cards_are_turned_until_all_are_known(page: Page) -> None:
    fronts = [front.text_content() for front in block(page, "flash_cards").locator(".flash-card__front").all()]
    shown = block(page, "flash_cards").locator(".flash-card:visible .flash-card__front")
    expect(shown).to_have_text(fronts[0])
    press_on(page, ".flash-card:not([hidden]) summary")
    expect(block(page, "flash_cards").locator(".flash-card__back:visible")).to_contain_text("does not usually hurt")
    press_on(page, "lesson-flash-cards [data-again]")
    for known, front in enumerate([*fronts[1:], fronts[0]]):
        expect(shown).to_have_text(front)
        expect(said(page, "flash_cards")).to_contain_text(f"{known} of 5")
        page.keyboard.press("Enter")  # The focus is on the card.
        press_on(page, "lesson-flash-cards [data-knew]")
    expect(said(page, "flash_cards")).to_have_text("All 5 cards known.")
    page.keyboard.press("Enter")
    expect(shown).to_have_text(fronts[0])


def test_steps_are_moved_into_their_order(page: Page) -> None:
    def places() -> list[str]:
        return [str(row.get_attribute("data-place")) for row in page.locator("lesson-ordering li[data-place]").all()]

    press_on(page, "lesson-ordering [data-check]")
    expect(said(page, "ordering")).to_contain_text("In place:")
    expect(block(page, "ordering").locator(".activity__mark")).to_have_count(4)
    for place in range(1, 5):
        while places().index(str(place)) > place - 1:
            press_on(page, f'[data-place="{place}"] [data-move="up"]')
    expect(said(page, "ordering")).to_contain_text("now")
    expect(block(page, "ordering").locator(".activity__mark")).to_have_count(0)
    press_on(page, "lesson-ordering [data-check]")
    expect(said(page, "ordering")).to_have_text("All in order.")
    expect(block(page, "ordering").get_by_text("More is not better.")).to_be_visible()


@pytest.mark.parametrize("kind", ["sorting", "matching"])
def test_what_belongs_together_is_chosen(page: Page, kind: str) -> None:
    selects = block(page, kind).locator("select")
    total = selects.count()
    press_on(page, f".lesson-block--{kind} [data-check]")
    expect(block(page, kind).get_by_text("Nothing chosen yet")).to_have_count(total)
    for place in range(total):
        right = str(selects.nth(place).get_attribute("data-right"))
        choose(page, f".lesson-block--{kind} li:nth-child({place + 1}) select", right)
    first = f".lesson-block--{kind} li:nth-child(1) select"
    page.keyboard.press("Shift+Tab")
    tab_to(page, first)
    page.keyboard.press("Home")
    press_on(page, f".lesson-block--{kind} [data-check]")
    expect(said(page, kind)).to_have_text(f"Right: {total - 1} of {total}.")
    choose(page, first, str(selects.first.get_attribute("data-right")))
    press_on(page, f".lesson-block--{kind} [data-check]")
    expect(said(page, kind)).to_have_text(f"All {total} are right.")
    expect(block(page, kind).locator(".activity__mark--right")).to_have_count(total)
    expect(block(page, kind).locator("[data-because]:visible").first).to_be_visible()


def test_overclaims_are_marked_and_judged(page: Page) -> None:
    for place in (1, 2):
        tab_to(page, f"lesson-overclaims li:nth-child({place}) input")
        page.keyboard.press("Space")
    press_on(page, "lesson-overclaims [data-check]")
    rows = block(page, "find_overclaims").locator(".activity__row")
    for place, words in enumerate(("You marked it, and it is fine", "Found: an overclaim", "Missed")):
        expect(rows.nth(place)).to_contain_text(words)
    expect(rows.nth(2)).to_contain_text("Some people feel relief for a while.")
    expect(said(page, "find_overclaims")).to_contain_text("1 of 3")


def test_a_case_goes_where_the_decisions_lead(page: Page) -> None:
    story = block(page, "branching_case").locator("[data-story]")
    press_on(page, '[data-story] [data-choice="1"]')
    expect(said(page, "branching_case")).to_have_text("Kim flinches.")
    expect(story).to_contain_text("An unsafe end")
    expect(page.get_by_role("group", name="Step 2")).to_be_focused()
    press_on(page, "lesson-case [data-back]")
    expect(story).not_to_contain_text("An unsafe end")
    press_on(page, '[data-story] [data-choice="0"]')
    press_on(page, '[data-story] [data-choice="0"]')  # Once around.
    press_on(page, '[data-story] [data-choice="0"]')
    press_on(page, '[data-story] [data-choice="1"]')
    expect(story).to_contain_text("A good end")
    expect(story.locator("[data-choice]")).to_have_count(0)
    press_on(page, "lesson-case [data-restart]")
    expect(story.locator(".case__scene")).to_have_count(1)


def test_the_slider_tells_its_zone(page: Page) -> None:
    tab_to(page, "lesson-slider input")
    for _step in range(2):
        page.keyboard.press("ArrowRight")
    slider = page.get_by_role("slider", name="Seconds held")
    expect(slider).to_have_attribute("aria-valuetext", "10 s: Usual Working range")
    expect(block(page, "slider").locator("output")).to_contain_text("Most protocols stay here.")
    page.keyboard.press("End")
    expect(block(page, "slider").locator("output")).to_contain_text("Let go.")


def test_a_model_line_comes_after_ones_own(page: Page) -> None:
    model = block(page, "build_note").get_by_text("Compare with a model line")
    expect(model.first).to_be_hidden()
    tab_to(page, ".note__part textarea")
    page.keyboard.type("Aches in the evening")
    expect(model.first).to_be_visible()
    expect(model.last).to_be_hidden()
    press_on(page, ".note__part details:not([hidden]) summary")
    expect(block(page, "build_note").get_by_text("Her words, a place and a time.")).to_be_visible()
    page.reload()
    expect(page.locator(".note__part textarea").first).to_have_value("")


def test_the_second_of_a_comparison_is_shown_row_by_row(page: Page) -> None:
    second = block(page, "comparison").locator("[data-second]")
    expect(second.first).to_be_hidden()
    press_on(page, "lesson-comparison [data-show]")
    expect(second.first).to_be_focused()
    expect(second.last).to_be_hidden()
    press_on(page, "lesson-comparison [data-all]")
    expect(second.last).to_be_visible()


def asked(page: Page) -> str:
    """The region that is asked for."""
    return str(page.locator("p[data-ask]").text_content()).removeprefix("Find: ")


def region(page: Page, name: str) -> Locator:
    """What the page knows of a region."""
    return page.locator(f'[data-region][data-name="{name}"]')


def test_regions_are_chosen_by_letter(page: Page) -> None:
    press_on(page, "lesson-find [data-list] summary")
    expect(page.locator("[data-spot]").first).to_be_visible()
    for _region in range(3):
        name = asked(page)
        letter = region(page, name).get_attribute("data-region")
        wrong = next(one for one in "ABC" if one != letter)
        press_on(page, f'[data-choose="{wrong}"]')
        expect(said(page, "find_on_figure")).to_contain_text("Look again.")
        press_on(page, f'[data-choose="{letter}"]')
        expect(said(page, "find_on_figure")).to_contain_text(f"Found: {name}.")
    expect(page.locator("p[data-ask]")).to_have_text("You have been to all 3 places.")
    expect(page.locator("lesson-find [data-restart]")).to_be_focused()


def test_regions_are_tapped_on_the_figure(page: Page) -> None:
    plate = page.locator("[data-plate]")
    plate.scroll_into_view_if_needed()
    box = plate.bounding_box()
    assert box is not None
    plate.click(position={"x": 3, "y": box["height"] - 3})
    expect(said(page, "find_on_figure")).to_contain_text("It is not there.")
    for _region in range(2):
        name = asked(page)
        x, y = (float(str(region(page, name).get_attribute(f"data-{axis}"))) / 100 for axis in "xy")
        plate.click(position={"x": box["width"] * x + 4, "y": box["height"] * y + 4})
        expect(said(page, "find_on_figure")).to_contain_text(f"Found: {name}.")
        expect(region(page, name)).to_be_visible()
    press_on(page, "lesson-find [data-show]")
    expect(said(page, "find_on_figure")).to_contain_text("Here it is:")


def test_nothing_stands_in_anybodys_way(page: Page) -> None:
    assert looks.barriers(page) + looks.overflow(page) == []
    for kind in ("ordering", "sorting", "matching", "find_overclaims"):
        block(page, kind).locator("[data-check]").click()
    page.locator(".flash-card:not([hidden]) summary").click()
    page.locator('[data-story] [data-choice="1"]').click()
    page.locator("lesson-comparison [data-all]").click()
    page.locator(".note__part textarea").first.fill("A line")
    page.locator("lesson-find [data-list] summary").click()
    page.locator("lesson-find [data-show]").click()
    page.evaluate(OPEN_ALL)
    assert looks.barriers(page) + looks.overflow(page) == []
    page.set_viewport_size(looks.PHONE)
    assert page.evaluate(TOO_SMALL) == []
    page.set_viewport_size({"width": 1200, "height": 900})


def test_all_is_read_without_a_script(visit: Callable[..., Visit], reader: Visit, lesson: str) -> None:
    window = visit(STUDENT, javascript=False)
    page = window.go(lesson)
    expect(page.locator(".activity__script:visible")).to_have_count(0)
    page.get_by_text("The right order, and why").click()
    expect(page.get_by_text("More is not better.")).to_be_visible()
    page.evaluate(OPEN_ALL)
    for words in (
        "Pain from what does not usually hurt.", "More is not better.", "Seen in few samples.",
        "It lies parallel to the fibres.", "Massage may feel pleasant.", "Never press a calf like this one.",
        "Kim is back at the door.", "Most protocols stay here.", "Her words, a place and a time.",
        "The words change what is expected.", "The common fibular nerve winds around it.", "The fifth ends it.",
    ):  # fmt: skip
        expect(page.get_by_text(words).locator("visible=true").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
