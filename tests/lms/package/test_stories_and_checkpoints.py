"""Stories that questions share, and optional quizzes of a module: in a package and out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.api import CheckpointPage, outline
from lms.package.faults import InvalidPackage
from lms.package.loader import entries_of, validate
from lms.package.reader import read_package
from lms.package.sections.courses import CHECKPOINT
from lms.package.sections.courses import MODULE as MODULES
from lms.package.sections.questions import QUESTION, STIMULUS
from tests.lms.package.folders import change, small

MODULE = "courses/first/one/module.yaml"
STORY = "- {code: CASE-1, title: A case, text: A client *comes* in.}\n"


def with_story(root: Path) -> Path:
    (root / "questions/basics/stimuli.yaml").write_text(STORY)
    change(root, "questions/basics/questions.yaml", "  stem:", "  stimulus: CASE-1\n  stem:")
    return root


# Stories ------------------------------------------------------------------------------------------------------------


def test_a_bank_may_hold_stories(tmp_path: Path) -> None:
    package = read_package(with_story(small(tmp_path)))
    validate(package)
    story = {"code": "CASE-1", "bank": "basics", "title": "A case", "text": "A client *comes* in."}
    assert entries_of(package, STIMULUS) == {"CASE-1": story}
    assert entries_of(package, QUESTION)["Q-1"]["stimulus"] == "CASE-1"


def test_a_question_without_a_story_says_nothing_of_one(tmp_path: Path) -> None:
    assert "stimulus" not in entries_of(read_package(small(tmp_path)), QUESTION)["Q-1"]


def test_a_story_that_is_none_is_a_fault(tmp_path: Path) -> None:
    with_story(small(tmp_path))
    (tmp_path / "questions/basics/stimuli.yaml").unlink()
    with pytest.raises(InvalidPackage, match=r"questions/basics/questions.yaml:7: there is no stimulus CASE-1"):
        read_package(tmp_path)


def test_a_story_of_another_bank_is_a_fault(tmp_path: Path) -> None:
    other = with_story(small(tmp_path)) / "questions/others"
    other.mkdir()
    (other / "bank.yaml").write_text("code: others\ntitle: Others\npurpose: exam\n")
    (tmp_path / "questions/basics/stimuli.yaml").rename(other / "stimuli.yaml")
    with pytest.raises(InvalidPackage) as caught:
        read_package(tmp_path)
    [fault] = caught.value.faults
    assert (fault.file, fault.line) == ("questions/basics/questions.yaml", 7)
    assert "CASE-1 belongs to the bank others" in fault.reason


# Checkpoints --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_checkpoint_comes_goes_and_comes_back(tmp_path: Path) -> None:
    shipped_stop = CHECKPOINT.dumps()["ORI-WRITTEN"]
    assert (shipped_stop["module"], shipped_stop["assessment"]) == ("ORI", "written-practice")
    CHECKPOINT.retire("ORI-WRITTEN")
    assert "ORI-WRITTEN" not in CHECKPOINT.dumps()
    changed = {**shipped_stop, "title": "Write", "intro": "Take *time*.", "assessment": "ori-quiz"}
    CHECKPOINT.write(changed, None)
    assert CHECKPOINT.dumps()["ORI-WRITTEN"] == changed
    assert CheckpointPage.objects.filter(code="ORI-WRITTEN").count() == 1
    [found] = next(row.checkpoints for _course, row in outline().modules() if row.code == "ORI")
    assert (found.title, found.assessment) == ("Write", "ori-quiz")


STOP = "{code: STOP, title: More, slug: more, assessment: m1-1-check}"


def test_a_module_may_name_checkpoints(tmp_path: Path) -> None:
    change(small(tmp_path), MODULE, "lessons: [pain]", f"lessons: [pain]\ncheckpoints:\n- {STOP}")
    package = read_package(tmp_path)
    validate(package)
    assert entries_of(package, CHECKPOINT)["STOP"] == {
        "code": "STOP", "module": "M1", "title": "More", "slug": "more", "intro": "", "assessment": "m1-1-check"
    }  # fmt: skip
    assert "checkpoints" not in entries_of(package, MODULES)["M1"]


@pytest.mark.parametrize(
    ("said", "shift", "reason"),
    [
        (f"checkpoints:\n- {STOP.replace('m1-1-check', 'more')}", 2, "there is no assessment more"),
        (f"checkpoints:\n- {STOP[:-1]}, quiz: x}}", 2, "quiz"),
        (f"checkpoints:\n- {STOP}\n- {STOP}", 3, "is there already"),
        ("checkpoints:\n- STOP", 2, "named parts"),
        (f"checkpoints: {STOP}", 1, "needs a list"),
    ],
)
def test_a_fault_of_a_checkpoint_is_named_at_its_line(said: str, shift: int, reason: str, tmp_path: Path) -> None:
    line = change(small(tmp_path), MODULE, "lessons: [pain]", f"lessons: [pain]\n{said}") + shift
    with pytest.raises(InvalidPackage) as caught:
        read_package(tmp_path)
    [fault] = caught.value.faults
    assert (fault.file, fault.line) == (MODULE, line)
    assert reason in fault.reason
