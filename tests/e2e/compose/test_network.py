"""Who reaches whom: from outside two ports, from the app the outside, from the database nothing."""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import product

import pytest

from tests.e2e.compose.client import Client
from tests.e2e.compose.outside import SAYS, Outside
from tests.e2e.compose.stack import PASTED, Stack
from tests.e2e.net.internet import SERVER, Machine

pytestmark = pytest.mark.e2e

INSIDE = (8000, 5432, 6432, 6379, 8081)
WAIT = 3  # seconds; an answer on this machine takes microseconds
CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)"


def open_ports(address: str, ports: range) -> list[int]:
    """Those that accept a connection. A refusal comes at once: it is the same machine."""
    found = []
    for port in ports:
        with socket.socket() as attempt:
            attempt.settimeout(2)
            if attempt.connect_ex((address, port)) == 0:
                found.append(port)
    return found


def reached(places: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Those that accept a connection within WAIT seconds, all asked at once."""
    with selectors.DefaultSelector() as waiting, ExitStack() as opened:
        for place in places:
            attempt = opened.enter_context(socket.socket())
            attempt.setblocking(False)
            if attempt.connect_ex(place) in (0, errno.EINPROGRESS):
                waiting.register(attempt, selectors.EVENT_WRITE, place)
        found = []
        give_up = time.monotonic() + WAIT
        while waiting.get_map() and (left := give_up - time.monotonic()) > 0:
            for key, _ in waiting.select(left):
                waiting.unregister(key.fileobj)
                if key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:  # type: ignore[union-attr]
                    found.append(key.data)
        return sorted(found)


@pytest.mark.usefixtures("stack")
def test_g2_from_another_machine_only_80_and_443_answer(bob: Machine) -> None:
    found = bob.namespace.call(open_ports, SERVER, range(1, 65536))
    print(f"\nof 65,535 ports these answer: {found}")
    assert found == [80, 443]


def test_a_machine_with_a_route_to_the_containers_reaches_none_inside(stack: Stack, bob: Machine) -> None:
    """Not by a container's own address either: there is a route through the server."""
    addresses = [
        network["IPAddress"] for each in stack.containers() for network in each["NetworkSettings"]["Networks"].values()
    ]
    assert len(addresses) >= 12
    places = list(product(addresses, INSIDE))
    from_the_server = stack.docker.namespace.call(reached, places)
    assert (stack.address("app", "web"), 8000) in from_the_server, "the same question has an answer there"
    if stack.docker.own:
        # Newer engines than Debian's close this way too; here it shows that packets find theirs.
        edge = (stack.address("edge", "public"), 8443)
        assert bob.namespace.call(reached, [edge]) == [edge]
    print(f"\n{len(from_the_server)} of {len(places)} places inside answer the server")
    assert bob.namespace.call(reached, places) == []


def test_the_app_asks_an_api_outside(caller: Client, outside: Outside) -> None:
    outside.seen.clear()
    answer = caller.ask("GET", "/upstream")
    assert answer.status == 200
    assert answer.json()["body"] == SAYS.decode()
    (seen,) = outside.seen
    print(f"\nthe API outside was asked from {seen.address} in {answer.json()['seconds']} s")
    assert seen.address == SERVER
    assert seen.authorization == f"Bearer {PASTED}", "with the key that was put in its file"


@pytest.mark.parametrize("service", ["db", "pooler", "cache"])
def test_data_has_no_way_out(stack: Stack, outside: Outside, service: str) -> None:
    def gets_out(name: str) -> bool:
        script = f"exec 3<>/dev/tcp/{outside.machine.address}/443"
        return not stack.compose("exec", "-T", name, "timeout", "3", "bash", "-c", script, check=False).returncode

    assert gets_out("edge"), "the same command works where there is a way"
    assert not gets_out(service)


def test_replicas_do_not_meet_on_the_way_out(stack: Stack) -> None:
    _, second, _ = stack.containers("app")
    networks = second["NetworkSettings"]["Networks"]

    def connects(network: str) -> bool:
        address = networks[f"{stack.name}_{network}"]["IPAddress"]
        command = ("exec", "-T", "--index=1", "app", "python", "-c", CONNECT, address, "8000")
        return stack.compose(*command, check=False).returncode == 0

    assert connects("web")
    assert not connects("egress")
