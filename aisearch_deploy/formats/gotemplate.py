"""Go templates that are not YAML by themselves: only words that need no quotes anywhere are printed into them.

https://pkg.go.dev/text/template
"""

from __future__ import annotations

import re

from aisearch_deploy.formats.base import EncodeError, Scalar
from aisearch_deploy.formats.leaves import Prose
from aisearch_deploy.formats.scalars import shown, spelled

NAME = "gotemplate"

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9./:_-]*")


def encode(value: Scalar) -> str:
    """The text itself. Raises EncodeError for anything but a name, a path or a number."""
    text = spelled(value)
    if not _WORD.fullmatch(text):
        raise EncodeError(f"not a word that a template can hold without quotes: {shown(text)}")
    return text


def parse(text: str) -> list[str]:
    """The lines, in each of which a value may stand whole."""
    return [Prose(line) for line in text.split("\n")]
