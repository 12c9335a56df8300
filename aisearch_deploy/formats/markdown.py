"""Markdown (CommonMark): text that stays text, and a reading that does not trust the escapes.

In running text punctuation that could start markup or HTML is escaped with a backslash. Inside code nothing can be
escaped, so a value that needs it does not come back from there whole, and the parse-back says so: commands that hold
open-ended values are composed in the plan and dumped as a block.
"""

from __future__ import annotations

import re

from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.leaves import Prose
from aisearch_deploy.formats.scalars import one_line, shown

NAME = "markdown"

# All of CommonMark's escapable punctuation but _ . / : @ % + = , ~ and -.
_MARKUP = re.compile(r"""[!"#$&'()*;<>?\[\\\]^`{|}]""")
_ESCAPE_OR_CODE = re.compile(r"\\([!-/:-@\[-`{-~])|(?<!`)(`+)(?!`)(.+?)(?<!`)\2(?!`)")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})([^`]*)")
_BACKTICKS = re.compile("`+")
_BETWEEN_WORDS = re.compile(r"[\s`]+")


def encode(value: Scalar) -> str:
    """One line of text, where letters, digits, blanks and `_./:@%+=,~-` stand as they are.

    Raises EncodeError for line breaks and other characters that cannot be seen.
    """
    return _MARKUP.sub(r"\\\g<0>", one_line(value, "a line of Markdown"))


def dump(value: object, indent: int = 0) -> str:
    """A shell block with this command, or with a list's, one a line, exactly; to be placed at column `indent`.

    The first line is not indented; no line break at the end. Raises EncodeError for controls, line breaks included.
    """
    commands = [value] if isinstance(value, str) else value
    if not isinstance(commands, list | tuple) or not all(isinstance(command, str) for command in commands):
        raise EncodeError(f"{shown(value)} is not a list of commands")
    lines = [one_line(command, "a line of a code block") for command in commands]
    longest_run = max((len(run) for line in lines for run in _BACKTICKS.findall(line)), default=0)
    fence = "`" * max(3, longest_run + 1)
    return f"\n{' ' * indent}".join([f"{fence}sh", *lines, fence])


def parse(text: str) -> list[list[str]]:
    """[lines, words]: each line with its escapes undone outside code, then what stands between blanks and backticks.

    The lines are Prose: a value is found in one when it stands there whole. Raises ParseError for a code block that
    is not closed.
    """
    lines: list[str] = []
    fence, opened_at = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        mark = _FENCE.fullmatch(line)
        if fence:
            closes = mark and mark[1].startswith(fence) and not mark[2].strip()
            fence = "" if closes else fence
            lines.append(Prose(line))
        else:
            fence, opened_at = (mark[1], number) if mark else ("", 0)
            lines.append(Prose(_ESCAPE_OR_CODE.sub(_meant, line)))
    if fence:
        raise ParseError(opened_at, "a code block that is never closed")
    return [lines, [word for line in lines for word in _BETWEEN_WORDS.split(line) if word]]


def _meant(match: re.Match[str]) -> str:
    return match[1] or match[0]
