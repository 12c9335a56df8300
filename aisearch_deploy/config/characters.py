"""From the bytes of a config file to its text: size, encoding and characters, before any YAML is read."""

from __future__ import annotations

import re
from itertools import islice

from aisearch_deploy.config.paths import problem
from aisearch_deploy.errors import ConfigInvalid
from aisearch_deploy.findings import Finding, Position

MOST_BYTES = 1 << 20
MOST_PROBLEMS = 1000  # more are of no use to anyone, and a hostile file could hold a million

_REPLACEMENT = "�"
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

# Control characters, the characters that only some YAML versions take for line breaks (U+0085, U+2028, U+2029), the
# ones that change the order in which text is shown (U+202A-202E, U+2066-2069: see CVE-2021-42574), a byte order mark
# inside the text, and what YAML excludes.
_UNWANTED = "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
_LONE_RETURN = r"\r(?!\n)"

# Refused here because the parser compares every %TAG line with all those before it: a megabyte of them takes minutes.
_TAG_DIRECTIVE = r"(?m)^%(?=TAG\b)"


def decode(content: bytes, file: str) -> tuple[str, list[Finding]]:
    """The text and what is wrong with its characters.

    Unwanted characters come back as U+FFFD, so that the YAML around them can still be read and its problems told in the
    same run. ConfigInvalid when there is no text to go on with.
    """
    start = Position(file, 1, 1)
    if len(content) > MOST_BYTES:
        fix = "A config is a few hundred lines long: is this the right file?"
        raise ConfigInvalid([problem((), start, "the file is larger than 1 MiB.", fix)])
    if content.startswith(_UTF16_MARKS):
        raise ConfigInvalid([problem((), start, "the file is UTF-16 or UTF-32.", "Save it as UTF-8.")])

    findings = []
    if content.startswith(_UTF8_MARK):
        content = content.removeprefix(_UTF8_MARK)
        message = "the file starts with a byte order mark (BOM)."
        findings.append(problem((), start, message, "Save it as UTF-8 without BOM."))
    text = _utf8(content, file, findings)
    if "\0" in text:
        message, place = "a NUL byte: this is not a text file in UTF-8.", _position(file, text, text.index("\0"))
        raise ConfigInvalid([*findings, problem((), place, message, "Save it as UTF-8.")])
    return _without_unwanted(text, file, findings), findings


def _utf8(content: bytes, file: str, findings: list[Finding]) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        message = f"the byte 0x{content[error.start]:02X} is not UTF-8."
        findings.append(problem((), _position(file, before, len(before)), message, "Save the file as UTF-8."))
        return content.decode(errors="replace")


def _without_unwanted(text: str, file: str, findings: list[Finding]) -> str:
    if "%TAG" in text:
        for match in islice(re.finditer(_TAG_DIRECTIVE, text), MOST_PROBLEMS):
            message = "a %TAG directive: tags are not read."
            findings.append(problem((), _position(file, text, match.start()), message, "Remove the line."))
        text = re.sub(_TAG_DIRECTIVE, "#", text)
    if text.replace("\r\n", "").replace("\n", "").replace("\t", "").isprintable():
        return text
    if lone := re.search(_LONE_RETURN, text):
        message = "a carriage return (U+000D) without a line feed."
        findings.append(problem((), _position(file, text, lone.start()), message, "End each line with a line feed."))
    for match in islice(re.finditer(_UNWANTED, text), MOST_PROBLEMS):
        code = ord(match.group())
        escape = f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
        fix = f"Remove it, or write it as {escape} in double quotes."
        findings.append(problem((), _position(file, text, match.start()), _unwanted(code), fix))
    return re.sub(_UNWANTED, _REPLACEMENT, text)


def _unwanted(code: int) -> str:
    name = f"U+{code:04X}"
    if code in (0x85, 0x2028, 0x2029):
        return f"the character {name} ends a line in some YAML versions only."
    if 0x202A <= code <= 0x2069:
        return f"the invisible character {name} changes the order in which text is shown."
    if code == 0xFEFF:
        return f"a byte order mark ({name}) inside the text."
    return f"the control character {name}." if code <= 0x9F else f"the character {name} is not allowed in YAML."


def _position(file: str, text: str, index: int) -> Position:
    return Position(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
