"""The places at which two renderings of one target differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aisearch_deploy.formats.registry import format_named
from aisearch_deploy.targets.base import File

# For people; a setting that changes only this changes nothing that runs.
PROSE = frozenset({"markdown"})


def differences(
    one: Mapping[str, bytes], other: Mapping[str, bytes], files: Mapping[str, File]
) -> Iterator[tuple[str, str]]:
    """File and JSON pointer of each leaf that is not the same; of a file that only one of them has, the file and ``."""
    for path in sorted({*one, *other}):
        if files[path].format in PROSE or one.get(path) == other.get(path):
            continue
        if path not in one or path not in other or files[path].content is not None:
            yield path, ""
            continue
        parse = format_named(files[path].format).parse
        for pointer in _pointers(parse(one[path].decode()), parse(other[path].decode()), ""):
            yield path, pointer


def _pointers(one: Any, other: Any, pointer: str) -> Iterator[str]:
    one, other = _plain(one), _plain(other)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in {**one, **other}:
            here = f"{pointer}/{_escaped(str(key))}"
            if key in one and key in other:
                yield from _pointers(one[key], other[key], here)
            else:
                yield here
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        for number in range(max(len(one), len(other))):
            if number < len(one) and number < len(other):
                yield from _pointers(one[number], other[number], f"{pointer}/{number}")
            else:
                yield f"{pointer}/{number}"
    elif type(one) is not type(other) or one != other:
        yield pointer


def _plain(value: Any) -> Any:
    """A named tuple by its names."""
    return value._asdict() if isinstance(value, tuple) and hasattr(value, "_asdict") else value


def _escaped(key: str) -> str:
    """As JSON pointers write it (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
