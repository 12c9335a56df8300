"""A class that is named is as large as what is asked for.

What it does: compares targets.ecs.database_class and cache_node with the memory, and the cores, that database and
cache ask for. Classes that we do not know are not judged.

Why it matters: the name wins. The database then has less memory than its settings were chosen for, and the cache
forgets entries long before cache.memory is full.

Example: cache: {memory: 2Gi} with targets: {ecs: {cache_node: cache.t4g.micro}}, which keeps 384 MiB.

Fix: no name: the smallest that is large enough is taken. Or ask for what the class has.

References: https://aws.amazon.com/rds/instance-types/ and
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.config.aws import EcsTarget
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import cores, written_bytes
from aisearch_deploy.model.deployment import Deployment

ID = "AID108"
SLUG = "named-class"
SEVERITY = Severity.WARNING
TARGETS = frozenset({"ecs"})
READS = (
    "targets.ecs.database_class",
    "targets.ecs.cache_node",
    "database.memory",
    "database.cpu",
    "cache.memory",
)


def check(deployment: Deployment) -> Iterator[Finding]:
    """The class's memory and cores >= what is asked for."""
    options = deployment.config.targets.ecs
    if options is None:
        return
    if deployment.bundles_database:
        yield from _database(deployment, options)
    if deployment.bundles_cache:
        yield from _cache(deployment, options)


def _database(deployment: Deployment, options: EcsTarget) -> Iterator[Finding]:
    from aisearch_deploy.targets.ecs.sizes import DATABASE_CLASSES

    asked = deployment.config.database
    named = next((one for one in DATABASE_CLASSES if one.name == options.database_class), None)
    if named is None or (named.cpu >= asked.cpu and named.memory >= asked.memory):
        return
    has = f"{cores(named.cpu)} cores and {written_bytes(named.memory)}"
    wanted = f"{cores(asked.cpu)} and {written_bytes(asked.memory)}"
    source = said(
        deployment,
        cpu=f"{cores(asked.cpu)} @ database.cpu",
        memory=f"{written_bytes(asked.memory)} @ database.memory",
    )
    yield _smaller(deployment, "targets.ecs.database_class", f"{named.name} has {has}", wanted, source)


def _cache(deployment: Deployment, options: EcsTarget) -> Iterator[Finding]:
    from aisearch_deploy.targets.ecs.sizes import CACHE_NODES, CACHE_SHARE

    asked, memory = deployment.config.cache.memory, dict(CACHE_NODES).get(options.cache_node or "")
    if memory is None or memory * CACHE_SHARE >= asked:
        return
    has = f"{options.cache_node} keeps {memory * CACHE_SHARE / 2**20:,.0f} MiB"
    source = said(deployment, memory=f"{written_bytes(asked)} @ cache.memory")
    yield _smaller(deployment, "targets.ecs.cache_node", has, written_bytes(asked), source)


def _smaller(deployment: Deployment, path: str, has: str, wanted: str, source: str) -> Finding:
    return found(
        ID,
        Severity.WARNING,
        deployment,
        path,
        f"{has}; asked for are {wanted}.",
        proof=(Proof("from", source),),
        changes=(Change(path, None),),
        fix="The smallest that is large enough is then taken.",
    )
