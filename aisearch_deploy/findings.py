"""What every layer can say about a config or an output: a finding, with its place and its fix."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple


class Severity(StrEnum):
    """How much harm a finding describes: an error fails in steady state, a warning at the extreme."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Position(NamedTuple):
    """A place in a text file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Proof(NamedTuple):
    """One line of a finding's arithmetic: `label` says what is computed, `text` has the numbers and their sources."""

    label: str
    text: str


class Change(NamedTuple):
    """A setting that mends a finding: the config path and the value that YAML would hold there."""

    path: str
    value: Any


class Waived(NamedTuple):
    """Who accepted a finding: the reason, the last day that it holds, and where the config says so."""

    reason: str
    until: str
    position: Position | None


class Finding(NamedTuple):
    """One thing that is wrong or worth knowing.

    `path` is the config path (`database.pool.size`); `message` states value and problem; `fix` can be pasted or done,
    and `changes` are the same for a program. `proof` is how the problem was computed, `targets` where it holds.
    What is `waived` is shown and counts for no verdict.
    """

    rule: str
    severity: Severity
    path: str
    position: Position | None
    message: str
    fix: str = ""
    proof: tuple[Proof, ...] = ()
    changes: tuple[Change, ...] = ()
    targets: tuple[str, ...] = ()
    waived: Waived | None = None
