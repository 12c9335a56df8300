"""One Jinja environment a format: what a template prints is encoded for the format, and remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import BaseLoader, BytecodeCache, Environment, StrictUndefined

from aisearch_deploy.formats.base import EncodeError, Format, Scalar
from aisearch_deploy.formats.leaves import leaves
from aisearch_deploy.formats.registry import format_named
from aisearch_deploy.render.compiled import loader_and_cache

# Blocks, variables, comments; the second where {{ }} belongs to Helm.
BRACES = ("{%", "%}", "{{", "}}", "{#", "#}")
BRACKETS = ("[%", "%]", "[[", "]]", "[#", "#]")


class Encoded(str):
    """Text that is in the output format already."""

    __slots__ = ()


class Printer:
    """Encodes every value that a template prints and keeps the list, to be found again after parsing."""

    def __init__(self, fmt: Format) -> None:
        self.format = fmt
        self.printed: list[Scalar] = []

    def finalize(self, value: object) -> str:
        """What Jinja prints for `{{ value }}`. Raises EncodeError for anything but a scalar."""
        if isinstance(value, Encoded):
            return value
        if not (value is None or isinstance(value, str | int | float)):
            raise EncodeError(f"{type(value).__name__} is not a scalar; dump it")
        self.printed.append(value)
        return self.format.encode(value)

    def dump(self, value: object, indent: int = 0) -> Encoded:
        """A whole mapping or list, placed at `indent`, in the formats that have them."""
        self.printed.extend(leaves(value))
        dump: Callable[[object, int], str] = self.format.dump  # type: ignore[attr-defined]
        return Encoded(dump(value, indent))


class Printing(Environment):
    """The one way in which templates are read: strict, and with two filters of our own."""

    def __init__(
        self,
        loader: BaseLoader,
        cache: BytecodeCache | None,
        finalize: Callable[[object], str],
        dump: Callable[..., Encoded] = lambda *_: Encoded(),
        note: Callable[[str], str] = str,
        *,
        brackets: bool = False,
    ) -> None:
        super().__init__(
            *(BRACKETS if brackets else BRACES),
            loader=loader,
            bytecode_cache=cache,
            undefined=StrictUndefined,
            finalize=finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        filters: dict[str, Callable[..., Any]] = {"dump": dump, "comment": lambda value: comment(value, note)}
        self.filters = filters


class FormatEnvironment(Printing):
    """Printing for one format. `printer.printed` holds what the last render printed."""

    def __init__(self, name: str, *, brackets: bool = False) -> None:
        fmt = format_named(name)
        self.printer = Printer(fmt)
        note = getattr(fmt, "comment", str)
        super().__init__(*loader_and_cache(), self.printer.finalize, self.printer.dump, note, brackets=brackets)


def comment(value: object, note: Callable[[str], str] = str) -> Encoded:
    """For comments and headers: printable, one line, on no list. `note` is what the format does to comments."""
    text = str(value)
    if not text.isprintable():
        raise EncodeError(f"{text!r} cannot stand in a comment")
    return Encoded(note(text))
