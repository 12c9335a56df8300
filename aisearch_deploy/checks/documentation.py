"""A rule's docstring, in its sections."""

from __future__ import annotations

import inspect
import re

from aisearch_deploy.checks.registry import Rule

SECTIONS = ("What it does", "Why it matters", "Example", "Fix", "References")
_SECTION = re.compile(rf"(?m)^({'|'.join(SECTIONS)}):\s")


def title(rule: Rule) -> str:
    """The first line: the invariant in a sentence."""
    return (inspect.getdoc(rule) or "").partition("\n")[0]


def sections(rule: Rule) -> dict[str, str]:
    """The text of each section, with its line breaks as they are."""
    pieces = _SECTION.split(inspect.getdoc(rule) or "")[1:]
    return {name: text.strip() for name, text in zip(pieces[::2], pieces[1::2], strict=True)}
