"""Azure Container Instances: nginx, the app and its cache in one group, Azure Database beside it."""

from __future__ import annotations

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.targets.aci import database, group, runbook, scripts
from aisearch_deploy.targets.aci.gaps import GAPS
from aisearch_deploy.targets.aci.place import (
    CACHE_PORT,
    DISKS,
    GIBIBYTE,
    HTTP_PORT,
    HTTPS_PORT,
    MACHINES,
    MOST_CORES,
    MOST_MEMORY,
    Place,
)
from aisearch_deploy.targets.base import Comparison, Plan, Tier
from aisearch_deploy.targets.parts.pooler import POOLER_PORT

__all__ = ["ABOUT", "COMPARISON", "GAPS", "TIER", "TRAITS", "plan", "refuses"]

TRAITS = Traits("aci", autoscales=False)
ABOUT = "Azure Container Instances"
TIER = Tier.VALIDATED
COMPARISON = Comparison(
    ease=4,
    scalability=2,
    cost="pay per second",
    autoscaling=False,
    load_balancing="none",
    best_for="one replica without a server",
)
# What else listens in the group's one network namespace.
TAKEN_PORTS = (HTTP_PORT, HTTPS_PORT, 8081, CACHE_PORT, POOLER_PORT)


def refuses(deployment: Deployment) -> str | None:
    """Why Container Instances cannot carry this deployment at all."""
    config = deployment.config
    if config.targets.aci is None:
        return (
            "it needs targets.aci with a subscription, a resource group, a location, a registry and a storage account."
        )
    place = Place(deployment)
    all_cores, all_memory = group.asked(place)
    checks = {
        "a container group is one replica. Write targets.aci.override: {scaling: {min: 1, max: 1}}.": (
            config.scaling.min > 1
        ),
        "contract local-state keeps its databases in files that are locked, and Azure's shares cannot lock them.": (
            not deployment.shared_state
        ),
        "secrets_as: env is what Container Instances have; files of secrets are not rendered for them.": (
            config.contract.secrets_as != "env"
        ),
        "nobody in front of a container group ends TLS. Write tls: {from: letsencrypt, email: ...}, or files.": (
            config.tls.source == "platform"
        ),
        f"the app listens on {config.contract.port}, which another container of the group needs.": (
            config.contract.port in TAKEN_PORTS
        ),
        f"all its containers together ask for more than {MOST_CORES} cores or {MOST_MEMORY} GB.": (
            all_cores > MOST_CORES or all_memory > MOST_MEMORY
        ),
        f"the app's limit is more than {MOST_CORES} cores or {MOST_MEMORY} GB.": (
            config.app.cpu.limit > MOST_CORES * 1000 or config.app.memory.limit > MOST_MEMORY * 10**9
        ),
        "Azure Database has no machine or no disk of that size.": (
            deployment.bundles_database
            and (
                config.database.cpu > MACHINES[-1][2] * 1000
                or config.database.memory > MACHINES[-1][3] * GIBIBYTE
                or config.database.storage + config.vector_store.storage > DISKS[-1] * GIBIBYTE
            )
        ),
        f"{place.group} is longer than 54 characters.": len(place.group) > 54,
    }
    return next((reason for reason, holds in checks.items() if holds), None)


def plan(deployment: Deployment) -> Plan:
    """The folder: manifests, images, scripts."""
    place = Place(deployment)
    files = (
        group.group(place),
        *group.edge_files(place),
        *scripts.certificates(place),
        *database.database(place),
        scripts.common(place),
        scripts.deploy(place),
        scripts.images(place),
        *scripts.apply(place),
        *scripts.lifecycle(place),
        runbook.runbook(place),
    )
    return Plan(files, next_steps=("./deploy.sh && ./verify.sh",))
