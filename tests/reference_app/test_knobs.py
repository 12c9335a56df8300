"""As slow to start, and as large, as today's engine."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.reference_app.running import running
from tests.reference_app.servers import accepts, eventually

pytestmark = pytest.mark.e2e


def test_it_starts_slowly(tmp_path: Path, told: dict[str, str]) -> None:
    began = time.monotonic()
    with running(tmp_path, told | {"START_DELAY": "12"}, wait=0) as app:
        while time.monotonic() - began < 11:
            assert not accepts(app.port)
            time.sleep(0.5)
        eventually(app.alive, 15)
        seconds = time.monotonic() - began
    print(f"START_DELAY=12: alive after {seconds:.1f} s")
    assert 12 <= seconds < 20


def test_each_worker_has_the_memory_really(tmp_path: Path, told: dict[str, str]) -> None:
    """1.05 GiB each."""
    with running(tmp_path, told | {"HOLD_MEMORY": "1075"}, workers=2) as app:
        eventually(lambda: len({app.ask("GET", "/health").json()["process"] for _ in range(20)}) == 2)
        workers = {app.ask("GET", "/health").json()["process"] for _ in range(20)}
        held = [resident(worker) for worker in workers]
    print(f"HOLD_MEMORY=1075: resident {[f'{one / 2**20:.0f} MiB' for one in held]}")
    assert all(1075 <= one / 2**20 < 1130 for one in held)


def test_without_it_a_worker_is_small(tmp_path: Path, told: dict[str, str]) -> None:
    """What examples/reference_app/aisearch.yaml says under memory_per_worker."""
    with running(tmp_path, told) as app:
        for number in range(50):
            app.ask("POST", "/query", {"query": f"question {number}"})
        held = resident(app.ask("GET", "/health").json()["process"])
    print(f"a worker at rest: {held / 2**20:.0f} MiB")
    assert held < 120 * 2**20


@pytest.mark.parametrize("workers", [1, 2])
def test_a_version_can_be_one_that_does_not_start(tmp_path: Path, told: dict[str, str], workers: int) -> None:
    with running(tmp_path, told | {"BROKEN": "start"}, workers=workers, wait=0) as app:
        assert app.process.wait(30) != 0 or workers == 2
        assert "this version does not start" in app.log.read_text()


def test_a_version_can_be_one_that_never_gets_healthy(tmp_path: Path, told: dict[str, str]) -> None:
    with running(tmp_path, told | {"BROKEN": "health"}, wait=0) as app:
        eventually(lambda: accepts(app.port))
        assert app.ask("GET", "/health").status == 500


def resident(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024
