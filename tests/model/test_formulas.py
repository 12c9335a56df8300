"""The arithmetic, against numbers computed by hand. G.. are the defects of the guide that each case keeps out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisearch_deploy.model.formulas import memory_can_scale
from aisearch_deploy.model.traits import Traits
from tests.model.deployments import COMPOSE, K8S, deployment, example

MI = 2**20
GI = 2**30


def test_the_seed_on_kubernetes() -> None:
    """G25: 4 workers x (20 + 10) x 10 replicas = 1,200 connections, plus 5 for jobs, against 100."""
    sizes = example("seed", K8S).sizes
    assert sizes.workers == 4
    assert (sizes.replicas, sizes.max_replicas, sizes.autoscales) == (3, 10, True)
    assert sizes.connections_per_replica == 4 * (20 + 10) == 120
    assert sizes.connections_steady == 120 * 10 + 5 == 1205
    assert sizes.connections_update == 120 * (10 + 1) + 5 == 1325
    assert not sizes.pooler  # as the guide has it; the check is there to say so
    assert not sizes.scales_on_memory  # G35
    assert sizes.requests_in_flight == 40  # (100 streams + 20 a second) / 3 replicas
    assert sizes.cache_container == 2731 * MI  # G5: 2 GiB are three quarters of it, to the next MiB


def test_the_seed_on_one_server() -> None:
    """Compose moves no replicas: the smaller number runs."""
    sizes = example("seed", COMPOSE).sizes
    assert (sizes.replicas, sizes.max_replicas, sizes.autoscales) == (3, 3, False)
    assert sizes.connections_steady == 120 * 3 + 5


def test_the_seed_made_to_work() -> None:
    sizes = example("repaired", K8S).sizes
    assert sizes.pooler
    assert sizes.pooler_connections == 100 - 3 - 5 == 92
    assert sizes.pooler_clients == 1590  # 1,325 and a fifth
    assert sizes.scales_on_memory


# auto workers = min(2 x cores + 1, (0.8 x memory - temporary files - requests in flight) / memory at rest)
AUTO: list[tuple[str, str, int]] = [
    ("the small preset: (3276.8 - 400 - 25 x 20) / 1100 = 2.2", "", 2),
    ("the medium preset: (4915.2 - 400 - 40 x 20) / 1100 = 3.4", "preset: medium\n", 3),
    ("the large preset: (9830.4 - 400 - 150 x 20) / 1100 = 5.8", "preset: large\n", 5),
    ("one core", 'app: {memory: 64Gi, cpu: "1"}\n', 3),
    ("half a core counts as one", "app: {memory: 64Gi, cpu: 500m}\n", 3),
    ("a core and a half count as two", 'app: {memory: 64Gi, cpu: "1.5"}\n', 5),
    ("four cores", 'app: {memory: 64Gi, cpu: "4"}\n', 9),
    ("the limit counts, not the request", 'app: {memory: 64Gi, cpu: {request: "1", limit: "4"}}\n', 9),
    ("G26: 4 GiB hold two of them, not 2 x 4 + 1", 'app: {memory: 4Gi, cpu: "4"}\n', 2),
    ("there is always one", "app: {memory: 1Gi}\n", 1),
    (
        "just enough for two: 0.8 x 2560 = 2048 = 2 x 1021 + 4 + 1 + 1 left",
        "app: {memory: 2560Mi, upload_limit: 1Mi, memory_per_worker: {rest: 1021Mi, per_request: 1Mi}}\n"
        "load: {streams: 0, peak_requests: 1/s}\n",
        2,
    ),
    (
        "one MiB too little for two",
        "app: {memory: 2560Mi, upload_limit: 1Mi, memory_per_worker: {rest: 1022Mi, per_request: 1Mi}}\n"
        "load: {streams: 0, peak_requests: 1/s}\n",
        1,
    ),
    ("more replicas share the streams", "app: {memory: 6Gi}\nload: {streams: 200}\nscaling: {min: 10, max: 10}\n", 3),
    ("one replica has them all", "app: {memory: 6Gi}\nload: {streams: 200}\n", 1),
    ("a number is taken as it is", "app: {workers: 9, memory: 1Gi}\n", 9),
]


@pytest.mark.parametrize(("more", "workers"), [case[1:] for case in AUTO], ids=[case[0] for case in AUTO])
def test_workers(more: str, workers: int) -> None:
    assert deployment(more).sizes.workers == workers


# G35: idle workers must stay below the target, or the autoscaler sits at its maximum for ever.
SCALES: list[tuple[str, str, bool]] = [
    ("the guide's: 4 x 1100 = 4400 at rest, 80 % of 2 GiB is 1638", "{request: 2Gi, limit: 4Gi}", False),
    ("4400 at rest is the target itself", "5500Mi", False),
    ("one MiB more", "5501Mi", True),
    ("7 GiB: 5734 above 4400", "7Gi", True),
]


@pytest.mark.parametrize(("memory", "scales"), [case[1:] for case in SCALES], ids=[case[0] for case in SCALES])
def test_memory_as_a_metric(memory: str, scales: bool) -> None:
    found = deployment(f"app: {{workers: 4, memory: {memory}}}\nscaling: {{max: 10, memory: 80%}}\n", K8S)
    assert memory_can_scale(found.config, found.sizes.workers) is scales
    assert found.sizes.scales_on_memory is scales


def test_memory_is_no_metric_unasked_nor_where_nothing_scales() -> None:
    assert not deployment("app: {memory: 64Gi, workers: 1}\nscaling: {max: 10}\n", K8S).sizes.scales_on_memory
    more = "app: {memory: 64Gi, workers: 1}\nscaling: {max: 10, memory: 80%}\n"
    assert deployment(more, K8S).sizes.scales_on_memory
    assert not deployment(more, COMPOSE).sizes.scales_on_memory


@pytest.mark.parametrize(
    ("traits", "scaling", "expected"),
    [
        (K8S, "{min: 3, max: 10}", (3, 10, True)),
        (K8S, "{min: 3, max: 3}", (3, 3, False)),
        (COMPOSE, "{min: 3, max: 10}", (3, 3, False)),
    ],
)
def test_replicas(traits: Traits, scaling: str, expected: tuple[int, int, bool]) -> None:
    sizes = deployment(f"scaling: {scaling}\n", traits).sizes
    assert (sizes.replicas, sizes.max_replicas, sizes.autoscales) == expected


# 1 worker x (5 + 4) x (1 replica + 1 surging) + 5 = 23 connections; the server keeps 3 for itself.
POOLER: list[tuple[str, str, bool]] = [
    ("they fit exactly", "max_connections: 26, pooler: auto", False),
    ("one too many", "max_connections: 25, pooler: auto", True),
    ("asked for, though they fit", "max_connections: 26, pooler: pgbouncer", True),
    ("refused, though they do not", "max_connections: 10, pooler: none", False),
]


@pytest.mark.parametrize(("database", "pooler"), [case[1:] for case in POOLER], ids=[case[0] for case in POOLER])
def test_pooler(database: str, pooler: bool) -> None:
    """G25: a pooler, wherever the pools ask for more than the server accepts."""
    more = f"app: {{workers: 1}}\ndatabase: {{pool: {{size: 5, overflow: 4}}, {database}}}\n"
    sizes = deployment(more + "scaling: {min: 1, max: 1}\n").sizes
    assert sizes.connections_update == 23
    assert sizes.pooler is pooler


@pytest.mark.parametrize("preset", ["small", "medium", "large"])
@pytest.mark.parametrize("traits", [COMPOSE, K8S], ids=lambda traits: traits.name)
def test_no_preset_asks_for_more_connections_than_there_are(preset: str, traits: Traits) -> None:
    """G25, for every size: what arrives at the server with or without a pooler."""
    found = deployment(f"preset: {preset}\n", traits)
    arriving = found.sizes.pooler_connections if found.sizes.pooler else found.sizes.connections_update
    assert arriving <= found.config.database.max_connections - 3


@pytest.mark.parametrize("pooler", ["auto", "pgbouncer"])
def test_sqlite_has_no_connections_to_pool(pooler: str) -> None:
    assert not deployment(f"contract: local-state\ndatabase: {{pooler: {pooler}}}\n").sizes.pooler


def test_surge_counts_during_an_update() -> None:
    more = "app: {workers: 1}\ndatabase: {pool: {size: 5, overflow: 4}}\ntargets: {k8s: {surge: 3}}\n"
    assert deployment(more + "scaling: {min: 2, max: 4}\n", K8S).sizes.connections_update == 9 * (4 + 3) + 5


# (what is written, field, value)
TIMES: list[tuple[str, str, Any]] = [
    ("", "stop_grace", 10 + 30 + 5),
    ("app: {drain: 120s}\n", "stop_grace", 10 + 120 + 5),
    ("", "request_timeout", 130),
    ("app: {longest_request: 5m}\n", "request_timeout", 310),
    ("", "stream_timeout", 130),
    ("app: {token_gap: 90s}\n", "stream_timeout", 190),  # G10: twice the longest silence
    ("app: {startup: 60s}\n", "startup_probes", 12),
    ("app: {startup: 61s}\n", "startup_probes", 13),
    ("", "edge_keepalive", 75),
    ("cdn: cloudflare\n", "edge_keepalive", 910),
    ("load: {peak_requests: 1200/s}\n", "upstream_connections", 1200),
    ("load: {peak_requests: 30/min}\n", "upstream_connections", 64),
    ("load: {streams: 1000, peak_requests: 10/s}\n", "edge_connections", 4 * 1000 + 4 * 10),
    ("app: {upload_limit: 100Mi}\n", "temporary_space", 400 * MI),
    ("database: {memory: 4Gi}\n", "database_shared_buffers", GI),
]


@pytest.mark.parametrize(("more", "field", "value"), TIMES)
def test_times_and_sizes(more: str, field: str, value: Any) -> None:
    assert getattr(deployment(more).sizes, field) == value


@pytest.mark.parametrize("cdn", ["none", "cloudflare"])
def test_the_inner_side_of_a_connection_outlives_the_outer_one(cdn: str) -> None:
    """G36: 502 on a connection that the inner side closed first."""
    sizes = deployment(f"cdn: {cdn}\n").sizes
    assert sizes.app_keepalive > sizes.upstream_keepalive
    assert sizes.edge_keepalive > (900 if cdn == "cloudflare" else 60)


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=2**20))
def test_the_cache_never_fills_more_than_three_quarters_of_its_container(mebibytes: int) -> None:
    """G5, for every size of cache."""
    sizes = deployment(f"cache: {{memory: {mebibytes}Mi}}\n").sizes
    assert mebibytes * MI <= 0.75 * sizes.cache_container
    assert sizes.cache_container % MI == 0
    assert mebibytes * MI > 0.75 * (sizes.cache_container - MI) - MI
