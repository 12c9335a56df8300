"""Where a trial lives, what it is made of, and that nothing of it stays."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from aisearch_deploy.config.load import parse
from aisearch_deploy.errors import EngineProblem, FileProblem
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.running import trial
from aisearch_deploy.running.trial_config import Ports, config_text, earlier_ports
from aisearch_deploy.targets.registry import target_named
from tests.running.fake_docker import Said, installed


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trial.Place:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return trial.place()


def test_the_folder_is_where_the_specification_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for ignored in ("", "relative/path"):
        monkeypatch.setenv("XDG_STATE_HOME", ignored)
        assert trial.place().folder == tmp_path / ".local/state/aisearch-deploy/try"
    monkeypatch.setenv("XDG_STATE_HOME", "/var/state")
    assert trial.place().folder == Path("/var/state/aisearch-deploy/try")


def test_the_config_is_one_that_resolves_and_needs_nothing_from_outside(where: trial.Place) -> None:
    text = config_text(where, Ports(9080, 9443))
    seen = resolve(parse(text.encode(), "aisearch.yaml"), None, target_named("compose").TRAITS)
    assert seen.config.tls.source == "self-signed"
    assert seen.config.secrets.names == []
    assert seen.secrets_path == str(where.secrets)
    assert target_named("compose").refuses(seen) is None


def test_the_ports_are_remembered(where: trial.Place) -> None:
    assert earlier_ports(where.config) == (8080, 8443)
    trial.lay_out(where, config_text(where, Ports(9080, 9443)), [])
    assert earlier_ports(where.config) == (9080, 9443)
    where.config.write_text("targets: [nonsense")
    assert earlier_ports(where.config) == (8080, 8443)


def test_secrets_are_random_stay_and_are_closed_to_others(where: trial.Place) -> None:
    trial.lay_out(where, "", ["ONE", "TWO"])
    one, two = ((where.secrets / name).read_text() for name in ("ONE", "TWO"))
    assert one != two
    assert len(one) == 64
    assert stat.S_IMODE(where.secrets.stat().st_mode) == 0o700
    assert stat.S_IMODE(where.folder.stat().st_mode) == 0o700
    trial.lay_out(where, "", ["ONE", "TWO"])
    assert (where.secrets / "ONE").read_text() == one


def test_the_apps_source_comes_along_without_what_a_run_left(where: trial.Place) -> None:
    trial.lay_out(where, "", [])
    names = {path.relative_to(where.app).as_posix() for path in where.app.rglob("*")}
    assert {"requirements.txt", "src/web/app.py"} <= names
    assert not {name for name in names if "__pycache__" in name or name.startswith((".", "deploy"))}


def test_a_folder_that_cannot_be_written(where: trial.Place) -> None:
    where.folder.parent.parent.mkdir(parents=True)
    where.folder.parent.write_text("a file is in the way")
    with pytest.raises(FileProblem, match="cannot be written") as raised:
        trial.lay_out(where, "", [])
    assert "XDG_STATE_HOME" in raised.value.fix


def test_a_taken_port_is_an_error_with_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EngineProblem, match=f"Port {port} of this machine is taken") as raised:
            trial.refuse_taken_ports({"--https-port": port})
    assert f"aisearch-deploy try --https-port {trial.another(port)}" in raised.value.fix


def test_a_port_that_the_trial_itself_holds_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = f"5432/tcp\n0.0.0.0:8080->8080/tcp, 0.0.0.0:{port}->8443/tcp, [::]:{port}->8443/tcp\n"
        installed(tmp_path, monkeypatch, {"ps": Said(out=said)})
        assert trial.published_ports() == {8080, port}
        trial.refuse_taken_ports({"--https-port": port})


def test_another_port_is_one_that_exists() -> None:
    assert trial.another(8443) == 9443
    assert trial.another(65_000) < 65_536


def test_everything_is_removed(where: trial.Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trial.lay_out(where, "", ["ONE"])
    fake = installed(
        tmp_path,
        monkeypatch,
        {
            "ps": Said(out="c1\nc2\n"),
            "volume ls": Said(out="v1\n"),
            "network ls": Said(out="n1\nn2\n"),
            "images": Said(out="sha256:1\nsha256:1\n"),
        },
    )
    removed = trial.remove(where)
    assert removed == ["2 containers", "1 volume", "2 networks", "1 image", str(where.folder)]
    assert {
        "rm --force --volumes c1 c2",
        "volume rm --force v1",
        "network rm n1 n2",
        "image rm --force sha256:1",
    } <= set(fake.asked())
    assert not where.folder.exists()


def test_where_nothing_is_nothing_is_removed(
    where: trial.Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = installed(tmp_path, monkeypatch)
    assert trial.remove(where) == []
    assert not [command for command in fake.asked() if " rm " in f" {command} "]
