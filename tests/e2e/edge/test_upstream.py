"""Between the edge and the app's replicas: addresses, connections, streams, retries, logs."""

from __future__ import annotations

import json
import signal
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e.edge.conftest import ALICE
from tests.e2e.edge.names import Names
from tests.e2e.edge.running import Answer, Edge, answer_of, eventually, running
from tests.e2e.edge.stub import TOKEN_GAP, TOKENS, Stub

pytestmark = pytest.mark.e2e

TWO = ("127.0.0.1", "127.0.0.2")


def test_g6_the_app_is_told_the_same_everywhere(edge: Edge, app: Stub) -> None:
    for target in ("/", "/query", "/query/more", "/chat/stream", "/health", "/static/told.css"):
        edge.ask("GET", target, source="127.0.0.20", headers={"Connection": "close", "Proxy": "http://evil"})
        told = dict(app.on(target)[0].headers)
        identity = told.pop("X-Request-ID")
        assert len(identity) == 32
        assert told == {
            "Host": "search.example.com",
            "X-Real-IP": "127.0.0.20",
            "X-Forwarded-For": "127.0.0.20",
            "X-Forwarded-Host": "search.example.com",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Port": "443",
        }, target


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("0123abcd-ef", True), ("x" * 64, True), ("x" * 65, False), ("short", False), ('a" injected="b', False)],
)
def test_a_request_id_is_kept_when_it_looks_like_one(edge: Edge, app: Stub, sent: str, kept: bool) -> None:
    answer = edge.ask("GET", "/", headers={"X-Request-ID": sent})
    (identity,) = answer.header("X-Request-ID")
    assert (identity == sent) is kept
    assert app.on("/")[0].header("X-Request-ID") == [identity]
    assert json.loads(edge.logged(identity))["request_id"] == identity


def test_g9_connections_are_kept_and_http_1_1(edge: Edge, app: Stub) -> None:
    before = app.connections
    connection = edge.connect()
    for _ in range(50):
        answer_of(connection, "GET", "/")
    connection.close()
    opened = app.connections - before
    print(f"50 requests over {opened} new connections to the app")
    assert opened <= 1
    assert {asked.version for asked in app.asked} == {"HTTP/1.1"}


def test_g10_tokens_arrive_one_by_one(edge: Edge) -> None:
    gaps = arrivals(edge, "/chat/stream")
    print(f"{TOKENS} tokens {TOKEN_GAP} s apart arrived {', '.join(f'{gap:.2f}' for gap in gaps)} s apart")
    assert min(gaps) > TOKEN_GAP / 2


def test_g10_elsewhere_they_arrive_in_a_lump(edge: Edge) -> None:
    """What the test above would see if the path were buffered."""
    assert sum(arrivals(edge, "/lumps")) < TOKEN_GAP


def arrivals(edge: Edge, target: str) -> list[float]:
    """Seconds between the arrivals of tokens."""
    connection = edge.connect()
    connection.request("GET", target, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    times = []
    while response.read1():
        times.append(time.monotonic())
    connection.close()
    if len(times) < TOKENS:
        return [0.0]
    return [later - earlier for earlier, later in pairwise(times)]


def test_g12_a_recreated_app_is_found_under_its_new_address(tmp_path: Path) -> None:
    with (
        Stub(TWO) as app,
        Names(TWO[0]) as names,
        running(tmp_path, names, app.port) as edge,
    ):
        assert edge.ask("GET", "/").json()["address"] == TWO[0]
        names.addresses = (TWO[1],)
        moved = time.monotonic()
        eventually(lambda: edge.ask("GET", "/").json()["address"] == TWO[1])
        print(f"the new address was used after {time.monotonic() - moved:.1f} s (looked up every second here)")


def test_a_post_is_sent_once_and_a_get_may_be_tried_again(tmp_path: Path) -> None:
    with (
        Stub(TWO) as app,
        Names(*TWO) as names,
        running(tmp_path, names, app.port) as edge,
    ):
        assert edge.ask("POST", "/boom", body=b"{}").status == 502
        assert len(app.on("/boom")) == 1
        app.asked.clear()
        assert edge.ask("GET", "/boom").status == 502
        assert {asked.address for asked in app.on("/boom")} == set(TWO)


@pytest.mark.parametrize(("balance", "expected"), [("round-robin", 2), ("least-connections", 2), ("address-hash", 1)])
def test_requests_spread_as_the_config_says(tmp_path: Path, balance: str, expected: int) -> None:
    with (
        Stub(TWO) as app,
        Names(*TWO) as names,
        running(tmp_path, names, app.port, edge={"balance": balance}) as edge,
    ):
        for _ in range(8):
            edge.ask("GET", "/")
        assert len({asked.address for asked in app.asked}) == expected


def test_an_app_that_is_down_is_502_in_json_and_comes_back(tmp_path: Path) -> None:
    with Names("127.0.0.1") as names:
        with Stub() as gone:
            port = gone.port
        with running(tmp_path, names, port) as edge:
            answer = edge.ask("GET", "/")
            assert answer.status == 502
            assert answer.json() == {
                "detail": "The service does not answer.",
                "request_id": answer.header("X-Request-ID")[0],
            }
            with Stub(port=port):
                eventually(lambda: edge.ask("GET", "/").status == 200)


def test_the_log_has_one_json_object_a_line_and_no_query(edge: Edge) -> None:
    answer = edge.ask(
        "GET", "/search?key=hush-hush", headers={"User-Agent": 'a"b\\c', "Referer": "https://x/?key=hush-hush"}
    )
    entry = json.loads(edge.logged(answer.header("X-Request-ID")[0]))
    assert (entry["method"], entry["path"], entry["status"], entry["agent"]) == ("GET", "/search", 200, 'a"b\\c')
    assert "hush" not in edge.access_log() + edge.errors()


def test_the_text_log_names_the_caller_and_has_no_query_and_no_key(keyed: Edge) -> None:
    answer = keyed.ask("GET", "/search?key=hush-hush", headers=ALICE)
    line = keyed.logged(answer.header("X-Request-ID")[0])
    assert line.startswith("127.0.0.1 alice [")
    assert '"GET /search HTTP/1.1" 200' in line
    assert "hush" not in keyed.access_log()
    assert ALICE["X-API-Key"] not in keyed.access_log()


def test_stopping_lets_a_stream_end(own_edge: Edge) -> None:
    """The image's stop signal is SIGQUIT."""
    connection = own_edge.connect()
    answers: list[Answer] = []
    stream = threading.Thread(
        target=lambda: answers.append(answer_of(connection, "GET", "/chat/stream", headers=ALICE))
    )
    stream.start()
    time.sleep(TOKEN_GAP)
    own_edge.process.send_signal(signal.SIGQUIT)
    stream.join(10)
    connection.close()
    assert answers[0].body.count(b"data:") == TOKENS
    assert own_edge.process.wait(5) == 0
