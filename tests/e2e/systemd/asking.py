"""Requests from a machine at the internet to the server, over HTTPS and its certificate."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from dataclasses import dataclass
from typing import Any

from tests.e2e.net.internet import SERVER, Machine
from tests.e2e.systemd.operator import DOMAIN


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def ask(client: Machine, method: str, path: str, body: Any = None, seconds: float = 30) -> Answer:
    """One request from `client`; `body` is sent as JSON."""
    return client.namespace.call(_ask, method, path, body, seconds)


def ask_plainly(client: Machine, path: str) -> Answer:
    """One request over HTTP."""
    return client.namespace.call(_ask_plainly, path)


def open_ports(client: Machine, ports: list[int]) -> list[int]:
    """The ports of the server that take a connection from there."""
    return [port for port in ports if client.namespace.call(_connects, port)]


def _ask(method: str, path: str, body: Any, seconds: float) -> Answer:
    # The certificate is self-signed, and this is no test of it.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    raw = socket.create_connection((SERVER, 443), timeout=seconds)
    connection = http.client.HTTPConnection(DOMAIN, timeout=seconds)
    connection.sock = context.wrap_socket(raw, server_hostname=DOMAIN)
    return _answer(connection, method, path, body)


def _ask_plainly(path: str) -> Answer:
    connection = http.client.HTTPConnection(SERVER, timeout=30)
    return _answer(connection, "GET", path, None)


def _answer(connection: http.client.HTTPConnection, method: str, path: str, body: Any) -> Answer:
    content = None if body is None else json.dumps(body)
    try:
        connection.request(method, path, content, {"Host": DOMAIN, "Content-Type": "application/json"})
        response = connection.getresponse()
        return Answer(response.status, {key.lower(): value for key, value in response.getheaders()}, response.read())
    finally:
        connection.close()


def _connects(port: int) -> bool:
    try:
        socket.create_connection((SERVER, port), timeout=0.5).close()
    except OSError:
        return False
    return True
