"""Two workers are one service."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from tests.reference_app.running import Running, running
from tests.reference_app.servers import eventually

pytestmark = pytest.mark.e2e


def processes(app: Running) -> set[int]:
    return {app.ask("GET", "/health").json()["process"] for _ in range(30)}


def counted(app: Running, path: str) -> tuple[float, float]:
    """requests_total and the number of latencies of a path, as any worker tells them."""
    text = app.ask("GET", "/metrics").body.decode()
    requests = re.search(rf'^requests_total{{method="GET",path="{path}",status="200"}} (\S+)', text, re.MULTILINE)
    latencies = re.search(rf'^request_latency_seconds_count{{method="GET",path="{path}"}} (\S+)', text, re.MULTILINE)
    return float(requests[1]) if requests else 0, float(latencies[1]) if latencies else 0


def test_both_answer(app: Running) -> None:
    eventually(lambda: len(processes(app)) == 2)


def test_metrics_are_those_of_both_whoever_is_asked(app: Running) -> None:
    eventually(lambda: len(processes(app)) == 2)
    before = counted(app, "/history")
    for _ in range(40):
        assert app.ask("GET", "/history").status == 200
    found = [counted(app, "/history") for _ in range(10)]
    print(f"40 requests to two workers, counted by 10 scrapes: {sorted({one[0] - before[0] for one in found})}")
    assert set(found) == {(before[0] + 40, before[1] + 40)}


def test_a_stream_counts_until_its_first_byte(app: Running) -> None:
    app.ask("GET", "/stream?gap=0.5&number=3")
    text = app.ask("GET", "/metrics").body.decode()
    assert re.search(r'request_latency_seconds_bucket{le="0.5",method="GET",path="/stream"} [1-9]', text)


def test_paths_are_patterns_and_unknown_ones_are_one(app: Running) -> None:
    for name in ("a" * 64, "b" * 64):
        app.ask("GET", f"/uploads/{name}")
        app.ask("GET", f"/wp-login/{name}")
    text = app.ask("GET", "/metrics").body.decode()
    assert 'path="/uploads/{file_hash}",status="404"' in text
    assert 'path="other",status="404"' in text
    assert "wp-login" not in text
    assert "aaaa" not in text


def test_a_worker_that_dies_is_replaced_and_its_numbers_stay(tmp_path: Path, told: dict[str, str]) -> None:
    with running(tmp_path, told, workers=2) as app:
        eventually(lambda: len(processes(app)) == 2)
        for _ in range(20):
            app.ask("GET", "/history")
        first, _ = sorted(processes(app))
        os.kill(first, signal.SIGKILL)
        eventually(lambda: first not in processes(app) and len(processes(app)) == 2)
        assert counted(app, "/history")[0] == 20


def test_metrics_can_be_switched_off(tmp_path: Path, told: dict[str, str]) -> None:
    with running(tmp_path, told | {"METRICS_ENABLED": "false"}) as app:
        assert app.ask("GET", "/metrics").status == 404
