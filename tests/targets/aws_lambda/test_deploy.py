"""deploy.sh, run against the account that only remembers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.goldens import GOLDENS
from tests.targets.ecs import fake_aws

GOLDEN = GOLDENS / "serverless" / "base" / "lambda"
SECRETS = ("DATABASE_PASSWORD", "CACHE_PASSWORD", "DASHSCOPE_API_KEY")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    for name in ("aws", "docker"):
        program = tmp_path / name
        program.write_text(Path(fake_aws.__file__).read_text().replace("/usr/bin/env python3", sys.executable, 1))
        program.chmod(0o755)
    (tmp_path / "secrets").write_text("".join(f"ai-search/{name}\n" for name in SECRETS))
    return tmp_path


def deploy(state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [GOLDEN / "deploy.sh", *words],
        cwd="/",
        env={"PATH": f"{state}:{os.environ['PATH']}", "FAKE_AWS": str(state), "HOME": str(state)},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def calls(state: Path, start: str) -> list[str]:
    return [line for line in (state / "calls").read_text().splitlines() if line.startswith(start)]


def test_an_image_is_built_once_and_every_secret_is_named_by_its_full_arn(state: Path) -> None:
    done = deploy(state, "--yes")
    assert done.returncode == 0, done.stderr
    parameters = json.loads((state / "ai-search.json").read_text())
    assert parameters["ImageUri"].startswith(f"{fake_aws.REGISTRY}:app-")
    assert {name for name in parameters if name.startswith("Secret")} == {
        f"Secret{name.replace('_', 'x')}" for name in SECRETS
    }
    (state / "calls").unlink()
    assert deploy(state, "--yes").returncode == 0
    assert not calls(state, "docker build")
    assert not calls(state, "aws cloudformation execute-change-set")


def test_without_anybody_to_ask_nothing_is_done(state: Path) -> None:
    assert deploy(state).returncode == 1
    assert not calls(state, "aws cloudformation execute-change-set")


def test_a_missing_secret_stops_before_the_function(state: Path) -> None:
    (state / "secrets").write_text("ai-search/CACHE_PASSWORD\n")
    done = deploy(state, "--yes")
    assert done.returncode == 1
    assert "ai-search/DASHSCOPE_API_KEY is not there" in done.stderr
    assert not (state / "ai-search.json").exists()
