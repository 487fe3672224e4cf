"""What one school wrote down, another one takes in: everything that was exported is there, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lms.package.exporter import export_package
from lms.package.loader import load_package
from lms.package.models import LoadedObject
from tests.conftest import lead_to_copy_of
from tests.lms.package.folders import contents


@pytest.fixture(scope="module")
def exported(little: Path, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("moving") / "export"
    with django_db_blocker.unblock():
        export_package(root, include_exam=True)
    return root


@pytest.fixture(scope="module")
def another_school(exported: Path, django_db_blocker: Any) -> Iterator[None]:
    """Where nothing was loaded yet."""
    with lead_to_copy_of("empty", django_db_blocker, "another"):
        yield


@pytest.mark.django_db
def test_an_empty_school_that_loads_the_export_exports_the_same(
    another_school: None, exported: Path, tmp_path: Path
) -> None:
    assert not LoadedObject.objects.exists()
    created = load_package(exported).created
    export_package(tmp_path / "other", include_exam=True)
    assert contents(tmp_path / "other") == contents(exported)
    assert load_package(tmp_path / "other").changes == 0
    assert len(created) == LoadedObject.objects.count()
