"""Answers come from the cache where it has them; without it they go on."""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reference_app.running import Answer, Running, running
from tests.reference_app.servers import Server, eventually, valkey

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def own_cache() -> Iterator[Server]:
    with valkey() as found:
        yield found


@pytest.fixture
def cached(tmp_path: Path, told: dict[str, str], own_cache: Server) -> Iterator[Running]:
    with running(tmp_path, told | {"REDIS_URL": f"redis://127.0.0.1:{own_cache.port}/0"}) as found:
        yield found


def ask(app: Running, query: str) -> Answer:
    answer = app.ask("POST", "/query", {"query": query})
    assert answer.status == 200, answer.body
    return answer


def redis(server: Server, command: str) -> list[str]:
    """A command in the protocol's inline form; the lines of the reply."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(f"{command}\r\nQUIT\r\n".encode())
        with connection.makefile() as lines:
            return [line.strip() for line in lines][:-1]


def test_the_second_answer_is_the_first_from_the_cache_for_an_hour(cached: Running, own_cache: Server) -> None:
    cached.ask("POST", "/documents", {"documents": [{"title": "Snow", "body": "White snow fell"}]})
    first, second, third = (ask(cached, query) for query in ("white snow", "White  SNOW ", "white snow fell"))
    assert [answer.headers["X-Cache"] for answer in (first, second, third)] == ["miss", "hit", "miss"]
    assert first.json()["results"] == second.json()["results"] != []
    keys = [line for line in redis(own_cache, "KEYS query:*") if line.startswith("query:")]
    assert len(keys) == 2
    assert all(3590 <= int(redis(own_cache, f"TTL {key}")[0].lstrip(":")) <= 3600 for key in keys)
    assert len(cached.ask("GET", "/history").json()) == 2


def test_it_is_the_database_that_is_spared(cached: Running) -> None:
    """A document that comes later is not in an answer that is cached already."""
    word = uuid.uuid4().hex
    assert ask(cached, word).json()["results"] == []
    cached.ask("POST", "/documents", {"documents": [{"title": word, "body": ""}]})
    assert ask(cached, word).json()["results"] == []
    assert len(ask(cached, f"{word} {word}").json()["results"]) == 1


@pytest.mark.parametrize("kill", [False, True], ids=["stopped", "killed"])
def test_answers_go_on_without_it_and_use_it_again(cached: Running, own_cache: Server, kill: bool) -> None:
    ask(cached, "warm")
    own_cache.stop(kill=kill)
    try:
        slowest = 0.0
        for number in range(30):
            began = time.monotonic()
            assert ask(cached, f"without {number}").headers["X-Cache"] == "miss"
            slowest = max(slowest, time.monotonic() - began)
        print(f"slowest of 30 answers while the cache is gone: {slowest:.3f} s")
        assert slowest < 1.5
    finally:
        own_cache.start()
    ask(cached, "after")
    eventually(lambda: ask(cached, "after").headers["X-Cache"] == "hit")
    assert any("the cache does not answer" in line["message"] for line in cached.lines())


def test_a_cache_that_hangs_costs_half_a_second_now_and_then(tmp_path: Path, told: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        with running(tmp_path, told | {"REDIS_URL": url}) as app:
            times = []
            for number in range(20):
                began = time.monotonic()
                ask(app, f"question {number}")
                times.append(time.monotonic() - began)
    print(f"with a cache that never answers: slowest {max(times):.3f} s, median {sorted(times)[10]:.3f} s")
    assert max(times) < 0.95
    assert sorted(times)[10] < 0.4


def test_without_one_the_answer_says_so(tmp_path: Path, told: dict[str, str]) -> None:
    with running(tmp_path, told) as app:
        assert ask(app, "question").headers["X-Cache"] == "off"
