"""An answer counts only from the server whose certificate is known."""

from __future__ import annotations

import http.server
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from aisearch_deploy.errors import EngineProblem
from aisearch_deploy.running.https import fingerprint, get, is_free


class Server(NamedTuple):
    port: int
    certificate: str


class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status": "healthy"}')

    def log_message(self, *_: object) -> None:
        pass


def certificate(folder: Path, name: str) -> Path:
    """A self-signed one with its key, in one file."""
    file = folder / f"{name}.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=x", "-addext", f"subjectAltName=DNS:{name}", "-keyout", "-", "-out", "-"]
    file.write_text(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return file


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    file = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with http.server.HTTPServer(("127.0.0.1", 0), Healthy) as found:
        found.socket = context.wrap_socket(found.socket, server_side=True)
        found.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield Server(found.server_port, _public(file))
        found.shutdown()
        thread.join()


def test_an_answer_from_the_right_one(server: Server) -> None:
    assert get(server.certificate, server.port, "/health") == (200, '{"status": "healthy"}')


def test_not_from_somebody_else(server: Server, tmp_path: Path) -> None:
    other = _public(certificate(tmp_path, "elsewhere"))
    with pytest.raises(EngineProblem, match="Something else answers"):
        get(other, server.port, "/health")


def test_not_under_another_name(server: Server) -> None:
    with pytest.raises(EngineProblem, match="Something else answers"):
        get(server.certificate, server.port, "/health", name="search.example.com")


def test_nobody_answers(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(EngineProblem, match="does not answer"):
        get(server.certificate, port, "/health", seconds=1)


def test_a_port_with_a_server_is_not_free(server: Server) -> None:
    assert not is_free(server.port)


def test_the_fingerprint_is_the_one_that_openssl_prints(server: Server) -> None:
    command = ["openssl", "x509", "-noout", "-fingerprint", "-sha256"]
    said = subprocess.run(command, input=server.certificate, capture_output=True, text=True, check=True).stdout
    assert said.strip().rpartition("=")[2] == fingerprint(server.certificate)


def _public(file: Path) -> str:
    return "-----BEGIN CERTIFICATE-----" + file.read_text().partition("-----BEGIN CERTIFICATE-----")[2]
