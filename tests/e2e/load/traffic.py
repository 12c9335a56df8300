"""Traffic in the background of a test."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.load.answers import Place
from tests.e2e.load.record import Record, loaded
from tests.e2e.load.sending import Plan

CHECKOUT = Path(__file__).resolve().parents[3]


class Traffic:
    """`record` is there once it has ended."""

    def __init__(self, process: subprocess.Popen[str], plan: Plan) -> None:
        self._process, self._plan, self._began = process, plan, time.monotonic()
        self._record: Record | None = None

    @property
    def record(self) -> Record:
        """What became of each request; ends the traffic when it still goes on."""
        return self.stop()

    @property
    def due(self) -> int:
        """How many requests were due up to now: in an open loop, so many were sent."""
        return int((time.monotonic() - self._began) * self._plan.rate)

    def wait_for(self, requests: int) -> None:
        """Until so many were sent, all in all."""
        assert requests <= self._plan.seconds * self._plan.rate, "the traffic ends before that"
        while self.due < requests:
            assert self._process.poll() is None, "the traffic has ended"
            time.sleep(0.05)

    def stop(self) -> Record:
        """Send nothing more, wait for what is on its way."""
        if self._record is None:
            # One that has ended by itself no longer hears this, and its output is still there.
            self._process.terminate()
            self._record = self._ended()
        return self._record

    def finish(self) -> Record:
        """Until the plan is carried out."""
        if self._record is None:
            self._record = self._ended()
        return self._record

    def _ended(self) -> Record:
        out, _ = self._process.communicate(timeout=self._plan.seconds + self._plan.patience + 30)
        assert self._process.returncode == 0, f"the traffic's process ended with {self._process.returncode}"
        return loaded(out)


@contextmanager
def traffic(place: Place, *, prefix: Sequence[str] = (), **more: Any) -> Iterator[Traffic]:
    """Sends from now on until the block ends, or as `more` says: see Plan. `prefix` enters another network."""
    plan = Plan(place, **more)
    process = subprocess.Popen(
        [*prefix, sys.executable, "-m", "tests.e2e.load"],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(dataclasses.asdict(plan)))
        process.stdin.close()
        process.stdin = None
        assert process.stdout.readline() == "sending\n", "the traffic did not start"
        running = Traffic(process, plan)
        yield running
        running.stop()
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
