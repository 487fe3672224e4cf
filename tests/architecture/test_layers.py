"""Who may know whom: imports by import-linter, relations between tables by walking the models."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
OURS = ("lms.", "quizzes.", "courses.")


def layers(name_begins: str) -> list[list[str]]:
    """Layers of a contract from top to bottom, each with the modules that stand side by side."""
    [contract] = [row for row in CONTRACTS if row["name"].startswith(name_begins) and row["type"] == "layers"]
    return [[name.strip() for name in layer.replace("|", ":").split(":")] for layer in contract["layers"]]


PACKAGES = layers("Packages")
APPLETS = [[f"quizzes.{name}" for name in layer] for layer in layers("Quiz engine")]


def height(module: str, order: list[list[str]]) -> int | None:
    """How high a module stands; None for what the contract does not speak of."""
    for depth, layer in enumerate(reversed(order)):
        if any(module == name or module.startswith(f"{name}.") for name in layer):
            return depth
    return None


def our_models() -> list[Any]:
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith(OURS)]


def relations() -> Iterator[tuple[Any, Any, str]]:
    """Every foreign key and many-to-many from one of our models to another: (from, to, name)."""
    for model in our_models():
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            other = field.related_model
            if field.is_relation and other is not None and other.__module__.startswith(OURS):
                yield model, other, f"{model._meta.label}.{field.name} -> {other._meta.label}"


def test_the_import_contracts_are_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename="pyproject.toml", no_cache=True, is_debug_mode=False)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_package_of_the_platform_has_a_layer() -> None:
    listed = {name for layer in PACKAGES for name in layer}
    present = {
        f"lms.{path.stem}"
        for path in (ROOT / "lms").iterdir()
        if path.name not in {"__init__.py", "__pycache__"}
        and (path.suffix == ".py" or (path.is_dir() and any(path.rglob("*.py"))))
    }
    assert present - listed == set(), "import-linter does not see these: add them to the layers of pyproject.toml"
    assert {name for name in listed if name.startswith("lms.")} - present == set()
    assert {"courses", "quizzes"} <= listed


def test_every_applet_of_the_quiz_engine_has_a_layer() -> None:
    listed = {name for layer in APPLETS for name in layer}
    present = {
        f"quizzes.{path.stem}"
        for path in (ROOT / "quizzes").iterdir()
        if path.suffix == ".py" or (path.is_dir() and any(path.rglob("*.py")))
    } - {"quizzes.__init__"}
    assert present - listed == set()


def test_top_level_packages_are_the_three_that_are_layered() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == {"lms", "courses", "quizzes"}


def test_tables_point_down_the_same_layers_as_imports() -> None:
    upwards = []
    for model, other, name in relations():
        here, there = height(model.__module__, PACKAGES), height(other.__module__, PACKAGES)
        assert here is not None, f"{model.__module__} has no layer"
        assert there is not None, f"{other.__module__} has no layer"
        if there > here:
            upwards.append(name)
    assert upwards == []


def test_tables_of_the_quiz_engine_point_down_its_applets() -> None:
    upwards = [
        name
        for model, other, name in relations()
        if model._meta.app_label == other._meta.app_label == "quizzes"
        and (height(other.__module__, APPLETS) or 0) > (height(model.__module__, APPLETS) or 0)
    ]
    assert upwards == []


def test_the_walk_over_relations_sees_the_ones_that_matter() -> None:
    names = {name for _model, _other, name in relations()}
    assert "courses.ModulePage.quiz -> quizzes.Assessment" in names
    assert "quizzes.Attempt.candidate -> accounts.User" in names
    assert len(names) > 60


def test_doors_name_what_they_offer() -> None:
    """`api.py` is the door of a package: what `__all__` lists can be imported through it."""
    import importlib

    for path in [*(ROOT / "lms").glob("*/api.py"), ROOT / "courses" / "api.py", ROOT / "quizzes" / "api.py"]:
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        assert [name for name in module.__all__ if not hasattr(module, name)] == [], path
        assert len(set(module.__all__)) == len(module.__all__) > 0, path


def test_the_record_never_cascades() -> None:
    """Whatever a record points at cannot be deleted from under it."""
    from django.db.models import PROTECT

    from lms.core.record import record_models

    loose = [
        f"{model._meta.label}.{field.name}"
        for model in record_models()
        for field in model._meta.local_fields
        if field.is_relation and field.remote_field.on_delete is not PROTECT
    ]
    assert loose == []
