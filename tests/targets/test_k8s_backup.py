"""Backups and the way back: whole or not at all, and the last good one stays."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.rendering.configs import deployment_of
from tests.targets.k8s_cases import CASES, config, folder, kinds, objects_of, one, template, variables
from tests.targets.k8s_scripts import calls, program, run, written

DUMP = r"""for word in "$@"; do [[ $word == --file=* ]] && printf whole >"${word#--file=}"; done
[[ -z ${DUMP_FAILS:-} ]]
"""
RESTORE = r"""[[ $1 == --list ]] && printf '1; 0 0 EXTENSION - vector\n2; 0 0 TABLE - history\n'
[[ -z ${UNREADABLE:-} ]]
"""
OLD = time.time() - 60 * 86_400


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Disks with an upload, and stand-ins for PostgreSQL's programs."""
    for name in ("backups", "uploads", "state"):
        (tmp_path / name).mkdir()
    (tmp_path / "uploads" / "a.txt").write_text("first")
    (tmp_path / "password").write_text("se:cr\\et\n")
    program(tmp_path / "bin", "pg_dump", DUMP)
    program(tmp_path / "bin", "pg_restore", RESTORE)
    program(tmp_path / "bin", "psql", 'echo "${CONNECTED:-0}"\n')
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


def script(place: Path, case: str, path: str, **more: str) -> Any:
    """One script of a case, on the disks of `place`."""
    disks = {
        "BACKUP_FOLDER": str(place / "backups"),
        "BACKUP_UPLOADS": str(place / "uploads"),
        "BACKUP_STATE": str(place / "state"),
        "BACKUP_PASSWORD": str(place / "password"),
        "BACKUP_WORK": str(place),
        "PGDATABASE": "aisearch",
    }
    return run(written(case, place / "k8s") / path, programs=place / "bin", **disks | more)


def kept(place: Path, pattern: str = "*") -> list[str]:
    return sorted(path.name for path in (place / "backups").glob(pattern))


def test_g29_a_backup_is_read_again_before_it_gets_its_name(place: Path) -> None:
    assert script(place, "minimal", "backup/database.sh").returncode == 0
    (name,) = kept(place, "database-*.dump")
    assert calls(place / "bin").splitlines()[:2] == ["pg_dump", "--format=custom"]
    assert "pg_restore\n--file=/dev/null" in calls(place / "bin")
    assert (place / "backups" / name).read_text() == "whole"


@pytest.mark.parametrize("trouble", ["DUMP_FAILS", "UNREADABLE"])
def test_g29_a_backup_that_failed_is_none_and_deletes_nothing(place: Path, trouble: str) -> None:
    old = place / "backups" / "database-20200101T000000Z.dump"
    old.write_text("old")
    os.utime(old, (OLD, OLD))
    assert script(place, "minimal", "backup/database.sh", **{trouble: "1"}).returncode != 0
    assert kept(place, "database-*.dump") == [old.name]


def test_g29_old_ones_go_and_the_newest_stays(place: Path) -> None:
    for name in ("database-20200101T000000Z.dump", "database-20200102T000000Z.dump.partial"):
        old = place / "backups" / name
        old.write_text("old")
        os.utime(old, (OLD, OLD))
    recent = place / "backups" / "database-20261101T000000Z.dump"
    recent.write_text("recent")
    assert script(place, "minimal", "backup/database.sh").returncode == 0
    assert recent.name in kept(place)
    assert len(kept(place, "database-*")) == 2


def test_g29_no_password_in_an_argument(place: Path) -> None:
    assert script(place, "guide", "backup/database.sh").returncode == 0
    assert "se:cr" not in calls(place / "bin")


def test_uploads_are_copied_where_there_is_no_bucket(place: Path) -> None:
    assert script(place, "minimal", "backup/database.sh").returncode == 0
    (place / "uploads" / "a.txt").unlink()
    (name,) = kept(place, "*.dump")
    assert script(place, "minimal", "restore/database.sh", BACKUP=name).returncode == 0
    assert (place / "uploads" / "a.txt").read_text() == "first"


def test_a_restore_is_all_or_nothing_and_names_what_there_is(place: Path) -> None:
    assert script(place, "minimal", "backup/database.sh").returncode == 0
    (name,) = kept(place, "*.dump")
    assert script(place, "minimal", "restore/database.sh", BACKUP=name).returncode == 0
    assert "--single-transaction" in calls(place / "bin")
    for wrong in ("database-1.dump", "newest", f"../backups/{name}"):
        unknown = script(place, "minimal", "restore/database.sh", BACKUP=wrong)
        assert unknown.returncode == 1
        assert name in unknown.stderr


@pytest.mark.parametrize(("case", "kind"), [("minimal", "database"), ("local-state", "local-state")])
def test_a_restore_without_a_name_lists_and_touches_nothing(place: Path, case: str, kind: str) -> None:
    assert script(place, case, f"backup/{kind}.sh").returncode == 0
    before, said = kept(place), calls(place / "bin")
    listed = script(place, case, f"restore/{kind}.sh", BACKUP="")
    assert listed.returncode == 0, listed.stderr
    assert next(name for name in before if name != "uploads") in listed.stdout
    assert (kept(place), calls(place / "bin")) == (before, said)
    assert not (place / "state" / "before-restore").exists()
    assert 'name: BACKUP\n              value: ""\n' in folder(case)["restore/job.yaml"]


def test_a_restore_saves_what_is_there_first(place: Path) -> None:
    assert script(place, "minimal", "backup/database.sh").returncode == 0
    (name,) = kept(place, "*.dump")
    (place / "bin" / "log").unlink()
    assert script(place, "minimal", "restore/database.sh", BACKUP=name).returncode == 0
    assert len(kept(place, "before-restore-*.dump")) == 1
    said = calls(place / "bin")
    assert said.index("pg_dump") < said.index("--single-transaction")
    (place / "bin" / "log").unlink()
    assert script(place, "minimal", "restore/database.sh", BACKUP=name, DUMP_FAILS="1").returncode != 0
    assert "--single-transaction" not in calls(place / "bin")


def test_a_restore_waits_for_the_app_to_be_gone(place: Path) -> None:
    assert script(place, "minimal", "backup/database.sh").returncode == 0
    (name,) = kept(place, "*.dump")
    before = kept(place)
    refused = script(place, "minimal", "restore/database.sh", BACKUP=name, CONNECTED="3")
    assert refused.returncode == 1
    assert "kubectl -n ai-search scale deployment --replicas=0" in refused.stderr
    assert kept(place) == before
    assert "--single-transaction" not in calls(place / "bin")


def test_local_state_is_copied_whole_while_it_is_written(place: Path) -> None:
    with sqlite3.connect(place / "state" / "history.db") as live:
        live.execute("PRAGMA journal_mode=WAL")
        live.execute("CREATE TABLE history (id)")
        live.execute("INSERT INTO history VALUES (1)")
        live.commit()
        (place / "state" / "vectors").mkdir()
        (place / "state" / "vectors" / "index.bin").write_text("index")
        result = script(place, "local-state", "backup/local-state.sh")
        assert result.returncode == 0, result.stderr
        live.execute("DELETE FROM history")
    live.close()
    assert len(kept(place, "state-*.tar.gz")) == 1
    (name,) = kept(place, "state-*.tar.gz")
    result = script(place, "local-state", "restore/local-state.sh", BACKUP=name)
    assert result.returncode == 0, result.stderr
    restored = sqlite3.connect(place / "state" / "history.db")
    assert restored.execute("SELECT count(*) FROM history").fetchone() == (1,)
    restored.close()
    assert (place / "state" / "vectors" / "index.bin").read_text() == "index"
    assert (place / "state" / "before-restore" / "history.db").exists()
    assert len(kept(place, "before-restore-*.tar.gz")) == 1


def test_a_torn_local_database_is_no_backup(place: Path) -> None:
    torn = place / "state" / "history.db"
    with sqlite3.connect(torn) as database:
        database.execute("CREATE TABLE history (text)")
        database.executemany("INSERT INTO history VALUES (?)", [("x" * 900,) for _ in range(50)])
    database.close()
    torn.write_bytes(torn.read_bytes()[:6000])
    assert script(place, "local-state", "backup/local-state.sh").returncode != 0
    assert kept(place, "state-*.tar.gz") == []


def test_the_bucket_is_cleaned_only_after_it_has_the_newest(place: Path) -> None:
    program(place / "bin", "rclone", "[[ $1 != copy || -z ${COPY_FAILS:-} ]]\n")
    assert script(place, "guide", "backup/upload.sh").returncode == 0
    said = calls(place / "bin")
    assert said.index("backup:example-backups/ai-search/backups") < said.index("delete")
    assert "2592000s" in said
    (place / "bin" / "log").unlink()
    assert script(place, "guide", "backup/upload.sh", COPY_FAILS="1").returncode != 0
    assert "delete" not in calls(place / "bin")


def test_a_backup_is_fetched_when_the_disk_is_gone(place: Path) -> None:
    program(
        place / "bin",
        "rclone",
        "[[ $1 == lsf ]] && printf 'database-1.dump\\ndatabase-2.dump\\n'\n"
        '[[ $1 == copyto ]] && echo fetched >"$3"\ntrue\n',
    )
    listed = script(place, "guide", "restore/fetch.sh", BACKUP="")
    assert listed.returncode == 0
    assert "database-1.dump" in listed.stdout
    assert kept(place) == []
    assert script(place, "guide", "restore/fetch.sh", BACKUP="database-1.dump").returncode == 0
    assert kept(place) == ["database-1.dump"]


@pytest.mark.parametrize("case", CASES)
def test_backups_run_one_at_a_time_in_utc_and_late_rather_than_never(case: str) -> None:
    (job,) = [j for j in kinds(objects_of(case), "CronJob") if j["metadata"]["name"].endswith("-backup")]
    spec = job["spec"]
    assert (spec["timeZone"], spec["concurrencyPolicy"]) == ("Etc/UTC", "Forbid")
    assert spec["startingDeadlineSeconds"] > 100, "the controller gives up after a hundred missed starts"
    assert spec["schedule"] == deployment_of(config(case), "k8s").config.backup.schedule


def test_a_backup_bypasses_the_pooler() -> None:
    assert variables("guide", "restore", "Job")["PGHOST"] == "ai-search-database"
    assert variables("managed", "restore", "Job")["PGHOST"] == "db.example.com"


@pytest.mark.parametrize("case", ["local-state", "one-replica"])
def test_what_is_attached_to_one_node_is_copied_there(case: str) -> None:
    (job,) = kinds(objects_of(case), "CronJob")
    affinity = template(job)["spec"]["affinity"]["podAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    app = template(one(objects_of(case), "Deployment", "ai-search-app"))["metadata"]["labels"]
    assert affinity[0]["labelSelector"]["matchLabels"].items() <= app.items()


@pytest.mark.parametrize("case", CASES)
def test_the_restore_is_applied_by_hand_alone(case: str) -> None:
    import yaml

    assert not [path for path in yaml.safe_load(folder(case)["kustomization.yaml"])["resources"] if "restore" in path]


def test_what_talks_to_the_bucket_sees_neither_password_nor_databases() -> None:
    (job,) = kinds(objects_of("local-state-with-a-bucket"), "CronJob")
    (upload,) = template(job)["spec"]["containers"]
    (backup,) = template(job)["spec"]["initContainers"]
    assert {mount["name"] for mount in upload["volumeMounts"]} == {"scripts", "backups", "uploads", "tmp", "bucket"}
    assert "bucket" not in {mount["name"] for mount in backup["volumeMounts"]}
