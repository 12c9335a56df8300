"""What is being done now, and for how long: on a terminal only, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Steps:
    """`with steps("Building the image"):` shows a spinner while it lasts, and a line with its time when it is done."""

    def __init__(self) -> None:
        self._console = None
        if sys.stderr.isatty():
            from rich.console import Console

            self._console = Console(stderr=True, highlight=False)

    @contextmanager
    def __call__(self, doing: str) -> Iterator[None]:
        if self._console is None:
            yield
            return
        began = time.monotonic()
        with self._console.status(f"{doing} ..."):
            yield
        self._console.print(f"[green]done[/green]  {doing} ({time.monotonic() - began:.0f} s)")
