"""Pictures of questions in a package: files beside the questions, known by their content.

A question says `picture: {file: leg.png, title: Leg, alt: ...}`; the file lies in the folder `pictures` of its bank.
From here on the file is named by the digest of its content, so that a new drawing under an old name is a change, and
an export gives the same names whatever database it comes from.
"""

from __future__ import annotations

import hashlib
import uuid
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from quizzes.bank.exceptions import PictureRefused
from quizzes.bank.models import Bank, Picture, Question
from quizzes.bank.pictures import ENDINGS, content_type_of, size_of

from .entries import Package

#: Makes the same picture of the same bank the same one in every database.
NAMESPACE = uuid.UUID("5b0f3f0a-51a7-4b58-9d0f-0a6f0b1f2c61")
FOLDER = "pictures"


def find_pictures(package: Package) -> None:
    """Look at the file of each picture, name it by its content, and note what is missing or cannot be used."""
    for code, read in package.entries.get("question", {}).items():
        picture = read.entry.picture
        if picture is None:
            continue
        file = (package.root / read.file).parent / FOLDER / picture.file
        if not file.is_file():
            package.fault("question", code, ("picture", "file"), f"the picture {picture.file} is missing")
            continue
        content = file.read_bytes()
        try:
            package.picture_sizes[code] = size_of(BytesIO(content), len(content))
        except PictureRefused as problem:
            package.fault("question", code, ("picture", "file"), problem.message)
            continue
        picture.file = name_of(content)
        package.pictures[picture.file] = file


def name_of(content: bytes) -> str:
    """The name of a picture's file in a package."""
    return hashlib.sha256(content).hexdigest()[:32] + ENDINGS[content_type_of(BytesIO(content))]


def content_of(picture: Picture) -> bytes:
    """The file as it is stored."""
    with picture.file.open("rb") as file:
        return bytes(file.read())


def dump(picture: Picture) -> dict[str, Any]:
    """A picture as its question says it; one whose file is lost has no name, and so differs from any other."""
    try:
        name = name_of(content_of(picture))
    except FileNotFoundError:
        name = ""
    return {"file": name, "title": picture.title, "alt": picture.alt}


def stored(pictures: dict[str, Path], entry: dict[str, Any]) -> Picture:
    """The picture of a question's entry, taken into its bank if it is not there yet.

    Another file is another picture, because published versions go on showing the old one.
    """
    said = entry["picture"]
    current = Question.objects.filter(code=entry["code"], bank__code=entry["bank"]).select_related("picture").first()
    if current and current.picture and dump(current.picture) == said:
        return current.picture
    identity = uuid.uuid5(NAMESPACE, "\n".join([entry["bank"], said["file"], said["title"], said["alt"]]))
    row = Picture.objects.filter(uuid=identity).first()
    if row and dump(row)["file"] == said["file"]:
        row.title, row.alt = said["title"], said["alt"]
        row.save()
        return row
    return Picture.objects.create(
        uuid=uuid.uuid4() if row else identity,
        bank=Bank.objects.get(code=entry["bank"]),
        title=said["title"],
        alt=said["alt"],
        file=ContentFile(pictures[said["file"]].read_bytes(), said["file"]),
    )
