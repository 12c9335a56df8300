"""install.sh on an empty server, once more, and uninstall.sh."""

from __future__ import annotations

import re

import pytest

from tests.e2e.systemd.asking import ask, ask_plainly
from tests.e2e.systemd.conftest import Deployed, Server
from tests.e2e.systemd.machine import Machine
from tests.e2e.systemd.operator import BACKUPS, LIB, NAME, RELEASES, THERE

pytestmark = pytest.mark.e2e

# Changes by itself: logs, the database's own files, what programs keep about themselves.
ALIVE = [
    *("/var/log", "/var/lib/postgresql", "/var/lib/systemd", "/var/lib/apt", "/var/cache", "/var/tmp", "/tmp"),
    *("/var/lib/logrotate", "/etc/ssl/private", "/root/.cache", "/var/lib/dpkg/lock"),
]


def test_an_empty_server_serves_when_the_runbook_was_followed(deployed: Deployed, shared: Server) -> None:
    assert f"{NAME} serves." in deployed.said
    machine = shared.machine
    with shared.internet.machine("customer", "198.51.100.7") as client:
        added = ask(client, "POST", "/documents", {"documents": [{"title": "Herons", "body": "Herons wade."}]})
        assert added.status == 201
        first, second = (ask(client, "POST", "/query", {"query": "herons"}) for _ in range(2))
        plain = ask_plainly(client, "/")
    assert [found["title"] for found in first.json()["results"]] == ["Herons"]
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("miss", "hit")
    assert (plain.status, plain.headers["location"]) == (301, "https://search.example.com/")
    assert not machine.says("systemctl list-units --failed --plain --no-legend")
    versions = machine.says(
        "psql --version; valkey-server --version; nginx -v 2>&1; systemctl --version | head -1; python3 --version"
    )
    print(f"\ninstalled from nothing in {deployed.seconds:.0f} s; {versions}")


def test_a_second_install_changes_nothing(server: Server) -> None:
    machine = server.machine
    before = files(machine), processes(machine), units(machine)
    began = machine.says("date +%s.%N")
    said = machine.run(f"{THERE}/install.sh --yes").stderr
    seconds = float(machine.says("date +%s.%N")) - float(began)
    after = files(machine), processes(machine), units(machine)
    assert "is there already" in said
    for old, new in zip(before, after, strict=True):
        assert old == new, sorted(set(old.items()) ^ set(new.items()))
    print(f"\nagain in {seconds:.0f} s: {len(before[0])} files and {len(before[2])} units as before")


def test_uninstall_leaves_what_it_says(server: Server) -> None:
    machine = server.machine
    said = machine.run(f"{THERE}/uninstall.sh", given=f"{NAME}\n").stderr
    assert f"{NAME} is gone." in said
    kept = {f"/var/lib/{NAME}", f"/etc/{NAME}/secrets", BACKUPS}
    assert {place for place in kept if place in said and machine.holds(f"test -d {place}")} == kept
    assert machine.holds(f"id {NAME}")
    assert not machine.says(f"systemctl list-unit-files --no-legend '{NAME}*' || true")
    for gone in (RELEASES, LIB, f"/run/{NAME}", f"/etc/{NAME}/edge"):
        assert not machine.holds(f"test -e {gone}"), gone
    # What stayed is enough to come back with everything.
    machine.run(f"{THERE}/install.sh --yes")


def test_uninstall_with_data_leaves_nothing(server: Server, bare: Machine) -> None:
    machine = server.machine
    machine.run(f"systemctl start {NAME}-backup.service {NAME}-logs.service")
    said = machine.run(f"{THERE}/uninstall.sh --yes --data").stderr
    assert "gone with its data" in said
    machine.run(f"rm -r {THERE}")
    left = machine.says(f"find / -xdev -name '*{NAME}*' -not -path '/proc/*'; ls -d /run/{NAME}* 2>/dev/null || true")
    assert not left
    # shadow(5) and its like keep the version before, under a name with a hyphen.
    assert not machine.says(f"grep --recursive --files-with-matches --exclude='*-' {NAME} /etc || true")
    assert not machine.says(f"ps -e -o args | grep -v grep | grep {NAME} || true")
    assert not machine.says("ls -d /etc/systemd/system/*.service.d 2>/dev/null || true")
    assert not machine.says(f"systemctl list-units --all --plain --no-legend '*{NAME}*'")
    assert set(accounts(machine)) - set(accounts(bare)) <= {"postgres", "valkey", "www-data", "nginx"}
    databases = machine.says("cd / && runuser -u postgres -- psql -Atc 'SELECT datname FROM pg_database' ")
    assert sorted(databases.split()) == ["postgres", "template0", "template1"]
    assert machine.says(
        "cd / && runuser -u postgres -- psql -Atc 'SELECT rolname FROM pg_roles WHERE rolcanlogin'"
    ) == ("postgres")
    print("\nnothing of it is left: files, users, units, processes, roles, databases")


def files(machine: Machine) -> dict[str, str]:
    """Kind, mode, owner and content of everything on the disk that does not change by itself."""
    pruned = " -o ".join(f"-path {place}" for place in ALIVE)
    listed = machine.says(
        f"find / -xdev \\( {pruned} \\) -prune -o -printf '%y %m %u:%g %s %l\\t%p\\n' | sort;"
        f"find / -xdev \\( {pruned} \\) -prune -o -type f -not -path '/usr/share/*' -print0 | xargs -0 sha256sum"
    )
    found: dict[str, str] = {}
    for line in listed.splitlines():
        what, _, path = line.partition("\t" if "\t" in line else "  ")
        if "\t" in line:
            # A folder's size is its file system's business.
            found[path] = re.sub(r"^(d .*) \d+ $", r"\1", what)
        else:
            found[f"{path} content"] = what if "\t" not in line else ""
    return found


def processes(machine: Machine) -> dict[str, str]:
    """Main processes of services, and the app's own workers."""
    shown = machine.says("systemctl show --property=Id,MainPID --value '*.service' | paste -sd ' '")
    workers = machine.says(f"systemctl show --property=ControlGroup --value {NAME}.service")
    return {"services": shown, "app": machine.says(f"cat /sys/fs/cgroup{workers}/cgroup.procs | paste -sd ' '")}


def units(machine: Machine) -> dict[str, str]:
    """Each unit that is loaded or installed, with its state."""
    loaded = machine.says("systemctl list-units --all --plain --no-legend --no-pager --type=service,socket,timer,path")
    states = {words[0]: " ".join(words[1:4]) for words in map(str.split, loaded.splitlines())}
    installed = machine.says("systemctl list-unit-files --no-legend --no-pager")
    return states | {f"{words[0]} file": words[1] for words in map(str.split, installed.splitlines())}


def accounts(machine: Machine) -> list[str]:
    return machine.says("cut -d: -f1 /etc/passwd").split()
