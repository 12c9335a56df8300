"""NAME=value lines that Compose (`.env`, `env_file`) and a shell's `. file` read alike.

Compose's reader is compose-go's dotenv package; the quoting here suits it from Compose 2.20 (v1.15.1) on: up to some
later version a backslash before the closing quote hides that quote.
https://github.com/compose-spec/compose-go/blob/main/dotenv/parser.go
"""

from __future__ import annotations

import re

from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.scalars import one_line, shown

NAME = "dotenv"

_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
_SINGLE = re.compile(r"'((?:[^']*[^'\\])?)'")
_DOUBLE = re.compile(r'"((?:[^"$`\\]|\\["$\\])*)"')
_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)")


def encode(value: Scalar) -> str:
    """The text after `NAME=`: plain, in single quotes, or in double quotes when it has a single one.

    Raises EncodeError for what the two readers take differently: a backslash at the end, and a backtick beside a
    single quote.
    """
    text = one_line(value, "an env file")
    if _PLAIN.fullmatch(text):
        return text
    if text.endswith("\\"):
        raise EncodeError(f"some versions of Compose misread a backslash at the end: {shown(text)}")
    if "'" not in text:
        return f"'{text}'"
    if "`" in text:
        raise EncodeError(f"no quoting of a backtick and a single quote suits both Compose and a shell: {shown(text)}")
    return '"' + re.sub(r'["$\\]', r"\\\g<0>", text) + '"'


def parse(text: str) -> dict[str, str]:
    """Name to value. Raises ParseError for a repeated name and for every line that only one of the readers takes."""
    values: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.startswith("#"):
            continue
        entry = _LINE.fullmatch(line)
        if entry is None:
            raise ParseError(number, f"{shown(line)} is not NAME=value")
        name, spelling = entry[1], entry[2]
        if name in values:
            raise ParseError(number, f"{name} is there twice")
        values[name] = _unquoted(spelling, number)
    return values


def _unquoted(spelling: str, line: int) -> str:
    if not spelling or _PLAIN.fullmatch(spelling):
        return spelling
    single = _SINGLE.fullmatch(spelling)
    if single:
        return single[1]
    double = _DOUBLE.fullmatch(spelling)
    if double and not double[1].endswith("\\"):
        return re.sub(r'\\(["$\\])', r"\1", double[1])
    raise ParseError(line, f"Compose and a shell do not read {shown(spelling)} alike")
