"""How one value is spelled as text, and which characters a reviewer cannot see."""

from __future__ import annotations

import math
import re

from aisearch_deploy.formats.base import EncodeError, Scalar

# Controls, odd spaces, joiners, direction marks, tags and half characters. A fixed list, not Python's Unicode
# tables: those change with the interpreter, and the same config must give the same bytes on all of them.
UNSEEN = (
    "\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u3000\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(f"[{UNSEEN}]")
_HALF = re.compile("[\ud800-\udfff]")
_SHOWN = 60


def spelled(value: Scalar) -> str:
    """The text of `value` where a format knows only text: `true`, `8000`, `1.5`. Raises EncodeError for None."""
    if value is None:
        raise EncodeError("there is no value to print")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return repr(finite(value))
    if isinstance(value, int):
        return digits(value)
    raise EncodeError(f"{shown(value)} is a {type(value).__name__}, not one value")


def one_line(value: Scalar, where: str) -> str:
    """`spelled`, for a place that ends with its line. Raises EncodeError for a character that cannot be seen."""
    text = spelled(value)
    unseen = _UNSEEN.search(text)
    if unseen:
        raise EncodeError(f"{where} cannot carry U+{ord(unseen[0]):04X}, in {shown(value)}")
    return text


def whole_characters(text: str) -> str:
    """`text` itself. Raises EncodeError when half a surrogate pair stands alone: no file can hold it as UTF-8."""
    half = _HALF.search(text)
    if half:
        raise EncodeError(f"U+{ord(half[0]):04X} is half a character, in {shown(text)}")
    return text


def finite(value: float) -> float:
    """`value` itself. Raises EncodeError for infinity and not-a-number."""
    if not math.isfinite(value):
        raise EncodeError(f"{value} is not a number that a file can carry")
    return value


def digits(value: int) -> str:
    """The decimal digits. Raises EncodeError past the length that Python converts (4,300)."""
    try:
        return str(value)
    except ValueError:
        raise EncodeError("a whole number with thousands of digits") from None


def shown(value: object) -> str:
    """`value` for an error message: quoted, unseen characters escaped, shortened."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
