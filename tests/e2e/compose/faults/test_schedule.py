"""schedule-backups.sh under a real systemd: the timer, what it starts and when, a missed one, and its removal."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path

import pytest

from tests.e2e.compose.config import files, repaired
from tests.e2e.compose.stack import Stack
from tests.e2e.net.namespaces import namespace
from tests.e2e.systemd import debian
from tests.e2e.systemd.machine import Machine, eventually

pytestmark = pytest.mark.drill

NAME = "ai-search"
FOLDER = f"/opt/{NAME}"
UNIT = f"{NAME}-backup"
# No engine runs in there: what the timer starts is another script under the same name, which says where it was started.
# The real one is run in the same surroundings below.
RECORDS = '#!/usr/bin/env bash\necho "$PWD $(ls backup.sh)" >>/root/made\ntest ! -e /root/broken\n'
ENGINE = "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A server in another time zone, with the rendered folder where the runbook puts it."""
    with (
        namespace("schedule") as place,
        Machine(tmp_path_factory.mktemp("schedule"), [debian.bare()], place) as machine,
    ):
        lay_out(machine, "0 2,14 * * *")
        machine.run("cat >/etc/systemd/system/docker.service && systemctl daemon-reload", given=ENGINE)
        machine.run("ln --symbolic --force /usr/share/zoneinfo/Asia/Tokyo /etc/localtime")
        yield machine


def lay_out(machine: Machine, schedule: str) -> None:
    rendered = files(repaired({"backup": {"schedule": schedule}}))["schedule-backups.sh"][0].decode()
    machine.run(f"mkdir --parents {FOLDER} && cat >{FOLDER}/schedule-backups.sh", given=rendered)
    machine.run(f"cat >{FOLDER}/backup.sh && chmod +x {FOLDER}/*.sh", given=RECORDS)


def made(machine: Machine) -> list[str]:
    return machine.says("cat /root/made 2>/dev/null || true").splitlines()


def next_time(machine: Machine) -> str:
    return machine.says(f"TZ=UTC systemctl show --property=NextElapseUSecRealtime --value {UNIT}.timer")


def test_it_starts_the_backup_at_the_times_of_the_config(server: Machine) -> None:
    said = server.run(f"{FOLDER}/schedule-backups.sh").stdout
    assert f"{UNIT}.timer" in said
    assert server.holds(f"systemctl --quiet is-enabled {UNIT}.timer && systemctl --quiet is-active {UNIT}.timer")
    assert next_time(server).split()[2:] in (["02:00:00", "UTC"], ["14:00:00", "UTC"])
    assert not made(server)
    server.run(f"systemctl start {UNIT}.service")
    assert made(server) == [f"{FOLDER} backup.sh"]
    print(f"\nnext: {next_time(server)}")
    # Another schedule: run it again.
    lay_out(server, "30 5 * * 1")
    server.run(f"{FOLDER}/schedule-backups.sh")
    day, _, time, zone = next_time(server).split()
    assert (day, time, zone) == ("Mon", "05:30:00", "UTC")
    assert server.says(f"systemctl list-timers --all --no-legend '{UNIT}*' | wc --lines") == "1"


def test_a_backup_that_was_missed_is_made_at_the_next_start(server: Machine) -> None:
    lay_out(server, "0 2,14 * * *")
    server.run(f"{FOLDER}/schedule-backups.sh")
    before = len(made(server))
    server.run(f"systemctl stop {UNIT}.timer && touch --date='-3 days' /var/lib/systemd/timers/stamp-{UNIT}.timer")
    server.reboot()
    seconds = eventually(lambda: len(made(server)) == before + 1)
    print(f"\nmade {seconds:.1f} s after a start that it had been missed before")


def test_a_backup_that_fails_is_seen(server: Machine) -> None:
    server.run("touch /root/broken")
    assert not server.holds(f"systemctl start {UNIT}.service")
    assert server.holds(f"systemctl --quiet is-failed {UNIT}.service")
    server.run(f"rm /root/broken && systemctl start {UNIT}.service")


def test_it_can_be_removed(server: Machine) -> None:
    server.run(f"{FOLDER}/schedule-backups.sh --remove")
    assert server.says(f"ls /etc/systemd/system | grep {UNIT} || true") == ""
    assert server.says(f"systemctl list-timers --all --no-legend '{UNIT}*'") == ""


def test_what_it_starts_makes_a_backup_with_what_systemd_gives_it(steady: Stack, tmp_path: Path) -> None:
    """The unit's own command in its folder, with systemd's PATH and without a HOME; the engine is the real one."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "systemctl").write_text("#!/bin/sh\n")
    (programs / "systemctl").chmod(0o755)
    asks = {"AISEARCH_UNITS": str(tmp_path), "PATH": f"{programs}:{os.environ['PATH']}"}
    steady.run("./schedule-backups.sh", variables=asks)
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    (written,) = tmp_path.glob("*.service")
    unit.read_string(written.read_text())
    folder, command = unit["Service"]["WorkingDirectory"], unit["Service"]["ExecStart"]
    assert Path(folder) == steady.folder
    given = {name: value for name, value in steady.docker.environment.items() if name.startswith("DOCKER_")}
    given |= {"PATH": steady.docker.environment.get("PATH", os.defpath).partition(":")[0]} if given else {}
    path = ":".join(filter(None, (given.pop("PATH", ""), "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin")))
    given |= {"PATH": path, "LANG": "C.UTF-8", "AISEARCH_BACKUPS": str(tmp_path / "backups")}
    words = [f"{name}={value}" for name, value in given.items()]
    said = steady.run("env", "--ignore-environment", f"--chdir={folder}", *words, *shlex.split(command)).stderr
    (kept,) = (tmp_path / "backups").iterdir()
    assert (kept / "SHA256SUMS").exists()
    print(f"\n{said.strip().splitlines()[-1]}")
