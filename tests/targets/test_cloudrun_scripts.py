"""Cloud Run's scripts, run against a gcloud, docker and curl of ours that keep what they are told."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rendering.alternatives import STANDARD
from tests.rendering.configs import overlaid, rendered_from
from tests.validators import cloudrun

HOSTILE = "p\"a\\s's $HOME `id` %41 #:@/?&|="

# One revision serves; a second appears once a manifest was sent. A secret is what was last written to it.
GCLOUD = """\
#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$RECORD/arguments"
value_of() { cat "$RECORD/$1" 2>/dev/null || true; }
case "$*" in
  *'services replace '*)
    cp "${@: -1}" "$RECORD/service.yaml"
    [[ -n ${NOT_READY:-} ]] && exit 1
    echo new >"$RECORD/ready"
    ;;
  *'services describe'*traffic*) echo old ;;
  *'services describe'*latestReady*) value_of ready ;;
  *'services describe'*latestCreated*) echo new ;;
  *'revisions list'*) printf 'new\\nold\\nolder\\n' ;;
  'secrets describe'*) [[ -e $RECORD/secret-$3 ]] ;;
  'secrets create'*) : >"$RECORD/secret-$3" ;;
  'secrets versions access'*) value_of "secret-${5#--secret=}" ;;
  'secrets versions add'*) cat >"$RECORD/secret-$4" ;;
esac
"""
RECORDING = """\
#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$RECORD/others"
[[ $* == *@-* ]] && cat >"$RECORD/body"
[[ ${0##*/} != curl || -z ${FAILING:-} ]]
"""


class Ran:
    """One script of a rendered folder, and what it asked for."""

    def __init__(self, folder: Path, script: str, *words: str, config: dict[str, Any] | None = None, **variables: str):
        place, self.record = folder / "cloudrun", folder / "record"
        for path, content in rendered_from(overlaid(STANDARD, config or {}), "cloudrun").items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(content)
            (place / path).chmod(0o755)
        self.record.mkdir(exist_ok=True)
        (folder / "bin").mkdir(exist_ok=True)
        programs = {"gcloud": GCLOUD, "docker": RECORDING, "curl": RECORDING, "sleep": "#!/bin/sh\n"}
        for name, text in programs.items():
            (folder / "bin" / name).write_text(text)
            (folder / "bin" / name).chmod(0o755)
        environment = {**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}", "RECORD": str(self.record)}
        self.finished = subprocess.run(
            [place / script, *words],
            env=environment | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    @property
    def asked(self) -> list[str]:
        path = self.record / "arguments"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def traffic(self) -> list[str]:
        return [line.partition("ai-search ")[2] for line in self.asked if "update-traffic" in line]

    def secret(self, name: str) -> str:
        return (self.record / f"secret-{name}").read_text()


def test_an_update_moves_the_traffic_step_by_step(tmp_path: Path) -> None:
    ran = Ran(tmp_path, "update.sh")
    assert ran.finished.returncode == 0, ran.finished.stderr
    assert ran.traffic == [
        "--to-revisions=new=10,old=90",
        "--to-revisions=new=50,old=50",
        "--to-revisions=new=100",
        "--to-latest",
    ]
    sent = yaml.safe_load((ran.record / "service.yaml").read_text())
    assert sent["spec"]["traffic"] == [{"revisionName": "old", "percent": 100}]
    assert cloudrun.problems(sent) == []


def test_a_migration_runs_before_the_new_version_exists(tmp_path: Path) -> None:
    asked = Ran(tmp_path, "update.sh").asked
    migrated = next(number for number, line in enumerate(asked) if "jobs execute ai-search-migrate" in line)
    assert migrated < next(number for number, line in enumerate(asked) if "services replace" in line)
    left_out = Ran(tmp_path / "again", "update.sh", "--no-migrate").asked
    assert not any("jobs execute" in line for line in left_out)


def test_a_version_that_does_not_become_ready_gets_no_traffic(tmp_path: Path) -> None:
    ran = Ran(tmp_path, "update.sh", NOT_READY="yes")
    assert ran.finished.returncode == 1
    assert "old serves as before" in ran.finished.stderr
    assert ran.traffic == []


def test_a_version_that_fails_requests_gives_the_traffic_back(tmp_path: Path) -> None:
    ran = Ran(tmp_path, "update.sh", FAILING="yes")
    assert ran.finished.returncode == 1
    assert ran.traffic == ["--to-revisions=new=10,old=90", "--to-revisions=old=100"]


@pytest.mark.parametrize(("words", "revision"), [((), "older"), (("ai-search-7",), "ai-search-7")])
def test_a_rollback_goes_to_the_revision_before_the_one_that_serves(
    tmp_path: Path, words: tuple[str, ...], revision: str
) -> None:
    ran = Ran(tmp_path, "rollback.sh", *words)
    assert ran.finished.returncode == 0, ran.finished.stderr
    assert ran.traffic == [f"--to-revisions={revision}=100"]


CONFIG = {
    "api_keys": {},
    "database": {"pooler": "pgbouncer"},
    "cache": {"mode": "external", "host": "cache.example.com", "password_secret": "CACHE_PASSWORD"},
}


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    for name in ("DATABASE_PASSWORD", "DASHSCOPE_API_KEY", "CACHE_PASSWORD"):
        (folder / name).write_text(f"{HOSTILE}-{name}\n")
    (folder / "API_KEYS").write_text("someone 0123456789abcdef\nother fedcba9876543210\n")
    return folder


def test_secrets_arrive_whole_and_in_no_argument(tmp_path: Path, secrets: Path) -> None:
    ran = Ran(tmp_path, "secrets.sh", str(secrets), config=CONFIG)
    assert ran.finished.returncode == 0, ran.finished.stderr
    assert ran.secret("ai-search-dashscope-api-key") == f"{HOSTILE}-DASHSCOPE_API_KEY"
    assert ran.secret("ai-search-api-keys") == "someone 0123456789abcdef\nother fedcba9876543210"
    escaped = "p%22a%5Cs%27s%20%24HOME%20%60id%60%20%2541%20%23%3A%40%2F%3F%26%7C%3D"
    assert ran.secret("ai-search-database-url-composed") == (
        f"postgresql://aisearch:{escaped}-DATABASE_PASSWORD@127.0.0.1:6432/aisearch?sslmode=disable"
    )
    assert ran.secret("ai-search-redis-url-composed") == f"redis://:{escaped}-CACHE_PASSWORD@cache.example.com:6379/0"
    assert not any('p"a' in line or "p%22a" in line or "0123456789abcdef" in line for line in ran.asked)


def test_a_secret_that_is_the_same_gets_no_new_version(tmp_path: Path, secrets: Path) -> None:
    Ran(tmp_path, "secrets.sh", str(secrets), config=CONFIG)
    before = sum("versions add" in line for line in Ran(tmp_path, "rollback.sh").asked)
    (secrets / "DASHSCOPE_API_KEY").write_text("other")
    ran = Ran(tmp_path, "secrets.sh", str(secrets), config=CONFIG)
    added = [line for line in ran.asked if "versions add" in line][before:]
    assert [line.split()[3] for line in added] == ["ai-search-dashscope-api-key"]


def test_the_jobs_account_reads_the_database_password_alone(tmp_path: Path, secrets: Path) -> None:
    ran = Ran(tmp_path, "secrets.sh", str(secrets), config=CONFIG)
    given = [line.split()[2] for line in ran.asked if "ai-search-jobs@" in line]
    assert given == ["ai-search-database-password"]


def test_a_missing_secret_stops(tmp_path: Path, secrets: Path) -> None:
    (secrets / "DASHSCOPE_API_KEY").unlink()
    ran = Ran(tmp_path, "secrets.sh", str(secrets), config=CONFIG)
    assert ran.finished.returncode == 1
    assert "DASHSCOPE_API_KEY is not there or empty" in ran.finished.stderr


def test_deploy_does_everything_in_order_and_may_run_again(tmp_path: Path, secrets: Path) -> None:
    for _ in range(2):
        ran = Ran(tmp_path, "deploy.sh", "--yes", "--secrets", str(secrets))
        assert ran.finished.returncode == 0, ran.finished.stderr
    asked = "\n".join(ran.asked)
    steps = [
        "services enable",
        "artifacts repositories",
        "iam service-accounts",
        "secrets versions add",
        "sql instances",
        "jobs execute ai-search-database --args=prepare",
        "jobs execute ai-search-migrate",
        "services replace service.yaml",
        "forwarding-rules",
    ]
    assert json.loads((ran.record / "body").read_text()) == {
        "name": "aisearch",
        "password": f"{HOSTILE}-DATABASE_PASSWORD",
    }
    assert 'p"a' not in asked + (ran.record / "others").read_text()
    places = [asked.find(step) for step in steps]
    assert -1 not in places
    assert places == sorted(places)
