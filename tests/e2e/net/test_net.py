"""Addresses are real: who is called sees the caller's own."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.net.internet import SERVER, Internet, internet
from tests.e2e.net.namespaces import HERE, NAMED, namespace

pytestmark = pytest.mark.e2e


@pytest.fixture
def world() -> Iterator[Internet]:
    with namespace("net-server") as server, internet(server) as found:
        yield found


def test_a_server_sees_each_caller_under_its_own_address(world: Internet) -> None:
    listening = world.server.namespace.call(socket.create_server, (SERVER, 8000))
    with ExitStack() as stack:
        stack.enter_context(listening)
        for name, address in (("alice", "198.51.100.7"), ("bob", "198.51.100.8")):
            machine = stack.enter_context(world.machine(name, address))
            stack.enter_context(machine.namespace.call(socket.create_connection, (SERVER, 8000), 5))
            accepted, (seen, _) = listening.accept()
            stack.enter_context(accepted)
            assert seen == address


def test_one_machine_may_have_many_addresses(world: Internet) -> None:
    with (
        world.server.namespace.call(socket.create_server, (SERVER, 8000)) as listening,
        world.machine("many", "198.51.100.20", "198.51.100.21") as machine,
        machine.namespace.call(socket.create_connection, (SERVER, 8000), 5, ("198.51.100.21", 0)),
    ):
        accepted, (seen, _) = listening.accept()
        accepted.close()
        assert seen == "198.51.100.21"


def test_nothing_outside_is_reached(world: Internet) -> None:
    with world.machine("alone", "198.51.100.9") as machine:
        with pytest.raises(OSError, match=r"unreachable|timed out"):
            machine.namespace.call(socket.create_connection, ("203.0.113.1", 80), 2)
        with pytest.raises(subprocess.CalledProcessError):
            machine.namespace.run(["false"])


def test_namespaces_and_devices_are_gone_at_the_end() -> None:
    with namespace("net-left") as server, internet(server) as world, world.machine("left", "198.51.100.9") as machine:
        assert Path(NAMED, str(machine.namespace.name)).exists()
        devices = {
            device.split(":")[1].strip() for device in machine.namespace.run(["ip", "-o", "link"]).stdout.splitlines()
        }
    assert not Path(NAMED, str(machine.namespace.name)).exists()
    here = HERE.run(["ip", "-o", "link"]).stdout
    assert not any(device.partition("@")[0] in here for device in devices - {"lo"})
