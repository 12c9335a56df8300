"""One Jinja environment a format: what a template prints is encoded for the format, and remembered."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from aisearch_deploy.formats.base import EncodeError, Format
from aisearch_deploy.formats.leaves import leaves
from aisearch_deploy.formats.registry import format_named
from aisearch_deploy.render.templates import template_folder


class Encoded(str):
    """Text that is in the output format already."""

    __slots__ = ()


class Printer:
    """Encodes every value that a template prints and keeps the list, to be found again after parsing."""

    def __init__(self, fmt: Format) -> None:
        self.format = fmt
        self.printed: list[object] = []

    def finalize(self, value: object) -> str:
        """What Jinja prints for `{{ value }}`. Raises EncodeError for anything but a scalar."""
        if isinstance(value, Encoded):
            return value
        if not (value is None or isinstance(value, str | int | float)):
            raise EncodeError(f"{type(value).__name__} is not a scalar; dump it")
        self.printed.append(value)
        return self.format.encode(value)

    def dump(self, value: object, indent: int = 0) -> Encoded:
        """A whole mapping or list, placed at `indent` (yaml and json)."""
        self.printed.extend(leaves(value))
        dump: Callable[[object, int], str] = self.format.dump  # type: ignore[attr-defined]
        return Encoded(dump(value, indent))


def comment(value: object) -> Encoded:
    """For comments and headers: printable, one line, on no list."""
    text = str(value)
    if not text.isprintable():
        raise EncodeError(f"{text!r} cannot stand in a comment")
    return Encoded(text)


class FormatEnvironment(Environment):
    """Jinja for one format. `printer.printed` holds what the last render printed."""

    def __init__(self, name: str) -> None:
        self.printer = Printer(format_named(name))
        super().__init__(
            loader=FileSystemLoader(template_folder()),
            bytecode_cache=_bytecode_cache(),
            undefined=StrictUndefined,
            finalize=self.printer.finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        filters: dict[str, Callable[..., Any]] = {"dump": self.printer.dump, "comment": comment}
        self.filters = filters


def _bytecode_cache() -> BytecodeCache | None:
    """Compiled templates in the person's own cache folder, where there is one."""
    root = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    folder = Path(root) / "aisearch-deploy"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder))
