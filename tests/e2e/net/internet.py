"""The internet as the server sees it: a bridge on the server, and machines with addresses of their own at it.

Addresses are those that RFC 5737 keeps for documentation, so nothing here is ever sent further than this machine.
"""

from __future__ import annotations

import ipaddress
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.e2e.net.namespaces import HERE, Namespace, namespace

NETWORK = ipaddress.ip_network("198.51.100.0/24")
SERVER = "198.51.100.1"

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Machine:
    """A machine at the internet."""

    namespace: Namespace
    address: str


@dataclass(frozen=True)
class Internet:
    """Reaches `server`, which is `namespace`, at SERVER."""

    server: Machine
    bridge: str

    @contextmanager
    def machine(self, name: str, address: str, *more: str) -> Iterator[Machine]:
        """A machine with an address, and with `more` of them where a test needs many callers."""
        number = next(_numbers)
        outside, inside = f"ai{os.getpid() % 100000}o{number}", f"ai{os.getpid() % 100000}i{number}"
        server = self.server.namespace
        with namespace(name) as made:
            # Made here and moved: a device is named in the namespace where it is made.
            HERE.run(["ip", "link", "add", outside, "type", "veth", "peer", "name", inside])
            HERE.run(["ip", "link", "set", inside, "netns", str(made.name)])
            if server.name is not None:
                HERE.run(["ip", "link", "set", outside, "netns", server.name])
            server.run(["ip", "link", "set", outside, "master", self.bridge, "up"])
            for each in (address, *more):
                made.run(["ip", "address", "add", f"{each}/{NETWORK.prefixlen}", "dev", inside])
            made.run(["ip", "link", "set", inside, "up"])
            made.run(["ip", "route", "add", "default", "via", SERVER])
            yield Machine(made, address)


@contextmanager
def internet(server: Namespace) -> Iterator[Internet]:
    """Gives `server` an address at an internet of its own."""
    bridge = f"ai{os.getpid() % 100000}b"
    server.run(["ip", "link", "add", bridge, "type", "bridge"])
    try:
        server.run(["ip", "address", "add", f"{SERVER}/{NETWORK.prefixlen}", "dev", bridge])
        server.run(["ip", "link", "set", bridge, "up"])
        yield Internet(Machine(server, SERVER), bridge)
    finally:
        server.run(["ip", "link", "delete", bridge])
