"""sysusers.d(5) and tmpfiles.d(5): a line of words each, quoted as in unit files, `%` for specifiers."""

from __future__ import annotations

import re

from aisearch_deploy.formats.base import Scalar
from aisearch_deploy.formats.scalars import one_line
from aisearch_deploy.formats.systemd import without_specifiers
from aisearch_deploy.formats.words import escaped, split_words

NAME = "tmpfiles"

_BARE = re.compile(r"[A-Za-z0-9_./:@=,+%-]+")


def encode(value: Scalar) -> str:
    """One word, in double quotes where it needs them. Raises formats.base.EncodeError for what cannot be seen."""
    text = one_line(value, "a line of words")
    word = text if _BARE.fullmatch(text) and text != "-" else f'"{escaped(text)}"'
    return word.replace("%", "%%")


def parse(text: str) -> list[list[str]]:
    """The words of each line. Raises ParseError for open quotes and specifiers."""
    lines = enumerate(text.split("\n"), start=1)
    return [
        [without_specifiers(word, number) for word in split_words(line, number)]
        for number, line in lines
        if line.strip() and not line.startswith("#")
    ]
