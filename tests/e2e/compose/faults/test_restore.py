"""PostgreSQL and uploads after a disaster, and backups that are refused."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.compose.client import Client
from tests.e2e.compose.faults.drill import back_up_while_writing, come_back, lose_everything
from tests.e2e.compose.faults.state import State, shared_state
from tests.e2e.compose.stack import Stack
from tests.e2e.net.internet import Machine

pytestmark = pytest.mark.drill


def test_everything_comes_back_after_a_disaster(steady: Stack, customers: Machine, client: Client) -> None:
    """The backup comes from the place away from the server."""
    backup = back_up_while_writing(steady, customers, client, shared_state)
    lose_everything(steady)
    print("\n" + come_back(steady, backup, client, shared_state))


@pytest.fixture(scope="module")
def good(steady: Stack) -> Path:
    """A whole backup."""
    steady.script("backup.sh")
    return max(steady.backups.glob("2*Z"))


def truncated(folder: Path) -> None:
    os.truncate(folder / "database.dump", (folder / "database.dump").stat().st_size - 100)


def changed(folder: Path) -> None:
    with (folder / "files.tar").open("r+b") as file:
        file.seek(1000)
        file.write(b"x")


def incomplete(folder: Path) -> None:
    (folder / "files.tar").unlink()


def without_sums(folder: Path) -> None:
    (folder / "SHA256SUMS").unlink()


def sums_truncated(folder: Path) -> None:
    """The list of sums ends early, and what it no longer names is another."""
    changed(folder)
    lines = (folder / "SHA256SUMS").read_text().splitlines(keepends=True)
    (folder / "SHA256SUMS").write_text("".join(line for line in lines if "files.tar" not in line))


def with_a_file_too_many(folder: Path) -> None:
    (folder / "more.tar").write_bytes(b"")


HARMS: dict[str, Callable[[Path], None]] = {
    harm.__name__.replace("_", " "): harm
    for harm in (truncated, changed, incomplete, without_sums, sums_truncated, with_a_file_too_many)
}


@pytest.fixture(scope="module")
def as_it_was(steady: Stack) -> Iterator[None]:
    """After all tests of the module that name it, nothing has been touched."""

    def look() -> tuple[State, list[tuple[str, str]]]:
        running = [(each["Id"], each["State"]["StartedAt"]) for each in steady.containers()]
        return shared_state(steady), running

    before = look()
    yield
    assert look() == before


@pytest.mark.usefixtures("as_it_was")
@pytest.mark.parametrize("harm", HARMS)
def test_a_backup_that_is_not_whole_is_refused_before_anything_is_touched(steady: Stack, good: Path, harm: str) -> None:
    bad = good.with_name("20200101T000000Z")
    shutil.copytree(good, bad)
    HARMS[harm](bad)
    done = steady.script("restore.sh", "--yes", "--without-backup", bad.name, check=False)
    shutil.rmtree(bad)
    print(f"\n{harm}: {done.stderr.strip()}")
    assert done.returncode == 1
    assert "The backup is damaged." in done.stderr or "There is no whole backup" in done.stderr


def test_a_restore_can_be_tried_and_leaves_nothing(steady: Stack, good: Path) -> None:
    before = shared_state(steady)
    done = steady.script("restore.sh", "--test", good.name)
    assert "3 tables" in done.stderr or "4 tables" in done.stderr
    assert shared_state(steady) == before
    print(f"\n{done.stderr.strip().splitlines()[-1]}")
