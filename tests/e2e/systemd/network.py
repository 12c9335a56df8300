"""The network between a server and its clients: namespaces on one switch, with addresses that nobody else has."""

from __future__ import annotations

import itertools
import os
import subprocess
from typing import Self

# Set aside for tests of devices on one network (RFC 2544), so it is nobody's.
NETWORK = "198.18.20"
SERVER = f"{NETWORK}.2"
_numbers = itertools.count()


class Network:
    """A server's namespace and those of any number of clients. Nothing leads out of it."""

    def __init__(self) -> None:
        self._prefix = f"ais{os.getpid()}-{next(_numbers)}"
        self._switch = f"{self._prefix}s"
        self._hosts: list[str] = []
        self.server = ""

    def __enter__(self) -> Self:
        _ip("netns", "add", self._switch)
        self._in(self._switch, "link", "add", "switch", "type", "bridge")
        self._in(self._switch, "link", "set", "switch", "up")
        self.server = self.host("server", 2)
        return self

    def __exit__(self, *_: object) -> None:
        for name in [*self._hosts, self._switch]:
            subprocess.run(["ip", "netns", "delete", name], stderr=subprocess.DEVNULL, check=False)

    def host(self, label: str, number: int) -> str:
        """Another host with the address NETWORK.number; its namespace's name."""
        name = f"{self._prefix}{label}"
        _ip("netns", "add", name)
        self._hosts.append(name)
        port = f"port{number}"
        self._in(self._switch, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", name)
        self._in(self._switch, "link", "set", port, "master", "switch", "up")
        self._in(name, "address", "add", f"{NETWORK}.{number}/24", "dev", "eth0")
        for link in ("lo", "eth0"):
            self._in(name, "link", "set", link, "up")
        return name

    def _in(self, namespace: str, *command: str) -> None:
        _ip("-netns", namespace, *command)


def _ip(*command: str) -> None:
    done = subprocess.run(["ip", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(command)}: {done.stderr}"
