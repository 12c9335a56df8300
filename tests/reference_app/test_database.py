"""The pool, and a database that goes away and comes back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.reference_app.running import Running, database_url, running
from tests.reference_app.servers import Postgres, eventually, postgres

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def own() -> Iterator[Postgres]:
    """A server that these tests may stop."""
    with postgres() as found:
        yield found


@pytest.fixture
def name(own: Postgres, request: pytest.FixtureRequest) -> str:
    return own.create(request.node.name)


def query(app: Running, text: str = "anything") -> int:
    return app.ask("POST", "/query", {"query": text}).status


@contextmanager
def asking(app: Running) -> Iterator[list[tuple[float, int]]]:
    """A question every 20 ms; when each was answered, and its status."""
    answers: list[tuple[float, int]] = []
    enough = Event()

    def ask() -> None:
        while not enough.wait(0.02):
            answers.append((time.monotonic(), query(app, f"question {len(answers)}")))

    thread = Thread(target=ask)
    thread.start()
    try:
        yield answers
    finally:
        enough.set()
        thread.join()


@pytest.mark.parametrize("kill", [False, True], ids=["restarted", "killed"])
def test_a_restart_is_survived_with_warm_connections(own: Postgres, name: str, tmp_path: Path, kill: bool) -> None:
    """Once the server is back, no question fails for a connection that died."""
    with running(tmp_path, {"DATABASE_URL": database_url(own.port, name)}) as app:
        with ThreadPoolExecutor(20) as threads:
            assert set(threads.map(lambda number: query(app, f"warm {number}"), range(40))) == {200}
        ids = app.ask("POST", "/documents", {"documents": [{"title": f"{n}", "body": ""} for n in range(100)]}).json()
        with asking(app) as answers:
            eventually(lambda: len(answers) > 5)
            own.stop(kill=kill)
            eventually(lambda: answers[-1][1] == 503)
            away = app.ask("GET", "/ready")
            assert (away.status, away.headers["Retry-After"]) == (503, "1")
            assert app.ask("GET", "/health").status == 200
            own.start()
            back = time.monotonic()
            # A server that was killed repairs itself before it lets anybody in.
            eventually(lambda: answers[-1][1] == 200)
            seconds = time.monotonic() - back
            settled = len(answers)
            eventually(lambda: len(answers) > settled + 50)
        print(f"answers again {seconds:.2f} s after the port was open; all: {dict(Counter(s for _, s in answers))}")
        assert {status for _, status in answers} == {200, 503}
        assert {status for _, status in answers[settled:]} == {200}
        assert len(app.ask("GET", "/documents?limit=1000").json()) == len(ids["ids"]) == 100


def test_a_restart_that_nobody_saw_costs_no_question(own: Postgres, name: str, tmp_path: Path) -> None:
    """Pre-ping: the pool is full of dead connections, and each is tried before it is used."""
    with running(tmp_path, {"DATABASE_URL": database_url(own.port, name)}) as app, ThreadPoolExecutor(20) as threads:
        assert set(threads.map(lambda number: query(app, f"before {number}"), range(40))) == {200}
        own.stop()
        own.start()
        assert own.run("SELECT 1") == ["1"]
        assert set(threads.map(lambda number: query(app, f"after {number}"), range(40))) == {200}


def test_it_starts_without_a_database_and_is_ready_when_there_is_one(own: Postgres, name: str, tmp_path: Path) -> None:
    own.stop()
    try:
        with running(tmp_path, {"DATABASE_URL": database_url(own.port, name)}) as app:
            assert app.ask("GET", "/ready").status == 503
            own.start()
            eventually(lambda: app.ask("GET", "/ready").status == 200)
            assert query(app) == 200
    finally:
        if not own.running:
            own.start()


def test_it_keeps_20_connections_and_opens_10_more_when_all_are_busy(own: Postgres, name: str, tmp_path: Path) -> None:
    """45 questions wait for a lock: 30 of them in the database, 15 in the app; all are answered."""
    told = {"DATABASE_URL": database_url(own.port, name), "DATABASE_POOL_SIZE": "20", "DATABASE_MAX_OVERFLOW": "10"}

    def connections() -> int:
        every = own.run("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()", name)
        return int(every[0]) - 1  # without the one that asks

    with running(tmp_path, told) as app, ThreadPoolExecutor(46) as threads:
        lock = threads.submit(own.run, "BEGIN; LOCK TABLE documents; SELECT pg_sleep(3); COMMIT", name)
        eventually(lambda: own.run("SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock'", name))
        asked = [threads.submit(query, app, f"busy {number}") for number in range(45)]
        eventually(lambda: connections() == 31)
        most = max(connections() for _ in range(5))
        assert {answer.result() for answer in asked} == {200}
        lock.result()
        eventually(lambda: connections() <= 20)
        print(f"connections of one worker: {most - 1} busy, {connections()} kept")
        assert most == 31  # the lock's own session is one of them
        assert connections() == 20
