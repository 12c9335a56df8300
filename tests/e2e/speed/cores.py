"""Which core does what: the proxy has one to itself, whatever asks and answers shares the others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_ALL = sorted(os.sched_getaffinity(0))
PROXY = frozenset(_ALL[:1])
OTHERS = frozenset(_ALL[1:])


@contextmanager
def on(cores: frozenset[int]) -> Iterator[None]:
    """What is started inside runs on `cores` alone, for good: a process inherits them."""
    assert cores, "this needs two cores"
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_seconds(master: int) -> float:
    """What the workers of an nginx have used so far. schedstat counts nanoseconds, where stat counts hundredths."""
    workers = [pid for pid in _children(master) if "nginx: worker" in _read(f"/proc/{pid}/cmdline")]
    return sum(int(_read(f"/proc/{pid}/schedstat").split()[0]) for pid in workers) / 1e9


def _children(pid: int) -> list[str]:
    return _read(f"/proc/{pid}/task/{pid}/children").split()


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        return file.read()
