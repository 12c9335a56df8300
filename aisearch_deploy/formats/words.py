"""Words as systemd splits them: blanks between, single or double quotes around, C's escapes inside.

`extract_first_word` with EXTRACT_UNQUOTE and EXTRACT_CUNESCAPE, in systemd's src/basic/extract-word.c.
"""

from __future__ import annotations

import re

from aisearch_deploy.formats.base import ParseError
from aisearch_deploy.formats.scalars import shown

_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "s": " ",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    '"': '"',
    "'": "'",
}
_PIECE = re.compile(r"""\\(?P<escape>.?)|(?P<quote>["'])|(?P<blank>[ \t]+)|(?P<text>[^\\"' \t]+)""")


def escaped(text: str) -> str:
    """`text` as it stands between double quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def split_words(text: str, line: int) -> list[str]:
    """The words, out of their quotes. Raises ParseError(line) for an open quote and an escape that is not ours."""
    words: list[str] = []
    word: str | None = None
    quote = ""
    for piece in _PIECE.finditer(text):
        if piece["escape"] is not None:
            if piece["escape"] not in _ESCAPES:
                raise ParseError(line, f"an unknown escape in {shown(text)}")
            word = (word or "") + _ESCAPES[piece["escape"]]
        elif piece["quote"] and quote in ("", piece["quote"]):
            quote = "" if quote else piece["quote"]
            word = word or ""
        elif piece["blank"] and not quote:
            words += [] if word is None else [word]
            word = None
        else:
            word = (word or "") + piece[0]
    if quote:
        raise ParseError(line, f"a quote that is not closed: {shown(text)}")
    return words if word is None else [*words, word]
