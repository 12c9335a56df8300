"""The configuration language of nginx, word by word as ngx_conf_read_token() reads it.

https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c: a backslash is taken away before a quote or a
backslash, makes a control character with t, r and n, and stays before anything else. Nothing escapes `$`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.scalars import one_line, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "nginx"

_NEEDS_QUOTES = re.compile(r"""[\s;{}#"'\\]""")
_LONGEST_WORD = 4000  # NGX_CONF_BUFFER is 4,096 bytes; nginx refuses a longer one as "too long parameter"

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+|\#[^\n]*)
    |   (?P<mark>[;{}])
    |   (?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |   (?P<word>(?!["'])(?:\\.|\$\{|[^ \t\r\n;{\\])+)""",
    re.VERBOSE | re.DOTALL,
)
_AFTER_QUOTES = " \t\r\n;{)"
_ESCAPE = re.compile(r"""\\(["'\\trn])""")
_CONTROLS = {"t": "\t", "r": "\r", "n": "\n"}


class Directive(NamedTuple):
    """One directive, or one entry of a `map` or `types` block; `block` is None for one that ends with a semicolon."""

    name: str
    args: list[str]
    block: list[Directive] | None = None


def encode(value: Scalar) -> str:
    """One word, in double quotes where it needs them. Raises EncodeError for `$`, controls, booleans and long words."""
    if isinstance(value, bool):
        raise EncodeError("nginx says on and off, 0 and 1, ...: choose the word in the plan")
    text = one_line(value, "a word of nginx")
    if "$" in text:
        raise EncodeError(f"nginx would read a variable in {shown(text)}, and has no way to write a plain $")
    word = text
    if not text or _NEEDS_QUOTES.search(text):
        word = '"' + re.sub(r'["\\]', r"\\\g<0>", text) + '"'
    if len(word.encode()) > _LONGEST_WORD:
        raise EncodeError(f"a word of more than {_LONGEST_WORD} bytes: {shown(text)}")
    return word


def parse(text: str) -> list[Directive]:
    """The directives in order, words unquoted. Raises ParseError where nginx would stop reading."""
    return _block(_tokens(text), opened_at=None)


class _Token(NamedTuple):
    line: int
    mark: str  # ; { } or nothing for a word
    word: str


def _tokens(text: str) -> Iterator[_Token]:
    at, line = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ParseError(line, f"{text[at]} without what has to follow it")
        at = match.end()
        kind, token = match.lastgroup, match[0]
        if kind == "mark":
            yield _Token(line, token, "")
        elif kind == "word":
            yield _Token(line, "", _unescaped(token))
        elif kind == "quoted":
            if text[at : at + 1] not in _AFTER_QUOTES:
                raise ParseError(line, f"unexpected {text[at]!r} right after a closing quote")
            yield _Token(line, "", _unescaped(token[1:-1]))
        line += token.count("\n")


def _block(tokens: Iterator[_Token], opened_at: int | None) -> list[Directive]:
    directives: list[Directive] = []
    words: list[str] = []
    line = 1
    for line, mark, word in tokens:
        if not mark:
            words.append(word)
        elif mark == "}" and not words and opened_at is not None:
            return directives
        elif mark == "}" or not words:
            raise ParseError(line, f"unexpected {mark!r}")
        else:
            block = _block(tokens, opened_at=line) if mark == "{" else None
            directives.append(Directive(words[0], words[1:], block))
            words = []
    if words:
        raise ParseError(line, f"{words[0]!r} ends without ';' or a block")
    if opened_at is not None:
        raise ParseError(opened_at, "a block that is never closed")
    return directives


def _unescaped(word: str) -> str:
    return _ESCAPE.sub(lambda match: _CONTROLS.get(match[1], match[1]), word)
