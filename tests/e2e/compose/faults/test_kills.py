"""Every process of every service is killed from the host, one after the other, under traffic that reads and writes."""

from __future__ import annotations

import os
import signal
from functools import partial

import pytest

from tests.e2e.compose.client import Client
from tests.e2e.compose.faults.loaded import asking, eventually, healthy, kept_ids, works
from tests.e2e.compose.faults.processes import lasting, titled
from tests.e2e.compose.stack import Stack
from tests.e2e.load.kinds import WRITING
from tests.e2e.net.internet import Machine

pytestmark = pytest.mark.drill

# What they have at least, each of another kind, beside the one that holds the container together.
KINDS = {"app": 3, "db": 6, "pooler": 1, "cache": 1, "edge": 4}
# Python's accountant of semaphores is started again with the next worker; connections, with the next request.
NOT_MISSED = ("multiprocessing.resource_tracker", "postgres: connection")


@pytest.mark.parametrize("service", KINDS)
def test_every_process_may_be_killed(steady: Stack, customers: Machine, client: Client, service: str) -> None:
    told = []
    titles = lasting(steady, steady.containers(service)[0])
    with asking(steady, customers, WRITING, 25) as running:
        for title in titles:
            before = titled(steady, service, title)
            os.kill(before[-1], signal.SIGKILL)
            well = partial(is_well, steady, client, service, title, before)
            told.append(f"  {title}: well again after {eventually(well, f'{title} of {service} was killed'):.1f} s")
        record = running.record
    acknowledged = set(record.written)
    print("\n" + "\n".join([*told, record.summary(), f"{len(acknowledged)} rows acknowledged, all there"]))
    assert len(told) > KINDS[service]
    assert acknowledged
    assert not acknowledged - kept_ids(steady)


def is_well(stack: Stack, client: Client, service: str, title: str, before: list[int]) -> bool:
    """Something else does what the killed one, the last of `before`, did; and everything works."""
    now = titled(stack, service, title)
    replaced = before[-1] not in now and (len(now) >= len(before) or title in NOT_MISSED)
    return replaced and healthy(stack) and works(client)
