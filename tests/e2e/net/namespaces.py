"""Network namespaces: made, entered and removed. Linux alone, as root."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

NAMED = Path("/run/netns")
CLONE_NEWNET = 0x40000000
# This process's number is in each name, so that what a killed run left behind is known for what it is.
PREFIX = "aisearch-e2e"


@dataclass(frozen=True)
class Namespace:
    """One network namespace. `name` is None for the one that the tests run in."""

    name: str | None

    @property
    def prefix(self) -> list[str]:
        """What stands before a command that is to run in it. Unlike `ip netns exec`, it keeps every mount."""
        return [] if self.name is None else ["nsenter", f"--net={NAMED / self.name}", "--"]

    def run(self, command: Sequence[str], **more: Any) -> subprocess.CompletedProcess[str]:
        """Runs a command in it; fails when the command does, unless check=False."""
        return subprocess.run([*self.prefix, *command], **{"check": True, "text": True, "capture_output": True} | more)

    def call(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Calls a function there and returns what it returns. A socket that it makes stays in that namespace."""
        if self.name is None:
            return function(*arguments, **named)
        results: list[T] = []
        errors: list[BaseException] = []

        # A thread of its own: a namespace belongs to a thread, and this one ends with its work.
        def inside() -> None:
            try:
                self._enter()
                results.append(function(*arguments, **named))
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=inside, name=f"in {self.name}")
        thread.start()
        thread.join()
        if errors:
            raise errors[0]
        return results[0]

    def _enter(self) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        handle = os.open(NAMED / str(self.name), os.O_RDONLY)
        try:
            if libc.setns(handle, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), f"cannot enter {self.name}")
        finally:
            os.close(handle)


HERE = Namespace(None)


@contextmanager
def namespace(name: str) -> Iterator[Namespace]:
    """A new namespace with a loopback device; gone at the end, with every device in it."""
    full = f"{PREFIX}-{os.getpid()}-{name}"
    HERE.run(["ip", "netns", "add", full])
    try:
        made = Namespace(full)
        made.run(["ip", "link", "set", "lo", "up"])
        yield made
    finally:
        HERE.run(["ip", "netns", "delete", full])


def remove_left_behind() -> None:
    """Namespaces of runs that were killed."""
    for path in NAMED.glob(f"{PREFIX}-*"):
        owner = re.fullmatch(rf"{PREFIX}-(\d+)-.*", path.name)
        if owner and not Path("/proc", owner[1]).exists():
            HERE.run(["ip", "netns", "delete", path.name], check=False)
