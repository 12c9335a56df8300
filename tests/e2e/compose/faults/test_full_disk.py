"""The disk for backups is full in the middle of one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.compose.client import Client
from tests.e2e.compose.faults.filling import fill
from tests.e2e.compose.faults.loaded import works
from tests.e2e.compose.faults.small_disk import leave_free, small_disk
from tests.e2e.compose.stack import Stack

pytestmark = pytest.mark.drill


def test_a_full_disk_is_a_loud_failure_and_the_last_good_backup_stays(steady: Stack, client: Client) -> None:
    """Once when the database is dumped, once when the files are copied."""
    fill(client)
    with small_disk(steady.folder.parent / "small", "64m") as disk:
        place = {"AISEARCH_BACKUPS": str(disk)}
        steady.script("backup.sh", variables=place)
        (good,) = disk.iterdir()
        dump = (good / "database.dump").stat().st_size
        for what, free in {"database.dump": dump // 2, "files.tar": dump * 2 + 200_000}.items():
            full = leave_free(disk, free)
            done = steady.script("backup.sh", check=False, variables=place)
            print(f"\nfull while {what} is written: exit {done.returncode}: {done.stderr.strip().splitlines()[-3:]}")
            assert done.returncode != 0
            assert "no space left" in done.stderr.lower()
            assert "This backup failed" in done.stderr
            assert sorted(each.name for each in disk.iterdir()) == [good.name, "full"]
            assert are_right(good)
            full.unlink()
        steady.script("backup.sh", variables=place)
        assert len(list(disk.iterdir())) == 2
    assert works(client)


def are_right(folder: Path) -> bool:
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=False)
    return checked.returncode == 0
