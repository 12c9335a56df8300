"""SQLite, a vector store's folder and uploads after a disaster: the same drill with the other contract."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
import yaml

from tests.e2e.compose.client import Client
from tests.e2e.compose.config import Object
from tests.e2e.compose.faults.conftest import Trusting
from tests.e2e.compose.faults.drill import back_up_while_writing, come_back, lose_everything
from tests.e2e.compose.faults.loaded import works
from tests.e2e.compose.faults.small_disk import leave_free, small_disk
from tests.e2e.compose.faults.state import local_state
from tests.e2e.compose.stack import Stack
from tests.e2e.compose.stack import stack as laid_out
from tests.e2e.engine.docker import Docker
from tests.e2e.net.internet import Internet, Machine
from tests.goldens import EXAMPLES
from tests.rendering.configs import overlaid

pytestmark = pytest.mark.drill

# One worker compares each question with 10,000 vectors, in Python.
RATE = 10
# Beside the other stack, with ports of its own.
CHANGES: Object = {
    "name": "local-search",
    "image": {"tag": "1.0.0", "build": {"context": "../reference_app"}},
    "app": {"env": {"CONTRACT": "local-state"}, "streaming_paths": ["/stream"]},
    "tls": {"from": "self-signed"},
    "rate_limit": {"requests": 1_000_000},
    "targets": {"compose": {"http_port": 8080, "https_port": 8443}},
}


@pytest.fixture(scope="module")
def local(engine: Docker, world: Internet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """examples/local-state; its backups have a second place, on another disk."""
    place = tmp_path_factory.mktemp("local")
    example = yaml.safe_load((EXAMPLES / "local-state" / "aisearch.yaml").read_text())
    del example["api_keys"], example["tls"]["path"]
    config = overlaid(example, CHANGES, {"backup": {"to": str(place / "elsewhere")}})
    with laid_out(engine, world, place, config) as found:
        print(f"\nhealthy after {found.up():.1f} s")
        yield found


@pytest.fixture
def caller(local: Stack, customers: Machine) -> Client:
    return Trusting(**vars(local.client(customers)))


def test_everything_comes_back_after_a_disaster(local: Stack, customers: Machine, caller: Client) -> None:
    """The backup comes from the second place. Nobody is lost while the app is frozen for the copy."""
    backup = back_up_while_writing(local, customers, caller, local_state, RATE)
    vectors = [path for path in backup.state.files if "/vector_store/" in path]
    assert len(vectors) >= 10_000
    lose_everything(local)
    print("\n" + come_back(local, backup, caller, local_state))


def test_a_damaged_backup_is_refused_before_anything_is_touched(local: Stack) -> None:
    local.script("backup.sh")
    good = max(local.backups.glob("2*Z"))
    bad = good.with_name("20200101T000000Z")
    shutil.copytree(good, bad)
    os.truncate(bad / "files.tar", (bad / "files.tar").stat().st_size // 2)
    (app,), before = local.containers("app"), local_state(local)
    done = local.script("restore.sh", "--yes", "--without-backup", bad.name, check=False)
    shutil.rmtree(bad)
    assert done.returncode == 1
    assert "The backup is damaged." in done.stderr
    (now,) = local.containers("app")
    assert (now["Id"], now["State"]["StartedAt"]) == (app["Id"], app["State"]["StartedAt"])
    assert local_state(local) == before


def test_the_app_goes_on_after_a_backup_that_failed(local: Stack, caller: Client) -> None:
    """The disk is full while the app is frozen."""
    with small_disk(local.folder.parent / "small", "64m") as disk:
        leave_free(disk, 1_000_000)
        done = local.script("backup.sh", check=False, variables={"AISEARCH_BACKUPS": str(disk)})
        print(f"\nexit {done.returncode}: {done.stderr.strip().splitlines()[-2:]}")
        assert done.returncode != 0
        assert "no space left" in done.stderr.lower()
        assert "This backup failed" in done.stderr
        assert [each.name for each in disk.iterdir()] == ["full"]
    assert [each["State"]["Paused"] for each in local.containers("app")] == [False]
    assert works(caller)
