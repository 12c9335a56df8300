"""Sections of `key = value` lines, as PgBouncer reads them: a value runs to the end of its line, nothing is quoted."""

from __future__ import annotations

import re

from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.scalars import one_line, shown

NAME = "ini"

_SECTION = re.compile(r"\[([A-Za-z0-9_.-]+)\]")
_PAIR = re.compile(r"([A-Za-z0-9_.*-]+) *= *(.*)")


def encode(value: Scalar) -> str:
    """The text as it is. Raises EncodeError for what a line cannot carry whole: breaks, and spaces at its ends."""
    text = one_line(value, "a setting")
    if text != text.strip(" "):
        raise EncodeError(f"a setting loses the spaces at its ends: {shown(text)}")
    return text


def parse(text: str) -> dict[str, dict[str, str]]:
    """Settings by section. Raises ParseError for a line that is neither, and for a section or key that comes twice."""
    sections: dict[str, dict[str, str]] = {}
    settings: dict[str, str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip()
        if not content or content[0] in ";#":
            continue
        section, pair = _SECTION.fullmatch(content), _PAIR.fullmatch(content)
        if section:
            if section[1] in sections:
                raise ParseError(number, f"a second section [{section[1]}]")
            settings = sections[section[1]] = {}
        elif pair is None or settings is None:
            raise ParseError(number, f"neither a section nor a setting of one: {shown(content)}")
        elif pair[1] in settings:
            raise ParseError(number, f"a second {pair[1]}")
        else:
            settings[pair[1]] = pair[2]
    return sections
