"""backup.sh and restore.sh, run for real: Python copies and puts back real files, the engine and PostgreSQL are not."""

from __future__ import annotations

import hashlib
import sqlite3
import tarfile
import time
from pathlib import Path

import pytest

from tests.targets.composed import GUIDE, LOCAL, Object
from tests.targets.servers import OLD, Server

RECIPIENT = "age1" + "q" * 58


def contract(folder: Path, **more: object) -> Object:
    """The app's folders are real ones here."""
    (folder / "uploads").mkdir(exist_ok=True)
    return {
        "contract": {"extends": "local-state" if more else "shared-state"}
        | {"state": {"uploads": str(folder / "uploads")} | more}
    }


@pytest.fixture
def server(tmp_path: Path) -> Server:
    server = Server(tmp_path, GUIDE, {"backup": {"to": None}}, contract(tmp_path))
    (tmp_path / "uploads" / "report.pdf").write_bytes(b"%PDF")
    return server


def good_backup(server: Server) -> Path:
    done = server.run("backup.sh")
    assert done.returncode == 0, done.stderr
    return max(server.backups.glob("2*Z"))


def sums_are_right(folder: Path) -> bool:
    lines = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    others = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
    others.pop("SHA256SUMS")
    return lines == others


def test_g29_a_backup_is_whole_read_back_and_named_by_its_time(server: Server, tmp_path: Path) -> None:
    folder = good_backup(server)
    assert len(folder.name) == len("20261124T020000Z")
    assert {file.name for file in folder.iterdir()} == {"database.dump", "globals.sql", "files.tar", "SHA256SUMS"}
    assert sums_are_right(folder)
    assert "pg_restore --file=/dev/null" in server.events
    with tarfile.open(folder / "files.tar") as archive:
        assert f"{tmp_path}/uploads/report.pdf".removeprefix("/") in archive.getnames()
    # Nobody else may read it.
    assert folder.stat().st_mode & 0o077 == 0
    assert not list(server.backups.glob(".*"))


def test_the_dump_is_custom_format_and_has_no_password_in_its_arguments(server: Server) -> None:
    good_backup(server)
    calls = [call for call in server.lines("calls") if "pg_dump " in call or "pg_dumpall" in call]
    assert any("--format=custom" in call for call in calls)
    assert any("--no-role-passwords" in call for call in calls)
    assert not [call for call in calls if "password=" in call.lower()]


@pytest.mark.parametrize("program", ["pg_dump", "pg_dumpall", "pg_restore"])
def test_g29_what_breaks_half_way_is_no_backup(server: Server, program: str) -> None:
    before = good_backup(server)
    _age(before, days=90)
    server.holds(failing=[program])
    assert server.run("backup.sh").returncode != 0
    # Nothing half made stays, and what is old is not removed for it.
    assert [path.name for path in server.backups.iterdir()] == [_named(days=90)]


def test_g29_old_ones_go_only_after_a_good_new_one(server: Server) -> None:
    for days in (1, 29, 31, 400):
        (server.backups / _named(days)).mkdir(parents=True)
    (server.backups / "notes").mkdir()
    newest = good_backup(server)
    assert {path.name for path in server.backups.iterdir()} == {_named(1), _named(29), "notes", newest.name}


def _named(days: int) -> str:
    return time.strftime("%Y%m%dT000000Z", time.gmtime(time.time() - days * 86_400))


def _age(folder: Path, days: int) -> None:
    folder.rename(folder.with_name(_named(days)))


def test_what_a_killed_run_left_behind_goes(server: Server) -> None:
    (server.backups / ".20260101T000000Z.partial").mkdir(parents=True)
    (server.backups / ".mine").mkdir()
    newest = good_backup(server)
    assert {path.name for path in server.backups.iterdir()} == {".mine", newest.name}


def test_two_at_once(server: Server) -> None:
    server.program("sync", f'"{server.place}/backup.sh" >>"{server.place}/second" 2>&1; exit 0')
    good_backup(server)
    assert "Another backup" in (server.place / "second").read_text()


def test_a_copy_in_another_place_is_verified_there(tmp_path: Path) -> None:
    server = Server(tmp_path, GUIDE, contract(tmp_path), {"backup": {"to": f"{tmp_path}/elsewhere"}})
    (tmp_path / "elsewhere" / _named(31)).mkdir(parents=True)
    folder = good_backup(server)
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == [folder.name]
    assert sums_are_right(tmp_path / "elsewhere" / folder.name)


@pytest.fixture
def with_bucket(tmp_path: Path) -> Server:
    return Server(tmp_path, GUIDE, contract(tmp_path))


def test_a_copy_in_a_bucket_gets_its_sums_last(with_bucket: Server) -> None:
    with_bucket.holds(bucket=[f"{_named(31)}/", f"{_named(2)}/", "other/"])
    name = good_backup(with_bucket).name
    assert [event for event in with_bucket.events if event.startswith("rclone")] == [
        f"rclone copy --exclude SHA256SUMS backup:example-backups/ai-search/{name}",
        f"rclone check --one-way --exclude SHA256SUMS backup:example-backups/ai-search/{name}",
        f"rclone copy backup:example-backups/ai-search/{name}",
        "rclone lsf --dirs-only backup:example-backups/ai-search",
        f"rclone purge backup:example-backups/ai-search/{_named(31)}",
    ]


def test_credentials_that_cannot_delete_are_good_credentials(with_bucket: Server) -> None:
    with_bucket.holds(bucket=[f"{_named(31)}/"], failing=["purge"])
    assert with_bucket.run("backup.sh").returncode == 0


def test_backups_are_encrypted_for_those_who_may_read_them(tmp_path: Path) -> None:
    server = Server(tmp_path, GUIDE, contract(tmp_path), {"backup": {"to": None, "encrypt_to": [RECIPIENT]}})
    assert "age is not installed" in server.run("backup.sh").stderr
    server.program("age", _AGE)
    folder = good_backup(server)
    assert {file.name for file in folder.iterdir()} == {
        "database.dump.age",
        "globals.sql.age",
        "files.tar.age",
        "SHA256SUMS",
    }
    assert (folder / "database.dump.age").read_text().startswith(f"for {RECIPIENT}\n")
    server.holds(events=[])
    assert "--identity" in server.run("restore.sh", "--yes", "--without-backup", folder.name).stderr
    assert server.events == []
    assert server.run("restore.sh", "--test", "--identity", "key", folder.name).returncode == 0


# As much of age as the scripts ask for: it writes who can read, and takes that line away again.
_AGE = """
case $1 in
  --recipient) { echo "for $2"; cat "$5"; } >"$4" ;;
  --decrypt) tail -n +2 "$6" >"$5" ;;
esac"""


@pytest.fixture
def local(tmp_path: Path) -> Server:
    (tmp_path / "data" / "vector_store").mkdir(parents=True)
    server = Server(tmp_path, LOCAL, contract(tmp_path, data=str(tmp_path / "data")))
    server.runs(OLD, 1)
    return server


def test_g29_a_database_that_is_written_to_is_copied_consistently(local: Server, tmp_path: Path) -> None:
    data = tmp_path / "data"
    writer = sqlite3.connect(data / "history.db")
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE history (question)")
    writer.executemany("INSERT INTO history VALUES (?)", [(str(number),) for number in range(500)])
    writer.commit()
    # What is committed is in the journal alone: a copy of the file by itself would be empty.
    (data / "vector_store" / "index.bin").write_bytes(b"vectors")
    folder = good_backup(local)
    writer.close()
    with tarfile.open(folder / "files.tar") as archive:
        names = archive.getnames()
        archive.extractall(tmp_path / "read", filter="data")
    assert not [name for name in names if name.endswith(("-wal", "-shm", ".copy-for-backup"))]
    copy = sqlite3.connect(tmp_path / "read" / str(data / "history.db").removeprefix("/"))
    assert copy.execute("SELECT count(*) FROM history").fetchone() == (500,)
    copy.close()
    assert sorted(file.name for file in data.iterdir()) == ["history.db", "vector_store"]


def test_the_app_is_frozen_while_it_is_copied_and_never_longer(local: Server, tmp_path: Path) -> None:
    good_backup(local)
    assert local.events == ["pause app", "unpause app"]
    (tmp_path / "data" / "broken.db").write_bytes(b"SQLite format 3\0 and nothing that follows")
    local.holds(events=[])
    assert local.run("backup.sh").returncode == 1
    assert local.events == ["pause app", "unpause app"] * 5
    assert len(list(local.backups.iterdir())) == 1


def test_restore_lists_what_there_is(server: Server) -> None:
    folder = good_backup(server)
    done = server.run("restore.sh")
    assert done.returncode == 2
    assert folder.name in done.stderr


def test_restore_verifies_before_it_touches_anything(server: Server) -> None:
    folder = good_backup(server)
    (folder / "database.dump").write_text("PGDMP and something else")
    server.holds(events=[])
    done = server.run("restore.sh", "--yes", folder.name)
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert server.events == []


def test_restore_lists_what_is_in_the_bucket_on_a_new_server(with_bucket: Server) -> None:
    with_bucket.holds(bucket=[f"{_named(1)}/"])
    assert not with_bucket.backups.exists()
    assert _named(1) in with_bucket.run("restore.sh").stderr


def test_restore_refuses_a_file_that_no_sum_vouches_for(server: Server) -> None:
    """The list of sums was cut off, and what it no longer names is another."""
    folder = good_backup(server)
    lines = (folder / "SHA256SUMS").read_text().splitlines(keepends=True)
    (folder / "SHA256SUMS").write_text("".join(line for line in lines if "files.tar" not in line))
    (folder / "files.tar").write_bytes((folder / "files.tar").read_bytes() + b"more")
    server.holds(events=[])
    done = server.run("restore.sh", "--yes", folder.name)
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert server.events == []


@pytest.mark.parametrize("name", ["../../etc", "20260101T000000Z", "x; id"])
def test_restore_of_what_is_not_there(server: Server, name: str) -> None:
    good_backup(server)
    assert server.run("restore.sh", "--yes", name).returncode == 1


def test_restore_asks_first(server: Server) -> None:
    folder = good_backup(server)
    server.holds(events=[])
    done = server.run("restore.sh", folder.name, stdin="no\n")
    assert done.returncode == 1
    assert "Nothing was changed" in done.stderr
    assert server.events == ["pg_restore --list"]


def test_restore_fills_a_new_database_while_the_app_runs_and_keeps_the_old_one(server: Server, tmp_path: Path) -> None:
    folder = good_backup(server)
    (tmp_path / "uploads" / "report.pdf").unlink()
    (tmp_path / "uploads" / "later.txt").write_text("since then")
    (server.place / "verify.sh").write_text("#!/bin/sh\n")
    server.holds(events=[])
    done = server.run("restore.sh", "--yes", "--without-backup", folder.name)
    assert done.returncode == 0, done.stderr
    events = server.events
    new = f"restored_{folder.name.lower()}"
    filled = events.index(f"pg_restore --no-owner --no-privileges --exit-on-error --single-transaction --dbname={new}")
    stopped = events.index("stop app pooler")
    renamed = events.index(f'sql ALTER DATABASE {new} RENAME TO "aisearch"')
    assert filled < stopped < renamed
    assert events[renamed - 1].startswith('sql ALTER DATABASE "aisearch" RENAME TO before_')
    assert not [event for event in events if "DROP DATABASE" in event and new not in event]
    # A file too many does no harm; one that is missing does.
    assert sorted(file.name for file in (tmp_path / "uploads").iterdir()) == ["later.txt", "report.pdf"]
    assert "dropdb before_" in done.stderr


def test_a_restore_that_does_not_verify_says_that_it_is_done(server: Server) -> None:
    folder = good_backup(server)
    (server.place / "verify.sh").write_text("#!/bin/sh\nexit 1\n")
    done = server.run("restore.sh", "--yes", "--without-backup", folder.name)
    assert done.returncode == 1
    assert "The restore itself is done" in done.stderr
    assert "dropdb before_" in done.stderr


def test_a_restore_that_is_interrupted_says_how_the_app_starts(server: Server) -> None:
    folder = good_backup(server)
    fake = (server.place.parents[1] / "bin" / "docker").read_text().splitlines()[1]
    server.program("docker", f'[ "$2" = stop ] && kill -INT $PPID\n{fake}')
    server.holds(events=[])
    done = server.run("restore.sh", "--yes", "--without-backup", folder.name)
    assert done.returncode == 130
    assert "The app is stopped" in done.stderr
    assert "docker compose up --detach --wait" in done.stderr
    assert not [event for event in server.events if "RENAME" in event]


def test_restore_saves_what_is_there_first(server: Server) -> None:
    folder = good_backup(server)
    (server.place / "verify.sh").write_text("#!/bin/sh\n")
    _age(folder, days=1)
    assert server.run("restore.sh", "--yes", _named(1)).returncode == 0
    assert len(list(server.backups.iterdir())) == 2


def test_a_restore_can_be_tried(server: Server) -> None:
    folder = good_backup(server)
    server.holds(events=[])
    done = server.run("restore.sh", "--test", folder.name)
    assert done.returncode == 0, done.stderr
    assert "7 tables" in done.stderr
    assert not [event for event in server.events if "RENAME" in event or event.startswith("stop")]
    assert server.events[-1] == f"sql DROP DATABASE restored_{folder.name.lower()}"


def test_restored_local_state_is_that_of_the_backup_and_nothing_else(local: Server, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "vector_store" / "index.bin").write_bytes(b"then")
    folder = good_backup(local)
    (data / "vector_store" / "index.bin").write_bytes(b"now")
    (data / "vector_store" / "segment.bin").write_bytes(b"belongs to now")
    (local.place / "verify.sh").write_text("#!/bin/sh\n")
    local.holds(events=[])
    done = local.run("restore.sh", "--yes", "--without-backup", folder.name)
    assert done.returncode == 0, done.stderr
    assert local.events == ["stop app", "prepare"]
    assert {file.name: file.read_bytes() for file in (data / "vector_store").iterdir()} == {"index.bin": b"then"}


def test_an_archive_cannot_write_elsewhere(local: Server, tmp_path: Path) -> None:
    folder = good_backup(local)
    outside = tmp_path / "outside"
    with tarfile.open(folder / "files.tar", "w") as archive:
        member = tarfile.TarInfo(f"{tmp_path}/data/../outside".removeprefix("/"))
        archive.addfile(member)
    sums = "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in folder.iterdir()
        if file.name != "SHA256SUMS"
    )
    (folder / "SHA256SUMS").write_text(sums)
    done = local.run("restore.sh", "--yes", "--without-backup", folder.name)
    assert done.returncode == 1
    assert "is not below" in done.stderr
    assert not outside.exists()
