"""The atlas in the browser of everybody: from a pain to the muscles, and back."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lms.core.markup import clean_svg, plain_text
from lms.knowledge.api import BodyMap, Claim, Muscle, SafetyNote
from lms.knowledge.atlas_drawings import drawings
from lms.knowledge.atlas_presenters import short_name
from lms.knowledge.atlas_search import complaints_of
from lms.knowledge.bodymap import Atlas, load_atlas
from lms.knowledge.bodymap_cards import bodies, small_map
from lms.knowledge.queries import atlas_muscles

pytestmark = pytest.mark.django_db

MUSCLES = [f"MU-{number:02d}" for number in range(1, 24)]


@cache
def atlas() -> Atlas:
    return load_atlas(Path(settings.SHIPPED_CURRICULUM) / "knowledge")


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def cards(html: str) -> list[str]:
    return re.findall(r'<li class="muscle-card[^"]*" id="([^"]+)"', html)


# Symptom to muscle and back -----------------------------------------------------------------------------------------


def test_without_a_question_all_muscles_stand_from_head_to_foot(client: Client) -> None:
    html = page(client, "/atlas/")
    assert sorted(cards(html)) == MUSCLES
    parts = [atlas().part_of(atlas().muscles[code].lies) for code in cards(html)]
    assert list(dict.fromkeys(parts)) == list(atlas().parts)
    assert parts == sorted(parts, key=list(atlas().parts).index)


@pytest.mark.parametrize("region", sorted(atlas().regions))
def test_a_region_shows_the_muscles_described_there_and_each_of_them_leads_back(client: Client, region: str) -> None:
    found = cards(page(client, f"/atlas/?region={region}"))
    assert sorted(found) == sorted(atlas().muscles_for(region))
    for code in found[:2]:
        back = page(client, f"/atlas/{code}/")
        assert f'href="/atlas/?region={region}#muscles"' in back
        assert {f"/atlas/{other}/" for other in found if other != code} <= set(re.findall(r'href="([^"#?]+)"', back))


@pytest.mark.parametrize("code", MUSCLES)
def test_a_muscle_is_found_by_its_name_its_complaints_and_where_it_is_described_to_refer(
    client: Client, code: str
) -> None:
    muscle = Muscle.objects.get(code=code)
    said = [muscle.name, short_name(muscle), code, *complaints_of(muscle.complaint)]
    said += [zone.label for zone in atlas().muscles[code].zones]
    for words in said:
        swapped = " ".join(reversed(words.upper().split()))
        response = client.get("/atlas/", {"q": swapped})
        assert code in cards(response.content.decode()), swapped


def test_words_and_places_are_asked_for_together(client: Client) -> None:
    assert cards(page(client, "/atlas/?q=headache+at+the+temple"))[:2] == ["MU-01", "MU-08"]
    at_the_jaw = cards(page(client, "/atlas/?q=headache&region=jaw&part=Head+and+neck"))
    assert sorted(at_the_jaw) == ["MU-01", "MU-02", "MU-07", "MU-08"]
    assert cards(page(client, "/atlas/?region=foot&part=Trunk")) == []
    assert cards(page(client, "/atlas/?part=Shoulder+and+arm")) == ["MU-09", "MU-10", "MU-11", "MU-14"]


def test_what_is_no_place_is_left_aside(client: Client) -> None:
    assert len(cards(page(client, "/atlas/?region=nowhere&part=Nothing"))) == len(MUSCLES)


def test_a_search_says_how_it_was_read(client: Client) -> None:
    assert "read as “piriformis”" in page(client, "/atlas/?q=piriformus")
    assert "These have some of them" in page(client, "/atlas/?q=heel+clenching")
    html = page(client, "/atlas/?q=xyzzy")
    assert "No muscle of this set fits" in html
    assert cards(html) == []
    assert re.search(
        r'Everything described for the place:\s*<a href="[^"]*region=low-back',
        page(client, "/atlas/?q=lower+back+pain"),
    )


def test_what_was_searched_for_is_shown_as_text(client: Client) -> None:
    html = page(client, "/atlas/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


# The body to point at -----------------------------------------------------------------------------------------------


def test_every_place_on_the_body_is_a_link_that_the_list_has_too(client: Client) -> None:
    html = page(client, "/atlas/")
    on_body = set(re.findall(r'<a class="body-map__region[^"]*" href="([^"]+)" tabindex="-1"', html))
    in_list = set(re.findall(r'<a class="hurts__region" href="([^"]+)"', html))
    assert on_body == in_list == {f"/atlas/?region={code}#muscles" for code in atlas().regions}
    for picture in re.findall(r"<svg class=\"body-map.*?</svg>", html, re.S):
        assert 'aria-hidden="true"' in picture.split(">")[0]
        assert picture.count("<a ") == picture.count('tabindex="-1"')


def test_the_chosen_place_is_marked_with_the_spots_of_its_muscles(client: Client) -> None:
    html = page(client, "/atlas/?region=low-back")
    assert re.search(r'hurts__region" href="[^"]*region=low-back[^"]*" aria-current="true"', html)
    assert "body-map__region--here" in html
    assert "body-map__spot" in html
    assert "body-map__spot" not in page(client, "/atlas/")


def test_the_pictures_of_a_page_refer_only_to_what_stands_on_it(client: Client) -> None:
    for address in ("/atlas/", "/atlas/?region=hip", "/atlas/MU-19/"):
        html = page(client, address)
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(set(ids)) == len(ids), address
        assert set(re.findall(r'(?:<use href="#|url\(#)([\w.-]+)', html)) <= set(ids), address


# A muscle -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", MUSCLES)
def test_the_page_of_a_muscle_says_all_that_is_known_of_it(client: Client, code: str) -> None:
    muscle = Muscle.objects.get(code=code)
    html = page(client, muscle.get_absolute_url())
    text = unescape(plain_text(html))
    for words in (
        muscle.origin,
        muscle.insertion,
        muscle.actions,
        muscle.innervation,
        muscle.referral,
        muscle.complaint,
    ):
        assert " ".join(words.split()) in text
    assert f'id="{code}-title"' in html
    found = atlas().muscles[code]
    for label in [zone.label for zone in found.zones] + [spot.label for spot in found.spots]:
        assert f"<td>{label}" in html.replace("&#x27;", "'")
    assert "Maps are averages" in text
    assert "/evidence/CP-07/" in html


@pytest.mark.parametrize("code", MUSCLES)
def test_the_safety_notes_that_a_caution_names_stand_in_it(client: Client, code: str) -> None:
    muscle = Muscle.objects.get(code=code)
    html = page(client, f"/atlas/{code}/")
    named = set(re.findall(r"SF-\d+", muscle.caution)) | set(atlas().muscles[code].danger)
    assert set(re.findall(r'<li class="note-list__item" id="([^"]+)"', html)) == named
    assert set(re.findall(r'<a href="#(SF-\d+)">', html)) == set(re.findall(r"SF-\d+", muscle.caution))
    for note in SafetyNote.objects.filter(code__in=named):
        assert note.action in unescape(html)


def test_one_goes_through_all_muscles_from_the_first_to_the_last(client: Client) -> None:
    order = cards(page(client, "/atlas/"))
    seen, address = [], f"/atlas/{order[0]}/"
    while address:
        seen.append(address.split("/")[2])
        html = page(client, address)
        following = re.search(r'href="([^"]+)" rel="next"', html)
        before = re.search(r'href="([^"]+)" rel="prev"', html)
        assert (before[1] if before else "") == (f"/atlas/{seen[-2]}/" if len(seen) > 1 else "")
        address = following[1] if following else ""
    assert seen == order


def test_lessons_that_show_or_name_a_muscle_are_linked(client: Client) -> None:
    # The lesson on trigger points shows figure M-08, which is drawn from the map of this muscle.
    assert "/trigger-points/" in page(client, "/atlas/MU-01/")


def test_a_muscle_that_is_none_or_retired_is_not_found(client: Client) -> None:
    page(client, "/atlas/MU-99/", 404)
    Muscle.objects.filter(code="MU-05").update(is_retired=True)
    page(client, "/atlas/MU-05/", 404)
    html = page(client, "/atlas/")
    assert "MU-05" not in cards(html)
    assert "/atlas/MU-05/" not in html
    assert "/atlas/MU-05/" not in page(client, "/atlas/MU-04/")


# What is missing, and what changes ----------------------------------------------------------------------------------


def test_a_muscle_without_a_map_has_its_words(client: Client) -> None:
    Muscle.objects.create(
        code="MU-77", name="Deltoid (front part)", complaint="Sore shoulder.", caution="Go gently: SF-20."
    )
    html = page(client, "/atlas/MU-77/")
    assert "<h1>Deltoid</h1>" in html
    assert "figure__drawing" not in html
    assert '<a href="#SF-20">' in html
    assert "MU-77" in cards(page(client, "/atlas/?q=deltoid"))
    assert cards(page(client, "/atlas/"))[-1] == "MU-77"


def test_without_a_body_the_atlas_is_a_list(client: Client) -> None:
    BodyMap.objects.all().delete()
    html = page(client, "/atlas/?region=head")
    assert sorted(cards(html)) == MUSCLES
    assert "Where does it hurt" not in html
    assert '<svg class="body-map' not in html
    assert "posterolateral neck" in page(client, "/atlas/MU-01/")
    assert cards(page(client, "/atlas/?q=temple+headache"))[0] == "MU-01"


def test_a_changed_map_is_drawn_anew_and_an_unchanged_one_is_not() -> None:
    first = drawings(atlas_muscles())
    assert first is not None
    assert drawings(atlas_muscles()) is first
    muscle = Muscle.objects.get(code="MU-03")
    muscle.map["referral"][0]["label"] = "a place of our own"
    muscle.save()
    second = drawings(atlas_muscles())
    assert second is not None
    assert "a place of our own" in second.plate("MU-03")
    assert "a place of our own" not in first.plate("MU-03")
    row = BodyMap.objects.get()
    row.layout["regions"][0]["title"] = "Skull"
    row.save()
    third = drawings(atlas_muscles())
    assert third is not None
    assert third.atlas.regions["head"] == "Skull"


@pytest.mark.parametrize("code", MUSCLES)
def test_a_small_map_passes_the_allow_list_and_shows_the_zones(code: str) -> None:
    drawing = small_map(atlas(), code)
    clean_svg(drawing)
    assert 1 <= drawing.count("<svg x=") <= 2
    assert "-hatch)" in drawing
    assert "<text" not in drawing
    used = set(re.findall(r'<use href="#([\w-]+)"', drawing))
    assert used <= set(re.findall(r'id="([\w-]+)"', bodies(atlas(), ("front", "back", "right"))))


def test_a_page_costs_a_few_queries_however_much_it_shows(client: Client) -> None:
    client.get("/atlas/")
    client.get("/atlas/MU-01/")
    counts = {}
    for address in ("/atlas/", "/atlas/?q=low+back", "/atlas/?region=head", "/atlas/MU-01/", "/atlas/MU-06/"):
        with CaptureQueriesContext(
            connection,
        ) as done:
            client.get(address)
        counts[address] = sum("knowledge_" in query["sql"] for query in done.captured_queries)
    # Muscles, the body, the claim; on the page of a muscle also its notes, zones and sources.
    assert counts["/atlas/"] == counts["/atlas/?q=low+back"] == counts["/atlas/?region=head"] == 3
    assert max(counts.values()) <= 6


def test_the_claim_that_is_retired_is_not_shown(client: Client) -> None:
    Claim.objects.filter(code="CP-07").update(is_retired=True)
    assert "/evidence/CP-07/" not in page(client, "/atlas/")
