"""Pages of the atlas: from a pain to the muscles that are described as referring there, and back."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lms.core.ports import lessons_about, lessons_named

from . import atlas_presenters as show
from . import queries
from .atlas_drawings import Drawings, drawings
from .atlas_search import Found, search
from .models import Claim, Muscle


def atlas(request: HttpRequest) -> HttpResponse:
    """All muscles, or those for a region where it hurts, a part of the body where they lie, and words."""
    muscles = queries.atlas_muscles()
    shown = drawings(muscles)
    muscles = show.from_head_to_foot(muscles, shown)
    words = request.GET.get("q", "").strip()[:100]
    region, part = _chosen(request, shown)
    found = search([show.entry(muscle, shown) for muscle in muscles], words) if words else None
    cards = [show.card(muscle, shown) for muscle in _those(muscles, shown, region, found)]
    if part:
        cards = [card for card in cards if card.part == part]
    is_all = not (words or region or part)
    groups = [
        {"title": title, "name": f"part-{number}", "cards": list(rows)}
        for number, (title, rows) in enumerate(groupby(cards, key=lambda card: card.part))
    ]
    context: dict[str, Any] = {
        "groups": groups if is_all and shown else [{"title": "", "cards": cards}] if cards else [],
        "count": len(cards),
        "is_all": is_all,
        "words": words,
        "found": found,
        "region": region,
        "part": part,
        "complaints": show.complaint_index(muscles),
        **_bearings(shown),
    }
    if shown:
        context |= {
            "region_title": shown.atlas.regions.get(region, ""),
            "regions": show.region_groups(shown.atlas, region),
            "parts": [{"title": title, "is_here": title == part} for title in shown.atlas.parts],
            "views": show.body_views(shown.atlas, region),
            "bodies": shown.bodies,
            "places": show.places_named(shown.atlas, words) if words and not region else [],
        }
    return render(request, "lms/knowledge/atlas.html", context)


def _chosen(request: HttpRequest, shown: Drawings | None) -> tuple[str, str]:
    """The region and the part of the body that were asked for, as far as there are such."""
    region, part = request.GET.get("region", ""), request.GET.get("part", "")
    if shown is None:
        return "", ""
    return region if region in shown.atlas.regions else "", part if part in shown.atlas.parts else ""


def _those(muscles: list[Muscle], shown: Drawings | None, region: str, found: Found | None) -> list[Muscle]:
    if found is not None:
        known = {muscle.code: muscle for muscle in muscles}
        muscles = [known[code] for code in found.codes]
    if region and shown:
        there = set(shown.atlas.muscles_for(region))
        muscles = [muscle for muscle in muscles if muscle.code in there]
    return muscles


def _bearings(shown: Drawings | None) -> dict[str, Any]:
    """What has to be said beside every map: how well such maps stand, and what comes before them."""
    if shown is None:
        return {}
    claim = Claim.objects.filter(code=shown.atlas.claim, is_retired=False).first()
    lessons = lessons_named([shown.atlas.screening]) if shown.atlas.screening else []
    return {"claim": claim, "screening": lessons[0] if lessons else None}


def muscle(request: HttpRequest, code: str) -> HttpResponse:
    """One muscle: its map, what holds and moves it, its caution, what else it could be, and where it is taught."""
    muscles = queries.atlas_muscles()
    shown = drawings(muscles)
    muscles = show.from_head_to_foot(muscles, shown)
    places = {row.code: place for place, row in enumerate(muscles)}
    if code not in places:
        raise Http404
    row, place = muscles[places[code]], places[code]
    found = shown.atlas.muscles.get(code) if shown else None
    notes = queries.safety_notes(show.notes_named(row, found))
    name = show.short_name(row)
    plates = shown.atlas.plates.values() if shown else ()
    figures = [plate.code for plate in plates if any(line.muscle == code for line in plate.rows)]
    context = {
        "muscle": row,
        "card": show.card(row, shown),
        "plate": shown.plate(code) if shown else "",
        "map_rows": show.map_rows(found) if found else [],
        "regions": show.neighbours(muscles, shown.atlas, code) if shown and found else [],
        "caution": show.pieces(row.caution, notes),
        "notes": notes,
        "lessons": lessons_about([name], figures)[:6],
        "before": _step(muscles, place - 1),
        "after": _step(muscles, place + 1),
        **_bearings(shown),
    }
    return render(request, "lms/knowledge/muscle.html", context)


def _step(muscles: list[Muscle], place: int) -> dict[str, str] | None:
    if not 0 <= place < len(muscles):
        return None
    return {"name": show.short_name(muscles[place]), "url": muscles[place].get_absolute_url()}
