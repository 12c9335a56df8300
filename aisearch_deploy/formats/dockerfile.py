"""Dockerfiles as BuildKit reads them, without its heredocs and with the default escape character.

https://docs.docker.com/reference/dockerfile/; quoting: frontend/dockerfile/parser/line_parsers.go splits words and
frontend/dockerfile/shell/lex.go takes quotes away, in https://github.com/moby/buildkit.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aisearch_deploy.formats import json as exec_form
from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.scalars import one_line, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "dockerfile"

_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./][A-Za-z0-9_@%+=:,./-]*")  # no dash first: Docker would see a flag

_NAMED_VALUES = frozenset({"ARG", "ENV", "LABEL"})
_COMMANDS = frozenset({"CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN", "SHELL"})
_ONE_WORD = frozenset({"STOPSIGNAL", "USER", "WORKDIR"})
_WORDS = frozenset({"ADD", "COPY", "EXPOSE", "FROM", "VOLUME"})
_HEREDOC_TAKERS = frozenset({"ADD", "COPY", "RUN"})

_COMMENT = re.compile(r"\s*#")
_ESCAPE_DIRECTIVE = re.compile(r"\s*#\s*escape\s*=", re.IGNORECASE)
_CONTINUES = re.compile(r"\\[ \t]*$")
_INSTRUCTION = re.compile(r"([A-Za-z]+)\s+(.+)", re.DOTALL)
_FLAG = re.compile(r"--([^\s=]+)(?:=(\S*))?\s+")
_HEREDOC = re.compile(r"""<<-?["']?[A-Za-z_]""")
_RAW_WORD = re.compile(r"""(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+""")
_PIECE = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^'"\\]+)""")


class Instruction(NamedTuple):
    """One instruction.

    `words` holds {name: value} for each pair of ENV, LABEL and ARG, the items of an exec form, the unquoted words of
    the others. A shell form is split at blanks and nothing else: its quoting belongs to the shell.
    """

    name: str
    flags: dict[str, str]
    words: list[str | dict[str, str]]


def encode(value: Scalar) -> str:
    """A word for ENV, LABEL, ARG, FROM, WORKDIR, ...: plain, or in double quotes. Raises EncodeError for controls."""
    text = one_line(value, "a word of a Dockerfile")
    if _PLAIN.fullmatch(text):
        return text
    return '"' + re.sub(r'["$\\]', r"\\\g<0>", text) + '"'


def dump(value: object, indent: int = 0) -> str:  # noqa: ARG001 - one line has no indentation
    """The exec form of a list of texts: `["python", "-m", "app"]`. Raises EncodeError for anything else."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise EncodeError(f"{shown(value)} is not a list of texts")
    return f"[{', '.join(exec_form.encode(item) for item in value)}]"


def parse(text: str) -> list[Instruction]:
    """The instructions in order; a variable ($NAME) stays as it is written.

    Raises ParseError for an unknown instruction, `NAME value` without `=`, an open quote, a heredoc, and for an exec
    form that is not JSON: Docker would hand it to a shell.
    """
    return [_instruction(line, content) for line, content in _logical_lines(text)]


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """(number, content) with continuations joined; comments and empty lines, inside continuations too, are left out."""
    joined, started_at = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        if _ESCAPE_DIRECTIVE.match(line):
            raise ParseError(number, "an escape directive")
        if not line.strip() or _COMMENT.match(line):
            continue
        started_at = started_at or number
        joined += _CONTINUES.sub("", line)
        if not _CONTINUES.search(line):
            yield started_at, joined.strip()
            joined, started_at = "", 0
    if started_at:
        raise ParseError(started_at, "the file ends where a line goes on")


def _instruction(line: int, content: str) -> Instruction:
    parts = _INSTRUCTION.fullmatch(content)
    if parts is None:
        raise ParseError(line, f"{shown(content)} is not an instruction with its words")
    name, rest = parts[1].upper(), parts[2]
    if name in _HEREDOC_TAKERS and _HEREDOC.search(rest):
        raise ParseError(line, "a heredoc")
    flags: dict[str, str] = {}
    while flag := _FLAG.match(rest):
        flags[flag[1]] = flag[2] or ""
        rest = rest[flag.end() :]
    return Instruction(name, flags, _words(name, rest, line))


def _words(name: str, rest: str, line: int) -> list[str | dict[str, str]]:
    if name in _NAMED_VALUES:
        return [_named_value(word, name, line) for word in _raw_words(rest, line)]
    if name in _ONE_WORD:
        return [_unquoted(rest, line)]
    if name in _WORDS:
        return [_unquoted(word, line) for word in _listed(rest, line)]
    if name == "HEALTHCHECK":
        kind, _, command = rest.partition(" ")
        return [kind, *_listed(command.strip(), line)]
    if name in _COMMANDS:
        return [*_listed(rest, line)]
    raise ParseError(line, f"no instruction is named {name}")


def _named_value(word: str, name: str, line: int) -> str | dict[str, str]:
    key, equals, value = word.partition("=")
    if equals:
        return {_unquoted(key, line): _unquoted(value, line)}
    if name == "ARG":
        return _unquoted(key, line)
    raise ParseError(line, f"{shown(word)} is not NAME=value")


def _raw_words(rest: str, line: int) -> list[str]:
    words, at = [], 0
    while at < len(rest):
        word = _RAW_WORD.match(rest, at)
        if word is None:
            raise ParseError(line, f"a quote that is not closed: {shown(rest[at:])}")
        words.append(word[0])
        at = len(rest) - len(rest[word.end() :].lstrip())
    return words


def _listed(rest: str, line: int) -> list[str]:
    """The items of an exec form, or the words between blanks."""
    if not rest.startswith("["):
        return rest.split()
    try:
        items = exec_form.parse(rest)
    except ParseError:
        items = None
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ParseError(line, f"not a JSON list of texts, so Docker would take it for a shell command: {shown(rest)}")
    return items


def _unquoted(word: str, line: int) -> str:
    text, at = "", 0
    while at < len(word):
        piece = _PIECE.match(word, at)
        if piece is None:
            raise ParseError(line, f"a quote that is not closed: {shown(word)}")
        single, double, escaped, plain = piece.groups()
        text += re.sub(r'\\(["$\\])', r"\1", double) if double is not None else single or escaped or plain or ""
        at = piece.end()
    return text
