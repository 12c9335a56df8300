"""The traffic against the reference app over TLS: what it sends, and that it notices everything that can go wrong."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.load.answers import Place
from tests.e2e.load.kinds import GAP, WRITING
from tests.e2e.load.traffic import traffic
from tests.reference_app.certificate import self_signed
from tests.reference_app.running import Running, database_url, running
from tests.reference_app.servers import Postgres, postgres

pytestmark = pytest.mark.e2e

DOMAIN = "search.example.com"
RATE = 50
Served = Callable[..., AbstractContextManager[tuple[Running, Place]]]


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with postgres() as found:
        yield found


@pytest.fixture
def served(tmp_path: Path, database: Postgres) -> Served:
    """Starts the app over TLS; the app and the place."""
    certificate = self_signed(tmp_path, DOMAIN)
    told = {"DATABASE_URL": database_url(database.port, database.create("load"))}
    options = (f"--ssl-certfile={certificate.chain}", f"--ssl-keyfile={certificate.key}")

    @contextmanager
    def serve(**more: Any) -> Iterator[tuple[Running, Place]]:
        with running(tmp_path, told, options=options, ca=certificate.chain, **more) as app:
            yield app, Place("127.0.0.1", app.port, DOMAIN, str(certificate.chain))

    return serve


def test_fifty_a_second_of_every_kind_from_many_addresses(served: Served) -> None:
    sources = [f"127.0.1.{number}" for number in range(1, 21)]
    with served(workers=2) as (app, place):
        with traffic(place, rate=RATE, seconds=8, mix=WRITING, sources=sources) as running:
            record = running.finish()
        clients = {line["client"] for line in app.lines() if line.get("path") == "/query"}
        kept = {one["id"] for one in app.ask("GET", "/documents?limit=1000").json() if one["kind"] == "load"}
    print(record.summary())
    assert record.sent == 8 * RATE
    assert record.lost == []
    kinds = Counter(outcome.kind for outcome in record.outcomes)
    assert kinds == {kind: number * 40 for kind, number in Counter(WRITING).items()}
    assert clients == set(sources)
    assert GAP * 0.9 < record.longest_gap < GAP + 0.5
    assert record.versions == {"1.0.0": kinds["health"]}
    assert set(record.written) == kept
    assert len(kept) == kinds["write"]
    assert record.percentile(1) < 2


def test_it_does_not_slow_down_when_answers_do(served: Served) -> None:
    """The app is stopped for two seconds: as many requests are due meanwhile, and their waiting shows."""
    with served() as (app, place), traffic(place, rate=RATE, mix=["get"]) as running:
        running.wait_for(50)
        stopped = time.time()
        app.process.send_signal(signal.SIGSTOP)
        time.sleep(2)
        app.process.send_signal(signal.SIGCONT)
        running.wait_for(250)
        record = running.stop()
    print(record.summary())
    meanwhile = record.between(stopped, stopped + 2)
    assert record.lost == []
    assert 0.9 * 2 * RATE <= meanwhile.sent <= 1.1 * 2 * RATE
    assert 1.7 < meanwhile.percentile(1) < 3
    assert len(record.slower_than(1)) >= 0.4 * 2 * RATE
    assert record.late < 0.5


def test_what_is_sent_to_nobody_is_lost_with_the_reason_and_never_sent_again(served: Served) -> None:
    with served() as (app, place), traffic(place, rate=RATE, seconds=4) as running:
        running.wait_for(100)
        killed = time.time()
        app.process.kill()
        record = running.finish()
    print(record.summary())
    reasons = Counter(outcome.lost for outcome in record.lost)
    assert record.sent == 4 * RATE
    assert reasons["ConnectionRefusedError"] >= 60
    assert any("a stream" in reason and "of 20 tokens" in reason for reason in reasons)
    assert record.between(0, killed - 2.2).lost == []
    assert all(outcome.lost for outcome in record.between(killed + 0.1, killed + 10).outcomes)


def test_a_stream_that_is_cut_is_lost(served: Served) -> None:
    with served(drain=1) as (app, place), traffic(place, rate=RATE, mix=["stream"]) as running:
        running.wait_for(25)
        app.terminate()
        app.process.wait(10)
        record = running.stop()
    print(record.summary())
    assert any("cut after" in outcome.lost or "ended after" in outcome.lost for outcome in record.lost)


def test_another_status_is_a_loss(served: Served, database: Postgres) -> None:
    with served() as (_, place):
        database.stop()
        try:
            with traffic(place, rate=RATE, seconds=2, mix=["health", "query"]) as running:
                record = running.finish()
        finally:
            database.start()
    assert {outcome.kind: outcome.lost for outcome in record.outcomes} == {"health": "", "query": "status 503"}


def test_the_certificate_is_verified_unless_it_is_told_not_to(served: Served, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    foreign = str(self_signed(other, DOMAIN).chain)
    places: dict[str, Callable[[Place], Place]] = {
        "right": lambda place: place,
        "another authority": lambda place: place._replace(ca=foreign),
        "another name": lambda place: place._replace(domain="other.example.com"),
        "not looked at": lambda place: place._replace(ca=None, domain="other.example.com"),
    }
    found = {}
    with served() as (_, place):
        for name, changed in places.items():
            with traffic(changed(place), rate=RATE, seconds=0.5, mix=["health"]) as running:
                found[name] = {outcome.lost for outcome in running.finish().outcomes}
    refused = {"TLS: CERTIFICATE_VERIFY_FAILED"}
    assert found == {"right": {""}, "another authority": refused, "another name": refused, "not looked at": {""}}


def test_connections_can_be_used_again(served: Served) -> None:
    with served() as (_, place):
        with traffic(place, rate=RATE, seconds=3, reuse=True) as running:
            record = running.finish()
        with traffic(place, rate=RATE, seconds=3) as running:
            fresh = running.finish()
    print(f"used again: {record.summary()}\nnew ones:   {fresh.summary()}")
    assert (record.lost, fresh.lost) == ([], [])
    assert sum(outcome.connected for outcome in fresh.outcomes) == 150
    assert sum(outcome.connected for outcome in record.outcomes) < 50
