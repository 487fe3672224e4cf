"""YAML with the line of every value, so that a fault can be shown where it stands."""

from __future__ import annotations

from typing import Any

import yaml

Path = tuple[Any, ...]


class DuplicateKey(yaml.YAMLError):
    """The same key twice in one mapping: one of them would be lost silently."""

    def __init__(self, key: str, line: int) -> None:
        self.key, self.line = key, line
        super().__init__(f"the key “{key}” stands here twice")


class Located:
    """A parsed document with the line (from 1) of each part of it."""

    def __init__(self, data: Any, lines: dict[Path, int]) -> None:
        self.data = data
        self._lines = lines

    def line(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it."""
        while path not in self._lines and path:
            path = path[:-1]
        return self._lines.get(path, 1)


def load(text: str, first_line: int = 1) -> Located:
    """Parse one document. `first_line` is where the text begins in its file. Raises yaml.YAMLError."""
    lines: dict[Path, int] = {}
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Located(None, {(): first_line})
        data = _build(loader, node, (), lines, first_line)
    finally:
        loader.dispose()
    return Located(data, lines)


def _build(loader: yaml.SafeLoader, node: yaml.Node, path: Path, lines: dict[Path, int], first: int) -> Any:
    lines[path] = node.start_mark.line + first
    if isinstance(node, yaml.MappingNode):
        built: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            if key in built:
                raise DuplicateKey(str(key), key_node.start_mark.line + first)
            built[key] = _build(loader, value_node, (*path, key), lines, first)
            lines[(*path, key)] = key_node.start_mark.line + first
        return built
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, (*path, place), lines, first) for place, item in enumerate(node.value)]
    return loader.construct_object(node, deep=True)


class _Dumper(yaml.SafeDumper):
    """Readable output: texts with line breaks as blocks, lists indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def dump(data: Any) -> str:
    """A document as text, keys in the order given."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
