"""What an unquoted YAML scalar means: only what YAML 1.1 and YAML 1.2 readers agree on.

Sources: the YAML 1.2.2 core schema (yaml.org/spec/1.2.2, section 10.3.2), the YAML 1.1 types (yaml.org/type) and, where
those are loose, PyYAML's resolver, the most used YAML 1.1 reader.
"""

from __future__ import annotations

import math
import re

Scalar = str | int | float | bool | None

MOST_DIGITS = 18  # fits a signed 64-bit integer, so every reader of what we render takes it
_MOST_SHOWN = 60
_TOO_LARGE = "is too large for a number."
_BASES = {"hexadecimal": 16, "binary": 2, "octal_1_2": 8}


class Trap:
    """A scalar that is not what it looks like.

    `problem` follows the scalar in a sentence ("no" + " reads as ..."); `fix` shows the quoted form.
    """

    __slots__ = ("fix", "problem")

    def __init__(self, problem: str, fix: str) -> None:
        self.problem = problem
        self.fix = fix


_AGREED: dict[str, Scalar] = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_AGREED |= dict.fromkeys(("true", "True", "TRUE"), True)
_AGREED |= dict.fromkeys(("false", "False", "FALSE"), False)

_OLD_BOOLEANS = dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), "true")
_OLD_BOOLEANS |= dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), "false")

_MARKERS = {"<<": "the merge key", "=": "the default value of a mapping"}

# The first two alternatives are read, the others are traps. Compiled when first needed, as that takes a millisecond.
_NUMBER_OR_TIME = r"""
    (?P<integer>[-+]?(?:0|[1-9][0-9]*))
  | (?P<float>(?:[-+]?[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?)
  | (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})
  | (?P<time>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?
             (?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)
  | (?P<base60>[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)
  | (?P<base60_float>[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)
  | (?P<octal>[-+]?0[0-7]+)
  | (?P<zero_padded>[-+]?0[0-9]+)
  | (?P<octal_1_2>0o[0-7]+)
  | (?P<hexadecimal>[-+]?0x[0-9a-fA-F_]+)
  | (?P<binary>[-+]?0b[01_]+)
  | (?P<underscores>[-+]?(?:[1-9][0-9_]*|0[0-7_]+|[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?)
                   |\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)
  | (?P<float_1_2>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)
  | (?P<endless>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))
"""
_STARTS = frozenset("+-.0123456789")
_ENDS = frozenset("0123456789._ZfFnN")  # a hexadecimal number may also end in a letter


def resolve(text: str) -> Scalar | Trap:
    """What an unquoted scalar stands for, or why it may not stand there unquoted."""
    if text in _AGREED:
        return _AGREED[text]
    if text in _OLD_BOOLEANS:
        value = _OLD_BOOLEANS[text]
        return _reads_as(text, f"the boolean {value} in YAML 1.1", value, "boolean")
    if text in _MARKERS:
        return _reads_as(text, f"{_MARKERS[text]} in YAML 1.1")
    if text[0] not in _STARTS or not (text[-1] in _ENDS or "x" in text[:3]):
        return text
    match = re.fullmatch(_NUMBER_OR_TIME, text, re.VERBOSE)
    form = match.lastgroup if match else None
    if form is None:
        return text
    if form == "integer":
        return _integer(text)
    if form == "float":
        return _float(text)
    return _trap(text, form)


def _integer(text: str) -> int | Trap:
    digits = len(text.lstrip("+-"))
    if digits > MOST_DIGITS:
        return Trap(f"has {digits} digits; a number has at most {MOST_DIGITS}.", write_quoted(text))
    return int(text)


def _float(text: str) -> float | Trap:
    value = float(text)
    return value if math.isfinite(value) else Trap(_TOO_LARGE, write_quoted(text))


def _trap(text: str, form: str) -> Trap:
    """Why `text` is no value; `form` is the alternative in `_NUMBER_OR_TIME` that it matches."""
    if form == "endless":
        return Trap("is not a finite number.", f"Write a number, or {quoted(text)} for the text.")
    if form == "date":
        return _reads_as(text, "a date in YAML 1.1")
    if form == "time":
        return _reads_as(text, "a date and time in YAML 1.1")
    if len(text) > MOST_DIGITS:
        return _reads_as(text, "a number in some YAML versions")
    if form == "octal":
        old, new = str(int(text, 8)), str(int(text))
        if old == new:
            return _reads_as(text, f"the number {new}", new)
        return _reads_as(text, f"the number {old} in YAML 1.1, {new} in YAML 1.2", f"{old} or {new}")
    value = _number(text, form)
    if not math.isfinite(value):
        return Trap(_TOO_LARGE, write_quoted(text))
    number = _written(value)
    if form == "hexadecimal":
        return _reads_as(text, f"the number {number}", number)
    if form in ("zero_padded", "octal_1_2", "float_1_2"):
        return _reads_as(text, f"the number {number} in YAML 1.2, as text in YAML 1.1", number)
    return _reads_as(text, f"the number {number} in YAML 1.1, as text in YAML 1.2", number)


def _number(text: str, form: str) -> float:
    """The number that `text` is to the readers that take it for one."""
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-").replace("_", "")
    if form in _BASES:
        return sign * int(digits[2:] or "0", _BASES[form])
    if form in ("base60", "base60_float"):
        return sign * _base60(digits)
    if "." in digits or form == "float_1_2":
        return sign * float(digits)
    old_octal = form == "underscores" and digits.startswith("0")
    return sign * int(digits, 8 if old_octal else 10)


def _base60(digits: str) -> float:
    """`1:30` is 90: YAML 1.1 reads each part after a colon as sixtieths."""
    value = 0.0
    for part in digits.split(":"):
        value = value * 60 + float(part)
    return value


def _written(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    text = repr(value)
    return text if "." in text else text.replace("e", ".0e")  # 1e+30 has no dot, so YAML 1.1 reads it as text


def _reads_as(text: str, meaning: str, instead: str = "", kind: str = "number") -> Trap:
    choice = f" for the text, {instead} for the {kind}." if instead else "."
    return Trap(f"reads as {meaning}.", write_quoted(text).removesuffix(".") + choice)


def write_quoted(text: str) -> str:
    """The fix for a scalar that should have been quoted."""
    return f"Write {quoted(text)}." if len(text) <= _MOST_SHOWN else "Write it in double quotes."


def shown(text: str) -> str:
    """`text` as a message shows it: on one line, without control characters, cut when long."""
    cut = text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
    return "".join(char if char.isprintable() else _escaped(char) for char in cut)


def quoted(text: str) -> str:
    """`text` as a double-quoted YAML scalar on one line."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    if char in "\n\t":
        return "\\n" if char == "\n" else "\\t"
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
