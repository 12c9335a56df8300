"""G11: TLS 1.2 and 1.3, nothing older, and HTTP only leads there."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.compose.client import Client, only
from tests.e2e.compose.stack import Stack
from tests.e2e.edge.running import certificate
from tests.e2e.net.internet import SERVER

pytestmark = pytest.mark.e2e

ELSEWHERE = 9443


@pytest.fixture
def old_server(stack: Stack, tmp_path: Path) -> Iterator[None]:
    """Something else on the same server that speaks TLS 1.1 and no other version."""
    made = certificate()
    (tmp_path / "both.pem").write_text(made.chain + made.key)
    context = only(ssl.TLSVersion.TLSv1_1, ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    context.load_cert_chain(tmp_path / "both.pem")
    listening = stack.docker.namespace.call(socket.create_server, (SERVER, ELSEWHERE))

    def serve() -> None:
        accepted, _ = listening.accept()
        with context.wrap_socket(accepted, server_side=True) as connection:
            connection.recv(1)

    thread = threading.Thread(target=serve)
    thread.start()
    yield
    thread.join(10)
    listening.close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_g11_modern_versions_work(caller: Client, version: ssl.TLSVersion) -> None:
    with caller.tls(only(version)) as connection:
        print(f"\n{connection.version()} with {(connection.cipher() or ('',))[0]}")
        assert connection.version() == {"TLSv1_2": "TLSv1.2", "TLSv1_3": "TLSv1.3"}[version.name]


def test_g11_tls_1_1_is_refused_here_and_works_elsewhere(caller: Client, old_server: None) -> None:
    del old_server
    with pytest.raises(ssl.SSLError) as refusal:
        caller.tls(only(ssl.TLSVersion.TLSv1_1))
    with caller.tls(only(ssl.TLSVersion.TLSv1_1), port=ELSEWHERE) as connection:
        print(f"\nTLS 1.1: {refusal.value.reason} here, {connection.version()} elsewhere")
        assert refusal.value.reason == "TLSV1_ALERT_PROTOCOL_VERSION"
        assert connection.version() == "TLSv1.1"


def test_the_certificate_is_for_the_domain(caller: Client) -> None:
    with caller.tls() as connection:
        assert ("DNS", caller.domain) in dict(connection.getpeercert() or {})["subjectAltName"]


def test_http_leads_to_https(caller: Client) -> None:
    answer = caller.ask_plainly("GET", "/search?q=1")
    assert (answer.status, answer.header("Location")) == (301, [f"https://{caller.domain}/search?q=1"])
