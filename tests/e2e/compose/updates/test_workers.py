"""With as much memory as today's app holds: `workers: auto` fits the limit, the guide's number is killed."""

from __future__ import annotations

import time

import pytest

from tests.e2e.compose.config import Object
from tests.e2e.compose.updates.service import Service, assert_unnoticed, tell

pytestmark = pytest.mark.drill
MIB = 2**20
# 1.05 GiB a worker; one replica, for machines that have no more.
HEAVY: Object = {
    "app": {"memory": "4Gi", "startup": "60s", "env": {"HOLD_MEMORY": "1075"}},
    "load": {"streams": 50},
    "scaling": {"min": 1, "max": 1},
}


def test_g26_workers_auto_fits_the_limit(running: Service) -> None:
    running.render(HEAVY, {"app": {"workers": "auto"}})
    assert running.update().returncode == 0
    record, seconds = running.during(lambda: time.sleep(5))
    (container,) = running.stack.containers("app")
    workers = next(each for each in container["Config"]["Env"] if each.startswith("WEB_WORKERS="))
    # Of all processes, as the limit counts it (kernel documentation, cgroup-v1/memory and cgroup-v2).
    usage = "cat /sys/fs/cgroup/memory.current /sys/fs/cgroup/memory/memory.usage_in_bytes 2>/dev/null || true"
    held = int(running.stack.exec("app", "sh", "-c", usage).split()[0])
    limit = container["HostConfig"]["Memory"]
    print(f"\nworkers: auto in 4 GiB: {workers}, {held // MIB} MiB of {limit // MIB} MiB held under traffic")
    tell("1.05 GiB a worker", record, seconds)
    assert limit == 4096 * MIB
    # What is mapped from files is no memory of the container's own.
    assert 1000 * MIB < held < limit
    assert not kills(running)
    assert container["RestartCount"] == 0
    assert_unnoticed(record)


def test_g26_the_guides_four_workers_in_4_gib_are_killed(running: Service) -> None:
    """The kernel kills one, uvicorn starts another, and so on; Docker notes it once the container ends."""
    stack = running.stack
    running.render(HEAVY, {"app": {"workers": 4}})
    stack.compose("up", "--detach", "--no-deps", "app")
    (container,) = stack.containers("app")
    give_up = time.monotonic() + 60
    while not kills(running):
        assert time.monotonic() < give_up, "none was killed"
        time.sleep(1)
    print(f"\n4 workers of 1.05 GiB in 4 GiB: {kills(running)} were killed for want of memory within seconds")
    stack.compose("stop", "--timeout", "5", "app")
    (container,) = stack.docker.inspect(container["Id"])
    assert container["State"]["OOMKilled"]


def kills(service: Service) -> int:
    """How often the kernel ended a process of the app's container since it started. The question may be its victim."""
    files = "/sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control"
    said = service.stack.exec("app", "sh", "-c", f"cat {files} 2>/dev/null || true", check=False)
    return sum(int(line.split()[1]) for line in said.splitlines() if line.startswith("oom_kill "))
