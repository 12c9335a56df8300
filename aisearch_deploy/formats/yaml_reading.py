"""Reads YAML strictly: one meaning for every reader, or an error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.scalars import shown, whole_characters

if TYPE_CHECKING:
    from collections.abc import Iterator

# libyaml when PyYAML was built with it: the same events, many times faster.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_OLD_BOOLEANS = frozenset(
    spelling for word in ("y", "yes", "n", "no", "on", "off") for spelling in (word, word.capitalize(), word.upper())
)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"(?:[-+]?[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?")
_AMBIGUOUS = re.compile(
    r"""[-+]?0[xXoObB][0-9a-fA-F_]+                                         # 0x1F 0o17 0b1
    |   [-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?   # 0644 1_000 1e3 -.5
    |   [-+][0-9_]+(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?                       # -_1
    |   [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?                    # 12:30:45 in base sixty
    |   [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\ \t].*)?                       # 2026-11-24
    |   [-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)
    |   <<|=""",
    re.VERBOSE,
)
# Line breaks to YAML 1.1 and characters to 1.2, or a mark that readers drop.
_BREAKS = re.compile("[\x85\u2028\u2029\ufeff]")


def parse(text: str) -> object:
    """The document, or a list of them when there are several; None when there is none.

    Numbers and constants as in the core schema of YAML 1.2. Raises ParseError for malformed text, repeated keys, tags,
    anchors, aliases, infinity, and for every plain value that YAML 1.1 and 1.2 read differently.
    """
    strange = _BREAKS.search(text)
    if strange:
        raise ParseError(text.count("\n", 0, strange.start()) + 1, f"{shown(strange[0])} must be written as an escape")
    try:
        documents = _documents(yaml.parse(whole_characters(text), Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # libyaml 0.2.6 and newer have a limit of their own.
        problem = "nested too deeply" if "nesting depth" in str(error) else error.problem or str(error)
        raise ParseError(mark.line + 1 if mark else 1, problem) from None
    except (yaml.YAMLError, EncodeError) as error:
        raise ParseError(1, str(error)) from None
    except RecursionError:
        raise ParseError(1, "nested too deeply") from None
    if len(documents) > 1:
        return documents
    return documents[0] if documents else None


def _documents(events: Iterator[yaml.Event]) -> list[object]:
    return [_node(next(events), events) for event in events if isinstance(event, yaml.DocumentStartEvent)]


def _node(event: yaml.Event, events: Iterator[yaml.Event]) -> object:
    if isinstance(event, yaml.AliasEvent):
        raise ParseError(_line(event), "an alias: write the value itself")
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and (event.anchor or event.tag):
        raise ParseError(_line(event), "an anchor or a tag: write the plain value")
    if isinstance(event, yaml.ScalarEvent):
        return _plain(event) if event.implicit[0] else event.value
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(events)
    return _sequence(events)


def _sequence(events: Iterator[yaml.Event]) -> list[object]:
    items = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        items.append(_node(event, events))
    return items


def _mapping(events: Iterator[yaml.Event]) -> dict[Scalar, object]:
    items: dict[Scalar, object] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events)
        if not (key is None or isinstance(key, str | int | float)):
            raise ParseError(_line(event), "a map or a list as a key")
        if key in items:
            raise ParseError(_line(event), f"the key {shown(key)} is there twice")
        items[key] = _node(next(events), events)
    return items


def _plain(event: yaml.ScalarEvent) -> Scalar:
    text = event.value
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text in _OLD_BOOLEANS or (not text[0].isalpha() and _AMBIGUOUS.fullmatch(text)):
        return _number(text, _line(event))
    return text


def _number(text: str, line: int) -> int | float:
    """What both versions read as the same number."""
    if _FLOAT.fullmatch(text):
        return float(text)
    try:
        if _INTEGER.fullmatch(text):
            return int(text)
    except ValueError:
        raise ParseError(line, "a whole number with thousands of digits") from None
    raise ParseError(line, f"{text} is one thing in YAML 1.1 and another in YAML 1.2: write it in quotes")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
