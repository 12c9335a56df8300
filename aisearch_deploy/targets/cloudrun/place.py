"""What a deployment is called on Google Cloud, and how its numbers fit what Cloud Run sells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from aisearch_deploy.config.targets import CloudRunTarget
from aisearch_deploy.model.deployment import Deployment

EDGE_PORT = 8080
DATABASE_PORT = 5432

GIBIBYTE = 2**30
# https://cloud.google.com/run/docs/configuring/services/memory-limits: more memory needs more cores.
CORES_BY_MEMORY = {4: 1, 8: 2, 16: 4, 24: 6, 32: 8}
# https://cloud.google.com/run/docs/configuring/services/cpu: there are no other numbers.
CORES = (1, 2, 4, 6, 8)
# https://cloud.google.com/run/docs/container-contract#instance-shutdown: SIGTERM, ten seconds, SIGKILL.
GRACE = 10
# https://cloud.google.com/run/quotas: an HTTP/1 request ends there.
LARGEST_HTTP1_REQUEST = 32 * 2**20
LONGEST_REQUEST = 3600
LONGEST_STARTUP = 240
LONGEST_NAME = 49
# Cloud Run's own front end reaches containers from link-local addresses.
PLATFORM_NETWORK = "169.254.0.0/16"


@dataclass(frozen=True, slots=True)
class Place:
    """A deployment as Google Cloud sees it."""

    deployment: Deployment

    @property
    def options(self) -> CloudRunTarget:
        chosen = self.deployment.config.targets.cloudrun
        assert chosen is not None  # refuses() has asked  # noqa: S101
        return chosen

    @property
    def service(self) -> str:
        """The service's name, and what everything else is named after; environments may share a project."""
        return self.deployment.instance

    def named(self, part: str) -> str:
        return f"{self.service}-{part}"

    def bucket(self, part: str) -> str:
        """Names of buckets are shared by everybody, so the project's id is in them."""
        return f"{self.options.project}-{self.service}-{part}"

    def account(self, part: str) -> str:
        """The email of a service account; its id has 6 to 30 characters."""
        return f"{self.service[:20].rstrip('-')}-{part}@{self.options.project}.iam.gserviceaccount.com"

    def secret(self, name: str) -> str:
        """The id in Secret Manager."""
        return self.named(name.lower().replace("_", "-"))

    def url_secret(self, name: str) -> str:
        """The id of a secret that deploy.sh composes: an address with a password in it."""
        return self.named(f"{name.lower().replace('_', '-')}-composed")

    @property
    def registry(self) -> str:
        """The Artifact Registry repository."""
        repository = self.options.repository or self.deployment.name
        return f"{self.options.region}-docker.pkg.dev/{self.options.project}/{repository}"

    @property
    def network(self) -> str | None:
        """The VPC network that instances reach, if any."""
        needed = self.deployment.bundles_database or self.deployment.bundles_cache
        needed = needed or self.options.egress == "all-traffic" or self.options.subnet is not None
        return self.options.network or ("default" if needed else None)

    @property
    def balanced(self) -> bool:
        """Whether a load balancer stands in front."""
        return self.options.expose == "load-balancer"

    @property
    def zone(self) -> str:
        """Our private DNS zone: names of the database and the cache, whose addresses are known only later."""
        return f"{self.service}.internal"

    @property
    def database_host(self) -> str:
        return self.deployment.config.database.host or f"db.{self.zone}"

    @property
    def database_port(self) -> int:
        return DATABASE_PORT if self.deployment.bundles_database else self.deployment.config.database.port

    @property
    def cache_host(self) -> str:
        return self.deployment.config.cache.host or f"cache.{self.zone}"

    @property
    def uploads(self) -> str:
        return self.bucket("uploads")

    @property
    def backups(self) -> str:
        """The bucket for dumps of the database: the config's, when it is one of Google's."""
        to = self.deployment.backup_place
        if to and to.startswith("gs://"):
            return to.removeprefix("gs://").partition("/")[0]
        return self.bucket("backups")

    @property
    def backup_folder(self) -> str | None:
        """The folder in a bucket of the person's."""
        to = self.deployment.backup_place
        return to.removeprefix("gs://").partition("/")[2] or None if to and to.startswith("gs://") else None

    @property
    def labels(self) -> dict[str, str]:
        """The labels as Google Cloud takes them: small letters, digits, dashes and underscores.

        https://cloud.google.com/resource-manager/docs/labels-overview#requirements
        """
        return {_label(key): _label(value) for key, value in self.deployment.config.labels.items()}

    @property
    def cores(self) -> int:
        """Cores of the app's container: the limit, rounded up to what is sold with so much memory."""
        app = self.deployment.config.app
        by_memory = next(
            cores for gibibytes, cores in CORES_BY_MEMORY.items() if app.memory.limit <= gibibytes * GIBIBYTE
        )
        wanted = max(ceil(app.cpu.limit / 1000), by_memory)
        return next(cores for cores in CORES if cores >= wanted)

    @property
    def concurrency(self) -> int:
        return self.options.concurrency or min(1000, max(1, self.deployment.sizes.requests_in_flight))

    @property
    def drained(self) -> Deployment:
        """The deployment with a drain that ends before Cloud Run's patience does."""
        sizes = self.deployment.sizes
        return replace(self.deployment, sizes=sizes._replace(drain=min(sizes.drain, GRACE - 2)))

    @property
    def timeout(self) -> int:
        """Longest life of a request in seconds; a stream may go on as long as Cloud Run lets it."""
        sizes = self.deployment.sizes
        return LONGEST_REQUEST if self.deployment.config.app.streaming_paths else sizes.request_timeout

    def values(self, **more: Any) -> dict[str, Any]:
        """What every template may use, and `more`."""
        return {
            "config_file": self.deployment.document.file.rpartition("/")[2],
            "name": self.deployment.name,
            "service": self.service,
            "project": self.options.project,
            "region": self.options.region,
            **more,
        }


def mebibytes(count: int, step: int = 1) -> str:
    """Bytes as Cloud Run reads them, rounded up to `step` MiB: `6144Mi`."""
    return f"{ceil(count / 2**20 / step) * step}Mi"


def pairs(values: Mapping[str, str]) -> str:
    """`key=value,key=value`, as gcloud takes maps."""
    return ",".join(f"{key}={value}" for key, value in values.items())


def _label(text: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "-", text.lower())[:63]
