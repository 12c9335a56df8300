"""SIGTERM: what has begun is finished, nothing new is begun, and it ends in time."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from tests.reference_app.running import running
from tests.reference_app.servers import accepts, eventually

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("workers", [1, 2])
def test_open_streams_are_finished(tmp_path: Path, told: dict[str, str], workers: int) -> None:
    with running(tmp_path, told, workers=workers, drain=20) as app, app.opened("/stream?gap=0.2&number=15") as answer:
        assert answer.readline().startswith(b"data: ")
        began = time.monotonic()
        app.terminate()
        rest = answer.read()
        assert rest.count(b'"token"') == 14
        assert rest.rstrip().endswith(b'{"tokens": 15}')
        streamed = time.monotonic() - began
        app.process.wait(10)
        stopped = time.monotonic() - began
        print(f"{workers} workers: the stream ended {streamed:.1f} s after SIGTERM, the app {stopped:.1f} s after it")
        assert 2 < streamed < stopped < streamed + 2
        assert any(line["message"] == "stopped" for line in app.lines())


def test_one_worker_refuses_new_connections_at_once(tmp_path: Path, told: dict[str, str]) -> None:
    with running(tmp_path, told, drain=20) as app, app.opened("/stream?gap=0.2&number=15") as answer:
        app.terminate()
        eventually(lambda: not accepts(app.port), 2)
        assert answer.read().rstrip().endswith(b'{"tokens": 15}')


def test_with_two_workers_new_connections_wait_and_get_no_answer(tmp_path: Path, told: dict[str, str]) -> None:
    """The parent keeps the socket open, so whatever is in front has to turn away first. README.md says so."""
    with running(tmp_path, told, workers=2, drain=20) as app, app.opened("/stream?gap=0.2&number=15") as answer:
        app.terminate()
        eventually(lambda: sum(line["message"] == "Shutting down" for line in app.lines()) == 2)
        with socket.create_connection(("127.0.0.1", app.port), timeout=10) as late:
            late.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            answer.read()
            with pytest.raises(ConnectionResetError):
                late.recv(1)


def test_a_stream_that_lasts_longer_is_cut_when_the_time_is_over(tmp_path: Path, told: dict[str, str]) -> None:
    with running(tmp_path, told, drain=2) as app, app.opened("/stream?gap=0.2&number=1000") as answer:
        answer.readline()
        began = time.monotonic()
        app.terminate()
        app.process.wait(10)
        seconds = time.monotonic() - began
        print(f"a drain of 2 s with a stream of 200 s: it ended after {seconds:.1f} s")
        assert 2 <= seconds < 4


def test_it_stops_at_once_when_there_is_nothing_to_finish(tmp_path: Path, told: dict[str, str]) -> None:
    with running(tmp_path, told, workers=2, drain=20) as app:
        began = time.monotonic()
        app.terminate()
        app.process.wait(10)
        assert time.monotonic() - began < 3
