"""What the app depends on goes for a while."""

from __future__ import annotations

import pytest

from tests.e2e.compose.client import Client
from tests.e2e.compose.faults.loaded import asking, eventually, healthy, kept_ids, works
from tests.e2e.compose.stack import Stack
from tests.e2e.load.kinds import WRITING
from tests.e2e.net.internet import Machine

pytestmark = pytest.mark.drill


def test_the_app_reconnects_after_a_restart_of_the_database(steady: Stack, customers: Machine, client: Client) -> None:
    apps = [(each["Id"], each["State"]["StartedAt"]) for each in steady.containers("app")]
    with asking(steady, customers, WRITING) as running:
        steady.compose("restart", "db")
        seconds = eventually(lambda: works(client), "writes")
        running.wait_for(running.due + 150)
        record = running.record
    # The last three seconds are as if nothing had been, and no container is another one.
    late = record.between(record.outcomes[-1].at - 2.5, record.outcomes[-1].at + 1)
    print(f"\ndatabase restarted, writes again {seconds:.1f} s after that: {record.summary()}")
    assert not late.lost, late.summary()
    assert [(each["Id"], each["State"]["StartedAt"]) for each in steady.containers("app")] == apps
    assert not set(record.written) - kept_ids(steady)


def test_answers_go_on_without_the_cache(steady: Stack, customers: Machine, client: Client) -> None:
    with asking(steady, customers) as running:
        steady.compose("stop", "cache")
        running.wait_for(running.due + 250)
        without = client.query()
        steady.compose("start", "cache")
        running.wait_for(running.due + 100)
        record = running.record
    eventually(lambda: healthy(steady), "healthy")
    print(f"\n5 s without the cache: {record.summary()}")
    assert (without.status, without.header("X-Cache")) == (200, ["miss"])
    assert not record.lost, record.summary()
