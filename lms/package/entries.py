"""What was read of a package so far: entries with where they stand, and faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from . import located_yaml
from .faults import Fault


@dataclass
class Read:
    """An entry with where it stands."""

    entry: Any
    file: str
    line: Callable[[tuple[Any, ...]], int]


@dataclass
class Package:
    """All entries by kind and code; pictures by name, and their sizes in pixels by the code of their question."""

    root: Path
    entries: dict[str, dict[str, Read]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    pictures: dict[str, Path] = field(default_factory=dict)
    picture_sizes: dict[str, tuple[int, int]] = field(default_factory=dict)

    def of(self, kind: str) -> dict[str, Any]:
        """Entries of a kind, by code, in the order of the files."""
        return {code: read.entry for code, read in self.entries.get(kind, {}).items()}

    def add(self, kind: str, read: Read) -> None:
        """Take an entry in; a code may stand once."""
        known = self.entries.setdefault(kind, {})
        code = read.entry.code
        if code in known:
            first = known[code]
            self.faults.append(
                Fault(read.file, read.line(("code",)), f"the {kind} {code} is there already, in {first.file}")
            )
        known[code] = read

    def fault(self, kind: str, code: str, path: tuple[Any, ...], reason: str) -> None:
        """Note a fault at an entry."""
        read = self.entries[kind][code]
        self.faults.append(Fault(read.file, read.line(path), reason))


def name_of(package: Package, file: Path) -> str:
    """A file as faults name it."""
    return str(file.relative_to(package.root))


def parse(package: Package, file: Path) -> located_yaml.Located | None:
    """The content of a file; None, and a fault, where it cannot be read."""
    try:
        return located_yaml.load(file.read_text(encoding="utf-8"))
    except located_yaml.DuplicateKey as error:
        package.faults.append(Fault(name_of(package, file), error.line, str(error)))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        package.faults.append(Fault(name_of(package, file), line, f"not readable as YAML: {error.problem}"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        package.faults.append(Fault(name_of(package, file), 1, f"not readable: {error}"))
    return None


def validate(
    package: Package,
    kind: str,
    model: type[BaseModel],
    data: Any,
    file: str,
    line: Callable[[tuple[Any, ...]], int],
) -> None:
    """Take an entry in, or note what is wrong with it; `line` says where a part of it stands."""
    if not isinstance(data, dict):
        package.faults.append(Fault(file, line(()), f"a {kind} needs named parts"))
        return
    try:
        package.add(kind, Read(model.model_validate(data), file, line))
    except ValidationError as error:
        note(package, kind, error, file, line)


def note(
    package: Package, kind: str, error: ValidationError, file: str, line: Callable[[tuple[Any, ...]], int]
) -> None:
    """What pydantic found, as faults."""
    for problem in error.errors():
        place = tuple(problem["loc"])
        where = ".".join(str(part) for part in place)
        package.faults.append(Fault(file, line(place), f"{where or kind}: {problem['msg']}"))
