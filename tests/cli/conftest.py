"""The command line in the test's own process, in an empty folder."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from aisearch_deploy import cli as command_line


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command said and how it ended."""

    code: int
    out: str
    err: str
    seconds: float


class Cli(Protocol):
    """`cli("render", "-t", "compose")` as `aisearch-deploy render -t compose`."""

    def __call__(self, *arguments: str) -> Ran: ...


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs commands in `tmp_path`."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        start = time.perf_counter()
        code = command_line.run(list(arguments))
        seconds = time.perf_counter() - start
        said = capsys.readouterr()
        return Ran(code, said.out, said.err, seconds)

    return run
