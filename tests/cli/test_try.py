"""`try` from the command line, with a docker that says what a test wants."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.running.fake_docker import NO_ENGINE, Said, installed


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state/aisearch-deploy/try"


def test_without_docker_one_error_a_fix_and_nothing_left(
    cli: Cli, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = cli("try")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == "Docker is not installed here.\nInstall it: https://docs.docker.com/engine/install/\n"
    assert not state.exists()


@pytest.mark.parametrize("arguments", [["try"], ["try", "--down"]])
def test_docker_that_does_not_run(
    cli: Cli, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    installed(tmp_path / "bin", monkeypatch, {"version --format": NO_ENGINE})
    ran = cli(*arguments)
    assert ran.code == 3
    assert ran.err.startswith("Docker does not answer:\n")
    assert ran.err.endswith("Start it: sudo systemctl start docker, or Docker Desktop.\n")
    assert not state.exists()


def test_a_stack_that_does_not_become_healthy_is_removed(
    cli: Cli, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = {
        "compose --project-directory": Said(1, err="container aisearch-try-app-1 is unhealthy\n"),
        "health=unhealthy": Said(out="aisearch-try-app-1\n"),
        "logs --tail=10 aisearch-try-app-1": Said(err="it cannot log in\n"),
        "ps --all --quiet": Said(out="c1\n"),
    }
    fake = installed(tmp_path / "bin", monkeypatch, says)
    ran = cli("try")
    assert ran.code == 3
    assert "The stack did not become healthy:\n  container aisearch-try-app-1 is unhealthy\n" in ran.err
    assert "aisearch-try-app-1:\n  it cannot log in\n" in ran.err
    assert "rm --force --volumes c1" in fake.asked()
    assert not state.exists()


def test_one_that_was_there_before_stays(
    cli: Cli, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.mkdir(parents=True)
    fake = installed(tmp_path / "bin", monkeypatch, {"build": Said(1, err="no space left on device\n")})
    assert cli("try").code == 3
    assert state.exists()
    assert not [command for command in fake.asked() if command.startswith(("rm", "volume rm"))]


def test_a_secret_is_never_an_argument(cli: Cli, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state.mkdir(parents=True)
    fake = installed(tmp_path / "bin", monkeypatch, {"compose --project-directory": Said(1)})
    ran = cli("try")
    password = (state / "secrets/DATABASE_PASSWORD").read_text()
    assert password not in "".join([*fake.asked(), ran.out, ran.err])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--down", "--https-port", "9443"], "--down takes no port."),
        (["--http-port", "9443", "--https-port", "9443"], "Port 9443 cannot be for HTTP and HTTPS."),
        (["--https-port", "8080"], "Port 8080 cannot be for HTTP and HTTPS."),
        (["--https-port", "0"], "Invalid value for '--https-port'"),
    ],
)
def test_ports_that_make_no_sense(
    cli: Cli, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    installed(tmp_path / "bin", monkeypatch)
    ran = cli("try", *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert not state.exists()


def test_down_says_what_it_removed(cli: Cli, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path / "bin", monkeypatch, {"volume ls": Said(out="v1\nv2\n")})
    ran = cli("try", "--down")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Removed 2 volumes.\n")
    installed(tmp_path / "bin", monkeypatch)
    assert cli("try", "--down").out == "There is no trial here: nothing is called aisearch-try.\n"
    assert not state.exists()
