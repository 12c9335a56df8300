"""wrk, and what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import NamedTuple


class Load(NamedTuple):
    """One run."""

    requests: int
    per_second: float


def wrk(url: str, seconds: int, connections: int) -> Load:
    """As many requests as fit, over connections that stay. Fails unless every one was answered 2xx or 3xx."""
    program = shutil.which("wrk")
    assert program, "wrk is not there: run .ci/install-tools"
    command = [program, "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    assert "Non-2xx" not in said, said
    assert "Socket errors" not in said, said
    requests, rate = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert requests, said
    assert rate, said
    return Load(int(requests[1]), float(rate[1]))
