"""Backups of a busy server, the loss of everything, and restores: what is lost, how long it takes, what is refused."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.load.kinds import WRITING
from tests.e2e.systemd.asking import ask
from tests.e2e.systemd.conftest import Deployed, Server
from tests.e2e.systemd.filling import upload_files
from tests.e2e.systemd.loaded import customers
from tests.e2e.systemd.machine import Machine
from tests.e2e.systemd.operator import BACKUPS, LIB, NAME

pytestmark = pytest.mark.e2e
ROWS = 10_000
FILES = 40
UPLOADS = f"/var/lib/{NAME}/uploads"
BACKUP = f"systemctl start {NAME}-backup.service"
RESTORE = f"{LIB}/restore.sh"


@pytest.fixture
def filled(server: Server) -> Server:
    """10,000 rows and 40 files, by the app's own doors."""
    fill(server)
    return server


@pytest.fixture(scope="module")
def kept(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same with a backup, for what changes nothing."""
    with deployed.copy(tmp_path_factory.mktemp("kept")) as server:
        fill(server)
        server.machine.run(BACKUP)
        yield server


def test_everything_comes_back_after_a_disaster(filled: Server) -> None:
    machine = filled.machine
    with customers(filled, WRITING) as running:
        # A file arrives while the backup is made, too.
        began, clock = time.time(), time.monotonic()
        machine.run(BACKUP)
        seconds = time.monotonic() - clock
        running.wait_for(running.due + 100)
        record = running.record
    assert not record.lost, record.summary()
    rows, files = documents(machine), stored_files(machine)
    before = {outcome.said for outcome in record.of("write").outcomes if outcome.at + outcome.seconds < began}

    machine.run("cd / && systemctl stop postgresql && rm -rf /var/lib/postgresql/17/main")
    machine.run(f"rm -rf {UPLOADS}/* /var/lib/{NAME}/models/*")
    machine.run("pg_dropcluster 17 main 2>/dev/null; pg_createcluster 17 main && systemctl start postgresql")

    clock = time.monotonic()
    machine.run(f"/root/{NAME}/database.sh")
    # There is nothing left to save.
    machine.run(f"{RESTORE} --yes --without-backup --newest")
    recovery = time.monotonic() - clock
    back = documents(machine)
    # Everything from before the backup began, nothing that was never there; of what came meanwhile a beginning.
    assert set(back.items()) <= set(rows.items())
    assert before <= set(back)
    assert len(back) >= ROWS
    lost = [row for row in rows if row not in back]
    assert stored_files(machine) == files
    assert len(files) == FILES
    assert ask_version(filled) == 200
    size = machine.says(f"du --summarize --human-readable {BACKUPS} | cut -f1")
    print(
        f"\n{len(rows)} rows, {len(files)} files, {size}: backup under 50 requests a second in {seconds:.1f} s;\n"
        f"everything destroyed, restored in {recovery:.1f} s (RTO): {len(back)} rows are back, each the same,\n"
        f"and every file; {len(lost)} from after its beginning are not (RPO: 12 h between backups + {seconds:.1f} s)"
    )


def test_a_restore_of_a_running_server_takes_back_what_changed(filled: Server) -> None:
    machine = filled.machine
    machine.run(BACKUP)
    rows, files = documents(machine), stored_files(machine)
    name = machine.says(f"ls {BACKUPS} | tail -1")
    sql(machine, "DELETE FROM documents WHERE id % 2 = 0")
    machine.run(f"ls -d {UPLOADS}/* | head -5 | xargs rm -r")
    time.sleep(1)
    said = machine.run(f"{RESTORE} {name}", given="yes\n").stderr
    assert "Saving what is there now" in said
    assert (documents(machine), stored_files(machine)) == (rows, files)
    # What was there before is kept, as a backup and as a database.
    assert len(machine.says(f"ls {BACKUPS}").split()) == 2
    assert "before_" in sql(machine, "SELECT datname FROM pg_database")


@pytest.mark.parametrize("harm", ["truncated", "changed", "incomplete", "without sums"])
def test_a_backup_that_is_not_whole_is_refused_before_anything_is_touched(kept: Server, harm: str) -> None:
    machine = kept.machine
    name, bad = machine.says(f"ls {BACKUPS} | head -1"), f"20200101T00000{len(harm) % 10}Z"
    machine.run(f"cp -r {BACKUPS}/{name} {BACKUPS}/{bad}")
    place = f"{BACKUPS}/{bad}"
    machine.run(
        {
            "truncated": f"truncate --size=-100 {place}/database.dump",
            "changed": f"printf x | dd of={place}/files.tar bs=1 seek=1000 conv=notrunc status=none",
            "incomplete": f"rm {place}/files.tar",
            "without sums": f"rm {place}/SHA256SUMS",
        }[harm]
    )
    main = machine.says(f"systemctl show --property=MainPID --value {NAME}.service")
    before = documents(machine), stored_files(machine)
    done = machine.run(f"{RESTORE} --yes --without-backup {bad}", check=False)
    assert done.returncode == 1
    assert "damaged" in done.stderr or "no whole backup" in done.stderr
    assert (documents(machine), stored_files(machine)) == before
    assert machine.says(f"systemctl show --property=MainPID --value {NAME}.service") == main
    machine.run(f"rm -r {place}")
    print(f"\na backup that is {harm}: {done.stderr.splitlines()[-1]}")


def test_a_full_disk_is_a_loud_failure_and_the_last_good_backup_stays(kept: Server) -> None:
    machine = kept.machine
    good = machine.says(f"ls {BACKUPS}").split()
    sums = machine.says(f"cd {BACKUPS}/{good[0]} && sha256sum --check --quiet SHA256SUMS && cat SHA256SUMS")
    # A disk of 16 MiB with the good one on it.
    machine.run(
        f"cp -a {BACKUPS} kept && mount -t tmpfs -o size=16m,mode=700 tmpfs {BACKUPS} && cp -a kept/. {BACKUPS}"
    )
    free = f"$(df --output=avail --block-size=1 {BACKUPS} | tail -1)"
    machine.run(f"head -c $(({free} - 300000)) /dev/zero >{BACKUPS}/full")
    done = machine.run(BACKUP, check=False)
    assert done.returncode != 0
    assert machine.holds(f"systemctl --quiet is-failed {NAME}-backup.service")
    said = machine.says(f"journalctl --unit={NAME}-backup.service --output=cat | tail -5")
    assert "No space left on device" in said
    assert not machine.holds(f"{LIB}/verify.sh")
    assert machine.says(f"ls -A {BACKUPS}").split() == [*good, "full"]
    assert machine.says(f"cd {BACKUPS}/{good[0]} && sha256sum --check --quiet SHA256SUMS && cat SHA256SUMS") == sums
    # With room again the next one is fine, and so is everything.
    machine.run(f"rm {BACKUPS}/full && {BACKUP} && {LIB}/verify.sh && umount {BACKUPS}")
    print(
        f"\ndisk full: exit {done.returncode}, the unit has failed, {good[0]} is whole; it says: {said.splitlines()[0]}"
    )


def test_the_drill_reads_the_newest_backup(kept: Server) -> None:
    machine = kept.machine
    before = sql(machine, "SELECT datname FROM pg_database ORDER BY 1")
    machine.run(f"systemctl start {NAME}-drill.service")
    said = machine.says(f"journalctl --unit={NAME}-drill.service --output=cat")
    assert "can be restored: " in said
    assert sql(machine, "SELECT datname FROM pg_database ORDER BY 1") == before
    print("\n" + next(line for line in said.splitlines() if "can be restored" in line))


def fill(server: Server) -> None:
    with server.internet.machine("author", "198.51.100.40") as client:
        for start in range(0, ROWS, 5000):
            rows = [
                {"title": f"Heron {number}", "body": f"It waded {number} steps."}
                for number in range(start, start + 5000)
            ]
            assert ask(client, "POST", "/documents", {"documents": rows}).status == 201
    upload_files(server.machine, FILES)


def documents(machine: Machine) -> dict[str, str]:
    """Each row's whole content by its id."""
    listed = sql(machine, "SELECT id, md5(documents::text) FROM documents")
    return dict(line.split("|") for line in listed.splitlines())


def stored_files(machine: Machine) -> dict[str, str]:
    """Owner, mode and SHA-256 of each uploaded file by its path."""
    folder: Path = machine.path(UPLOADS)
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            stat = path.stat()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(folder))] = f"{stat.st_uid} {stat.st_mode:o} {digest}"
    return found


def ask_version(server: Server) -> int:
    with server.internet.machine("again", "198.51.100.41") as client:
        return ask(client, "POST", "/query", {"query": "heron"}).status


def sql(machine: Machine, statement: str) -> str:
    return machine.says(f'cd / && runuser -u postgres -- psql -d aisearch -Atc "{statement}"')
