"""A caller on a machine of its own."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import warnings
from dataclasses import dataclass, replace
from typing import Any

from tests.e2e.edge.running import Answer, answer_of
from tests.e2e.net.internet import Machine

SECONDS = 60.0


def only(version: ssl.TLSVersion, context: ssl.SSLContext | None = None) -> ssl.SSLContext:
    """Speaks one version, with any cipher and whoever is there; a client's unless `context` is another's."""
    context = context or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    # Else this side itself would refuse what the other is asked to refuse.
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    return context


@dataclass(frozen=True)
class Client:
    """Knows the server's address and trusts its certificate. Each request has a connection of its own."""

    machine: Machine
    domain: str
    server: str
    port: int
    http_port: int
    certificate: str

    def at(self, address: str) -> Client:
        """The same machine at another of its addresses."""
        return replace(self, machine=replace(self.machine, address=address))

    def ask(self, method: str, target: str, **more: Any) -> Answer:
        """One request over HTTPS."""
        connection = self.connect(more.pop("seconds", SECONDS))
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

    def query(self, text: str = "heron", **more: Any) -> Answer:
        """A question on the limited path."""
        headers = {"Content-Type": "application/json", **more.pop("headers", {})}
        return self.ask("POST", "/query", body=json.dumps({"query": text}).encode(), headers=headers, **more)

    def connect(self, seconds: float = SECONDS) -> http.client.HTTPConnection:
        """A connection over TLS, for one request or many."""
        connection = http.client.HTTPConnection(self.domain, self.port)
        connection.sock = self.tls(seconds=seconds)
        return connection

    def tls(
        self, context: ssl.SSLContext | None = None, seconds: float = SECONDS, port: int | None = None
    ) -> ssl.SSLSocket:
        """A finished handshake."""
        raw = self.tcp(port or self.port, seconds)
        try:
            return (context or self.trusting()).wrap_socket(raw, server_hostname=self.domain)
        except OSError:
            raw.close()
            raise

    def tcp(self, port: int, seconds: float = SECONDS) -> socket.socket:
        """A connection from this machine's address."""
        own = (self.machine.address, 0)
        return self.machine.namespace.call(socket.create_connection, (self.server, port), seconds, own)

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.certificate)
