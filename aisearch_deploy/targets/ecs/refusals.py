"""What ECS on Fargate cannot carry at all, in words that say what to write instead."""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.formats.quantities import binary_bytes, cores
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.fargate import pair_for
from aisearch_deploy.targets.ecs import sizes

# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html, MasterUsername
RDS_RESERVED = frozenset({"admin", "rdsadmin", "postgres", "rdsrepladmin"})
DATABASE_RESERVED = frozenset({"postgres", "template0", "template1", "rdsadmin"})


def refusal(deployment: Deployment) -> str | None:
    """The first reason, or None."""
    return next(_reasons(deployment), None)


def _reasons(deployment: Deployment) -> Iterator[str]:
    config = deployment.config
    if not deployment.shared_state:
        yield (
            "contract local-state keeps SQLite and Chroma on a local disk, and a Fargate task's disk ends with it; "
            "EFS is NFS, where SQLite's locks are not safe. Write contract: shared-state, or take compose or k8s."
        )
    if config.app.gpu.count:
        yield "app.gpu: Fargate has no graphics processors. Take k8s."
    if config.sandbox.mode != "none":
        yield (
            f"sandbox.mode {config.sandbox.mode}: Fargate chooses the runtime itself, so code that the app runs would "
            "not be isolated from the app. Write sandbox: {mode: none}."
        )
    if pair_for(config) is None:
        app = config.app
        yield (
            f"app.cpu {cores(app.cpu.limit)} and app.memory {binary_bytes(app.memory.limit)} are more than one Fargate "
            "task can have (16 cores, 120Gi)."
        )
    if deployment.bundles_database and config.database.user in RDS_RESERVED:
        yield f"database.user {config.database.user} is reserved by RDS. Write user: aisearch."
    if deployment.bundles_database and config.database.name in DATABASE_RESERVED:
        yield f"database.name {config.database.name} is the server's own. Write name: aisearch."
    if deployment.bundles_database and sizes.database_class(deployment) is None:
        yield "database.cpu and database.memory are more than db.m7g.16xlarge has. Write targets.ecs.database_class."
    if deployment.bundles_cache and sizes.cache_node(deployment) is None:
        yield "cache.memory is more than cache.r7g.16xlarge has. Write less, or mode: external."
