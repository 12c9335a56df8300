"""YAML that a reader of version 1.1 (PyYAML, older Go) and one of version 1.2 see alike.

https://yaml.org/spec/1.1/ and https://yaml.org/spec/1.2.2/, read as PyYAML, ruamel.yaml and go-yaml read them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from aisearch_deploy.formats.base import EncodeError, Scalar
from aisearch_deploy.formats.scalars import UNSEEN, digits, finite, shown, spelled, whole_characters
from aisearch_deploy.formats.yaml_reading import parse

__all__ = ["NAME", "dump", "encode", "parse"]

NAME = "yaml"

_PLAIN = re.compile(r"[A-Za-z/_][A-Za-z0-9_./@+-]*(?::[A-Za-z0-9_./@+-]+)*")
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_ESCAPED = re.compile(f'["\\\\{UNSEEN}]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_NOT_LITERAL = re.compile(f"[{UNSEEN}]")
_LONGEST_KEY = 1000  # a key has to end within 1,024 characters of its line's start to be read as one


def encode(value: Scalar) -> str:
    """One line, valid in block and in flow context: plain where every reader sees the same text, else double-quoted."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return spelled(value)
    if isinstance(value, str):
        return str(value) if _is_plain(value) else _quoted(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, int):
        return digits(value)
    raise EncodeError(f"{shown(value)} is a {type(value).__name__}, not one value: dump it")


def dump(value: object, indent: int = 0, scalar: Callable[[Scalar], str] | None = None) -> str:
    """Nested dicts and lists in block style, to be placed at column `indent`.

    The first line is not indented, the others are; the line break at the end is the caller's. A text of several lines
    becomes a literal block where that is exact. `scalar` prints keys and values in another way, and those that it
    leaves as they are in this one. Raises EncodeError for what YAML cannot carry.
    """
    first, *rest = _lines(value, scalar or encode)
    column = indent if isinstance(value, dict | list | tuple) else max(indent, 2)
    return "\n".join([first, *_shifted(rest, column)])


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and text.lower() not in _RESERVED


def _quoted(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, whole_characters(text))}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if character in _ESCAPES:
        return _ESCAPES[character]
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _float(value: float) -> str:
    """Always with a point: YAML 1.1 takes `1e+16` for text."""
    mantissa, exponent, power = repr(finite(value)).partition("e")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}{exponent}{power}"


def _lines(value: object, scalar: Callable[[Scalar], str]) -> list[str]:
    """The lines of a value; whoever places them indents all but the first."""
    if isinstance(value, dict) and value:
        return [line for key, item in value.items() for line in _entry(_key(key, scalar), item, scalar)]
    if isinstance(value, list | tuple) and value:
        return [line for item in value for line in _item(item, scalar)]
    if isinstance(value, dict | list | tuple):
        return ["{}" if isinstance(value, dict) else "[]"]
    if isinstance(value, str):
        text = scalar(value)
        return (_literal(value) if text == encode(value) else None) or [text]
    if value is None or isinstance(value, int | float):
        return [scalar(value)]
    raise EncodeError(f"{shown(value)} is a {type(value).__name__}, which YAML cannot carry")


def _entry(key: str, item: object, scalar: Callable[[Scalar], str]) -> list[str]:
    lines = _lines(item, scalar)
    if isinstance(item, dict | list | tuple) and item:
        return [f"{key}:", *_shifted(lines, 2)]
    return [f"{key}: {lines[0]}", *_shifted(lines[1:], 2)]


def _item(item: object, scalar: Callable[[Scalar], str]) -> list[str]:
    lines = _lines(item, scalar)
    return [f"- {lines[0]}", *_shifted(lines[1:], 2)]


def _key(key: object, scalar: Callable[[Scalar], str]) -> str:
    if not (key is None or isinstance(key, str | int | float)):
        raise EncodeError(f"{shown(key)} cannot be a key")
    text = scalar(key)
    if len(text) > _LONGEST_KEY:
        raise EncodeError(f"a key of {len(text)} characters: {shown(key)}")
    return text


def _literal(text: str) -> list[str] | None:
    """The lines of a literal block, or None where indentation or the blank lines at its end could change it."""
    lines = text.removesuffix("\n").split("\n")
    if "\n" not in text or not lines[0] or not lines[-1] or lines[0][0] in " \t":
        return None
    if any(line.isspace() or _NOT_LITERAL.search(line.replace("\t", "")) for line in lines):
        return None
    return ["|" if text.endswith("\n") else "|-", *lines]


def _shifted(lines: list[str], columns: int) -> list[str]:
    return [" " * columns + line if line else line for line in lines]
