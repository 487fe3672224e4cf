"""What the pages of the atlas show: cards, the body to point at, and all that is known of one muscle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .atlas_drawings import POINTED_AT, Drawings
from .atlas_search import Entry, complaints_of, stem, words_of
from .bodymap import Atlas, MuscleMap
from .models import Muscle, SafetyNote

#: What stands at the left and at the right of a view on the paper: the person's right and left.
SIGNS = {"front": ("R", "L"), "back": ("L", "R")}
#: Room for the name of a view above its body, in units of the body.
HEAD = 24
#: Where the chosen muscles' list begins on the page.
LIST = "muscles"
_NOTE = re.compile(r"\b[A-Z]{2,4}-\d{1,3}\b")


def short_name(muscle: Muscle) -> str:
    """The name as one says it, without what stands in brackets."""
    return str(muscle.map.get("name") or muscle.name.partition(" (")[0])


def from_head_to_foot(muscles: Iterable[Muscle], shown: Drawings | None) -> list[Muscle]:
    """The order of the atlas: parts of the body, then codes; what has no map stands last."""
    parts = list(shown.atlas.parts) if shown else []

    def place(muscle: Muscle) -> tuple[int, str]:
        found = shown.atlas.muscles.get(muscle.code) if shown else None
        part = shown.atlas.part_of(found.lies) if shown and found else ""
        return (parts.index(part) if part in parts else len(parts)), muscle.code

    return sorted(muscles, key=place)


@dataclass(frozen=True)
class Card:
    """A muscle in a list."""

    code: str
    name: str
    more: str
    url: str
    complaint: str
    usual: str
    sometimes: str
    lies: str
    part: str
    picture: SafeString


def card(muscle: Muscle, shown: Drawings | None) -> Card:
    """A muscle in a list, with its small map if there is one."""
    found = shown.atlas.muscles.get(muscle.code) if shown else None
    return Card(
        code=muscle.code,
        name=short_name(muscle),
        more=muscle.name.partition(" (")[2].removesuffix(")"),
        url=muscle.get_absolute_url(),
        complaint=muscle.complaint,
        usual=_labels(found, "usual") if found else muscle.referral,
        sometimes=_labels(found, "sometimes") if found else "",
        lies=shown.atlas.regions[found.lies] if shown and found else "",
        part=shown.atlas.part_of(found.lies) if shown and found else "",
        picture=shown.small(muscle.code) if shown else SafeString(),
    )


def _labels(found: MuscleMap, kind: str) -> str:
    return "; ".join(dict.fromkeys(zone.label for zone in found.zones if zone.kind == kind))


def entry(muscle: Muscle, shown: Drawings | None) -> Entry:
    """What a muscle is found by."""
    found = shown.atlas.muscles.get(muscle.code) if shown else None
    zones = " ".join(zone.label for zone in found.zones) if found else ""
    regions = " ".join(shown.atlas.regions[code] for code in found.complaint_regions) if shown and found else ""
    return Entry(muscle.code, (f"{muscle.name} {muscle.code}", muscle.complaint, f"{muscle.referral} {zones}", regions))


def region_url(code: str) -> str:
    """The list of the muscles for a region."""
    return f"{reverse('knowledge:atlas')}?region={code}#{LIST}"


def region_groups(atlas: Atlas, here: str) -> list[dict[str, Any]]:
    """All regions by part of the body, each with how many muscles are described as referring there."""
    return [
        {
            "title": title,
            "regions": [
                {
                    "code": code,
                    "title": atlas.regions[code],
                    "url": region_url(code),
                    "count": len(atlas.muscles_for(code)),
                    "is_here": code == here,
                }
                for code in regions
            ],
        }
        for title, regions in atlas.parts.items()
    ]


def body_views(atlas: Atlas, here: str) -> list[dict[str, Any]]:
    """The bodies to point at: regions as links, and with a region chosen the spots of the muscles that refer there."""
    chosen = [atlas.muscles[code] for code in atlas.muscles_for(here)] if here else []
    names = {"front": _("Front"), "back": _("Back"), "right": _("Right side")}
    return [
        {
            "code": code,
            "title": names[code],
            "signs": SIGNS.get(code, ()),
            "box": f"0 -{HEAD} {atlas.views[code].width:.0f} {atlas.views[code].height + HEAD + 2:.0f}",
            "regions": _regions(atlas, code, here),
            "spots": _spots(chosen, code),
        }
        for code in POINTED_AT
        if code in atlas.views
    ]


def _spots(chosen: Iterable[MuscleMap], view: str) -> list[dict[str, str]]:
    """Where the spots of muscles lie in a view; from the side, where the arm hangs, only those seen from no other."""
    found = {
        spot.at: None
        for muscle in chosen
        for spot in muscle.spots
        if spot.view == view and (view in SIGNS or not any(other.view in SIGNS for other in muscle.spots))
    }
    return [{"x": f"{at.x:.1f}", "y": f"{at.y:.1f}"} for at in found]


def _regions(atlas: Atlas, view: str, here: str) -> list[dict[str, Any]]:
    found: dict[str, list[str]] = {}
    for part in atlas.views[view].regions:
        found.setdefault(part.name, []).append(part.d)
    return [
        {
            "title": atlas.regions.get(code, code),
            "url": region_url(code),
            "count": len(atlas.muscles_for(code)),
            "is_here": code == here,
            "path": "".join(paths),
        }
        for code, paths in found.items()
    ]


def places_named(atlas: Atlas, words: str) -> list[dict[str, str]]:
    """Regions whose whole name is among the words that somebody searched for."""
    asked = {stem(word) for word in words_of(words)}
    return [
        {"title": title, "url": region_url(code)}
        for code, title in atlas.regions.items()
        if {stem(word) for word in words_of(title)} - {"of", "the", "and"} <= asked
    ]


def complaint_index(muscles: Iterable[Muscle]) -> list[dict[str, Any]]:
    """Every typical complaint in the order of the alphabet, with the muscles that have it."""
    found: dict[str, list[Muscle]] = {}
    for muscle in muscles:
        for complaint in complaints_of(muscle.complaint):
            found.setdefault(complaint, []).append(muscle)
    return [
        {"text": text, "muscles": [{"name": short_name(row), "url": row.get_absolute_url()} for row in rows]}
        for text, rows in sorted(found.items(), key=lambda item: item[0].casefold())
    ]


def neighbours(muscles: Sequence[Muscle], atlas: Atlas, code: str) -> list[dict[str, Any]]:
    """For each region of a muscle's complaints the other muscles that are described as referring there."""
    known = {muscle.code: muscle for muscle in muscles}
    return [
        {
            "title": atlas.regions[region],
            "url": region_url(region),
            "muscles": [
                {"name": short_name(known[other]), "url": known[other].get_absolute_url()}
                for other in atlas.muscles_for(region)
                if other != code and other in known
            ],
        }
        for region in atlas.muscles[code].complaint_regions
    ]


def map_rows(found: MuscleMap) -> list[dict[str, str]]:
    """The map of a muscle as a table: what is marked, where, and of which part of the muscle."""
    kinds = {"usual": _("Commonly described"), "sometimes": _("Described sometimes")}
    rows = [(_("Described spot"), spot.label, spot.part) for spot in found.spots]
    rows += [(kinds[zone.kind], zone.label, zone.part) for zone in found.zones]
    rows += [(_("Nerve"), nerve.label, "") for nerve in found.nerves]
    return [{"what": what, "where": where, "part": part} for what, where, part in dict.fromkeys(rows)]


def notes_named(muscle: Muscle, found: MuscleMap | None) -> list[str]:
    """Codes of safety notes that the caution of a muscle names, then those of the sites beside it."""
    return list(dict.fromkeys([*_NOTE.findall(muscle.caution), *(found.danger if found else ())]))


def pieces(text: str, notes: Sequence[SafetyNote]) -> list[dict[str, str]]:
    """A text with the codes of notes set apart, so that each can lead to its note."""
    known = {note.code for note in notes}
    parts: list[dict[str, str]] = []
    place = 0
    for match in _NOTE.finditer(text):
        if match[0] in known:
            parts += [{"text": text[place : match.start()], "note": ""}, {"text": match[0], "note": match[0]}]
            place = match.end()
    return [*parts, {"text": text[place:], "note": ""}]
