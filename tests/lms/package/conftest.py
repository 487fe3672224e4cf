"""A school that was made from the little package, on a database of its own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.lms.package.little_school import little_school


@pytest.fixture(scope="module")
def little(empty_school: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The little package, loaded for all tests of a module."""
    from lms.package.loader import load_package

    root = little_school(tmp_path_factory.mktemp("little"))
    with django_db_blocker.unblock():
        load_package(root)
    return root


@pytest.fixture
def package(little: Path, tmp_path: Path) -> Path:
    """A copy of what was loaded, to change."""
    return Path(shutil.copytree(little, tmp_path / "package"))
