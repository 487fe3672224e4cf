"""Answers to the shipped questions, found as a student with the book open would: by the words of stem and choices.

The sample questions, those of `every_type.yaml`, and their keys are public files of this repository. Nothing here
reads the platform's database.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import yaml

QUESTIONS = Path(__file__).resolve().parents[2] / "courses" / "curriculum" / "questions"
EVERY_TYPE = Path(__file__).with_name("every_type.yaml")
#: Where an interaction keeps texts that a student can read.
OFFERED = ("choices", "prompts", "options", "elements", "regions", "labels")

Item = dict[str, Any]
Answer = dict[str, Any]


def of_html(html: str) -> str:
    """The bare words of an HTML fragment, to compare with."""
    return _bare(unescape(re.sub(r"<[^>]+>", "", html)))


def of_markdown(text: object) -> str:
    """The bare words of a text of the package, to compare with."""
    return _bare(str(text))


def _bare(text: str) -> str:
    """Letters, digits and signs that carry meaning: spacing, quotes and emphasis are written in several ways."""
    return re.sub(r"[^\w<>=+%.,−-]|_", "", text).lower()


@cache
def _by_stem() -> dict[tuple[str, str], list[dict[str, Any]]]:
    found = defaultdict(list)
    for file in [*sorted(QUESTIONS.glob("*/*.yaml")), EVERY_TYPE]:
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))
        # Beside the questions of a bank lie its title and the stories they share.
        for entry in entries if isinstance(entries, list) else []:
            if "stem" in entry:
                found[entry["type"], of_markdown(entry["stem"])].append(entry)
    return dict(found)


def _texts_offered(item: Item) -> set[str]:
    interaction = item["interaction"]
    parts = [part for name in OFFERED for part in interaction.get(name) or []]
    parts += [part for gap in interaction.get("gaps", []) for part in gap.get("choices") or []]
    return {of_html(part["html"]) for part in parts}


def _texts_written(entry: dict[str, Any]) -> set[str]:
    interaction = entry["interaction"]
    rows = [*interaction.get("choices", []), *interaction.get("regions", [])]
    rows += [choice for gap in interaction.get("gaps", []) for choice in gap.get("choices", [])]
    pairs = [text for pair in interaction.get("pairs", []) for text in (pair["prompt"], pair["option"])]
    labels = [target["label"] for target in interaction.get("targets", [])]
    rest = [text for name in ("extra_options", "elements", "extra_labels") for text in interaction.get(name, [])]
    return {of_markdown(text) for text in [*(row["text"] for row in rows), *pairs, *labels, *rest]}


def source_of(item: Item) -> dict[str, Any]:
    """The written question behind an item that a student met."""
    candidates = _by_stem().get((item["type"], of_html(item["stem_html"])), [])
    fitting = [entry for entry in candidates if _texts_offered(item) == _texts_written(entry)]
    assert len(fitting) == 1, f"{len(fitting)} written questions fit {item['type']}: {item['stem_html']}"
    return fitting[0]


def right_answer(item: Item) -> Answer:
    """The right answer in the words of the API, with the ids of this item."""
    written, given = source_of(item)["interaction"], item["interaction"]
    if item["type"] in {"single_choice", "multiple_response"}:
        keys = {of_markdown(choice["text"]) for choice in written["choices"] if choice["key"]}
        ids = [choice["id"] for choice in given["choices"] if of_html(choice["html"]) in keys]
        assert len(ids) == len(keys)
        return {"choice": ids[0]} if item["type"] == "single_choice" else {"choices": ids}
    if item["type"] == "true_false":
        return {"value": written["correct"]}
    if item["type"] == "numeric":
        return {"value": _a_right_number(written)}
    if item["type"] == "matching":
        partner = {of_markdown(pair["prompt"]): of_markdown(pair["option"]) for pair in written["pairs"]}
        options = {of_html(option["html"]): option["id"] for option in given["options"]}
        return {"pairs": {prompt["id"]: options[partner[of_html(prompt["html"])]] for prompt in given["prompts"]}}
    if item["type"] == "ordering":
        ids = {of_html(element["html"]): element["id"] for element in given["elements"]}
        return {"order": [ids[of_markdown(text)] for text in written["elements"]]}
    if item["type"] == "short_answer":
        return {"text": written["answers"][0]["text"]}
    if item["type"] == "cloze":
        order = [int(number) for number in re.findall(r"\[\[ ?(\d+) ?\]\]", written["text"])]
        gaps = [written["gaps"][number - 1] for number in order]
        return {"gaps": {gap["id"]: _right_in_gap(gap, key) for gap, key in zip(given["gaps"], gaps, strict=True)}}
    if item["type"] == "hotspot":
        places = {of_markdown(region["text"]) for region in written["regions"] if region.get("key")}
        return {"regions": [region["id"] for region in given["regions"] if of_html(region["html"]) in places]}
    if item["type"] == "labelling":
        ids = {of_html(label["html"]): label["id"] for label in given["labels"]}
        label_at = {_place(target): of_markdown(target["label"]) for target in written["targets"]}
        return {
            "labels": {
                target["id"]: ids[label_at[round(target["x"] * 100), round(target["y"] * 100)]]
                for target in given["targets"]
            }
        }
    if item["type"] == "essay":
        return {"text": written["model_answer"].strip()}
    raise NotImplementedError(item["type"])


def right_points(item: Item) -> Answer:
    """The right answer to a hotspot as points on the picture: the middle of each right region that is no polygon."""
    shapes = [region["shape"] for region in source_of(item)["interaction"]["regions"] if region.get("key")]
    return {"points": [_middle(shape["kind"], [float(part) for part in shape["numbers"].split()]) for shape in shapes]}


def _middle(kind: str, numbers: list[float]) -> list[float]:
    if kind == "circle":
        return [numbers[0] / 100, numbers[1] / 100]
    assert kind == "rectangle"
    return [(numbers[0] + numbers[2]) / 200, (numbers[1] + numbers[3]) / 200]


def _place(target: dict[str, str]) -> tuple[int, int]:
    x, y = (round(float(part)) for part in target["at"].split())
    return x, y


def _right_in_gap(gap: dict[str, Any], written: dict[str, Any]) -> str:
    if written["kind"] == "text":
        return str(written["answers"][0])
    if written["kind"] == "numeric":
        return _a_right_number(written)
    right = next(of_markdown(choice["text"]) for choice in written["choices"] if choice.get("key"))
    return next(str(choice["id"]) for choice in gap["choices"] if of_html(choice["html"]) == right)


def _a_right_number(written: dict[str, Any]) -> str:
    if written.get("value") is not None:
        return str(written["value"])
    return str((float(written["low"]) + float(written["high"])) / 2)


def wrong_answer(item: Item) -> Answer:
    """A complete answer that earns nothing."""
    right, given = right_answer(item), item["interaction"]
    if item["type"] == "single_choice":
        return {"choice": next(choice["id"] for choice in given["choices"] if choice["id"] != right["choice"])}
    if item["type"] == "multiple_response":
        return {"choices": [choice["id"] for choice in given["choices"] if choice["id"] not in right["choices"]][:1]}
    if item["type"] == "true_false":
        return {"value": not right["value"]}
    if item["type"] == "numeric":
        return {"value": str(float(right["value"]) + 1000)}
    if item["type"] == "matching":
        prompts, options = list(right["pairs"]), list(right["pairs"].values())
        return {"pairs": dict(zip(prompts, options[1:] + options[:1], strict=True))}
    return {"order": right["order"][::-1]}


def kept(item: Item, answer: Answer) -> Answer:
    """An answer as the server keeps it: what was typed as a number is one."""
    if item["type"] == "numeric":
        return {"value": float(answer["value"])}
    if item["type"] == "cloze":
        return {"gaps": {gap: float(given) if given.isdigit() else given for gap, given in answer["gaps"].items()}}
    return answer
