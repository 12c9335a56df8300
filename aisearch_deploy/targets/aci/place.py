"""What a deployment is called on Azure, and how its numbers fit what Azure sells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from aisearch_deploy.config.azure import AciTarget
from aisearch_deploy.model.deployment import Deployment

# Container groups map no ports: what nginx listens on is what the world connects to.
HTTP_PORT = 80
HTTPS_PORT = 443
POSTGRES_PORT = 5432
CACHE_PORT = 6379

GIGABYTE = 10**9
GIBIBYTE = 2**30
# https://learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits
MOST_CORES = 4
MOST_MEMORY = 16

# Machines of Azure Database for PostgreSQL: (tier, name, cores, GiB).
# https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-compute
MACHINES = (
    ("Burstable", "Standard_B1ms", 1, 2),
    ("Burstable", "Standard_B2s", 2, 4),
    ("GeneralPurpose", "Standard_D2ds_v5", 2, 8),
    ("GeneralPurpose", "Standard_D4ds_v5", 4, 16),
    ("GeneralPurpose", "Standard_D8ds_v5", 8, 32),
    ("GeneralPurpose", "Standard_D16ds_v5", 16, 64),
    ("GeneralPurpose", "Standard_D32ds_v5", 32, 128),
    ("GeneralPurpose", "Standard_D48ds_v5", 48, 192),
    ("GeneralPurpose", "Standard_D64ds_v5", 64, 256),
)
# https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-storage
DISKS = (32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384)


@dataclass(frozen=True, slots=True)
class Place:
    """A deployment as Azure sees it."""

    deployment: Deployment

    @property
    def options(self) -> AciTarget:
        chosen = self.deployment.config.targets.aci
        assert chosen is not None  # refuses() has asked  # noqa: S101
        return chosen

    @property
    def group(self) -> str:
        """The container group's name, and what everything else is named after."""
        return self.deployment.instance

    def named(self, part: str) -> str:
        return f"{self.group}-{part}"

    @property
    def dns_label(self) -> str:
        return self.options.dns_label or self.group

    @property
    def host(self) -> str:
        """The name that the domains point to: it stays when the address changes."""
        return f"{self.dns_label}.{self.options.location}.azurecontainer.io"

    @property
    def registry(self) -> str:
        return f"{self.options.registry}.azurecr.io"

    @property
    def identity(self) -> str:
        """The managed identity's resource id: it may pull images, and nothing else."""
        options = self.options
        return (
            f"/subscriptions/{options.subscription}/resourceGroups/{options.resource_group}"
            f"/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{self.group}"
        )

    @property
    def database_server(self) -> str:
        return self.options.database_server or self.named("db")

    @property
    def database_host(self) -> str:
        return self.deployment.config.database.host or f"{self.database_server}.postgres.database.azure.com"

    @property
    def database_port(self) -> int:
        return POSTGRES_PORT if self.deployment.bundles_database else self.deployment.config.database.port

    @property
    def encrypted(self) -> Deployment:
        """The deployment with what Azure's own server insists on: TLS."""
        database = self.deployment.config.database
        if not self.deployment.bundles_database or database.tls != "disable":
            return self.deployment
        changed = database.model_copy(update={"tls": "require"})
        return replace(self.deployment, config=self.deployment.config.model_copy(update={"database": changed}))

    def share(self, part: str) -> str:
        """A file share; environments have their own."""
        return self.named(part)

    @property
    def tags(self) -> dict[str, str]:
        """The labels; a tag's name may hold no slash.

        https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
        """
        return {key.replace("/", "."): value for key, value in self.deployment.config.labels.items()}

    def values(self, **more: Any) -> dict[str, Any]:
        """What every template may use, and `more`."""
        options = self.options
        return {
            "config_file": self.deployment.document.file.rpartition("/")[2],
            "name": self.deployment.name,
            "group": self.group,
            "subscription": options.subscription,
            "resource_group": options.resource_group,
            "location": options.location,
            **more,
        }


def gigabytes(count: int) -> float:
    """Bytes as Azure counts memory, in tenths, rounded up."""
    return ceil(count / GIGABYTE * 10) / 10


def cores(millicores: int) -> float:
    """In hundredths, rounded up."""
    return ceil(millicores / 10) / 100


def machine(millicores: int, memory: int, *, standby: bool) -> tuple[str, str]:
    """Tier and name of the smallest machine that has so much; burstable ones have no standby."""
    return next(
        (tier, name)
        for tier, name, count, gibibytes in MACHINES
        if count * 1000 >= millicores and gibibytes * GIBIBYTE >= memory and not (standby and tier == "Burstable")
    )


def disk(count: int) -> int:
    """GiB of the smallest disk that holds so many bytes."""
    return next(size for size in DISKS if size * GIBIBYTE >= count)


def pairs(values: Mapping[str, str]) -> str:
    """`key=value key=value`, as az takes tags."""
    return " ".join(f"{key}={value}" for key, value in values.items())
