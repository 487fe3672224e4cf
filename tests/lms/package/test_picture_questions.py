"""Questions with a picture in a package: the file travels with them, under a name made of its content."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from lms.package.faults import InvalidPackage
from lms.package.loader import entries_of, validate
from lms.package.pictures import name_of, stored
from lms.package.reader import read_package
from lms.package.sections.questions import QUESTION
from quizzes.bank.models import Picture
from tests.lms.package.folders import small
from tests.quizzes.making import drawn, make_bank, make_picture, make_question

QUESTIONS = """\
- code: Q-PIC-1
  type: hotspot
  objective: {objective}
  domain: D1
  cognitive_level: recall
  scoring: partial
  stem: Mark the muscle.
  picture: {{file: leg.png, title: Leg, alt: A leg from the front}}
  interaction:
    min: 1
    max: 1
    regions:
    - text: The *soleus*
      shape: {{kind: circle, numbers: 50 50 10}}
      key: true
      feedback: Right.
    - text: The shin
      shape: {{kind: rectangle, numbers: 10 10 30 30}}
      key: false
      feedback: ''
  rationale: It is there.
- code: Q-PIC-2
  type: labelling
  objective: {objective}
  domain: D1
  cognitive_level: recall
  scoring: all_or_nothing
  stem: Name the places.
  picture: {{file: leg.png, title: Leg, alt: A leg from the front}}
  interaction:
    targets:
    - {{at: 20 20, label: Soleus}}
    - {{at: 50 50.5, label: Shin}}
    extra_labels: [Heel]
    reuse: false
  rationale: So it is.
"""


def add(root: Path, bank: str, objective: str, content: bytes = b"") -> Path:
    """Put the two questions and their picture into a bank of a package."""
    folder = root / "questions" / bank
    (folder / "pictures").mkdir()
    (folder / "pictures" / "leg.png").write_bytes(content or drawn())
    (folder / "on-pictures.yaml").write_text(QUESTIONS.format(objective=objective), encoding="utf-8")
    return root


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_school")
def test_another_file_under_the_same_name_is_another_picture(tmp_path: Path) -> None:
    def taken_in(content: bytes, **said: str) -> Picture:
        package = read_package(add(small(tmp_path / str(len(list(tmp_path.iterdir())))), "basics", "M1-1.1", content))
        validate(package)
        entry = entries_of(package, QUESTION)["Q-PIC-1"]
        return stored(package.pictures, {**entry, "picture": {**entry["picture"], **said}})

    make_bank("basics")
    first, again = taken_in(drawn()), taken_in(drawn())
    other = taken_in(drawn("JPEG", (500, 300)))
    assert first == again != other
    assert (first.width, other.width) == (400, 500)
    assert first.file.read() == drawn(), "published versions go on showing it"
    assert taken_in(drawn(), alt="In other words") not in (first, other)

    first.alt = "Edited here"
    first.save()
    assert taken_in(drawn()) == first
    first.refresh_from_db()
    assert first.alt == "A leg from the front"
    first.file = ContentFile(drawn(size=(600, 600)), "x")
    first.save()
    assert taken_in(drawn()) not in (first, other)


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_school")
def test_a_picture_that_was_drawn_here_and_says_the_same_stays() -> None:
    picture = make_picture(make_bank("basics"), title="Leg", alt="A leg")
    make_question("Q-PIC-1", "hotspot", bank=picture.bank, picture=picture)
    said = {"code": "Q-PIC-1", "bank": "basics", "picture": QUESTION.dumps()["Q-PIC-1"]["picture"]}
    assert said["picture"] == {"file": name_of(drawn()), "title": "Leg", "alt": "A leg"}
    assert stored({}, said) == picture


# Faults -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line_of", "reason"),
    [
        ("file: leg.png", "file: arm.png", "picture: {", "arm.png is missing"),
        ("file: leg.png", "file: ../leg.png", "picture: {", "picture.file"),
        ("alt: A leg from the front}", "alt: ''}", "picture: {", "picture.alt"),
        ("  picture: {", "  enemies: []\n  # {", "type: hotspot", "needs a picture"),
        ("numbers: 50 50 10}", "numbers: 15 15 10}", "shape: {kind: rectangle", "overlap"),
        ("numbers: 50 50 10}", "numbers: '50,50 10'}", "shape: {kind: circle", "spaces"),
        ("at: 50 50.5", "at: 150 50", "- {at: 150", "0 to 100"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_line(
    tmp_path: Path, old: str, new: str, line_of: str, reason: str
) -> None:
    root = add(small(tmp_path), "basics", "M1-1.1")
    file = root / "questions/basics/on-pictures.yaml"
    text = file.read_text(encoding="utf-8").replace(old, new)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidPackage) as caught:
        validate(read_package(root))
    fault = caught.value.faults[0]
    assert reason in fault.reason
    assert fault.line == text[: text.index(line_of)].count("\n") + 1


@pytest.mark.parametrize("content", [b"no picture", drawn("GIF"), drawn(size=(30, 30)), drawn()[:400]])
def test_a_file_that_is_no_usable_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    root = add(small(tmp_path), "basics", "M1-1.1", content)
    with pytest.raises(InvalidPackage) as caught:
        validate(read_package(root))
    assert "questions/basics/on-pictures.yaml" in {fault.file for fault in caught.value.faults}


def test_a_whole_package_with_pictures_has_no_faults(tmp_path: Path) -> None:
    validate(read_package(add(small(tmp_path), "basics", "M1-1.1")))
