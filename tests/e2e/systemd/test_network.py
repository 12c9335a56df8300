"""What the network sees of a server."""

from __future__ import annotations

import subprocess

import pytest

from tests.e2e.systemd.asking import open_ports
from tests.e2e.systemd.conftest import Server
from tests.e2e.systemd.machine import eventually

pytestmark = pytest.mark.e2e
# Something that somebody forgot on the server, on every address.
FORGOTTEN = 9000


def test_only_ssh_and_the_web_answer_from_another_machine(server: Server) -> None:
    machine = server.machine
    forgotten = subprocess.Popen(
        machine.command("python3", "-m", "http.server", str(FORGOTTEN)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    listening = "ss -Htln | awk '{print $4}' | grep --only-matching '[0-9]*$' | sort -un"
    try:
        eventually(lambda: str(FORGOTTEN) in machine.says(listening).split())
        ports = [int(port) for port in machine.says(listening).split()]
        with server.internet.machine("stranger", "198.51.100.50") as stranger:
            found = open_ports(stranger, ports)
            machine.run("ufw disable")
            without = open_ports(stranger, ports)
    finally:
        forgotten.kill()
        forgotten.wait()
    assert {80, 443, 5432, 6379, 8000, FORGOTTEN} <= set(ports)
    assert found == [22, 80, 443]
    # The firewall made the difference for what listens everywhere; what is ours listens on this machine alone.
    assert FORGOTTEN in without
    assert not {5432, 6379, 8000} & set(without)
    print(f"\nlistening: {ports}; from another machine: {found}; without the firewall: {without}")
