""".dockerignore and .gitignore: one pattern a line.

https://git-scm.com/docs/gitignore and https://docs.docker.com/build/concepts/context/#dockerignore-files; both take
blanks away at the end (Docker at the start too) and read a backslash as an escape.
"""

from __future__ import annotations

from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.scalars import one_line, shown

NAME = "ignore"


def encode(value: Scalar) -> str:
    """One pattern; a leading `#` or `!` is part of it. Raises EncodeError for what the line would lose."""
    text = one_line(value, "an ignore file")
    if not text or text != text.strip():
        raise EncodeError(f"blanks at the ends of a pattern are dropped, an empty one is none: {shown(text)}")
    if text.startswith("\\") or text.endswith("\\"):
        raise EncodeError(f"a backslash at the start or the end of a pattern escapes what is not there: {shown(text)}")
    return f"\\{text}" if text[0] in "#!" else text


def parse(text: str) -> list[str | dict[str, str]]:
    """The patterns in order, an exception (`!pattern`) as {"!": pattern}. Raises ParseError for blanks around one."""
    patterns: list[str | dict[str, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.startswith("#"):
            continue
        if line != line.strip():
            raise ParseError(number, "blanks around a pattern")
        if line.startswith("!"):
            patterns.append({"!": line[1:]})
        else:
            patterns.append(line[1:] if line.startswith(("\\#", "\\!")) else line)
    return patterns
