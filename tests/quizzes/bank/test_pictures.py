"""Pictures of questions: what may come in, who may look at them in the CMS, and questions that need one."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from quizzes.bank.commands import freeze_question
from quizzes.bank.exceptions import FreezeRefused, PictureRefused
from quizzes.bank.models import BankAccess, Picture
from quizzes.bank.pictures import CONTENT_TYPES, KEPT_SIDE, MOST_BYTES, MOST_SIDE, content_type_of, safe_copy
from quizzes.bank.preview import preview_context
from tests.quizzes.making import LONG_AGO, draft, drawn, make_bank, make_picture, make_question, rewrite

pytestmark = pytest.mark.django_db


def opened(content: bytes) -> Any:
    return safe_copy(BytesIO(content), len(content))


# Coming in ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CONTENT_TYPES)
def test_a_copy_has_the_same_picture_and_format(kind: str) -> None:
    copy = opened(drawn(kind, (320, 240)))
    with Image.open(copy) as image:
        assert (image.format, image.size) == (kind, (320, 240))
        assert image.convert("L").getpixel((0, 0)) < 40 < 200 < image.convert("L").getpixel((319, 239))
    assert content_type_of(copy) == CONTENT_TYPES[kind]
    assert copy.tell() == 0


@pytest.mark.parametrize("kind", CONTENT_TYPES)
def test_nothing_rides_along(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "the key is the masseter"  # The description.
    exif[0x0112] = 6  # Turn by 90 degrees to see it upright.
    more: dict[str, Any] = {"exif": exif, "icc_profile": b"a profile of the camera"}
    if kind == "JPEG":
        more["comment"] = b"the key is the masseter"
    source = drawn(kind, (320, 240), **more)
    assert b"masseter" in source
    content = opened(source).read()
    assert b"masseter" not in content
    assert b"camera" not in content
    with Image.open(BytesIO(content)) as image:
        assert not image.getexif()
        assert "icc_profile" not in image.info
        assert image.size == (240, 320), "it stands upright"


def test_a_palette_with_transparency_keeps_it() -> None:
    out = BytesIO()
    image = Image.new("P", (300, 300), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.save(out, "PNG", transparency=0)
    with Image.open(opened(out.getvalue())) as copy:
        assert copy.mode == "RGBA"
        assert copy.getpixel((5, 5))[3] == 0


def test_a_large_picture_is_stored_as_large_as_a_screen_needs() -> None:
    with Image.open(opened(drawn("JPEG", (2800, 1400)))) as image:
        assert image.size == (KEPT_SIDE, KEPT_SIDE // 2)


def moving() -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Only PNG, JPEG and WebP"),
        (b"%PDF-1.7 nothing", "Only PNG, JPEG and WebP"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "Only PNG, JPEG and WebP"),
        (drawn("GIF"), "Only PNG, JPEG and WebP"),
        (drawn("TIFF"), "Only PNG, JPEG and WebP"),
        (drawn("PNG")[:500], "damaged"),
        (drawn("JPEG")[:500], "damaged"),
        (drawn(size=(199, 300)), "shorter than 200"),
        (drawn(size=(MOST_SIDE + 1, 200)), "longer than 6000"),
        (moving(), "Moving pictures"),
    ],
)
def test_what_is_no_usable_picture_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(PictureRefused, match=reason):
        opened(content)


def test_a_file_that_is_too_large_is_not_even_opened() -> None:
    with pytest.raises(PictureRefused, match="larger than 8 MB"):
        safe_copy(BytesIO(b"x"), MOST_BYTES + 1)


# The form -----------------------------------------------------------------------------------------------------------


def upload(client: Client, picture: Picture | None, content: bytes, **fields: Any) -> Any:
    space = "wagtailsnippets_quizzes_picture"
    url = reverse(f"{space}:edit", args=[picture.pk]) if picture else reverse(f"{space}:add")
    data = {"title": "Leg", "alt": "A leg", "bank": make_bank().pk, **fields}
    return client.post(url, {**data, "file": SimpleUploadedFile("leg.png", content, "image/png")})


@pytest.fixture
def instructor(make_user: Callable[..., Any], client: Client) -> Client:
    client.force_login(make_user("instructor", "instructor"))
    return client


def test_the_form_stores_the_safe_copy(instructor: Client) -> None:
    exif = Image.Exif()
    exif[0x010E] = "the key"
    assert upload(instructor, None, drawn("JPEG", (300, 250), exif=exif)).status_code == 302
    picture = Picture.objects.get(title="Leg")
    assert (picture.width, picture.height) == (300, 250)
    assert b"the key" not in picture.file.read()
    assert picture.file.name.endswith(picture.uuid.hex)


@pytest.mark.parametrize("content", [drawn("GIF"), drawn(size=(20, 20)), b"<svg/>"])
def test_the_form_says_why_it_refuses(instructor: Client, content: bytes) -> None:
    said = upload(instructor, None, content)
    assert said.status_code == 200
    assert said.context["form"].errors["file"]
    assert not Picture.objects.filter(title="Leg").exists()


def test_an_empty_description_is_refused(instructor: Client) -> None:
    said = upload(instructor, None, drawn(), alt=" ")
    assert "alt" in said.context["form"].errors


def test_a_picture_that_a_published_question_shows_stays_what_it_is(instructor: Client) -> None:
    free = make_picture()
    assert upload(instructor, free, drawn(size=(500, 500))).status_code == 302
    free.refresh_from_db()
    assert free.width == 500
    question = make_question(slug="hotspot", picture=free)
    said = upload(instructor, free, drawn(size=(600, 600)))
    assert "published question" in said.context["form"].errors["file"][0]
    free.refresh_from_db()
    assert (free.width, question.picture) == (500, free)


# Looking at them in the CMS ----------------------------------------------------------------------------------------


def statuses(people: dict[str, Any], url: str) -> dict[str, int]:
    found = {}
    for name, person in {"anonymous": None, **people}.items():
        client = Client()
        if person:
            client.force_login(person)
        found[name] = client.get(url).status_code
    return found


@pytest.mark.parametrize(
    ("purpose", "allowed"),
    [("teaching", {"instructor", "admin"}), ("exam", {"examiner", "admin"}), ("mock", {"examiner", "admin"})],
)
def test_a_picture_is_shown_to_those_who_may_open_its_bank(
    people: dict[str, Any], purpose: str, allowed: set[str]
) -> None:
    picture = make_picture(make_bank(f"bank-{purpose}", purpose))
    found = statuses(people, reverse("question_picture", args=[picture.uuid]))
    assert {name for name, status in found.items() if status == 200} == allowed
    assert set(found.values()) == {200, 302, 404}
    seen = BankAccess.objects.filter(bank=picture.bank).values_list("user", flat=True)
    assert set(seen) == ({people[name].pk for name in allowed} if purpose != "teaching" else set())


@pytest.mark.parametrize("kind", CONTENT_TYPES)
def test_it_is_served_as_what_it_is(instructor: Client, kind: str) -> None:
    picture = make_picture(content=drawn(kind))
    said = instructor.get(reverse("question_picture", args=[picture.uuid]))
    assert b"".join(said.streaming_content) == drawn(kind)
    assert said["Content-Type"] == CONTENT_TYPES[kind]
    assert said["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in said["Cache-Control"]


def test_a_file_of_another_kind_is_no_page_of_ours(instructor: Client) -> None:
    picture = make_picture(content=drawn("GIF"))
    said = instructor.get(reverse("question_picture", args=[picture.uuid]))
    assert said["Content-Type"] == "application/octet-stream"


def test_another_address_names_no_picture(instructor: Client) -> None:
    url = reverse("question_picture", args=["00000000-0000-4000-8000-000000000000"])
    assert instructor.get(url).status_code == 404
    assert instructor.post(url).status_code in {403, 405}


# Questions that need one -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["hotspot", "labelling"])
def test_a_question_that_is_answered_on_a_picture_needs_one_with_a_description(slug: str) -> None:
    question = make_question(slug=slug, frozen=False)
    picture = question.picture
    for given in (None, make_picture(alt="  ")):
        question.picture = given
        with pytest.raises(FreezeRefused) as caught:
            freeze_question(question=question, by=None, at=LONG_AGO)
        assert caught.value.extra["field"] == "picture"
    question.picture = picture
    assert freeze_question(question=question, by=None, at=LONG_AGO).picture == picture


def test_any_other_question_may_do_without_but_not_without_a_description() -> None:
    assert make_question().picture is None
    question = make_question(frozen=False, picture=make_picture(alt=" "))
    with pytest.raises(FreezeRefused):
        freeze_question(question=question, by=None, at=LONG_AGO)


def test_a_circle_is_circular_on_its_picture() -> None:
    question = make_question(slug="hotspot", picture=make_picture(content=drawn(size=(800, 400))))
    shape = question.current_version.answer_key.key["shapes"]["r2"]
    assert shape == {"kind": "circle", "numbers": [5000, 5000, 1000, 2000]}
    assert "shapes" not in question.current_version.presentation


@pytest.mark.parametrize("slug", ["hotspot", "labelling"])
def test_the_preview_shows_the_picture_and_to_the_author_the_key_on_it(slug: str) -> None:
    question = make_question(slug=slug, said="zqsaidqz")
    found = preview_context(question)
    url = reverse("question_picture", args=[question.picture.uuid])
    assert found["item"]["interaction"]["image"] == {
        "src": url,
        "width": 400,
        "height": 300,
        "alt": "A head from the side",
    }
    assert "picture" not in found["item"]
    page = question.make_preview_request().content.decode()
    assert page.count(f'src="{url}"') == 2
    candidate, author = page.split("the key on the picture")
    assert "plate__region--right" not in candidate
    assert "zqsaidqz" not in candidate
    assert author.count("option--key") == (2 if slug == "hotspot" else 3)


def test_the_preview_shows_the_picture_of_any_other_question_beside_its_stem() -> None:
    question = make_question(picture=make_picture())
    found = preview_context(question)
    assert found["item"]["picture"]["src"] == reverse("question_picture", args=[question.picture.uuid])
    assert "answered" not in found
    assert b"question__picture" in question.make_preview_request().content


def test_the_preview_says_what_is_missing() -> None:
    question = make_question(slug="hotspot", frozen=False)
    question.picture = None
    assert "needs a picture" in preview_context(question)["problem"]
    rewrite(question, "hotspot", {**draft("hotspot")[0], "regions": []}, picture=make_picture())
    assert "At least 2 entries" in preview_context(question)["problem"]
