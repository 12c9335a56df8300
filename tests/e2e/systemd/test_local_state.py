"""The app that keeps its state on the disk: SQLite, a vector store's folder and uploads, with one writer."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.load.kinds import WRITING
from tests.e2e.systemd.asking import ask
from tests.e2e.systemd.conftest import Server, started
from tests.e2e.systemd.filling import upload_files
from tests.e2e.systemd.loaded import customers, during
from tests.e2e.systemd.operator import BACKUPS, LIB, NAME, THERE

pytestmark = pytest.mark.e2e
STATE = f"/var/lib/{NAME}"
ROWS = 2000
LOCAL: dict[str, Any] = {
    "contract": {"extends": "local-state", "ready_path": "/ready"},
    "app": {"workers": 1, "startup": "30s"},
    "targets": {"systemd": {"env": {"CONTRACT": "local-state"}}},
}


@pytest.fixture(scope="module")
def local(bare_layers: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Deployed by its runbook, with rows and files. The tests below go on from what the one before has left."""
    with started(tmp_path_factory.mktemp("local"), bare_layers, LOCAL) as server:
        server.operator.deploy()
        with server.internet.machine("author", "198.51.100.40") as client:
            rows = [{"title": f"Heron {number}", "body": f"It waded {number} steps."} for number in range(ROWS)]
            assert ask(client, "POST", "/documents", {"documents": rows}).status == 201
        upload_files(server.machine, 10)
        yield server


def test_it_comes_back_from_a_backup_that_was_made_while_it_wrote(local: Server) -> None:
    machine = local.machine
    with customers(local, WRITING) as running:
        began, clock = time.time(), time.monotonic()
        machine.run(f"systemctl start {NAME}-backup.service")
        seconds = time.monotonic() - clock
        running.wait_for(running.due + 100)
        record = running.record
    assert not record.lost, record.summary()
    rows = documents(local)
    before = {outcome.said for outcome in record.of("write").outcomes if outcome.at + outcome.seconds < began}
    lose_everything(local)
    clock = time.monotonic()
    machine.run(f"{LIB}/restore.sh --yes --without-backup --newest")
    recovery = time.monotonic() - clock
    back = documents(local)
    assert set(back.items()) <= set(rows.items())
    assert before <= set(back)
    assert len(back) >= ROWS
    print(
        f"\nlocal-state: backup under 50 requests a second in {seconds:.1f} s, none lost, slowest "
        f"{record.percentile(1):.1f} s;\neverything destroyed, restored in {recovery:.1f} s: {len(back)} rows, "
        f"all but {len(rows) - len(back)} from after its beginning"
    )


def test_it_comes_back_file_by_file(local: Server) -> None:
    machine = local.machine
    rows, files = documents(local), stored_files(local)
    assert any(path.startswith("data/vector_store/") for path in files)
    assert sum(path.startswith("uploads/") for path in files) >= 10
    machine.run(f"systemctl start {NAME}-backup.service")
    lose_everything(local)
    machine.run(f"{LIB}/restore.sh --yes --without-backup --newest")
    assert documents(local) == rows
    assert stored_files(local) == files
    print(f"\nlocal-state: {len(rows)} rows and {len(files)} files are what they were")


@pytest.mark.parametrize("harm", ["truncate --size=-100", "truncate --size=0", "rm"])
def test_a_harmed_backup_is_refused_before_anything_is_touched(local: Server, harm: str) -> None:
    machine = local.machine
    name = machine.says(f"ls {BACKUPS} | tail -1")
    bad = f"{BACKUPS}/20200101T000000Z"
    machine.run(f"rm -rf {bad} && cp -r {BACKUPS}/{name} {bad} && {harm} {bad}/files.tar")
    before = documents(local), stored_files(local)
    done = machine.run(f"{LIB}/restore.sh --yes --without-backup 20200101T000000Z", check=False)
    assert done.returncode == 1
    assert "The backup is damaged" in done.stderr
    assert (documents(local), stored_files(local)) == before


def test_an_update_lets_everybody_wait_and_loses_nobody(local: Server) -> None:
    """Two may not write, so the old one ends before the new one starts; the socket keeps who asks meanwhile."""
    local.operator.release("1.1.0")
    record, seconds = during(local, lambda: local.machine.run(f"{THERE}/update.sh"))
    assert not record.lost, record.summary()
    assert list(record.versions) == ["1.0.0", "1.1.0"]
    print(f"\nlocal-state: update ({seconds:.0f} s): {record.summary()}")


def lose_everything(server: Server) -> None:
    server.machine.run(f"systemctl stop {NAME}.socket {NAME} && rm -rf {STATE}/data/* {STATE}/uploads/*")


def documents(server: Server) -> dict[str, str]:
    """Each row by its id, as the app answers."""
    with server.internet.machine("reader", "198.51.100.42") as client:
        found: dict[str, str] = {}
        while rows := ask(client, "GET", f"/documents?after={max(map(int, found), default=0)}&limit=10000").json():
            found |= {str(row["id"]): repr(sorted(row.items())) for row in rows}
    return found


def stored_files(server: Server) -> dict[str, str]:
    """SHA-256 of each file; SQLite writes its own in another order, so its rows count instead."""
    folder = server.machine.path(STATE)
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not name.startswith(("models/", "data/history.db")):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
