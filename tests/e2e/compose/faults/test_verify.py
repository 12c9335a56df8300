"""verify.sh fails when something is broken, and says what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.compose.faults.loaded import eventually, healthy
from tests.e2e.compose.stack import Stack

pytestmark = pytest.mark.drill


@contextmanager
def stopped(stack: Stack, service: str) -> Iterator[None]:
    stack.compose("stop", "--timeout", "3", service)
    try:
        yield
    finally:
        stack.compose("start", service)
        eventually(lambda: healthy(stack), f"{service} is healthy again")


@contextmanager
def without_app(stack: Stack) -> Iterator[None]:
    with stopped(stack, "app"):
        yield


@contextmanager
def without_cache(stack: Stack) -> Iterator[None]:
    with stopped(stack, "cache"):
        yield


@contextmanager
def with_old_backups(stack: Stack) -> Iterator[None]:
    """As when the schedule has ended unnoticed."""
    kept = stack.backups.with_name("kept")
    stack.backups.mkdir(exist_ok=True)
    stack.backups.rename(kept)
    (stack.backups / "20200101T000000Z").mkdir(parents=True)
    try:
        yield
    finally:
        (stack.backups / "20200101T000000Z").rmdir()
        stack.backups.rmdir()
        kept.rename(stack.backups)


BROKEN: dict[str, tuple[Callable[[Stack], object], set[str]]] = {
    "the app is stopped": (without_app, {"everything runs", "the app is well, over HTTPS"}),
    "the cache is stopped": (without_cache, {"everything runs"}),
    "backups have ended": (with_old_backups, {"the newest backup, 20200101T000000Z, is recent"}),
}


@pytest.mark.parametrize("what", BROKEN)
def test_it_says_what_is_broken(steady: Stack, what: str) -> None:
    broken, expected = BROKEN[what]
    with broken(steady):  # type: ignore[attr-defined]
        found = steady.script("verify.sh", check=False)
    failed = set(re.findall(r"^  FAIL  (.*)$", found.stdout, re.MULTILINE))
    print(f"\n{what}: exit {found.returncode}, {sorted(failed)}")
    assert (found.returncode, failed) == (1, expected)
    assert steady.script("verify.sh").returncode == 0
