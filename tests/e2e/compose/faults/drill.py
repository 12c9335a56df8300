"""Back up while it is written to, lose everything, restore, compare."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.e2e.compose.client import Client
from tests.e2e.compose.faults.filling import FILES, fill, uploading
from tests.e2e.compose.faults.loaded import RATE, asking, eventually, works
from tests.e2e.compose.faults.state import UPLOADS, State
from tests.e2e.compose.stack import Stack
from tests.e2e.load.kinds import WRITING
from tests.e2e.load.record import Record
from tests.e2e.net.internet import Machine

Look = Callable[[Stack], State]


@dataclass(frozen=True)
class Backup:
    """A backup under traffic: what there was at the end, and what was acknowledged before the backup began."""

    name: str
    seconds: float
    record: Record
    state: State
    rows_before: set[str]
    files_before: set[str]


def back_up_while_writing(stack: Stack, customers: Machine, client: Client, look: Look, rate: float = RATE) -> Backup:
    """backup.sh, as the runbook says, under `rate` requests a second and with a file arriving at any time."""
    fill(client)
    with asking(stack, customers, WRITING, rate) as running, uploading(client) as uploads:
        eventually(lambda: len(uploads) > 5, "uploads")
        began, clock = time.time(), time.monotonic()
        said = stack.script("backup.sh").stderr
        seconds = time.monotonic() - clock
        running.wait_for(running.due + int(2 * rate))
        record = running.record
    rows = {f"documents {one.said}" for one in record.of("write").outcomes if one.said and one.at + one.seconds < began}
    files = {f"{UPLOADS}/{name}" for name, when in uploads.items() if when < began}
    name = said.rpartition("Backup ")[2].partition(":")[0]
    assert not record.lost, record.summary()
    assert rows
    assert files
    assert any(when > began for when in uploads.values())
    return Backup(name, seconds, record, look(stack), rows, files)


def lose_everything(stack: Stack) -> None:
    """The containers, their volumes, and the backups that were on the same disk."""
    stack.down()
    shutil.rmtree(stack.backups)
    assert stack.docker.says("volume", "ls", "--quiet", "--filter", f"name={stack.name}_") == ""


def come_back(stack: Stack, backup: Backup, client: Client, look: Look) -> str:
    """A new server: deploy, restore, compare. The figures."""
    clock = time.monotonic()
    stack.up()
    listed = stack.script("restore.sh", check=False).stderr
    assert f"  {backup.name}\n" in listed
    said = stack.script("restore.sh", "--yes", "--without-backup", backup.name)
    recovery = time.monotonic() - clock
    back = look(stack)
    # Everything from before the backup began, nothing that was never there; of what came meanwhile a beginning.
    assert backup.state.has(back)
    assert backup.rows_before <= back.rows.keys()
    assert backup.files_before <= back.files.keys()
    assert len([row for row in back.rows if row.startswith("documents")]) >= 10_000
    assert len([row for row in back.rows if row.startswith("uploads")]) <= len(back.files)
    assert len(back.files) >= FILES + len(backup.files_before)
    assert "FAIL" not in said.stdout
    assert works(client)
    rows, files = len(backup.state.rows), len(backup.state.files)
    return (
        f"{rows} rows, {files} files; a backup under traffic takes {backup.seconds:.1f} s: {backup.record.summary()}\n"
        f"  everything destroyed; back {recovery:.1f} s after `docker compose up` (RTO): {len(back.rows)} rows, "
        f"{len(back.files)} files, each the same.\n  {rows - len(back.rows)} rows and {files - len(back.files)} files "
        f"from after the backup had begun are not (RPO: 12 h between two backups + {backup.seconds:.1f} s)"
    )
