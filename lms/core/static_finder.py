"""The stylesheet as one file: the sheets that `site.css` imports, each in its layer."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SHEET = "lms/css/site.css"
SOURCE = Path(__file__).resolve().parent / "static" / SHEET
IMPORT = re.compile(r'@import url\("([\w./-]+)"\) layer\(([\w-]+)\);')


def one_sheet(source: Path = SOURCE) -> str:
    """`site.css` with every import replaced by the sheet's text inside its layer.

    A folder deeper than `site.css` would break relative addresses, so only sheets beside it may use `url()`.
    """

    def inlined(match: re.Match[str]) -> str:
        path, layer = match.groups()
        return f"@layer {layer} {{\n{(source.parent / path).read_text(encoding='utf-8')}}}\n"

    return IMPORT.sub(inlined, source.read_text(encoding="utf-8"))


class OneSheetFinder(BaseFinder):
    """Stands before the usual finders: forty small sheets for those who write them, one request for those who read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=Path(settings.LOCAL_DIR) / "generated")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def _written(self) -> str:
        target = Path(self.storage.path(SHEET))
        newest = max(path.stat().st_mtime for path in SOURCE.parent.rglob("*.css"))
        if not target.exists() or target.stat().st_mtime < newest:
            target.parent.mkdir(parents=True, exist_ok=True)
            # Each worker of a server that starts writes a draft of its own.
            draft = target.with_suffix(f".{os.getpid()}.part")
            draft.write_text(one_sheet(), encoding="utf-8")
            draft.replace(target)
        return str(target)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:
        if path != SHEET:
            return []
        return [self._written()] if find_all else self._written()

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        self._written()
        yield SHEET, self.storage
