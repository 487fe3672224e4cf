"""Each type's templates: the form posts what `parse_form` reads, and nothing but the interaction is in it."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string

from quizzes.types import registry
from quizzes.types.base import feedback_by_alias
from tests.quizzes.types.strategies import CANARY, Form

CHOICES = [
    {"text": "a &lt; b", "key": True, "feedback": f"{CANARY} because"},
    {"text": "10<sup>2</sup>", "key": True, "feedback": ""},
    {"text": "none of the above", "key": False, "feedback": f"{CANARY} <b>no</b>"},
]
DRAFTS: dict[str, dict[str, Any]] = {
    "single_choice": {"choices": [{**row, "key": place == 0} for place, row in enumerate(CHOICES)]},
    "multiple_response": {"choices": CHOICES, "min": 1, "max": 2},
    "true_false": {"correct": False, "feedback_true": f"{CANARY} no", "feedback_false": ""},
    "numeric": {"value": "20.5", "tolerance": "1", "unit": "kg/m²"},
    "matching": {
        "pairs": [
            {"prompt": "CO<sub>2</sub>", "option": "gas"},
            {"prompt": "b", "option": '"10<sup>2</sup>"'},
        ],
        "extra_options": ["water"],
    },
    "ordering": {"elements": ["first", "<b>second</b>", 'th"ird']},
    "essay": {
        "word_limit": 3,
        "criteria": [{"title": "Consent", "description": f"{CANARY} asked for", "points": 2}],
        "pass_note": f"{CANARY} both points",
        "model_answer": "I ask first.\n\nThen < I wait.",
    },
    "hotspot": {
        "min": 1,
        "max": 2,
        "regions": [
            {
                "text": "a &lt; b",
                "shape": {"kind": "rectangle", "numbers": "10 10 30 30"},
                "key": True,
                "feedback": f"{CANARY} because",
            },
            {"text": "x<sup>2</sup>", "shape": {"kind": "polygon", "numbers": "40 40 60 40 50 60.5"}, "key": False},
        ],
    },
    "labelling": {
        "targets": [{"at": "20 30", "label": "CO<sub>2</sub>"}, {"at": "40.5 70", "label": '"b"'}],
        "extra_labels": ["<b>c</b>"],
        "reuse": False,
    },
    "short_answer": {
        "answers": [
            {"text": 'a "b" < c', "feedback": f"{CANARY} yes"},
            {"text": "d", "share": 0, "feedback": f"{CANARY} no"},
        ],
    },
    "cloze": {
        "text": "<p>a &lt; [[1]] <b>[[3]]</b></p><p>or [[2]] kg</p>",
        "gaps": [
            {"kind": "text", "answers": ['x "y" < z', "w*"], "feedback": f"{CANARY} note"},
            {"kind": "numeric", "value": "1234.5", "tolerance": 1},
            {
                "kind": "choice",
                "choices": [
                    {"text": "CO<sub>2</sub>", "key": True, "feedback": f"{CANARY} yes"},
                    {"text": "O &amp; H", "key": False, "feedback": f"{CANARY} no"},
                ],
            },
        ],
    },
}


def item(slug: str, answered: str = "", **more: Any) -> dict[str, Any]:
    """An item as pages get it; `answered` is empty, `right` or `wrong`."""
    question_type = registry.get(slug)
    rules = question_type.scoring_rules
    compiled = question_type.compile(DRAFTS[slug], rules[-1])
    arrangement = question_type.arrange(compiled.presentation, random.Random(7))
    correct = question_type.serialise(arrangement, question_type.correct_answer(compiled.key))
    wrong = {
        "single_choice": {"choice": "c"},
        "multiple_response": {"choices": ["c"]},
        "true_false": {"value": True},
        "numeric": {"value": 1234.5},
        "matching": {"pairs": {"p1": "a", "p2": "a"}},
        "ordering": {"order": list(reversed(correct.get("order", [])))},
        "essay": {"text": '\n <b>No</b> & "never",\n\nnot at all'},
        "hotspot": {"points": [[0.9, 0.1], [0.5, 0.45]]},
        "labelling": {"labels": dict(zip(["t1", "t2"], [*correct.get("labels", {}).values()][::-1], strict=False))},
        "short_answer": {"text": ' <i>D</i> "&" '},
        "cloze": {"gaps": {"g1": ' <i>D</i> "&" ', "g3": "1,5"}},
    }[slug]
    answer = {"": None, "right": correct, "wrong": wrong}[answered]
    fraction = None
    if answer is not None:
        fraction = question_type.grade(
            compiled.key, question_type.parse(compiled.presentation, arrangement, answer)
        ).fraction
    interaction = question_type.interaction(compiled.presentation, arrangement)
    if question_type.uses_picture:
        interaction["image"] = {"src": "/pictures/1", "width": 400, "height": 300, "alt": "A leg"}
    return {
        "slot": 3,
        "interaction": interaction,
        "answer": answer,
        "is_locked": False,
        "correct": correct,
        "feedback": feedback_by_alias(arrangement, question_type.choice_feedback(compiled.key, None)),
        "fraction": fraction,
        "arrangement": arrangement,
        "presentation": compiled.presentation,
        **more,
    }


def page(kind: str, slug: str, **context: Any) -> BeautifulSoup:
    text = render_to_string(f"quizzes/{kind}/{slug}.html", {"item": context})
    assert " style=" not in text
    assert "<script" not in text
    return BeautifulSoup(text, "html.parser")


def posted(soup: BeautifulSoup) -> Form:
    """What a browser would send."""
    values: dict[str, list[str]] = {}
    for field in soup.find_all("input"):
        if field["type"] not in {"radio", "checkbox"} or field.has_attr("checked"):
            values.setdefault(field["name"], []).append(field.get("value", ""))
    for field in soup.find_all("textarea"):
        # A browser drops the line break that opens a text area, and sends the others in its own way.
        text = field.get_text().removeprefix("\n").replace("\n", "\r\n")
        values.setdefault(field["name"], []).append(text)
    for field in soup.find_all("select"):
        chosen = field.find("option", selected=True) or field.find("option")
        values.setdefault(field["name"], []).append(chosen["value"])
    return Form(values)


@pytest.mark.parametrize("slug", DRAFTS)
@pytest.mark.parametrize("answered", ["", "right", "wrong"])
def test_the_form_posts_back_the_answer_it_shows(slug: str, answered: str) -> None:
    question_type = registry.get(slug)
    shown = item(slug, answered)
    soup = page("interactions", slug, **shown)
    presentation, arrangement = shown["presentation"], shown["arrangement"]
    read = question_type.parse_form(presentation, arrangement, posted(soup))
    if not answered:
        assert read is None
        return
    parse = question_type.parse
    assert parse(presentation, arrangement, read) == parse(presentation, arrangement, shown["answer"])


@pytest.mark.parametrize("slug", DRAFTS)
def test_the_form_is_built_of_the_interaction_and_the_answer_alone(slug: str) -> None:
    shown = item(slug, "wrong")
    known = {name: shown[name] for name in ("slot", "interaction", "answer", "is_locked")}
    whole = str(page("interactions", slug, **shown))
    assert whole == str(page("interactions", slug, **known))
    assert CANARY not in whole


@pytest.mark.parametrize("slug", DRAFTS)
def test_every_field_has_a_name_and_a_locked_form_is_switched_off(slug: str) -> None:
    soup = page("interactions", slug, **item(slug, "right"))
    fieldset = soup.find("fieldset")
    assert fieldset.find("legend").get_text(strip=True).startswith("Your answer")
    assert not fieldset.has_attr("disabled")
    for field in soup.find_all(["input", "select", "textarea"]):
        named = (
            field.find_parent("label")
            or soup.find("label", attrs={"for": field.get("id", "-")})
            or field.get("aria-label")
        )
        assert named
    identities = [element["id"] for element in soup.find_all(id=True)]
    assert len(set(identities)) == len(identities)
    for element in soup.find_all(attrs={"aria-describedby": True}):
        assert set(element["aria-describedby"].split()) <= set(identities)
    assert page("interactions", slug, **item(slug, is_locked=True)).find("fieldset").has_attr("disabled")


@pytest.mark.parametrize("slug", DRAFTS)
@pytest.mark.parametrize(
    ("answered", "word"), [("", "Not answered"), ("right", "Right"), ("wrong", "Not right|Partly right")]
)
def test_a_review_says_it_in_words(slug: str, answered: str, word: str) -> None:
    if answered and registry.get(slug).marked_by_person:
        word = "Not marked yet"
    soup = page("rationale", slug, **item(slug, answered))
    assert re.fullmatch(word, soup.find(class_="verdict").get_text(strip=True))
    assert soup.find(class_="verdict").find("svg")
    for mark in soup.find_all(class_="option__mark"):
        assert mark.find("svg")
        assert mark.get_text(strip=True)
    said = {text for text in item(slug)["feedback"].values() if CANARY in text}
    assert str(soup).count(CANARY) == len(said)


@pytest.mark.parametrize("slug", DRAFTS)
def test_a_review_without_the_key_tells_no_key(slug: str) -> None:
    shown = item(slug, "right", correct=None, feedback={}, fraction=None)
    soup = page("rationale", slug, **shown)
    assert soup.find(class_="verdict") is None
    assert not soup.find_all(class_=["option--key", "option--wrong"])
    assert "ight" not in soup.get_text()


def test_a_range_is_told() -> None:
    text = " ".join(page("rationale", "numeric", **item("numeric", "wrong")).get_text().split())
    assert "1234.5 kg/m²" in text
    assert "any number from 19.5 to 21.5 kg/m²" in text


def test_a_marked_essay_tells_the_points_and_what_the_marker_says() -> None:
    shown = item("essay", "wrong", fraction=0.5, marking={"points": {"c1": "0.50"}, "comment": "Ask <first>.\nAlways."})
    soup = page("rationale", "essay", **shown)
    text = " ".join(soup.get_text().split())
    assert "Partly right" in text
    assert "0.5 of 2 points" in text
    assert "Ask <first>." in text
    assert "Always." in text
    assert soup.find(class_="essay__written").find("p").get_text(strip=True) == '<b>No</b> & "never",'


def test_more_words_than_asked_for_are_told_in_the_form_and_in_the_review() -> None:
    for kind in ("interactions", "rationale"):
        shown = item("essay", "wrong")
        counted = page(kind, "essay", **shown).find(class_="essay__count--over")
        assert counted.get_text(strip=True) == "Words: 5 of 3, 2 too many"
        shown["answer"] = {"text": "I always ask"}
        assert page(kind, "essay", **shown).find(class_="essay__count--over") is None


@pytest.mark.parametrize("slug", [kind.slug for kind in registry.all_types() if kind.uses_picture])
@pytest.mark.parametrize("kind", ["interactions", "rationale"])
def test_a_picture_is_shown_with_its_description_and_marks_are_none_to_a_screen_reader(kind: str, slug: str) -> None:
    soup = page(kind, slug, **item(slug, "wrong"))
    (image,) = soup.find_all("img")
    assert (image["src"], image["width"], image["height"], image["alt"]) == ("/pictures/1", "400", "300", "A leg")
    for drawn in soup.find_all("svg", recursive=True):
        assert drawn.get("aria-hidden") == "true" or drawn.find_parent(["svg", "template"])


def test_points_stand_where_they_were_set_whatever_the_language() -> None:
    from django.utils.translation import override

    with override("de"):
        soup = page("interactions", "hotspot", **item("hotspot", "wrong"))
    marks = soup.find(class_="plate__marks").find_all(class_="plate__point")
    assert [(mark["x"], mark["y"]) for mark in marks] == [("90%", "10%"), ("50%", "45%")]
    assert soup.find("input", attrs={"name": "points"})["value"] == "0.9,0.1 0.5,0.45"


def test_one_place_is_a_radio_button_and_several_are_boxes() -> None:
    shown = item("hotspot")
    assert {box["type"] for box in page("interactions", "hotspot", **shown).find_all(class_="option__input")} == {
        "checkbox"
    }
    shown["interaction"] = {**shown["interaction"], "max": 1}
    assert {box["type"] for box in page("interactions", "hotspot", **shown).find_all(class_="option__input")} == {
        "radio"
    }


def test_a_review_with_the_key_draws_the_regions_and_says_what_each_point_hit() -> None:
    outlines = {"a": [[0.1, 0.1], [0.3, 0.1], [0.3, 0.3], [0.1, 0.3]], "b": [[0.4, 0.4], [0.6, 0.4], [0.5, 0.605]]}
    shown = item("hotspot", "wrong", drawing={"outlines": outlines, "hits": [None, "b"]}, correct={"regions": ["a"]})
    soup = page("rationale", "hotspot", **shown)
    assert [shape["points"] for shape in soup.find_all("polygon")] == [
        "0.1,0.1 0.3,0.1 0.3,0.3 0.1,0.3",
        "0.4,0.4 0.6,0.4 0.5,0.605",
    ]
    marks = [" ".join(mark.get_text().split()) for mark in soup.find_all(class_="option__mark")]
    assert marks == ["Right, not chosen", "Chosen, not right", "Outside all of these, not right"]
    without = page("rationale", "hotspot", **item("hotspot", "wrong", correct=None, feedback={}, fraction=None))
    assert without.find_all("polygon") == []
    assert len(without.find_all(class_="plate__point")) == 2


def test_a_review_of_labels_says_what_belongs_where() -> None:
    soup = page("rationale", "labelling", **item("labelling", "wrong"))
    rows = [" ".join(row.get_text().split()) for row in soup.find("ul").find_all("li")]
    assert rows[0].startswith("1 Place 1 Not right:")
    assert rows[0].endswith("Belongs here: CO2")


def test_a_gap_is_judged_by_the_key_and_not_by_comparing() -> None:
    kind = registry.get("cloze")
    compiled = kind.compile(DRAFTS["cloze"], kind.scoring_rules[-1])
    shown = item("cloze")
    sent = {"gaps": {"g1": "wider", "g2": shown["correct"]["gaps"]["g2"], "g3": 1236}}
    answer = kind.parse(compiled.presentation, shown["arrangement"], sent)
    feedback = feedback_by_alias(shown["arrangement"], kind.choice_feedback(compiled.key, answer))
    soup = page("rationale", "cloze", **{**shown, "answer": sent, "feedback": feedback, "fraction": 0.67})
    first, second, third = (" ".join(row.get_text().split()) for row in soup.find_all(class_="option"))
    assert first.startswith("Gap 1 wider Right")
    assert second.startswith("Gap 2 CO2 Right")
    assert f"{CANARY} yes" in second
    assert third == "Gap 3 1236 Not right Right answer: any number from 1233.5 to 1235.5"


def test_each_gap_has_a_field_in_its_place_of_a_width_that_tells_nothing() -> None:
    soup = page("interactions", "cloze", **item("cloze"))
    fields = soup.find(class_="cloze").find_all(["input", "select"])
    assert [field["aria-label"] for field in fields] == ["Gap 1 of 3", "Gap 2 of 3", "Gap 3 of 3, a number"]
    assert [field.find_parent(["strong", "p"]).name for field in fields] == ["p", "strong", "p"]
    assert all("size" not in field.attrs for field in fields)
    assert fields[0]["maxlength"] == "100"
    assert [option.get_text() for option in fields[1].find_all("option")][1:] in (["CO₂", "O & H"], ["O & H", "CO₂"])
