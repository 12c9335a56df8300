"""update.sh and rollback.sh while customers ask 50 times a second, with an app that takes 12 s to start."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.load.record import Record
from tests.e2e.systemd.asking import ask
from tests.e2e.systemd.conftest import Server
from tests.e2e.systemd.loaded import during
from tests.e2e.systemd.machine import Machine
from tests.e2e.systemd.operator import NAME, RELEASES, THERE

pytestmark = pytest.mark.drill
START = 12
REQUESTS = 3000
SLOW = {"START_DELAY": str(START)}


@pytest.fixture
def slow(server: Server) -> Server:
    """A server whose app would take 12 s to start once more; a start has half a minute."""
    server.operator.change(app={"startup": "30s"})
    server.operator.release("1.0.0", **SLOW)
    server.machine.run(f"{THERE}/files.sh")
    return server


def test_an_update_and_a_rollback_lose_nothing_and_nobody_waits(slow: Server) -> None:
    machine, operator = slow.machine, slow.operator
    operator.release("1.1.0", **SLOW)
    updated, seconds = during(slow, lambda: machine.run(operator.blocks("Update")[1]), REQUESTS // 2)
    tell("update to 1.1.0", updated, seconds)
    assert version(slow) == "1.1.0"
    assert_unnoticed(updated)
    assert list(updated.versions) == ["1.0.0", "1.1.0"]
    assert "1.0.0" in releases(machine)

    back, seconds = during(slow, lambda: operator.follow("Roll back"), REQUESTS // 2)
    tell("rollback to 1.0.0", back, seconds)
    assert version(slow) == "1.0.0"
    assert_unnoticed(back)
    assert list(back.versions) == ["1.1.0", "1.0.0"]
    assert updated.sent + back.sent >= REQUESTS
    assert not machine.holds(f"systemctl --quiet is-active {NAME}-next.service")


@pytest.mark.parametrize("broken", ["start", "health"])
def test_a_broken_version_answers_nobody(server: Server, broken: str) -> None:
    """One that does not start, and one that starts and is not well."""
    machine, operator = server.machine, server.operator
    operator.change(app={"startup": "8s"}, contract={"ready_path": "/health"})
    main = machine.says(f"systemctl show --property=MainPID --value {NAME}.service")
    units = machine.says("cat /etc/systemd/system/*.service | sha256sum")
    operator.release("2.0.0", BROKEN=broken)
    done = []
    record, seconds = during(server, lambda: done.append(machine.run(f"{THERE}/update.sh", check=False)))
    tell(f"update to one with BROKEN={broken}", record, seconds)
    assert done[0].returncode == 1
    assert "The update failed" in done[0].stderr
    if broken == "start":
        assert "this version does not start" in done[0].stderr
    assert_unnoticed(record)
    assert list(record.versions) == ["1.0.0"]
    # Not even restarted; the settings are the old ones again.
    assert machine.says(f"systemctl show --property=MainPID --value {NAME}.service") == main
    assert machine.says("cat /etc/systemd/system/*.service | sha256sum") == units
    assert not machine.holds(f"systemctl --quiet is-active {NAME}-next.service")
    machine.run(f"/usr/local/lib/{NAME}/verify.sh")


def test_an_update_that_was_cut_off_loses_nothing_either(server: Server) -> None:
    """The operator's connection breaks while the service itself is being replaced. The next update finishes it."""
    machine, operator = server.machine, server.operator
    operator.release("1.1.0", START_DELAY="2")

    def cut_off_and_again() -> None:
        replaced = "tail --follow --retry --quiet update.log | grep --quiet --max-count=1 'replacing the service'"
        machine.run(
            f'setsid {THERE}/update.sh >update.log 2>&1 & timeout 60 bash -c "{replaced}"; pkill --full -9 update.sh'
        )
        assert machine.says(f"readlink /run/{NAME}/entrance.sock") == "next.sock"
        # What it had started goes on, and holds the lock for that long.
        machine.run(f"flock --wait 60 {RELEASES} true")
        assert "An update was interrupted" in machine.run(f"{THERE}/update.sh").stderr

    record, seconds = during(server, cut_off_and_again)
    tell("update cut off by SIGKILL, then once more", record, seconds)
    assert_unnoticed(record)
    assert version(server) == "1.1.0"
    assert machine.says(f"readlink /run/{NAME}/entrance.sock") == "app.sock"


def test_the_guides_way_loses_requests(slow: Server) -> None:
    """For comparison: the same app behind the same nginx, on a port of its own, updated by `systemctl restart`."""
    machine = slow.machine
    unit = Path(machine.path(f"/etc/systemd/system/{NAME}.service")).read_text()
    guide = unit.replace("--fd=3", "--host=127.0.0.1 --port=8100").replace("Environment=START_DELAY=12", "")
    assert guide.count("8100") == 1
    kept = [line for line in guide.splitlines() if f"{NAME}.socket" not in line]
    machine.run("cat >/etc/systemd/system/guide.service", given="\n".join(kept))
    site = f"/etc/nginx/sites-available/{NAME}.conf"
    machine.run("systemctl start guide && sleep 3")
    machine.run(
        f"sed -i 's,server unix:/run/{NAME}/entrance.sock,server 127.0.0.1:8100,' {site} && systemctl reload nginx"
    )
    assert version(slow) == "1.0.0"
    machine.run(f"sed -i 's,^\\[Service\\],&\\nEnvironment=START_DELAY={START},' /etc/systemd/system/guide.service")
    machine.run("systemctl daemon-reload")
    record, seconds = during(slow, lambda: machine.run("systemctl restart guide"), (START + 8) * 50)
    tell("the guide's way, systemctl restart", record, seconds)
    assert len(record.lost) > START * 50 / 2


def assert_unnoticed(record: Record) -> None:
    """Nothing lost, nobody waited for two seconds, no stream stood still for one."""
    assert not record.lost, record.summary()
    assert not record.slower_than(2), record.summary()
    assert record.longest_gap < 1, record.summary()


def version(server: Server) -> str:
    with server.internet.machine("asking", "198.51.100.30") as client:
        return str(ask(client, "GET", "/health").json()["version"])


def releases(machine: Machine) -> str:
    return machine.says(f"ls {RELEASES}/releases")


def tell(what: str, record: Record, seconds: float) -> None:
    print(f"\n{what} ({seconds:.0f} s): {record.summary()}")
