"""What the processes may do, as the kernel says: nobody is root, nobody has a capability, and the root is read-only."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.compose.stack import Stack

pytestmark = pytest.mark.e2e

USERS = {"app": 10001, "db": 999, "pooler": 70, "cache": 999, "edge": 101}
# Beside volumes: these are no disk, or hold what Docker writes there.
NO_DISK = ("/proc", "/dev", "/sys", "/tmp", "/run", "/var/run/postgresql", "/data")


def processes(stack: Stack, service: str) -> list[Path]:
    """The folders in /proc of every process of a service, from the outside."""
    found = []
    for container in stack.containers(service):
        shown = stack.docker.says("top", container["Id"], "-eo", "pid").split()[1:]
        found += [Path("/proc", number) for number in shown]
    return found


def status(process: Path) -> dict[str, str]:
    lines = (process / "status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@pytest.mark.parametrize("service", USERS)
def test_no_process_is_root_or_has_a_capability(stack: Stack, service: str) -> None:
    found = processes(stack, service)
    names = set()
    for process in found:
        says = status(process)
        names.add(says["Name"])
        assert set(says["Uid"].split() + says["Gid"].split()) == {str(USERS[service])}, says["Name"]
        assert {says[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
        assert says["NoNewPrivs"] == "1"
        assert says["Seccomp"] == "2", "Docker's filter of system calls"
    print(f"\n{service}: {len(found)} processes ({', '.join(sorted(names))}) as {USERS[service]}, no capability")
    assert len(found) >= 2


@pytest.mark.parametrize("service", USERS)
def test_only_volumes_and_memory_can_be_written_to(stack: Stack, service: str) -> None:
    container = stack.containers(service)[0]
    assert container["HostConfig"]["ReadonlyRootfs"]
    assert container["HostConfig"]["CapDrop"] == ["ALL"]
    assert not container["HostConfig"]["CapAdd"]
    assert not container["HostConfig"]["Privileged"]
    mounts = Path("/proc", str(container["State"]["Pid"]), "mountinfo").read_text().splitlines()
    options = {fields[4]: fields[5].split(",")[0] for fields in map(str.split, mounts)}
    assert options["/"] == "ro"
    writable = {place for place, mode in options.items() if mode == "rw" and not place.startswith(NO_DISK)}
    volumes = {each["Destination"] for each in container["Mounts"] if each["Type"] == "volume" and each["RW"]}
    print(f"\n{service} writes to {sorted(writable)}, and to memory")
    assert writable <= volumes | {"/etc/hosts", "/etc/hostname", "/etc/resolv.conf"}


def test_g28_nobody_has_dockers_socket(stack: Stack) -> None:
    for container in stack.containers():
        assert not [each for each in container["Mounts"] if each["Source"].endswith("docker.sock")]


def test_secrets_are_not_in_what_docker_shows(stack: Stack) -> None:
    """`docker inspect` has their files' names; their values only the containers that they are for."""
    password = (stack.secrets / "DATABASE_PASSWORD").read_text().strip()
    shown = stack.docker.says("inspect", *(each["Id"] for each in stack.containers()))
    assert password not in shown
    assert "DATABASE_PASSWORD" in shown
    for service, has in {"app": True, "db": True, "pooler": True, "cache": False, "edge": False}.items():
        found = stack.compose("exec", "-T", service, "cat", "/run/secrets/DATABASE_PASSWORD", check=False)
        assert (found.stdout.strip() == password) is has, service
