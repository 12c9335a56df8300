"""G7, G11, G32: the whole header set, once each, on every kind of answer."""

from __future__ import annotations

import socket

import pytest

from aisearch_deploy.targets.parts.edge import answer_headers
from tests.e2e.edge.running import DOMAIN, Answer, Edge
from tests.targets.parts.edges import deployment

pytestmark = pytest.mark.e2e

HSTS = "max-age=63072000; includeSubDomains"


def complete(answer: Answer, hsts: list[str]) -> None:
    expected = answer_headers(deployment())
    found = {name: answer.header(name) for name in expected}
    assert found == {name: [value] for name, value in expected.items()}
    assert answer.header("Strict-Transport-Security") == hsts
    assert len(answer.header("X-Request-ID")) == 1
    assert answer.header("Server") == ["nginx"], "without a version"
    assert not answer.header("X-Powered-By")


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/", 200),
        ("/health", 200),
        ("/query", 200),
        ("/static/app.css", 200),
        ("/static/missing.css", 404),
        ("/chat/stream", 200),
        ("/metrics", 404),
        ("/failing", 500),
        ("/boom", 502),
        ("/.well-known/../metrics", 404),
    ],
)
def test_g7_g11_g32_every_answer_carries_them_once(edge: Edge, target: str, status: int) -> None:
    answer = edge.ask("GET", target)
    assert answer.status == status
    complete(answer, [HSTS])


def test_g7_a_refused_upload_carries_them(edge: Edge) -> None:
    connection = edge.connect()
    connection.putrequest("POST", "/upload", skip_host=True)
    connection.putheader("Host", DOMAIN)
    connection.putheader("Content-Length", str(101 * 2**20))
    connection.endheaders()
    response = connection.getresponse()
    answer = Answer(response.status, response.getheaders(), response.read())
    connection.close()
    assert answer.status == 413
    complete(answer, [HSTS])


def test_g7_g11_a_limited_caller_gets_429_with_them(edge: Edge) -> None:
    answers = [edge.ask("GET", "/query", source="127.0.0.7") for _ in range(13)]
    refused = answers[-1]
    assert refused.status == 429
    assert refused.json()["detail"].startswith("Too many requests")
    assert refused.header("Retry-After") == ["2"]
    assert not answers[0].header("Retry-After")
    complete(refused, [HSTS])


def test_g7_the_redirect_carries_them_but_no_hsts(edge: Edge) -> None:
    """RFC 6797, 7.2: never over plain HTTP."""
    complete(edge.ask_plainly("GET", "/"), [])


def test_g7_a_request_that_cannot_be_read_carries_them(edge: Edge) -> None:
    """Not even http.client can send it."""
    with edge.tls() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: bad host\r\n\r\n")
        answer = _read(connection)
    assert answer.status == 400
    complete(answer, [HSTS])


def test_g7_a_misdirected_request_carries_them(edge: Edge) -> None:
    answer = edge.ask("GET", "/", host="other.example.com")
    assert answer.status == 421
    complete(answer, [HSTS])


def test_headers_of_the_config_replace_ours(keyed: Edge) -> None:
    answer = keyed.ask("GET", "/health")
    assert answer.header("X-Frame-Options") == ["DENY"]
    assert answer.header("X-Robots-Tag") == ["noindex"]


def test_g8_static_files_are_cached_here_and_by_browsers_but_errors_are_not(edge: Edge, app) -> None:
    first, second = (edge.ask("GET", "/static/logo.svg") for _ in range(2))
    assert len(app.on("/static/logo.svg")) == 1
    for answer in (first, second):
        assert answer.header("Cache-Control") == ["public, max-age=31536000, immutable"]
        assert not answer.header("Set-Cookie")
    for _ in range(2):
        assert not [
            line for line in edge.ask("GET", "/static/missing.css").header("Cache-Control") if "max-age" in line
        ]
    assert len(app.on("/static/missing.css")) == 2
    assert not edge.ask("GET", "/").header("Cache-Control")


def test_the_edge_compresses(edge: Edge, app) -> None:
    answer = edge.ask("GET", "/long", headers={"Accept-Encoding": "gzip, br"})
    assert answer.header("Content-Encoding") == ["gzip"]
    assert "Accept-Encoding" in answer.header("Vary")[0]
    assert app.on("/long")[0].header("Accept-Encoding") == []
    plain = edge.ask("GET", "/long")
    print(f"12 kB of JSON: {len(plain.body)} bytes plain, {len(answer.body)} with gzip")
    assert len(answer.body) < len(plain.body) / 10


def _read(connection: socket.socket) -> Answer:
    import http.client

    response = http.client.HTTPResponse(connection)
    response.begin()
    return Answer(response.status, response.getheaders(), response.read())
