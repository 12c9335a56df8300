"""What is killed, restarted or taken away while customers ask comes back by itself."""

from __future__ import annotations

import time

import pytest

from tests.e2e.load.kinds import WRITING
from tests.e2e.net.internet import Machine as Client
from tests.e2e.systemd.asking import ask
from tests.e2e.systemd.conftest import Server
from tests.e2e.systemd.loaded import customers
from tests.e2e.systemd.machine import Machine, eventually
from tests.e2e.systemd.operator import LIB, NAME

pytestmark = pytest.mark.e2e
HEALED = 30
SERVICES = (f"{NAME}.service", f"{NAME}-cache.service", "postgresql@17-main.service", "nginx.service")


def test_every_process_of_every_service_may_be_killed(server: Server) -> None:
    """One after the other, with SIGKILL; what was acknowledged is in the database afterwards."""
    machine = server.machine
    told = []
    with customers(server, WRITING, 25) as running, server.internet.machine("probe", "198.51.100.20") as probe:
        for service in SERVICES:
            for title in titles(machine, service):
                machine.run(f"kill -KILL {processes(machine, service)[title]}")
                began = time.monotonic()
                while not well(machine, service, probe):
                    assert time.monotonic() - began < HEALED, f"{service}: not well after {title} was killed"
                    time.sleep(0.1)
                told.append(f"  {service}: {title}: well again after {time.monotonic() - began:.1f} s")
        record = running.record
    stored = set(map(int, sql(machine, "SELECT id FROM documents WHERE kind = 'load'").split()))
    assert record.written
    assert not set(record.written) - stored
    machine.run(f"{LIB}/verify.sh")
    print("\n" + "\n".join([*told, record.summary(), f"{len(record.written)} rows acknowledged, all there"]))


def test_a_restart_of_the_database_is_survived(server: Server) -> None:
    machine = server.machine
    main = machine.says(f"systemctl show --property=MainPID --value {NAME}.service")
    with customers(server, WRITING) as running, server.internet.machine("probe", "198.51.100.20") as probe:
        machine.run("systemctl restart postgresql")
        seconds = eventually(lambda: writes(probe), HEALED)
        sent = running.due
        running.wait_for(sent + 150)
        record = running.record
    # The last three seconds are as if nothing had been, from the same process.
    late = record.between(record.outcomes[-1].at - 2.5, record.outcomes[-1].at + 1)
    assert not late.lost, late.summary()
    assert machine.says(f"systemctl show --property=MainPID --value {NAME}.service") == main
    print(f"\ndatabase restarted, writes again after {seconds:.1f} s: {record.summary()}")


def test_answers_go_on_without_the_cache(server: Server) -> None:
    machine = server.machine
    with customers(server) as running, server.internet.machine("probe", "198.51.100.20") as probe:
        machine.run(f"systemctl stop {NAME}-cache")
        running.wait_for(running.due + 250)
        without = ask(probe, "POST", "/query", {"query": "heron 1"})
        machine.run(f"systemctl start {NAME}-cache")
        running.wait_for(running.due + 100)
        record = running.record
    assert without.status == 200
    assert not record.lost, record.summary()
    print(f"\n5 s without the cache: {record.summary()}")


def test_everything_returns_after_a_reboot(server: Server) -> None:
    machine = server.machine
    with customers(server, WRITING) as running:
        running.wait_for(200)
        record = running.record
    seconds = machine.reboot()
    with server.internet.machine("probe", "198.51.100.20") as probe:
        seconds += eventually(lambda: writes(probe), HEALED)
    stored = set(map(int, sql(machine, "SELECT id FROM documents WHERE kind = 'load'").split()))
    assert not set(record.written) - stored
    machine.run(f"{LIB}/verify.sh")
    assert "active" in machine.says("ufw status | head -1")
    timers = machine.says(f"systemctl list-timers --no-legend '{NAME}*' | grep --only-matching '{NAME}-[a-z]*.timer'")
    assert sorted(timers.split()) == [f"{NAME}-{part}.timer" for part in ("backup", "drill", "edge", "logs")]
    print(f"\nfrom `systemctl reboot` to the first write: {seconds:.1f} s; {len(record.written)} rows, all there")


def titles(machine: Machine, service: str) -> list[str]:
    """What each process calls itself; workers of one kind once, connections of the app as one kind."""
    return list(processes(machine, service))


def processes(machine: Machine, service: str) -> dict[str, int]:
    """The processes of a service by title: the main one first, then one of each kind."""
    group = machine.says(f"systemctl show --property=ControlGroup --value {service}")
    listed = machine.says(f"ps -o pid=,args= -p $(paste -sd, /sys/fs/cgroup{group}/cgroup.procs)")
    found: dict[str, int] = {}
    for line in listed.splitlines():
        process, title = line.split(None, 1)
        short = " ".join(title.split()[:4]) if "postgres: " in title else title[:60]
        found.setdefault(
            "postgres: connection" if "postgres: " in title and "127.0.0.1" in title else short, int(process)
        )
    return found


def well(machine: Machine, service: str, probe: Client) -> bool:
    """The service runs, and a question and a write are answered."""
    return machine.holds(f"systemctl --quiet is-active {service}") and writes(probe)


def writes(probe: Client) -> bool:
    document = {"title": "Written by a probe", "body": "heron", "kind": "probe"}
    try:
        asked = ask(probe, "POST", "/query", {"query": "heron"}, seconds=5)
        written = ask(probe, "POST", "/documents", {"documents": [document]}, seconds=5)
    except OSError:
        return False
    return (asked.status, written.status) == (200, 201)


def sql(machine: Machine, statement: str) -> str:
    return machine.says(f'cd / && runuser -u postgres -- psql -d aisearch -Atc "{statement}"')
