"""Every type of question: answered by keyboard alone, answered by the bare form, and looked back at."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from quizzes.types import registry
from tests.e2e import looks, steps
from tests.e2e.answers import Answer, Item, kept, right_answer, right_points, source_of
from tests.e2e.player import answer_by_form, answer_by_keyboard, is_at, label_by_keyboard, read_item, tab_to
from tests.e2e.server import Site
from tests.e2e.visit import Visit

pytestmark = pytest.mark.e2e

BY_KEYBOARD, BY_FORM, MARKER = "student2@example.org", "applicant@example.org", "admin@example.org"
#: In the order of the quiz.
TYPES = (
    "single_choice", "multiple_response", "true_false", "numeric", "short_answer", "matching", "ordering", "cloze",
    "hotspot", "labelling", "essay",
)  # fmt: skip
LABELS = """() => Object.fromEntries(
  [...document.querySelectorAll('[name^="label-"]')].map(({ name, value }) => [name.replace("label-", ""), value]))"""
of_each_type = pytest.mark.parametrize("kind", TYPES)


@dataclass
class Sitting:
    """Somebody who sits the quiz of every type."""

    window: Visit
    attempt: str

    def open(self, kind: str) -> tuple[Page, Item]:
        """The page of a question, with what stands on it."""
        slot = TYPES.index(kind) + 1
        page = self.window.go(f"/attempts/{self.attempt}/?slot={slot}")
        is_at(page, slot)
        item = read_item(page)
        assert item["type"] == kind
        return page, item

    @property
    def items(self) -> list[dict[str, Any]]:
        """The questions as the API tells them, with the answers that the server has."""
        found: list[dict[str, Any]] = self.window.send("GET", f"attempts/{self.attempt}/")["items"]
        return found

    def stored(self, kind: str) -> Answer | None:
        """The answer that the server has."""
        response = self.items[TYPES.index(kind)]["response"]
        return response and response["answer"]

    def hand_in(self) -> None:
        """Whatever is still blank is answered first, so that each test can run alone."""
        for item in self.items:
            if not item["response"]:
                path = f"attempts/{self.attempt}/responses/{item['slot']}/"
                self.window.send("PUT", path, {"answer": right_answer(item)})
        self.window.go(f"/attempts/{self.attempt}/summary/")
        steps.hand_in(self.window)

    def look_back(self) -> Page:
        """The review."""
        page = self.window.go(f"/attempts/{self.attempt}/review/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Review")
        return page


@pytest.fixture(scope="module")
def attempts(site: Site) -> dict[str, str]:
    """The quiz, with an attempt of each of the two."""
    made: dict[str, str] = json.loads(site.do("tests.e2e.every_type", BY_KEYBOARD, BY_FORM))
    return made


@pytest.fixture(scope="module")
def typist(stay: Callable[..., Visit], attempts: dict[str, str]) -> Sitting:
    """Somebody without a mouse."""
    return Sitting(stay(BY_KEYBOARD), attempts[BY_KEYBOARD])


@pytest.fixture(scope="module")
def plain(stay: Callable[..., Visit], attempts: dict[str, str]) -> Sitting:
    """Somebody whose browser runs no script."""
    return Sitting(stay(BY_FORM, javascript=False), attempts[BY_FORM])


@pytest.fixture(scope="module")
def unmarked(typist: Sitting) -> Page:
    """The review while the essay waits for its marker."""
    typist.hand_in()
    return typist.look_back()


@pytest.fixture(scope="module")
def marked(unmarked: Page, typist: Sitting, stay: Callable[..., Visit]) -> Page:
    """The review once all is marked."""
    place = f"{typist.attempt}/{TYPES.index('essay') + 1}/"
    revision = typist.items[TYPES.index("essay")]["response"]["revision"]
    given = {"revision": revision, "points": {"c1": 2, "c2": 2}, "comment": "Kind, and clear."}
    stay(MARKER).send("POST", f"marking/{place}", given)
    return typist.look_back()


def barriers(page: Page) -> list[str]:
    """All that a machine finds wrong with a page."""
    return looks.barriers(page) + looks.overflow(page) + looks.small_targets(page)


def saves(page: Page, answer: Answer, give: Callable[[], None]) -> None:
    """Wait until the page has saved this answer by itself, and says so."""

    def is_it(response: Response) -> bool:
        request = response.request
        return request.method == "PUT" and request.post_data_json["answer"] == answer

    with page.expect_response(is_it) as heard:
        give()
    assert heard.value.status == 200
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


def own_words(item: Item) -> list[str]:
    """What somebody finds again who answered this rightly."""
    written = source_of(item)["interaction"]
    if "choices" in written or "regions" in written:
        return [row["text"] for row in [*written.get("choices", []), *written.get("regions", [])] if row.get("key")]
    if item["type"] == "matching":
        return [pair["option"] for pair in written["pairs"]]
    if item["type"] == "labelling":
        return [target["label"] for target in written["targets"]]
    if item["type"] == "essay":
        return written["model_answer"].split("\n\n")
    answer = right_answer(item)
    return {
        "true_false": ["True"],
        "numeric": [f"{answer.get('value')} {written.get('unit')}"],
        "short_answer": [answer.get("text", "")],
        "ordering": written.get("elements", []),
        "cloze": ["biceps", "triceps", "90"],
    }[item["type"]]


def test_the_quiz_has_every_type_there_is() -> None:
    assert set(TYPES) == {kind.slug for kind in registry.all_types()}


@of_each_type
def test_each_type_is_answered_by_keyboard_alone(typist: Sitting, kind: str) -> None:
    page, item = typist.open(kind)
    answer = right_points(item) if kind == "hotspot" else right_answer(item)
    saves(page, answer, lambda: answer_by_keyboard(page, item, answer))
    assert typist.stored(kind) == kept(item, answer)
    assert barriers(page) == []


def test_the_list_beside_a_picture_is_chosen_from_by_keyboard(typist: Sitting) -> None:
    page, item = typist.open("hotspot")
    answer = right_answer(item)
    saves(page, answer, lambda: answer_by_keyboard(page, item, answer))
    assert typist.stored("hotspot") == answer
    assert barriers(page) == []


def test_labels_are_put_on_the_picture_itself_by_keyboard(typist: Sitting) -> None:
    page, item = typist.open("labelling")
    right = right_answer(item)["labels"]
    places = list(right)
    # Each label goes to one place: put elsewhere, it leaves its former place.
    first = {place: right[next_one] for place, next_one in zip(places, places[1:] + places[:1], strict=True)}
    saves(page, {"labels": first}, lambda: label_by_keyboard(page, first))
    saves(page, {"labels": right}, lambda: label_by_keyboard(page, right))
    assert typist.stored("labelling") == {"labels": right}
    assert barriers(page) == []


def test_a_label_that_arrow_keys_only_pass_by_stays_at_its_place(typist: Sitting) -> None:
    page, item = typist.open("labelling")
    right = right_answer(item)["labels"]
    answer_by_keyboard(page, item, {"labels": right})
    for target, label in right.items():
        tab_to(page, f'[name="label-{target}"]')
        for key in ("ArrowUp", "ArrowDown"):
            for _step in item["interaction"]["labels"]:
                page.keyboard.press(key)
        answer_by_keyboard(page, item, {"labels": {target: label}})
    assert page.evaluate(LABELS) == right


@of_each_type
def test_each_type_is_answered_without_a_script(plain: Sitting, kind: str) -> None:
    page, item = plain.open(kind)
    answer_by_form(page, item, right_answer(item))
    is_last = kind == TYPES[-1]
    page.get_by_role("button", name="Save and see the overview" if is_last else "Save and go on").click()
    page.wait_for_url("**/summary/" if is_last else f"**slot={TYPES.index(kind) + 2}")
    assert plain.stored(kind) == kept(item, right_answer(item))


def test_until_the_essay_is_marked_the_review_shows_ones_own_answers(unmarked: Page, typist: Sitting) -> None:
    expect(unmarked.get_by_text("Right answers are not shown here")).to_be_visible()
    for item in typist.items:
        article = unmarked.locator(f"#question-{item['slot']}")
        for words in own_words(item):
            expect(article).to_contain_text(words)
        expect(article.locator(".option--key, .option--wrong, .verdict, .rationale")).to_have_count(0)
    assert barriers(unmarked) == []


@of_each_type
def test_each_type_is_looked_back_at(marked: Page, typist: Sitting, kind: str) -> None:
    article = marked.locator(f"#question-{TYPES.index(kind) + 1}")
    expect(article.locator(".verdict")).to_have_text("Right")
    for words in own_words(typist.items[TYPES.index(kind)]):
        expect(article).to_contain_text(words)
    expect(article.locator(".rationale")).to_contain_text("Why")


def test_the_review_has_no_barriers(marked: Page) -> None:
    expect(marked.get_by_text("Kind, and clear.")).to_be_visible()
    assert barriers(marked) == []


def test_the_review_is_read_without_a_script(plain: Sitting) -> None:
    plain.hand_in()
    page = plain.look_back()
    for item in plain.items:
        article = page.locator(f"#question-{item['slot']}")
        for words in own_words(item):
            expect(article).to_contain_text(words)
