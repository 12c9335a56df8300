"""The machines that clouds run a bundled database on: what is sold, not what was asked for."""

from __future__ import annotations

from typing import NamedTuple

from aisearch_deploy.model.deployment import Deployment

MEBIBYTE = 2**20


class Server(NamedTuple):
    """`memory` in bytes; `named_at` is the setting that names the machine, empty where it follows from the sizes."""

    name: str
    memory: int
    named_at: str = ""


def database_server(deployment: Deployment) -> Server | None:
    """Where the bundled database runs; None for a machine that we know nothing about."""
    asked = deployment.config.database
    if deployment.target == "ecs":
        return _rds(deployment)
    if deployment.target == "cloudrun":
        return _cloud_sql(deployment)
    if deployment.target == "aci":
        return _azure(deployment)
    return Server("the server", asked.memory)


def _rds(deployment: Deployment) -> Server | None:
    from aisearch_deploy.targets.ecs import sizes

    options = deployment.config.targets.ecs
    named = options.database_class if options else None
    name = sizes.database_class(deployment)
    place = "targets.ecs.database_class" if named else ""
    return next((Server(one.name, one.memory, place) for one in sizes.DATABASE_CLASSES if one.name == name), None)


def _cloud_sql(deployment: Deployment) -> Server:
    from aisearch_deploy.targets.cloudrun.scripts import tier

    name = tier(deployment.config.database.cpu, deployment.config.database.memory)
    return Server(name, int(name.rpartition("-")[2]) * MEBIBYTE)


def _azure(deployment: Deployment) -> Server | None:
    from aisearch_deploy.targets.aci.place import GIBIBYTE, MACHINES

    asked = deployment.config.database
    fits = (
        Server(name, gibibytes * GIBIBYTE)
        for _, name, count, gibibytes in MACHINES
        if count * 1000 >= asked.cpu and gibibytes * GIBIBYTE >= asked.memory
    )
    return next(fits, None)
