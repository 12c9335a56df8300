"""Settings changed in a person's own file: every other character stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from aisearch_deploy.config.examples import flow
from aisearch_deploy.config.paths import parts_of
from aisearch_deploy.errors import Bug
from aisearch_deploy.findings import Change

__all__ = ["changed", "parts_of"]

Path = Sequence[str | int]


def changed(text: str, changes: Iterable[Change]) -> str:
    """The YAML with each value at its path; blocks on the way are made, and None takes a setting away.

    A shorthand on the way (`memory: 6Gi`, `contract: local-state`) becomes the block that it stands for. `text` is a
    config as `load` accepts it: without anchors, aliases and tags.
    """
    for change in changes:
        path = parts_of(change.path)
        edited = _edited(text, path, change.value)
        wanted = yaml.safe_load(text) or {}
        _set(wanted, path, change.value)
        if _read(edited) != wanted:
            raise Bug(f"{change.path} could not be changed without touching something else.")
        text = edited
    return text


def _read(text: str) -> Any:
    try:
        return yaml.safe_load(text) or {}
    except yaml.YAMLError:
        return None


def _set(tree: Any, path: Path, value: Any) -> None:
    """The same change in plain values, to compare with."""
    *above, last = path
    for part in above:
        below = tree[part] if isinstance(part, int) else tree.get(part)
        if not isinstance(below, dict | list):
            if value is None:
                return
            below = tree[part] = _expanded(part, below)
        tree = below
    if value is not None and isinstance(tree, list) and last == len(tree):
        tree.append(value)
    elif value is not None:
        tree[last] = value
    elif isinstance(tree, dict):
        tree.pop(last, None)
    elif isinstance(last, int) and last < len(tree):
        del tree[last]


def _expanded(part: str | int, value: Any) -> dict[str, Any]:
    """The block that a shorthand stands for; an empty one where there was nothing."""
    if value is None:
        return {}
    return {"extends": value} if part == "contract" else {"request": value, "limit": value}


def _edited(text: str, path: Path, value: Any) -> str:
    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    for depth, part in enumerate(path):
        number = _number(node, part)
        rest = path[depth + 1 :]
        if number is None:
            return text if value is None else _inserted(text, node, path[depth:], value)
        below = _values(node)[number]
        if not rest:
            return _removed(text, node, number) if value is None else _replaced(text, below, value)
        if isinstance(below, yaml.ScalarNode):
            if value is None:
                return text
            block = _expanded(part, yaml.safe_load(text[below.start_mark.index : _end(text, below)] or "null"))
            _set(block, rest, value)
            return _replaced(text, below, block)
        node = below
    return text


def _number(node: Any, part: str | int) -> int | None:
    """Which of the node's entries is `part`."""
    if isinstance(node, yaml.MappingNode):
        return next((number for number, (key, _) in enumerate(node.value) if key.value == part), None)
    in_list = isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value)
    return int(part) if in_list else None


def _values(node: Any) -> list[Any]:
    return [entry[1] for entry in node.value] if isinstance(node, yaml.MappingNode) else node.value


def _starts(node: Any) -> list[int]:
    """Where each entry starts: its key, or its value without the dash."""
    entries = [entry[0] for entry in node.value] if isinstance(node, yaml.MappingNode) else node.value
    return [entry.start_mark.index for entry in entries]


def _end(text: str, node: Any) -> int:
    """Where the node's own text ends, without line breaks and comments after it."""
    is_block = not isinstance(node, yaml.ScalarNode) and not node.flow_style
    if is_block and node.value:
        return _end(text, _values(node)[-1])
    start, end = node.start_mark.index, node.end_mark.index
    return int(start + len(text[start:end].rstrip()))


def _replaced(text: str, node: Any, value: Any) -> str:
    start, end = node.start_mark.index, _end(text, node)
    kind = {yaml.SequenceNode: list, yaml.MappingNode: dict}.get(type(node))
    if kind and not node.flow_style and isinstance(value, kind) and value:
        return text[:start] + _joined(text, _block(value, _step(text)), node.start_mark.column) + text[end:]
    if isinstance(value, str) and isinstance(node, yaml.ScalarNode) and node.style == '"':
        written = json.dumps(value, ensure_ascii=False)
    else:
        written = flow(value)
    return _placed(text, node, written)


def _placed(text: str, node: Any, written: str) -> str:
    """One line in the place of a node: beside its key, or below that where a comment is between."""
    before, after = text[: node.start_mark.index], text[_end(text, node) :]
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not before.strip():
        space = " " if before.endswith(":") else ""  # an empty value stands right after its colon
        return f"{before}{space}{written}{after}"
    if before.rstrip().endswith((":", "-")) and "#" not in before[before.rstrip().rfind("\n") + 1 :]:
        return f"{before.rstrip()} {written}{after}"
    return f"{before}  {written}{after}"


def _inserted(text: str, node: Any, path: Path, value: Any) -> str:
    """A new entry after the last one of a mapping or list, in the style of that one."""
    first, *rest = path
    for part in reversed(rest):
        value = {part: value}
    entry: dict[Any, Any] | list[Any] = [value] if isinstance(node, yaml.SequenceNode) else {first: value}
    if node is None:
        return text + _joined(text, _block(entry, 2), 0) + _line_break(text)
    if node.flow_style:
        place = _end(text, _values(node)[-1]) if node.value else node.start_mark.index + 1
        return f"{text[:place]}{', ' if node.value else ''}{flow(entry)[1:-1]}{text[place:]}"
    column = node.start_mark.column
    lines = _joined(text, _block(entry, _step(text)), column)
    place = text.find("\n", _end(text, node))
    if place < 0:
        return f"{text}{_line_break(text)}{' ' * column}{lines}"
    return f"{text[: place + 1]}{' ' * column}{lines}{_line_break(text)}{text[place + 1 :]}"


def _removed(text: str, node: Any, number: int) -> str:
    starts, ends = _starts(node), [_end(text, value) for value in _values(node)]
    start, end = starts[number], ends[number]
    only, last = len(starts) == 1, number + 1 == len(starts)
    if node.flow_style:
        if only:
            return text[:start] + text[end:]
        if not last:
            return text[:start] + text[starts[number + 1] :]
        # A comment between the two belongs to the one before; a comma at the end is allowed.
        after_comment = "#" in text[ends[number - 1] : start]
        return text[: start if after_comment else ends[number - 1]] + text[end:]
    if only:
        return _placed(text, node, "[]" if isinstance(node, yaml.SequenceNode) else "{}")
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].count("-") > isinstance(node, yaml.SequenceNode) and not last:
        return text[:start] + text[starts[number + 1] :]  # the first one stands behind the dash of an outer list
    after = text.find("\n", end)
    return text[:line] + (text[after + 1 :] if after >= 0 else "")


def _block(value: dict[Any, Any] | list[Any], step: int) -> list[str]:
    """One line an entry; mappings in mappings as blocks, everything else on its line."""
    if isinstance(value, list):
        return [f"- {flow(item)}" for item in value]
    lines = []
    for key, below in value.items():
        if isinstance(below, dict) and below:
            lines += [f"{flow(key)}:", *(" " * step + line for line in _block(below, step))]
        else:
            lines.append(f"{flow(key)}: {flow(below)}")
    return lines


def _joined(text: str, lines: list[str], column: int) -> str:
    return (_line_break(text) + " " * column).join(lines)


def _line_break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _step(text: str) -> int:
    """How far the file indents its blocks."""
    first = re.search(r"(?m)^[^\s#][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*( +)[^\s#-]", text)
    return len(first[1]) if first else 2
