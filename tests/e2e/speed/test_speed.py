"""How fast our edge is beside the guide's: wrk over TLS on warm connections, in front of an app that costs nothing.

Two comparisons. The guide's config runs on the nginx of its time, 1.22. Ours cannot (it needs 1.27.3, for addresses
that are resolved again), so the first is each config on the nginx that it is for. The newer nginx has a part in that
gain: so the guide's config also runs on the very nginx that ours runs on, and there our limits, headers and logs may
cost little.

Each proxy has one worker, alone on its core; wrk and the app share the others. All are asked for /query, which is
limited, logged and has the security headers on both sides; the limits are raised so that the load passes. They take
turns, and a ratio is the median of the turns' ratios.

What is compared is how many requests one core of a proxy carries: requests over the processor time that nginx used.
On two cores wrk and the app together need as much as the proxy does: by the clock they would be measured, too.
"""

from __future__ import annotations

import ssl
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest

from aisearch_deploy.targets.parts.edge import SECURITY_HEADERS
from tests.e2e.edge.names import Names
from tests.e2e.edge.running import running
from tests.e2e.speed import cores
from tests.e2e.speed.servers import Server, guide, minimal_app, nginx, version
from tests.e2e.speed.wrk import wrk

pytestmark = pytest.mark.e2e

OLD, NEW = "1.22", "1.30"
TURNS = 7
SECONDS = 2
# More than nginx keeps open to an app by itself (32), and fewer.
MANY, FEW = 64, 16
# What the load needs; the places where the limits are counted and written stay.
PER_SECOND, BURST = 1_000_000, 100_000
GUIDE_LIMIT = (f"rate={PER_SECOND}r/s", f"burst={BURST}")
OURS: dict[str, Any] = {
    "domains": ["localhost"],
    "rate_limit": {"requests": PER_SECOND, "per": "second", "burst": BURST, "paths": ["/query"]},
}


class Turn(NamedTuple):
    """What one proxy did in one turn."""

    one_core: float  # requests for each second of its processor
    per_second: float  # requests, by the clock


Proxies = dict[str, Server]
Turns = dict[str, list[Turn]]


@pytest.fixture(scope="module")
def proxies() -> Iterator[Proxies]:
    """Ours on the current nginx, the guide's on both. Logs are in memory: no disk waits."""
    with ExitStack() as started:
        memory = Path(started.enter_context(TemporaryDirectory(dir="/dev/shm")))
        folders = [memory / name for name in ("app", "ours", "old", "new")]
        for folder in folders:
            folder.mkdir()
        with cores.on(cores.OTHERS):
            app = started.enter_context(minimal_app(folders[0])).port
            names = started.enter_context(Names("127.0.0.1"))
        with cores.on(cores.PROXY):
            edge = started.enter_context(
                running(folders[1], names, app, program=nginx(NEW), workers=1, reload_every=60, **OURS)
            )
            old = started.enter_context(guide(folders[2], nginx(OLD), app, GUIDE_LIMIT))
            new = started.enter_context(guide(folders[3], nginx(NEW), app, GUIDE_LIMIT))
        ours = Server(edge.https, edge.process.pid, edge.root / "access.log")
        yield {"ours": ours, f"the guide's on {OLD}": old, f"the guide's on {NEW}": new}


@pytest.fixture(scope="module")
def many(proxies: Proxies) -> Turns:
    """With MANY connections."""
    return _turns(proxies, MANY)


@pytest.fixture(scope="module")
def few(proxies: Proxies) -> Turns:
    """With FEW connections."""
    return _turns(proxies, FEW)


def test_the_nginx_releases_are_the_ones_that_are_named() -> None:
    assert version(nginx(OLD)).startswith(f"{OLD}.")
    assert version(nginx(NEW)).startswith(f"{NEW}.")


def test_ours_carries_twice_what_the_guide_carries_on_the_nginx_of_its_time(many: Turns, few: Turns) -> None:
    assert _ratio(many, OLD, MANY) >= 2.0
    assert _ratio(few, OLD, FEW) >= 2.0


def test_limits_headers_and_logs_cost_five_percent_at_the_most(many: Turns) -> None:
    assert _ratio(many, NEW, MANY) >= 0.95


def test_where_the_guide_keeps_its_connections_too_they_cost_a_fifth_at_the_most(few: Turns) -> None:
    """Some two microseconds a request: ids, JSON for the log, the client's address for the app. The guide has none."""
    assert _ratio(few, NEW, FEW) >= 0.8


def test_every_limit_header_and_log_was_on(proxies: Proxies) -> None:
    ours = proxies["ours"]
    context = ssl.create_default_context(cafile=str(ours.log.parent / "tls/fullchain.pem"))
    with urllib.request.urlopen(_url(ours), timeout=5, context=context) as answer:  # noqa: S310
        assert {*SECURITY_HEADERS, "Content-Security-Policy", "Strict-Transport-Security", "X-Request-ID"} <= {
            *answer.headers
        }
    time.sleep(1.5)  # a line may be written a second late
    before = _lines(ours.log)
    done = wrk(_url(ours), 1, FEW)
    deadline = time.monotonic() + 5
    while (logged := _lines(ours.log) - before) < done.requests and time.monotonic() < deadline:
        time.sleep(0.1)
    assert logged >= done.requests
    assert '"limit":"PASSED"' in _last_line(ours.log)


def _turns(proxies: Proxies, connections: int) -> Turns:
    found: Turns = {name: [] for name in proxies}
    with cores.on(cores.OTHERS):
        for server in proxies.values():
            wrk(_url(server), 1, connections)
        for _ in range(TURNS):
            for name, server in proxies.items():
                found[name].append(_turn(server, connections))
    print(f"\n{connections} connections:")
    for name, turns in found.items():
        core, clock = (median(turn[place] for turn in turns) for place in (0, 1))
        print(f"  {name}: {core:,.0f} requests for a second of its core ({clock:,.0f} by the clock)")
    return found


def _turn(server: Server, connections: int) -> Turn:
    used = cores.cpu_seconds(server.master)
    load = wrk(_url(server), SECONDS, connections)
    return Turn(load.requests / (cores.cpu_seconds(server.master) - used), load.per_second)


def _ratio(turns: Turns, release: str, connections: int) -> float:
    pairs = zip(turns["ours"], turns[f"the guide's on {release}"], strict=True)
    ratio = median(ours.one_core / theirs.one_core for ours, theirs in pairs)
    print(f"ours on {NEW} / the guide's on {release}, {connections} connections: {ratio:.2f}")
    return ratio


def _url(server: Server) -> str:
    return f"https://localhost:{server.port}/query"


def _lines(log: Path) -> int:
    with log.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _last_line(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(-4096, 2)
        return file.read().decode().splitlines()[-1]
