"""Loading: once, twice, after an edit here, after a change there, and when something has left the package."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.api import LessonPage, outline
from lms.certification.models import PathVersion
from lms.knowledge.api import GlossaryTerm
from lms.package.faults import InvalidPackage
from lms.package.loader import load_package
from lms.package.models import LoadedObject
from quizzes.api import Assessment, Question
from quizzes.bank.models import QuestionVersion
from tests.lms.package.folders import change, everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("little")]

TERMS = "knowledge/glossary.yaml"
LESSON = "courses/first/one/pain.md"
QUESTIONS = "questions/basics/questions.yaml"


def versions() -> tuple[int, int]:
    return QuestionVersion.objects.count(), PathVersion.objects.count()


def test_a_second_load_changes_nothing(package: Path) -> None:
    before, frozen = everything(), versions()
    report = load_package(package)
    assert (report.changes, report.kept) == (0, [])
    assert report.unchanged == LoadedObject.objects.count() > 40
    assert (everything(), versions()) == (before, frozen)


def test_the_command_says_0_changes(package: Path) -> None:
    out = StringIO()
    call_command("load_curriculum", str(package), stdout=out)
    assert out.getvalue().startswith("0 changes (0 created, 0 updated, 0 retired), 0 kept")


def edit_here() -> list[str]:
    """A term, a lesson, a question and an assessment are changed as an author would."""
    term = GlossaryTerm.objects.order_by("code").first()
    assert term is not None
    term.definition = "Written at this school."
    term.save()
    lesson = LessonPage.objects.get(code="M1-1")
    lesson.title = "Our own title"
    lesson.save_revision().publish()
    question = Question.objects.get(code="Q-1")
    question.stem = "<p>Asked in our own words?</p>"
    question.save_revision().publish()
    quiz = Assessment.objects.get(code="one-quiz")
    quiz.title = "Our own quiz"
    quiz.save_revision().publish()
    return [f"term {term.code}", "question Q-1", "assessment one-quiz", "lesson M1-1"]


def test_what_was_edited_here_is_kept_and_counted_and_force_overwrites_it(package: Path) -> None:
    shipped_state = everything()
    edited = edit_here()
    here = everything()
    assert here != shipped_state
    out = StringIO()
    call_command("load_curriculum", str(package), stdout=out)
    assert everything() == here
    assert out.getvalue().splitlines()[-1].startswith("0 changes (0 created, 0 updated, 0 retired), 4 kept")
    assert {f"kept (edited here): {name}" for name in edited} == set(out.getvalue().splitlines()[:-1])
    forced = load_package(package, force=True)
    assert (sorted(forced.updated), forced.kept) == (sorted(edited), [])
    assert everything() == shipped_state


def test_what_was_edited_here_is_kept_even_when_the_package_changed_too(package: Path) -> None:
    lesson = LessonPage.objects.get(code="M1-1")
    lesson.summary = "Our own summary."
    lesson.save_revision().publish()
    change(package, LESSON, f"minutes: {lesson.minutes}", "minutes: 99")
    report = load_package(package)
    assert (report.changes, report.kept) == (0, ["lesson M1-1"])
    assert LessonPage.objects.get(code="M1-1").summary == "Our own summary."


def test_a_change_of_the_package_reaches_what_was_not_edited(package: Path) -> None:
    question = Question.objects.get(code="Q-1")
    first = question.current_version
    line = change(package, QUESTIONS, "Is pain real?", "Is this so?")
    assert line > 0
    report = load_package(package)
    assert (report.created, report.retired, report.kept) == ([], [], [])
    assert "question Q-1" in report.updated
    question.refresh_from_db()
    assert "Is this so?" in question.stem
    assert question.current_version is not None
    assert first is not None
    assert question.current_version.number == first.number + 1
    assert "Is pain real?" in QuestionVersion.objects.get(pk=first.pk).stem_html, "attempts keep theirs"
    assert load_package(package).changes == 0


def without_lesson(package: Path) -> None:
    """The last lesson of the second course, its check and one term leave the package."""
    folder = package / "courses/second/two"
    (folder / "stopping.md").unlink()
    change(package, "courses/second/two/module.yaml", ", stopping]", "]")
    (package / "assessments/m2-2-check.yaml").unlink()
    term = GlossaryTerm.objects.order_by("code").first()
    assert term is not None
    text = (package / TERMS).read_text()
    entry = text[: text.index("\n- code:", 10)] if text.index("\n- code:", 10) > 0 else text
    (package / TERMS).write_text(text.removeprefix(entry))


def test_what_left_the_package_is_retired_and_never_deleted(package: Path) -> None:
    rows = {model: model.objects.count() for model in (LessonPage, Assessment, GlossaryTerm, QuestionVersion)}
    without_lesson(package)
    report = load_package(package)
    kinds = {name.split()[0] for name in report.retired}
    assert kinds == {"lesson", "assessment", "term"}
    assert {"lesson M2-2", "assessment m2-2-check"} <= set(report.retired)
    assert {model: model.objects.count() for model in rows} == rows
    assert outline().lesson("M2-2") is None
    assert not LessonPage.objects.get(code="M2-2").live
    assert Assessment.objects.get(code="m2-2-check").is_retired
    assert GlossaryTerm.objects.filter(is_retired=True).count() == 1
    assert load_package(package).changes == 0


def test_what_comes_back_is_in_use_again(package: Path, little: Path) -> None:
    before = everything()
    without_lesson(package)
    load_package(package)
    report = load_package(little)
    assert {"lesson M2-2", "assessment m2-2-check"} <= {*report.created, *report.updated}
    assert outline().lesson("M2-2") is not None
    assert everything() == before


def test_what_was_edited_here_is_not_retired(package: Path) -> None:
    lesson = LessonPage.objects.get(code="M2-2")
    lesson.summary = "Our own summary."
    lesson.save_revision().publish()
    without_lesson(package)
    report = load_package(package)
    assert "lesson M2-2" in report.kept
    assert LessonPage.objects.get(code="M2-2").live


@pytest.mark.parametrize(
    ("name", "file", "old", "new"),
    [
        ("form", "package.yaml", "format: 1", "format: 9"),
        # Found only while writing: the bank cannot fill the blueprint.
        ("blueprint", "assessments/one-quiz.yaml", "{count: 4}", "{count: 150}"),
        ("requirement", "paths/basic.yaml", "{exam: final}", "{exam: m1-1-check}"),
    ],
)
def test_an_invalid_package_changes_nothing(name: str, file: str, old: str, new: str, package: Path) -> None:
    change(package, QUESTIONS, "Is pain real?", "Is this so?")
    change(package, TERMS, "definition:", "definition: 'New.'\n  #")
    change(package, file, old, new)
    before, frozen = everything(), versions()
    with pytest.raises(InvalidPackage) as caught:
        load_package(package)
    assert [fault.file for fault in caught.value.faults] == [file]
    assert (everything(), versions()) == (before, frozen)


def test_the_command_names_every_fault_and_fails(package: Path) -> None:
    line = change(package, "package.yaml", "format: 1", "format: 9")
    err = StringIO()
    with pytest.raises(CommandError, match="nothing was changed") as caught:
        call_command("load_curriculum", str(package), stderr=err)
    assert caught.value.returncode == 1
    assert f"package.yaml:{line}: " in err.getvalue()


def test_a_folder_without_a_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidPackage, match=r"package\.yaml:1: there is no package here"):
        load_package(tmp_path)


def test_enemies_are_mutual_whoever_names_the_other() -> None:
    hated: Callable[[str], set[str]] = lambda code: set(  # noqa: E731
        Question.objects.get(code=code).enemies.values_list("code", flat=True)
    )
    pairs = [(code, enemy) for code in Question.objects.values_list("code", flat=True) for enemy in hated(code)]
    assert pairs
    assert {(enemy, code) for code, enemy in pairs} == set(pairs)
