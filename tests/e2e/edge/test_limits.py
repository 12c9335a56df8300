"""G34: one limit, at the edge, counted per caller; and how large an upload may be."""

from __future__ import annotations

import ssl
import time

import pytest

from tests.e2e.edge.conftest import ALICE, BOB, PROXY
from tests.e2e.edge.running import Edge
from tests.e2e.edge.stub import Stub

pytestmark = pytest.mark.e2e

MIB = 2**20


def burst(edge: Edge, count: int, target: str = "/query", **more: object) -> tuple[int, float]:
    """How many of `count` requests pass, and how long they took; the others must be 429."""
    started = time.monotonic()
    statuses = [edge.ask("POST", target, body=b"{}", **more).status for _ in range(count)]
    assert set(statuses) <= {200, 429}
    return statuses.count(200), time.monotonic() - started


def test_g11_30_a_minute_and_10_at_once(edge: Edge, app: Stub) -> None:
    passed, seconds = burst(edge, 60, source="127.0.0.10")
    print(f"burst of 60 in {seconds:.2f} s: {passed} passed, {60 - passed} refused with 429")
    assert 11 <= passed <= 11 + seconds / 2
    assert len(app.on("/query")) == passed
    time.sleep(2.1)
    assert burst(edge, 2, source="127.0.0.10")[0] == 1, "one more every two seconds"


def test_one_caller_does_not_use_up_anothers_limit(edge: Edge) -> None:
    burst(edge, 15, source="127.0.0.11")
    assert burst(edge, 5, source="127.0.0.12")[0] == 5


def test_all_that_is_below_a_limited_path_shares_its_count(edge: Edge) -> None:
    assert burst(edge, 11, source="127.0.0.13")[0] == 11
    for target in ("/query/", "/query/more", "/query?again=1", "//query", "/%71uery", "/x/%2e%2e/query"):
        assert edge.ask("GET", target, source="127.0.0.13").status in (404, 429), target
    assert edge.ask("GET", "/queries", source="127.0.0.13").status == 200


def test_g34_probes_pages_and_preflights_are_not_counted(edge: Edge) -> None:
    burst(edge, 15, source="127.0.0.14")
    for target in ("/health", "/static/app.css", "/"):
        statuses = {edge.ask("GET", target, source="127.0.0.14").status for _ in range(20)}
        assert statuses == {200}, target
    assert {edge.ask("OPTIONS", "/query", source="127.0.0.14").status for _ in range(15)} == {200}


def test_g6_a_forged_address_is_overwritten_and_counts_for_nothing(edge: Edge, app: Stub) -> None:
    for number in range(15):
        forged = {
            "X-Forwarded-For": f"198.51.100.{number}",
            "X-Real-IP": "198.51.100.1",
            "Forwarded": "for=198.51.100.1",
        }
        status = edge.ask("GET", "/query", source="127.0.0.15", headers=forged).status
        assert status == (200 if number < 11 else 429)
    asked = app.on("/query")[0]
    assert asked.header("X-Forwarded-For") == ["127.0.0.15"]
    assert asked.header("X-Real-IP") == ["127.0.0.15"]
    assert asked.header("Forwarded") == []


def test_a_trusted_proxys_word_counts_back_to_the_first_stranger(edge: Edge, app: Stub) -> None:
    chain = {"X-Forwarded-For": f"198.51.100.1, 203.0.113.9, {PROXY}"}
    edge.ask("GET", "/", source=PROXY, headers=chain)
    assert app.on("/")[0].header("X-Forwarded-For") == ["203.0.113.9"]
    for number in range(15):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        assert edge.ask("GET", "/query", source=PROXY, headers=headers).status == 200


@pytest.mark.parametrize(
    ("addresses", "passed"),
    [
        ([f"2001:db8:1:2:3:4:5:{number:x}" for number in range(1, 16)], 11),
        ([f"2001:db8::{number:x}:1" for number in range(1, 16)], 11),
        ([f"2001:db8:7:{number:x}::1" for number in range(1, 16)], 15),
    ],
    ids=["one network", "one network of many zeros", "fifteen networks"],
)
def test_an_ipv6_network_of_64_bits_is_one_caller(edge: Edge, addresses: list[str], passed: int) -> None:
    statuses = [
        edge.ask("GET", "/query", source=PROXY, headers={"X-Forwarded-For": address}).status for address in addresses
    ]
    assert statuses.count(200) == passed


def test_limits_count_per_key_wherever_it_comes_from(keyed: Edge) -> None:
    passed, seconds = burst(keyed, 20, source="127.0.0.16", headers=ALICE)
    assert 11 <= passed <= 11 + seconds / 2
    assert keyed.ask("GET", "/query", source="127.0.0.17", headers=ALICE).status == 429
    assert burst(keyed, 5, source="127.0.0.16", headers=BOB)[0] == 5


def test_99_mib_pass_and_101_do_not(edge: Edge, app: Stub) -> None:
    started = time.monotonic()
    answer = edge.ask("POST", "/upload", body=bytes(99 * MIB))
    print(f"99 MiB uploaded in {time.monotonic() - started:.1f} s")
    assert (answer.status, answer.json()["bytes"]) == (200, 99 * MIB)
    app.asked.clear()
    try:
        refused = edge.ask("POST", "/upload", body=bytes(101 * MIB))
    except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
        # nginx answers before the body has come and closes; some clients notice only the latter.
        refused = None
    assert refused is None or refused.status == 413
    assert app.on("/upload") == []
    assert not [file for file in (edge.root / "nginx/body").rglob("*") if file.is_file()]


def test_the_form_around_an_upload_of_the_whole_limit_still_fits(edge: Edge) -> None:
    assert edge.ask("POST", "/upload", body=bytes(100 * MIB + 60_000)).status == 200
