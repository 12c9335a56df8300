"""What ECS, RDS and ElastiCache sell, and which of it a deployment needs."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from aisearch_deploy.formats.quantities import SECOND_UNITS
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.fargate import update_percent
from aisearch_deploy.targets.ecs.names import options_of

GIB = 2**30
DAY = SECOND_UNITS["d"]
# Fargate gives every task 20 GiB of disk; images take a part of it.
FREE_DISK = 20 * GIB
IMAGES_DISK = 6 * GIB
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html, startPeriod
LONGEST_START = 300
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html, BackupRetentionPeriod
LONGEST_RETENTION = 35
LEAST_STORAGE = 20


class Class(NamedTuple):
    """`cpu` in thousandths of a core, `memory` in bytes. Burstable classes count for half of what they show."""

    name: str
    cpu: int
    memory: int


# https://aws.amazon.com/rds/instance-types/
DATABASE_CLASSES = (
    Class("db.t4g.micro", 1000, GIB),
    Class("db.t4g.small", 1000, 2 * GIB),
    Class("db.t4g.medium", 1000, 4 * GIB),
    Class("db.t4g.large", 1000, 8 * GIB),
    Class("db.m7g.large", 2000, 8 * GIB),
    Class("db.m7g.xlarge", 4000, 16 * GIB),
    Class("db.m7g.2xlarge", 8000, 32 * GIB),
    Class("db.m7g.4xlarge", 16000, 64 * GIB),
    Class("db.m7g.8xlarge", 32000, 128 * GIB),
    Class("db.m7g.12xlarge", 48000, 192 * GIB),
    Class("db.m7g.16xlarge", 64000, 256 * GIB),
)
# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html, maxmemory of each node.
CACHE_NODES = (
    ("cache.t4g.micro", 536870912),
    ("cache.t4g.small", 1471026299),
    ("cache.t4g.medium", 3317862236),
    ("cache.m7g.large", 6854542746),
    ("cache.r7g.large", 14037181030),
    ("cache.r7g.xlarge", 28261849702),
    ("cache.r7g.2xlarge", 56711183565),
    ("cache.r7g.4xlarge", 113609865216),
    ("cache.r7g.8xlarge", 225000375228),
    ("cache.r7g.16xlarge", 450000750456),
)
# ElastiCache keeps a quarter for itself (reserved-memory-percent), so maxmemory is three quarters of a node.
CACHE_SHARE = 0.75


def database_class(deployment: Deployment) -> str | None:
    """The RDS class; None when none is large enough."""
    chosen, database = options_of(deployment).database_class, deployment.config.database
    if chosen:
        return chosen
    fits = (size.name for size in DATABASE_CLASSES if size.cpu >= database.cpu and size.memory >= database.memory)
    return next(fits, None)


def cache_node(deployment: Deployment) -> str | None:
    """The ElastiCache node; None when none is large enough."""
    wanted = deployment.config.cache.memory
    return options_of(deployment).cache_node or next(
        (name for name, memory in CACHE_NODES if memory * CACHE_SHARE >= wanted), None
    )


def storage(deployment: Deployment) -> int:
    """The database's disk in GiB: rows, and vectors where they live there too."""
    config = deployment.config
    vectors = config.vector_store.storage if deployment.uses_vectors_in_database else 0
    return max(LEAST_STORAGE, ceil((config.database.storage + vectors) / GIB))


def retention_days(deployment: Deployment) -> int:
    """Days of backups that AWS Backup keeps; RDS's own, for a point in time, end at 35."""
    return ceil(deployment.config.backup.keep / DAY)


def zones(deployment: Deployment) -> int:
    """Zones of a new VPC: a load balancer needs two; three where three replicas run."""
    return 3 if deployment.sizes.replicas >= 3 else 2


def spread(deployment: Deployment) -> bool:
    """Whether the loss of a zone is to be survived: data then has a standby in another one."""
    return deployment.config.scheduling.zones == "spread" and deployment.sizes.replicas > 1


def maximum_percent(deployment: Deployment) -> int:
    """Of the tasks that run, while an update does: room for one more at the least number of tasks."""
    return update_percent(deployment.sizes.replicas)


def most_tasks(deployment: Deployment) -> int:
    """Tasks during an update at the busiest time."""
    return deployment.sizes.max_replicas * maximum_percent(deployment) // 100


def pooler_connections(deployment: Deployment) -> int:
    """What one task's PgBouncer may open, so that all of them stay below the database's limit even in an update."""
    return max(1, deployment.sizes.pooler_connections // most_tasks(deployment))


def health_start(deployment: Deployment) -> int:
    """How long failed health checks of a new container do not count."""
    return min(LONGEST_START, deployment.config.app.startup)


def idle_timeout(deployment: Deployment) -> int:
    """Longer than nginx waits for the app, so that nginx answers before the load balancer hangs up."""
    return max(deployment.sizes.request_timeout, deployment.sizes.stream_timeout) + 5


def requests_per_task(deployment: Deployment) -> int:
    """Requests a minute of each task, when the busiest time is spread over the most tasks, and a fifth to spare."""
    return max(1, int(deployment.config.load.peak_requests / deployment.sizes.max_replicas * 0.8))


def ephemeral_disk(temporary: int) -> int | None:
    """GiB of a task's disk when the free 20 are not enough for uploads on their way."""
    needed = temporary + IMAGES_DISK
    return None if needed <= FREE_DISK else min(200, ceil(needed / GIB))
