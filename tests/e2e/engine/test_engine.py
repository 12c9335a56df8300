"""The engine that the other tests get works, and one of our own leaves nothing behind."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.e2e.engine.daemon import daemon, running_pids
from tests.e2e.engine.docker import Docker
from tests.e2e.images.base import NAME as BASE
from tests.e2e.net.namespaces import HERE, NAMED, namespace

pytestmark = pytest.mark.e2e


def test_it_runs_containers_and_compose(engine: Docker) -> None:
    server = engine.says("version", "--format", "{{.Server.Version}}")
    composed = engine.says("compose", "version", "--short")
    print(f"\nDocker Engine {server}, Compose {composed}")
    if engine.own:
        assert engine.says("run", "--rm", "--network=none", BASE, "echo", "it runs") == "it runs"


def test_memory_has_a_limit_that_counts(engine: Docker) -> None:
    if not engine.own:
        return
    grow = "head --bytes=200M /dev/zero | tail"
    finished = engine.run(
        "docker",
        "run",
        "--network=none",
        "--name=grows",
        "--memory=64m",
        "--memory-swap=64m",
        BASE,
        "sh",
        "-c",
        grow,
        check=False,
    )
    (container,) = engine.inspect("grows")
    engine.says("rm", "grows")
    assert finished.returncode != 0
    assert container["State"]["OOMKilled"]


def test_our_own_leaves_no_process_no_mount_no_namespace_and_no_rule(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    before = rules_here()
    began = time.monotonic()
    with namespace("leaves-nothing") as server, daemon(state, server) as docker:
        print(f"\nan engine of our own answers after {time.monotonic() - began:.1f} s")
        assert running_pids(state)
        docker.says("network", "create", "left")
        docker.says("volume", "create", "left")
    assert running_pids(state) == []
    assert str(state) not in Path("/proc/self/mounts").read_text()
    assert not Path(NAMED, str(server.name)).exists()
    assert rules_here() == before
    with namespace("leaves-nothing") as server, daemon(state, server) as docker:
        assert docker.says("volume", "ls", "--quiet") == ""
        assert "left" not in docker.says("network", "ls")


def rules_here() -> list[str]:
    """The machine's own rules, without the counters and times that come with them."""
    return [line for line in HERE.run(["iptables-save"]).stdout.splitlines() if line.startswith("-A")]
