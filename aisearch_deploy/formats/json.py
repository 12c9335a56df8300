"""JSON (RFC 8259) as people read it: text stays readable, and what cannot be seen is escaped."""

from __future__ import annotations

import json
import re

from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.scalars import UNSEEN, digits, finite, shown, whole_characters

NAME = "json"

_UNSEEN = re.compile(f"[{UNSEEN}]")


def encode(value: Scalar) -> str:
    """A string with its quotes, a number, true, false or null. Raises EncodeError for infinity and half characters."""
    if not (value is None or isinstance(value, str | int | float)):
        raise EncodeError(f"{shown(value)} is a {type(value).__name__}, not one value: dump it")
    return encode_flow(value)


def dump(value: object, indent: int = 0) -> str:
    """Nested dicts and lists, two spaces a level, to be placed at column `indent`: the first line is not indented.

    No line break at the end. Raises EncodeError for what JSON cannot carry, keys that are not text included.
    """
    text = _escaped(json.dumps(_checked(value), ensure_ascii=False, indent=2))
    return text.replace("\n", "\n" + " " * indent)


def encode_flow(value: object) -> str:
    """A whole dict or list on one line, for messages: `{"size": 20, "overflow": 10}`. Raises EncodeError like dump."""
    return _escaped(json.dumps(_checked(value), ensure_ascii=False))


def parse(text: str) -> object:
    """Raises ParseError for malformed text, a repeated key, NaN and infinity."""
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ParseError(error.lineno, error.msg) from None
    except _RepeatedKeyError as error:
        raise ParseError(_line_of(text, error.key), f"the key {shown(error.key)} is there twice") from None
    except ValueError as error:
        raise ParseError(1, str(error)) from None
    except RecursionError:
        raise ParseError(1, "nested too deeply") from None


class _RepeatedKeyError(Exception):
    def __init__(self, key: str) -> None:
        self.key = key


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    items: dict[str, object] = {}
    for key, value in pairs:
        if key in items:
            raise _RepeatedKeyError(key)
        items[key] = value
    return items


def _line_of(text: str, key: str) -> int:
    """Where the key is written last: the decoder does not say where it was."""
    return text.count("\n", 0, max(text.rfind(json.dumps(key)), 0)) + 1


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _checked(value: object) -> object:
    """`value` itself, when json.dumps would neither change nor refuse any part of it."""
    if isinstance(value, str):
        whole_characters(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise EncodeError(f"{shown(key)} is a key that is not text")
            whole_characters(key)
            _checked(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _checked(item)
    elif isinstance(value, float):
        finite(value)
    elif isinstance(value, int):
        digits(value)
    elif value is not None:
        raise EncodeError(f"{shown(value)} is a {type(value).__name__}, which JSON cannot carry")
    return value


def _escaped(text: str) -> str:
    """Unseen characters as \\u escapes; the only line breaks left are those of the layout."""
    return _UNSEEN.sub(lambda match: match[0] if match[0] == "\n" else json.dumps(match[0])[1:-1], text)
