"""Shell words: values reach a script only as `NAME=word` lines at its top level, so that is what is read back.

A line is an assignment when it starts in the first column, maybe after `readonly` or `export`, and its word is written
out: one that expands anything ($, backticks, ~, *) is the script's own business and no leaf. Bodies of here-documents
are skipped. A text in quotes that runs over several lines is not followed: our scripts have none at column one.
"""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING

from aisearch_deploy.formats.base import ParseError, Scalar
from aisearch_deploy.formats.scalars import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "shell"

_ASSIGNMENT = re.compile(r"(?:readonly |export )?([A-Za-z_][A-Za-z0-9_]*)=")
_PIECE = r"""[A-Za-z0-9_@%+=:,./-]+|'[^']*'|"(?:[^"$`\\]|\\["$`\\])*"|\\."""
_WORD = re.compile(rf"(?:{_PIECE})*")
_PIECES = re.compile(_PIECE)
_IN_DOUBLE_QUOTES = re.compile(r'\\(["$`\\])')
_AFTER_WORD = re.compile(r"[ \t]*(?:[ \t]#.*)?")
_UNCLOSED = re.compile(r"""'|"[^"$`]*$""")
_HERE_DOCUMENT = re.compile(r"""(?<!<)<<(-?)[ \t]*(["']?)([A-Za-z_]\w*)\2""")


def encode(value: Scalar) -> str:
    """One word that the shell takes as it is: `postgres:18`, `'two words'`. Raises EncodeError for line breaks."""
    return quote(one_line(value, "a shell word"))


def parse(text: str) -> dict[str, str]:
    """The literal assignments, name to value; the last one of a name counts, as it does in the shell.

    Raises ParseError for a NUL, a quote that is not closed on its line and a here-document without its end.
    """
    if "\0" in text:
        raise ParseError(text.count("\n", 0, text.index("\0")) + 1, "a NUL character")
    values: dict[str, str] = {}
    lines = enumerate(text.split("\n"), start=1)
    for number, line in lines:
        assignment = _ASSIGNMENT.match(line)
        word = _literal_word(line[assignment.end() :], number) if assignment else None
        if assignment and word is not None:
            values[assignment[1]] = word
        elif not line.lstrip().startswith("#"):
            _skip_here_document(line, number, lines)
    return values


def _literal_word(text: str, line: int) -> str | None:
    """The word, or None when the shell would have to expand something or when more follows it."""
    spelling = _WORD.match(text)
    end = spelling.end() if spelling else 0
    if _UNCLOSED.match(text, end):
        raise ParseError(line, "a quote that is not closed on its line")
    if not _AFTER_WORD.fullmatch(text, end):
        return None
    return "".join(_unquoted(piece[0]) for piece in _PIECES.finditer(text, 0, end))


def _unquoted(piece: str) -> str:
    if piece[0] == "'":
        return piece[1:-1]
    if piece[0] == '"':
        return _IN_DOUBLE_QUOTES.sub(r"\1", piece[1:-1])
    return piece.removeprefix("\\")


def _skip_here_document(line: str, number: int, lines: Iterator[tuple[int, str]]) -> None:
    opening = _HERE_DOCUMENT.search(line)
    if opening is None:
        return
    for _, body in lines:
        if (body.lstrip("\t") if opening[1] else body) == opening[3]:
            return
    raise ParseError(number, f"a here-document without its {opening[3]}")
