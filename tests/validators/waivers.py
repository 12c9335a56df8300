"""Findings that are accepted, read from ``waivers.txt``: tool, rule, reason, a line each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = Path(__file__).with_name("waivers.txt")


@cache
def waivers() -> dict[tuple[str, str], str]:
    """(tool, rule or rule:text) -> reason. A line without a reason is an error."""
    accepted: dict[tuple[str, str], str] = {}
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        words = line.split(maxsplit=2)
        if len(words) < 3:
            raise ValueError(f"{FILE.name}:{number}: a waiver is a tool, a rule and a reason")
        accepted[words[0], words[1]] = words[2]
    return accepted


def unwaived(tool: str, findings: Iterable[tuple[str, str]]) -> list[str]:
    """The lines of those (rule, line) that no waiver of this tool covers."""
    return [line for rule, line in findings if not any(covers(waiver, tool, rule, line) for waiver in waivers())]


def covers(waiver: tuple[str, str], tool: str, rule: str, line: str) -> bool:
    """Whether a waiver is for this finding: same tool and rule, and the text of the waiver, if any, is in the line."""
    waived, _, text = waiver[1].partition(":")
    return (waiver[0], waived) == (tool, rule) and text in line
