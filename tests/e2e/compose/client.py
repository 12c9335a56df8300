"""A caller on a machine of its own."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from typing import Any

from tests.e2e.edge.running import Answer, answer_of
from tests.e2e.net.internet import Machine

SECONDS = 60.0


@dataclass(frozen=True)
class Client:
    """Knows the server's address and trusts its certificate. Each request has a connection of its own."""

    machine: Machine
    domain: str
    server: str
    port: int
    http_port: int
    certificate: str

    def ask(self, method: str, target: str, **more: Any) -> Answer:
        """One request over HTTPS, from `source` where the machine has several addresses."""
        connection = self.connect(more.pop("source", None), more.pop("seconds", SECONDS))
        try:
            return answer_of(connection, method, target, host=self.domain, **more)
        finally:
            connection.close()

    def ask_plainly(self, method: str, target: str, **more: Any) -> Answer:
        """One request over HTTP."""
        connection = http.client.HTTPConnection(self.domain, self.http_port)
        connection.sock = self.tcp(self.http_port)
        try:
            return answer_of(connection, method, target, host=self.domain, **more)
        finally:
            connection.close()

    def connect(self, source: str | None = None, seconds: float = SECONDS) -> http.client.HTTPConnection:
        """A connection over TLS, for one request or many."""
        connection = http.client.HTTPConnection(self.domain, self.port)
        connection.sock = self.tls(source=source, seconds=seconds)
        return connection

    def tls(
        self, context: ssl.SSLContext | None = None, source: str | None = None, seconds: float = SECONDS
    ) -> ssl.SSLSocket:
        """A finished handshake."""
        raw = self.tcp(self.port, source, seconds)
        try:
            return (context or self.trusting()).wrap_socket(raw, server_hostname=self.domain)
        except OSError:
            raw.close()
            raise

    def tcp(self, port: int, source: str | None = None, seconds: float = SECONDS) -> socket.socket:
        """A connection from this machine, at its own address or another one that it has."""
        own = (source or self.machine.address, 0)
        return self.machine.namespace.call(socket.create_connection, (self.server, port), seconds, own)

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.certificate)
