"""The API outside: reached with its key, over verified TLS; missed without harm."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.reference_app.certificate import Certificate, self_signed
from tests.reference_app.running import running
from tests.reference_app.servers import free_port

pytestmark = pytest.mark.e2e


class Stub(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"you sent {self.headers['Authorization']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def api(certificate: Certificate) -> Iterator[int]:
    """An API over TLS; its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_it_is_asked_with_its_key_over_tls_that_is_verified(tmp_path: Path, told: dict[str, str]) -> None:
    certificate = self_signed(tmp_path, "localhost")
    with api(certificate) as port:
        told |= {"UPSTREAM_URL": f"https://localhost:{port}/v1", "DASHSCOPE_API_KEY": "sk-1"}
        with running(tmp_path, told | {"SSL_CERT_FILE": str(certificate.chain)}) as app:
            said = app.ask("GET", "/upstream").json()
            assert (said["status"], said["body"]) == (200, "you sent Bearer sk-1")
            assert "sk-1" not in app.log.read_text()
        with running(tmp_path, told) as app:
            refused = app.ask("GET", "/upstream")
            assert refused.status == 502
            assert b"CERTIFICATE_VERIFY_FAILED" in refused.body


def test_without_it_the_rest_goes_on(tmp_path: Path, told: dict[str, str]) -> None:
    with running(tmp_path, told | {"UPSTREAM_URL": f"http://127.0.0.1:{free_port()}/"}) as app:
        assert app.ask("GET", "/upstream").status == 502
        assert app.ask("POST", "/query", {"query": "x"}).status == 200
    with running(tmp_path, told) as app:
        assert app.ask("GET", "/upstream").status == 404
