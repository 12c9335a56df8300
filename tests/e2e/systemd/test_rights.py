"""What the real processes may do, and who may read the secrets."""

from __future__ import annotations

import pytest

from tests.e2e.systemd.conftest import Server
from tests.e2e.systemd.machine import Machine, eventually
from tests.e2e.systemd.operator import DOMAIN, LIB, NAME, PASTED, SECRETS

pytestmark = pytest.mark.e2e
OURS = (NAME, f"{NAME}-cache")
CREDENTIALS = f"/run/credentials/{NAME}.service"


@pytest.mark.parametrize("unit", OURS)
def test_each_process_has_no_rights(shared: Server, unit: str) -> None:
    machine = shared.machine
    found = processes(machine, unit)
    assert found
    for process in found:
        status = dict(
            line.split(":\t", 1) for line in machine.says(f"cat /proc/{process}/status").splitlines() if ":\t" in line
        )
        assert "0" not in status["Uid"].split() + status["Gid"].split()
        assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
        assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
        mounts = [line.split() for line in machine.says(f"cat /proc/{process}/mountinfo").splitlines()]
        roots = [mount[5] for mount in mounts if mount[4] == "/"]
        assert [options for options in roots if "ro" not in options.split(",")] == []
    account = machine.says(f"ps -o user= -p {found[0]}")
    print(f"\n{unit}: {len(found)} processes as {account}: no capability, a read-only root, fewer system calls")


@pytest.mark.parametrize("place", ["/etc/passwd", "/usr/local/lib", f"/opt/{NAME}", "/app/src", f"/etc/{NAME}"])
def test_the_app_can_write_nowhere_but_in_its_folders(shared: Server, place: str) -> None:
    assert not can_write(shared.machine, place)


@pytest.mark.parametrize("place", ["/tmp", "/app/src/web/uploads", "/app/.cache"])
def test_the_app_can_write_where_it_has_to(shared: Server, place: str) -> None:
    assert can_write(shared.machine, place)


def test_the_secrets_are_readable_only_inside_the_service(shared: Server) -> None:
    machine = shared.machine
    secret = f"{CREDENTIALS}/DATABASE_PASSWORD"
    inside = f"nsenter --target {main_process(machine)} --mount --setuid $(id -u {NAME}) --setgid $(id -g {NAME})"
    assert machine.says(f"{inside} cat {secret}") == machine.says(f"cat {SECRETS}/DATABASE_PASSWORD")
    for user in ("nobody", "www-data", "postgres"):
        for file in (secret, f"{SECRETS}/DATABASE_PASSWORD"):
            done = machine.run(f"runuser -u {user} -- cat {file}", check=False)
            assert (done.returncode, done.stdout) == (1, ""), user
    # Another service, hardened or not, as another user or as none that exists.
    for settings in ("-p User=www-data", "-p DynamicUser=yes", "-p User=nobody -p PrivateTmp=yes"):
        done = machine.run(f"systemd-run --quiet --pipe --wait {settings} cat {secret}", check=False)
        assert (done.returncode, done.stdout) == (1, ""), settings
    assert machine.says(f"stat --format '%U %a' {SECRETS} {SECRETS}/* | sort -u").splitlines() == [
        "root 600",
        "root 700",
    ]


def test_secrets_are_in_no_unit_argument_or_log(shared: Server) -> None:
    machine = shared.machine
    values = (machine.says(f"cat {SECRETS}/DATABASE_PASSWORD"), PASTED)
    places = [
        "cat /proc/[0-9]*/cmdline",
        f"systemctl show --all '{NAME}*'",
        "cat /etc/systemd/system/* /etc/nginx/sites-enabled/* 2>/dev/null",
        f"find {LIB} /opt/{NAME} -type f -not -name '*.so*' -exec cat {{}} +",
        f"journalctl --namespace={NAME} --output=cat; journalctl --output=cat",
    ]
    for place in places:
        said = machine.run(f"({place}) | tr '\\0' ' ' | iconv --from-code latin1", check=False).stdout
        assert said
        assert [value for value in values if len(value) < 12 or value in said] == [], place
    # The environment of a process is for its user and for root.
    assert not machine.holds(f"runuser -u nobody -- cat /proc/{main_process(machine)}/environ")


def test_the_apps_log_is_in_a_journal_of_its_own(shared: Server) -> None:
    machine = shared.machine
    lines = machine.says(f"journalctl --namespace={NAME} --unit={NAME} --output=cat")
    assert '"message": "started"' in lines or '"message":"started"' in lines
    elsewhere = machine.says(f"journalctl --unit={NAME} --output=cat")
    assert "GET /health" not in elsewhere
    assert '"started"' not in elsewhere


def test_logs_stay_as_small_as_the_config_says(server: Server) -> None:
    """1 MiB in three files, for the app's journal and for nginx's log; one request more is logged after a rotation."""
    machine, operator = server.machine, server.operator
    operator.change(logs={"max_size": "1Mi", "max_files": 3})
    operator.bring()
    machine.run(f"/root/{NAME}/files.sh")
    flood = "head -c 12000000 /dev/urandom | base64 --wrap=1000"
    machine.run(f"{flood} | runuser -u {NAME} -- systemd-cat --namespace={NAME} --identifier=flood")
    journal = f"du --bytes --total /var/log/journal/*.{NAME} | tail -1 | cut -f1"
    # journald vacuums after what it has taken in.
    eventually(lambda: int(machine.says(journal)) < 4.2 * 2**20)
    logs = f"/var/log/{NAME}"
    for _ in range(5):
        machine.run(f"head -c 1200000 /dev/urandom | base64 >>{logs}/access.log")
        machine.run(f"systemctl start {NAME}-logs.service")
    kept = machine.says(f"ls {logs} | grep ^access").split()
    assert sorted(kept) == ["access.log", "access.log.1", "access.log.2.gz", "access.log.3.gz"]
    before = machine.says(f"stat --format %s {logs}/access.log")
    machine.run(f"curl --insecure --silent --resolve {DOMAIN}:443:127.0.0.1 https://{DOMAIN}/whoami")
    eventually(lambda: machine.says(f"stat --format %s {logs}/access.log") != before)
    size = int(machine.says(journal)) / 2**20
    print(f"\n12 MB of log lines later: the app's journal has {size:.1f} MiB, nginx's log four files")


def processes(machine: Machine, unit: str) -> list[str]:
    group = machine.says(f"systemctl show --property=ControlGroup --value {unit}.service")
    return machine.says(f"cat /sys/fs/cgroup{group}/cgroup.procs").split()


def main_process(machine: Machine) -> str:
    return machine.says(f"systemctl show --property=MainPID --value {NAME}.service")


def can_write(machine: Machine, place: str) -> bool:
    """Whether the app's user can change the file, or make one in the folder, as the service sees it."""
    test = f"if [ -d {place} ]; then touch {place}/written && rm {place}/written; else echo >>{place}; fi"
    inside = f"nsenter --target {main_process(machine)} --mount --setuid $(id -u {NAME}) --setgid $(id -g {NAME})"
    return machine.holds(f"{inside} sh -c '{test}' 2>/dev/null")
