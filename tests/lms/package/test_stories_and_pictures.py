"""Stories and pictures of questions that are loaded: told anew, shown by new questions, lost and put back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.core.files.base import ContentFile

from lms.package.exporter import export_package
from lms.package.loader import load_package, validate
from lms.package.pictures import content_of, dump, name_of
from lms.package.reader import read_package
from lms.package.sections.questions import QUESTION, STIMULUS
from quizzes.api import Question
from quizzes.bank.models import Picture
from tests.lms.package.folders import change, contents
from tests.lms.package.test_picture_questions import QUESTIONS, add
from tests.quizzes.making import drawn, make_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("little")]


def test_a_story_and_its_question_are_dumped_as_they_were_written() -> None:
    question = make_question("Q-TST-A")
    story = {"code": "CASE-2", "bank": "test-bank", "title": "A case", "text": "A client *comes* in.\n\nShe sits."}
    STIMULUS.write(story, None)
    assert STIMULUS.dumps()["CASE-2"] == story
    told = {**QUESTION.dumps()["Q-TST-A"], "stimulus": "CASE-2"}
    QUESTION.write(told, None)
    assert QUESTION.dumps()["Q-TST-A"] == told
    question.refresh_from_db()
    assert question.current_version.stimulus_html == "<p>A client <i>comes</i> in.</p><p>She sits.</p>"
    QUESTION.write({name: value for name, value in told.items() if name != "stimulus"}, None)
    assert Question.objects.get(code="Q-TST-A").stimulus is None


def test_a_story_that_is_told_anew_reaches_its_published_questions(package: Path) -> None:
    told = Question.objects.get(code="Q-ANY-01").current_version
    alone = Question.objects.get(code="Q-1").current_version
    change(package, "questions/any/stimuli.yaml", "Nadia, 29, is", "Nadia, 30, is")
    report = load_package(package)
    assert (report.updated, report.created, report.kept) == (["stimulus CASE-1"], [], [])
    now = Question.objects.get(code="Q-ANY-01").current_version
    assert now.number == told.number + 1
    assert "Nadia, 30, is" in now.stimulus_html
    assert "Nadia, 29, is" in told.stimulus_html, "attempts keep theirs"
    assert Question.objects.get(code="Q-1").current_version == alone
    assert load_package(package).changes == 0


def test_they_come_with_their_picture_and_leave_as_they_came(package: Path, tmp_path: Path) -> None:
    add(package, "basics", "M1-1.1")
    report = load_package(package)
    assert (report.created, report.updated, report.kept) == (["question Q-PIC-1", "question Q-PIC-2"], [], [])
    hotspot, labelling = Question.objects.filter(code__startswith="Q-PIC").order_by("code")
    assert hotspot.picture == labelling.picture == Picture.objects.get(title="Leg")
    assert hotspot.picture.file.read() == drawn()
    assert (hotspot.picture.width, hotspot.picture.bank.code) == (400, "basics")
    assert hotspot.current_version.answer_key.key["shapes"]["r1"]["numbers"] == [5000, 5000, 1000, 1333]

    export_package(tmp_path / "export")
    name = name_of(drawn())
    folder = tmp_path / "export/questions/basics"
    assert contents(folder / "pictures") == {name: drawn()}
    rows = {row["code"]: row for row in yaml.safe_load((folder / "questions.yaml").read_text())}
    for row in yaml.safe_load(QUESTIONS.format(objective="M1-1.1")):
        left = rows[row["code"]]
        assert left["interaction"] == row["interaction"]
        assert left["picture"] == {**row["picture"], "file": name}
    assert not any("picture" in row for code, row in rows.items() if not code.startswith("Q-PIC"))
    found, again = read_package(tmp_path / "export"), read_package(package)
    validate(found)
    validate(again)
    for code in ("Q-PIC-1", "Q-PIC-2"):
        assert found.of("question")[code] == again.of("question")[code]
    assert load_package(package).changes == 0
    assert Picture.objects.filter(title="Leg").count() == 1


@pytest.fixture
def lost(db: None) -> Iterator[Picture]:
    """A loaded picture without its file, for the time of a test: files know no transaction."""
    picture = Question.objects.select_related("picture").get(code="Q-ANY-09").picture
    content, storage, name = content_of(picture), picture.file.storage, picture.file.name
    storage.delete(name)
    yield Picture.objects.get(pk=picture.pk)
    storage.save(name, ContentFile(content))


def test_a_lost_picture_stops_no_load_and_is_put_back_by_force(lost: Picture, package: Path) -> None:
    assert dump(lost)["file"] == ""
    report = load_package(package)
    assert (report.changes, report.kept) == (0, ["question Q-ANY-09"])
    assert load_package(package, force=True).updated == ["question Q-ANY-09"]
    found = Question.objects.select_related("picture").get(code="Q-ANY-09").picture
    assert found != lost
    assert dump(found)["file"] == name_of(content_of(found))
