"""Each way in which Docker can be missing has its own words, and a fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisearch_deploy.errors import EngineProblem
from aisearch_deploy.running import docker
from tests.running.fake_docker import Said, installed

NOT_RUNNING = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n"
FORBIDDEN = "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n"


@pytest.fixture(autouse=True)
def _no_docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


def test_a_docker_that_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch)
    assert (docker.engine_version(), docker.compose_version()) == ("26.1.5", "2.40.3")


def test_it_is_not_installed() -> None:
    with pytest.raises(EngineProblem, match="not installed") as raised:
        docker.engine_version()
    assert "https://docs.docker.com/engine/install/" in raised.value.fix
    assert raised.value.exit_code == 3


@pytest.mark.parametrize(
    ("said", "message", "fix"),
    [
        (NOT_RUNNING, "Docker does not answer", "systemctl start docker"),
        (FORBIDDEN, "this user may not use it", "usermod -aG docker"),
    ],
)
def test_it_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, message: str, fix: str) -> None:
    installed(tmp_path, monkeypatch, {"version --format": Said(1, err=said)})
    with pytest.raises(EngineProblem, match=message) as raised:
        docker.engine_version()
    assert fix in raised.value.fix


def test_it_is_on_another_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch, {"context inspect": Said(out="ssh://root@server.example.com\n")})
    with pytest.raises(EngineProblem, match=r"another machine: ssh://root@server\.example\.com"):
        docker.engine_version()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (Said(1, err="docker: 'compose' is not a docker command.\n"), "no Compose plugin"),
        (Said(0, out="2.17.3\n"), "Compose 2.17.3 is too old"),
        (Said(0, out="2.19.1\n"), "Compose 2.19.1 is too old"),
    ],
)
def test_compose_is_missing_or_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: Said, message: str) -> None:
    installed(tmp_path, monkeypatch, {"compose version": said})
    with pytest.raises(EngineProblem, match=message) as raised:
        docker.compose_version()
    assert "docker-compose-plugin" in raised.value.fix


@pytest.mark.parametrize("version", ["2.20.0", "v2.40.3", "5.0.1", "2.26.1-4"])
def test_compose_is_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    installed(tmp_path, monkeypatch, {"compose version": Said(0, out=f"{version}\n")})
    assert docker.compose_version() == version.removeprefix("v")


def test_a_failure_shows_the_end_of_what_was_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = "".join(f"line {number}\n" for number in range(100))
    installed(tmp_path, monkeypatch, {"build": Said(1, err=f"{many}ERROR: no such base\n")})
    with pytest.raises(EngineProblem, match=r"docker build failed:(?s:.*)ERROR: no such base") as raised:
        docker.do("build", "--tag=a", "/somewhere")
    assert len(raised.value.message.splitlines()) == 1 + docker.LINES_SHOWN
