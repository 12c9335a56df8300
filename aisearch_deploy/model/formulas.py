"""The arithmetic of a deployment: what follows from the config, each with the inputs it was computed from."""

from __future__ import annotations

from math import ceil

from aisearch_deploy.config.schema import Config
from aisearch_deploy.model.deployment import Sizes
from aisearch_deploy.model.layers import Origin, Source
from aisearch_deploy.model.traits import Traits

# PostgreSQL keeps superuser_reserved_connections (3) for itself; migrations, backups and a person at psql need some.
RESERVED_CONNECTIONS = 3
JOB_CONNECTIONS = 5
# Endpoints leave load balancers some seconds after SIGTERM is due, so traffic goes on for a while.
PRE_STOP = 10
SHUTDOWN_MARGIN = 5
# The inner side of a connection outlives the outer one, else a reused connection meets a closed socket (502).
UPSTREAM_KEEPALIVE = 60
APP_KEEPALIVE = 75
# Idle ones that each of the edge's workers keeps to the app. With fewer than there are requests at once, it connects
# anew for the others: with 64 requests at once, keeping 16 halved what it carries (tests/e2e/speed).
KEPT_CONNECTIONS = 64
# Cloudflare keeps idle connections to the origin for up to 900 s ("Connection limits" in its documentation).
EDGE_KEEPALIVE = {"none": 75, "cloudflare": 910}
MEMORY_SHARE = 0.8
CACHE_SHARE = 0.75


def compute(config: Config, traits: Traits) -> tuple[Sizes, dict[str, Source]]:
    """All sizes, and for each config path that a formula decides, its source."""
    app, scaling, database = config.app, config.scaling, config.database
    in_flight = ceil((config.load.streams + config.load.peak_requests / 60) / scaling.min)
    temporary = 4 * app.upload_limit
    workers = app.workers if isinstance(app.workers, int) else auto_workers(config, in_flight, temporary)
    autoscales = traits.autoscales and scaling.max > scaling.min
    most = scaling.max if autoscales else scaling.min
    surge = traits.surge(config)
    each = workers * (database.pool.size + database.pool.overflow)
    steady = each * most + JOB_CONNECTIONS
    update = each * (most + surge) + JOB_CONNECTIONS
    accepted = database.max_connections - RESERVED_CONNECTIONS
    uses_pooler = database.engine == "postgresql" and (
        database.pooler == "pgbouncer" or (database.pooler == "auto" and update > accepted)
    )
    longest = max(app.longest_request, app.token_gap)
    sizes = Sizes(
        workers=workers,
        replicas=scaling.min,
        max_replicas=most,
        autoscales=autoscales,
        scales_on_memory=autoscales and memory_can_scale(config, workers),
        requests_in_flight=in_flight,
        temporary_space=temporary,
        connections_per_replica=each,
        connections_steady=steady,
        connections_update=update,
        pooler=uses_pooler,
        pooler_connections=max(1, accepted - JOB_CONNECTIONS),
        pooler_clients=ceil(update * 1.2),
        database_shared_buffers=database.memory // 4,
        cache_container=ceil(config.cache.memory / CACHE_SHARE / 2**20) * 2**20,
        pre_stop=PRE_STOP,
        drain=app.drain,
        stop_grace=PRE_STOP + app.drain + SHUTDOWN_MARGIN,
        edge_keepalive=EDGE_KEEPALIVE[config.cdn],
        upstream_keepalive=UPSTREAM_KEEPALIVE,
        app_keepalive=APP_KEEPALIVE,
        upstream_connections=max(KEPT_CONNECTIONS, ceil(config.load.peak_requests / 60)),
        edge_connections=max(1024, 4 * config.load.streams + ceil(config.load.peak_requests / 60) * 4),
        request_timeout=app.longest_request + 10,
        stream_timeout=max(longest, 2 * app.token_gap) + 10,
        startup_probes=ceil(app.startup / 5),
    )
    return sizes, _sources(config)


def auto_workers(config: Config, in_flight: int, temporary: int) -> int:
    """min(2 x cores + 1, floor((0.8 x limit - temporary files - requests in flight) / idle worker)), at least 1."""
    app = config.app
    for_workers = MEMORY_SHARE * app.memory.limit - temporary - in_flight * app.memory_per_worker.per_request
    by_memory = int(for_workers // app.memory_per_worker.rest)
    by_cores = 2 * ceil(app.cpu.limit / 1000) + 1
    return max(1, min(by_cores, by_memory))


def memory_can_scale(config: Config, workers: int) -> bool:
    """Only where idle workers stay below the target, or the autoscaler sits at its maximum for ever."""
    share = config.scaling.memory
    return share is not None and config.app.memory.request * share / 100 > workers * config.app.memory_per_worker.rest


def _sources(config: Config) -> dict[str, Source]:
    every = {
        "app.workers": Source(
            Origin.FORMULA,
            "min(2 x cores + 1, floor((0.8 x memory - temporary files - requests in flight) / memory at rest))",
            inputs=(
                "app.cpu.limit",
                "app.memory.limit",
                "app.memory_per_worker.rest",
                "app.memory_per_worker.per_request",
                "app.upload_limit",
                "load.streams",
                "load.peak_requests",
                "scaling.min",
            ),
        ),
        "database.pooler": Source(
            Origin.FORMULA,
            "workers x (pool.size + pool.overflow) x (replicas + surge) + 5 jobs > max_connections - 3",
            inputs=(
                "app.workers",
                "database.pool.size",
                "database.pool.overflow",
                "scaling.max",
                "database.max_connections",
            ),
        ),
    }
    chosen = {"app.workers": config.app.workers, "database.pooler": config.database.pooler}
    return {path: source for path, source in every.items() if chosen[path] == "auto"}
