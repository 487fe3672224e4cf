"""Export and load are each other's reverse; confidential items stay unless asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from courses.api import CheckpointPage
from lms.certification.api import Path as CertificationPath
from lms.package.exporter import export_package
from lms.package.loader import load_package
from lms.package.reader import read_package
from quizzes.api import Assessment, Bank, Question
from quizzes.bank.models import BankAccess, Stimulus
from tests.lms.package.folders import contents
from tests.lms.package.test_assessment_sections import DRAW
from tests.quizzes.making import make_assessment, make_bank, make_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("little")]


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    export_package(tmp_path / "export", include_exam=True)
    return tmp_path / "export"


def test_a_second_export_after_a_forced_load_is_the_same_to_the_byte(exported: Path, tmp_path: Path) -> None:
    load_package(exported, force=True)
    export_package(tmp_path / "again", include_exam=True)
    assert contents(tmp_path / "again") == contents(exported)
    assert load_package(exported).changes == 0


# Confidential items -------------------------------------------------------------------------------------------


@pytest.fixture
def open_export(tmp_path: Path) -> tuple[Path, list[str]]:
    _count, left_out = export_package(tmp_path / "open")
    return tmp_path / "open", left_out


def test_without_the_option_no_exam_item_leaves(open_export: tuple[Path, list[str]]) -> None:
    root, left_out = open_export
    files = contents(root)
    text = b"\n".join(content for name, content in files.items() if not name.endswith(".png")).decode()
    hidden = Question.objects.filter(bank__purpose__in=["exam", "mock"])
    assert hidden.count() == 5
    assert [row.code for row in hidden if row.code in text] == []
    package = read_package(root)
    assert set(package.of("bank")) == set(Bank.objects.filter(purpose="teaching").values_list("code", flat=True))
    # What needs them stays behind as well, and the rest is a whole package.
    assert "final" not in package.of("assessment")
    assert "path" not in package.entries
    assert left_out == ["bank final", "assessment final", "path basic"]
    assert set(package.of("lesson")) == {"M1-1", "M2-1", "M2-2"}


def test_a_path_without_an_exam_leaves_with_the_rest(tmp_path: Path) -> None:
    path = CertificationPath.objects.get(code="basic")
    path.requirements = [("course", {"course": "K1"})]
    path.save_revision().publish()
    export_package(tmp_path)
    assert list(read_package(tmp_path).of("path")) == ["basic"]


def test_what_is_taken_out_is_written_down(tmp_path: Path) -> None:
    call_command("export_curriculum", str(tmp_path / "open"), verbosity=0)
    assert not BankAccess.objects.exists()
    call_command("export_curriculum", str(tmp_path / "all"), "--include-exam", verbosity=0)
    look = BankAccess.objects.get()
    assert (look.bank.code, look.action) == ("final", "exported")


def test_the_command_says_what_it_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("export_curriculum", str(tmp_path / "open"))
    out = capsys.readouterr().out
    assert "left out: bank final" in out
    assert f"{len(contents(tmp_path / 'open'))} files written" in out


def test_it_never_writes_into_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_curriculum", str(tmp_path))
    assert contents(tmp_path) == {"note.txt": b"mine"}


def test_what_was_edited_here_leaves_as_it_is_now(tmp_path: Path) -> None:
    question = Question.objects.get(code="Q-1")
    question.stem = "<p>Asked in <i>our own</i> words: is 2 * 3 right?</p>"
    question.save_revision().publish()
    export_package(tmp_path)
    assert read_package(tmp_path).of("question")["Q-1"].stem == "Asked in *our own* words: is 2 \\* 3 right?"


def test_what_was_put_together_here_leaves_whole(tmp_path: Path) -> None:
    """Two sections made in the editor; a confidential one keeps the whole assessment back."""
    here = make_question("Q-TST-A", objective="M1-1.1")
    secret = make_question("Q-TST-S", bank=make_bank("closed", "exam"), objective="M1-1.1")
    make_assessment("two-parts", [here], marks="3", draws=[{"bank": here.bank, "rules": [{"count": 1}]}], frozen=False)
    make_assessment("two-secrets", [here], draws=[{"bank": secret.bank, "rules": [{"count": 1}]}], frozen=False)
    _count, left_out = export_package(tmp_path)
    assert "assessment two-secrets" in left_out
    said = yaml.safe_load((tmp_path / "assessments/two-parts.yaml").read_text())
    assert said["sections"] == [{"items": ["Q-TST-A"], "marks": "3"}, {"draw": DRAW}]
    assert read_package(tmp_path).of("assessment")["two-parts"].sections[1].draw.bank == "test-bank"
    assert not (tmp_path / "assessments/two-secrets.yaml").exists()


def test_stories_of_exams_stay_with_them(tmp_path: Path) -> None:
    Stimulus.objects.create(code="CASE-X", title="X", text="<p>Unheard of.</p>", bank=make_bank("closed", "exam"))
    Stimulus.objects.create(code="CASE-T", title="T", text="<p>Well known.</p>", bank=make_bank())
    export_package(tmp_path)
    assert "CASE-X" not in read_package(tmp_path).of("stimulus")
    assert yaml.safe_load((tmp_path / "questions/test-bank/stimuli.yaml").read_text()) == [
        {"code": "CASE-T", "title": "T", "text": "Well known."}
    ]
    assert not list(tmp_path.glob("questions/basics/stimuli.yaml")), "no file where there is no story"


def test_a_checkpoint_whose_assessment_stays_behind_stays_too(tmp_path: Path) -> None:
    CheckpointPage.objects.filter(code="STOP").update(assessment=Assessment.objects.get(code="final"))
    export_package(tmp_path)
    assert set(read_package(tmp_path).of("checkpoint")) == {"WRITE"}
