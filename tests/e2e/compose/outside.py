"""An API at the internet: HTTPS with a certificate of an authority of its own."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Self

from tests.e2e.net.internet import Machine

SAYS = b"hello from outside"


@dataclass
class Seen:
    """Who asked, and with which key."""

    address: str
    authorization: str


@dataclass
class Outside:
    """Answers every GET at `machine`, port 443. `authority` is the certificate that callers have to trust."""

    machine: Machine
    place: Path
    seen: list[Seen] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://{self.machine.address}/"

    @property
    def authority(self) -> Path:
        return self.place / "outside.pem"

    def __enter__(self) -> Self:
        key = self.place / "outside-key.pem"
        make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"]
        make += ["-days", "2", "-subj", "/CN=outside", "-addext", f"subjectAltName=IP:{self.machine.address}"]
        subprocess.run([*make, "-keyout", key, "-out", self.authority], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority, key)
        self._server = HTTPServer(("", 0), _answering(self.seen), bind_and_activate=False)
        self._server.socket.close()
        listening = self.machine.namespace.call(socket.create_server, (self.machine.address, 443))
        self._server.socket = context.wrap_socket(listening, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _answering(seen: list[Seen]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(Seen(self.client_address[0], self.headers.get("Authorization", "")))
            self.send_response(200)
            self.send_header("Content-Length", str(len(SAYS)))
            self.end_headers()
            self.wfile.write(SAYS)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
