"""The scripts, run against an account that only remembers."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.goldens import GOLDENS
from tests.rendering.alternatives import STANDARD
from tests.rendering.configs import rendered_from
from tests.targets.ecs.fake_aws import REGISTRY
from tests.validators import dockerfile, nginx, shell

FOLDERS = sorted(path for path in GOLDENS.glob("*/*/ecs"))
SCRIPTS = sorted(path for folder in FOLDERS for path in folder.rglob("*.sh"))
FAKE = Path(__file__).with_name("fake_aws.py")


def _name(path: Path) -> str:
    return path.relative_to(GOLDENS).as_posix()


@pytest.mark.parametrize("path", SCRIPTS, ids=_name)
def test_every_script_is_accepted(path: Path) -> None:
    assert shell.problems(path) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=_name)
def test_the_edge_is_accepted(folder: Path) -> None:
    assert dockerfile.problems(folder / "edge" / "Dockerfile") == []
    files = {
        "/etc/nginx/nginx.conf": (folder / "edge" / "nginx.conf").read_text(),
        "/tmp/nginx/resolver.conf": "resolver 127.0.0.11 valid=5s;\n",
        "/tmp/nginx/api-keys.conf": 'map $http_x_api_key $api_client {\n  default "";\n}\n',
    }
    assert nginx.problems(files) == []


class Account:
    """A rendered folder, and programs that answer for AWS and Docker."""

    def __init__(self, root: Path) -> None:
        self.folder, self.state, programs = root / "ecs", root / "state", root / "bin"
        for folder in (self.folder, self.state, programs):
            folder.mkdir()
        for path, content in rendered_from(STANDARD, "ecs").items():
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            place.chmod(0o755)
        for name in ("aws", "docker"):
            program = programs / name
            program.write_text(FAKE.read_text().replace("/usr/bin/env python3", sys.executable, 1))
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "FAKE_AWS": str(self.state),
            "HOME": str(root),
        }
        (self.state / "secrets").write_text("ai-search/DASHSCOPE_API_KEY\n")

    def run(self, script: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / script, *words],
            cwd="/",
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def parameters(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.state / "ai-search.json").read_text())
        return found

    def calls(self, start: str) -> list[str]:
        return [line for line in (self.state / "calls").read_text().splitlines() if line.startswith(start)]


@pytest.fixture
def account(tmp_path: Path) -> Account:
    return Account(tmp_path)


def test_the_first_deployment_prepares_the_database_before_anything_serves(account: Account) -> None:
    done = account.run("deploy.sh", "--yes")
    assert done.returncode == 0, done.stderr
    tasks = account.calls("aws ecs run-task")
    assert ["ClientTask" in tasks[0], "MigrationTask" in tasks[1], len(tasks)] == [True, True, 2]
    steps = [
        line.split()[2]
        for line in account.calls("aws")
        if "run-task" in line or "execute-change-set --stack-name ai-search " in line
    ]
    assert steps == ["execute-change-set", "run-task", "run-task", "execute-change-set"]
    parameters = account.parameters()
    assert parameters["Serving"] == "yes"
    assert parameters["AppImage"] == f"{REGISTRY}:app-ai-search-1.4.2"
    assert parameters["PreviousImage"] == "none"
    assert parameters["SecretDASHSCOPExAPIxKEY"].endswith("-AbCdEf")


def test_running_it_again_changes_nothing_and_pushes_nothing(account: Account) -> None:
    account.run("deploy.sh", "--yes")
    (account.state / "calls").unlink()
    done = account.run("deploy.sh", "--yes")
    assert done.returncode == 0, done.stderr
    assert not account.calls("docker push")
    assert not account.calls("aws cloudformation execute-change-set")
    assert not account.calls("aws ecs run-task")


def test_an_update_migrates_with_the_next_image_while_the_old_one_serves_and_can_be_undone(account: Account) -> None:
    account.run("deploy.sh", "--yes")
    old = account.parameters()["AppImage"]
    failed = account.run("update.sh", "ghcr.io/example/ai-search:1.5.0", "--yes", FAKE_EXIT="1")
    assert failed.returncode == 1
    assert account.parameters()["AppImage"] == old
    assert account.parameters()["NextImage"] == f"{REGISTRY}:app-ai-search-1.5.0"
    done = account.run("update.sh", "ghcr.io/example/ai-search:1.5.0", "--yes")
    assert done.returncode == 0, done.stderr
    assert account.parameters()["AppImage"] == f"{REGISTRY}:app-ai-search-1.5.0"
    assert account.parameters()["PreviousImage"] == old
    back = account.run("rollback.sh", "--yes")
    assert back.returncode == 0, back.stderr
    assert account.parameters()["AppImage"] == old


def test_a_failed_first_migration_is_tried_again(account: Account) -> None:
    assert account.run("deploy.sh", "--yes", FAKE_EXIT="1").returncode == 1
    assert account.parameters()["Serving"] == "no"
    assert account.run("deploy.sh", "--yes").returncode == 0
    assert account.parameters()["Serving"] == "yes"


def test_nobody_to_ask_means_that_nothing_is_done(account: Account) -> None:
    done = account.run("deploy.sh")
    assert done.returncode == 1
    assert not account.calls("aws cloudformation execute-change-set")


def test_a_secret_that_is_not_there_stops_before_the_stack(account: Account) -> None:
    (account.state / "secrets").unlink()
    done = account.run("deploy.sh", "--yes")
    assert done.returncode == 1
    assert "DASHSCOPE_API_KEY is not there" in done.stderr
    assert not (account.state / "ai-search.json").exists()


def test_a_secrets_value_is_never_an_argument(account: Account, tmp_path: Path) -> None:
    (account.state / "secrets").unlink()
    (tmp_path / "DASHSCOPE_API_KEY").write_text("hidden value\n")
    done = account.run("secrets.sh", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert (account.state / "value").read_text() == "hidden value"
    assert "hidden" not in (account.state / "calls").read_text() + done.stdout + done.stderr


def test_a_restored_database_stays_with_later_deployments(account: Account) -> None:
    account.run("deploy.sh", "--yes")
    assert account.run("deploy.sh", "--yes", "--snapshot", "snapshot-1").returncode == 0
    assert account.run("update.sh", "ghcr.io/example/ai-search:1.5.0", "--yes").returncode == 0
    assert account.parameters()["DatabaseSnapshot"] == "snapshot-1"


def test_a_pipeline_fills_the_task_definition_and_notices_that_ecs_went_back(account: Account) -> None:
    account.run("deploy.sh", "--yes")
    assert account.run("pipeline.sh", f"{REGISTRY}:app-2").returncode == 0
    done = account.run("pipeline.sh", f"{REGISTRY}:app-2", FAKE_SERVING="arn:task-definition/ai-search:7")
    assert done.returncode == 1
    assert "ai-search:7 serves" in done.stderr


def test_the_launcher_quotes_passwords_and_lays_out_files(tmp_path: Path) -> None:
    from aisearch_deploy.targets.ecs.containers import LAUNCH

    launch = LAUNCH.replace('"/run/secrets/"', repr(f"{tmp_path}/"))
    show = "import os, json; print(json.dumps(dict(os.environ)))"
    variables = {
        "LAUNCH_URLS": "DATABASE_URL",
        "LAUNCH_DATABASE_URL": "DATABASE_PASSWORD",
        "DATABASE_URL": "postgresql://u:SECRET@h/d",
        "DATABASE_PASSWORD": "p@ss/w:rd%",
        "LAUNCH_FILES": "DATABASE_PASSWORD DATABASE_URL",
        "LAUNCH_NAME_FILE": "yes",
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run(
        [sys.executable, "-c", launch, sys.executable, "-c", show],
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    )
    seen = json.loads(done.stdout)
    assert seen["DATABASE_URL_FILE"] == f"{tmp_path}/DATABASE_URL"
    assert (tmp_path / "DATABASE_URL").read_text() == "postgresql://u:p%40ss%2Fw%3Ard%25@h/d"
    assert (tmp_path / "DATABASE_PASSWORD").stat().st_mode & 0o777 == 0o600
    assert not {"DATABASE_PASSWORD", "DATABASE_URL", "LAUNCH_FILES", "LAUNCH_URLS"} & set(seen)
