"""Google Cloud Run: nginx and the app in each instance, Cloud SQL and Memorystore, a load balancer in front."""

from __future__ import annotations

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.targets.base import Comparison, File, Plan, Tier
from aisearch_deploy.targets.cloudrun import app, jobs, runbook, scripts
from aisearch_deploy.targets.cloudrun.edge import edge_files
from aisearch_deploy.targets.cloudrun.gaps import GAPS
from aisearch_deploy.targets.cloudrun.place import (
    CORES,
    CORES_BY_MEMORY,
    GIBIBYTE,
    LONGEST_NAME,
    LONGEST_REQUEST,
    LONGEST_STARTUP,
    Place,
)
from aisearch_deploy.targets.parts.pooler import POOLER_PORT

__all__ = ["ABOUT", "COMPARISON", "GAPS", "TIER", "TRAITS", "plan", "refuses"]

TRAITS = Traits("cloudrun", autoscales=True)
ABOUT = "Google Cloud Run"
TIER = Tier.VALIDATED
COMPARISON = Comparison(
    ease=4,
    scalability=5,
    cost="pay per use",
    autoscaling=True,
    load_balancing="managed",
    best_for="load that comes and goes",
)
# nginx's own, in the same network namespace as the app.
TAKEN_PORTS = (8080, 8081, POOLER_PORT)


def refuses(deployment: Deployment) -> str | None:
    """Why Cloud Run cannot carry this deployment at all."""
    config = deployment.config
    if config.targets.cloudrun is None:
        return "it needs targets.cloudrun with a project and a region."
    place = Place(deployment)
    checks = {
        "contract local-state keeps its databases on a disk, and an instance has none that outlives it.": (
            not deployment.shared_state
        ),
        "secrets_as: file wants secrets in one folder, and Cloud Run mounts each in its own. Use env or NAME_FILE.": (
            config.contract.secrets_as == "file"
        ),
        f"the app listens on {config.contract.port}, which nginx or the pooler in the same instance needs.": (
            config.contract.port in TAKEN_PORTS
        ),
        f"an instance has at most {max(CORES_BY_MEMORY)} GiB and {max(CORES)} cores.": (
            config.app.memory.limit > max(CORES_BY_MEMORY) * GIBIBYTE or config.app.cpu.limit > max(CORES) * 1000
        ),
        f"Cloud Run waits at most {LONGEST_STARTUP} seconds for an app to start.": config.app.startup > LONGEST_STARTUP,
        f"a request lasts at most {LONGEST_REQUEST} seconds.": deployment.sizes.request_timeout > LONGEST_REQUEST,
        f"{place.service} is longer than the {LONGEST_NAME} characters that a service's name may have.": (
            len(place.service) > LONGEST_NAME
        ),
        f"{place.backups} is longer than the 63 characters that a bucket's name may have.": len(place.backups) > 63,
        "with expose: domain-mapping only Google's certificates are served, not files of yours.": (
            not place.balanced and config.tls.source == "files"
        ),
        "Cloud SQL signs with an authority of its own, unknown until it exists: database.tls can be require.": (
            deployment.bundles_database and config.database.tls == "verify-full"
        ),
    }
    return next((reason for reason, holds in checks.items() if holds), None)


def plan(deployment: Deployment) -> Plan:
    """The folder: manifests, images, scripts."""
    place = Place(deployment)
    files: list[File] = [app.service(place), *edge_files(place)]
    if deployment.config.app.migrate:
        files.append(jobs.migration(place))
    files += [*jobs.database(place), scripts.restore(place)]
    files += [scripts.common(place), scripts.deploy(place), scripts.images(place), scripts.secrets(place)]
    if deployment.bundles_database or deployment.bundles_cache:
        files.append(scripts.data(place))
    files += [*scripts.domain(place), *scripts.lifecycle(place), *_authorities(deployment), runbook.runbook(place)]
    return Plan(tuple(files), next_steps=("./deploy.sh && ./verify.sh",))


def _authorities(deployment: Deployment) -> list[File]:
    config = deployment.config
    named = {"ca-bundle.pem": config.network.ca_bundle, "database-ca.pem": config.database.ca}
    return [
        File(path, "certificate authority", content=deployment.inputs[source])
        for path, source in named.items()
        if source is not None
    ]
