"""What every format module offers."""

from __future__ import annotations

from typing import Protocol

Scalar = str | int | float | bool | None


class EncodeError(ValueError):
    """The format cannot carry this value safely."""


class ParseError(ValueError):
    """The text is not well-formed in this format; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


class Format(Protocol):
    """A format is a plain module with these two functions and a name."""

    NAME: str

    def encode(self, value: Scalar) -> str:
        """The text that stands for `value` in this format. Raises EncodeError."""
        ...

    def parse(self, text: str) -> object:
        """Nested dicts, lists and scalars. Raises ParseError."""
        ...
