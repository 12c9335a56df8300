"""What a deployment is called on one server, and how much of it each container may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from aisearch_deploy.config.targets import ComposeTarget
from aisearch_deploy.formats.escapes import compose_dollar
from aisearch_deploy.model.deployment import Deployment

DATABASE_PORT = 5432
POOLER_PORT = 6432
CACHE_PORT = 6379

# What the official images call their users: nginx, postgres and valkey or redis (Debian), postgres (Alpine, PgBouncer).
EDGE_USER = "101:101"
DATABASE_USER = "999:999"
CACHE_USER = "999:999"
POOLER_USER = "70:70"


class Bounds(NamedTuple):
    """What one container may use. `cpus` as Docker writes them, `memory` and `reserved` as in `size`."""

    cpus: str | None
    memory: str
    processes: int
    reserved: str | None = None
    cpu_shares: int | None = None
    restart: str = "unless-stopped"


@dataclass(frozen=True, slots=True)
class Project:
    """A deployment as Compose sees it."""

    deployment: Deployment

    @property
    def options(self) -> ComposeTarget:
        return self.deployment.config.targets.compose or ComposeTarget()

    @property
    def name(self) -> str:
        """The project's name; environments on one server never share containers or volumes."""
        return self.deployment.instance

    @property
    def database_host(self) -> str:
        """The server itself; migrations, backups and the pooler connect here."""
        return self.deployment.config.database.host or "db"

    @property
    def database_port(self) -> int:
        return DATABASE_PORT if self.deployment.bundles_database else self.deployment.config.database.port

    @property
    def labels(self) -> dict[str, str]:
        return doubled({**self.deployment.config.labels, **self.options.labels})

    @property
    def one_writer(self) -> bool:
        """Whether two replicas may never run at once, not even during an update."""
        return not self.deployment.shared_state

    @property
    def backups(self) -> str:
        """The folder on the server that holds the local copies."""
        return f"/var/backups/{self.name}"

    @property
    def certificates(self) -> str:
        """The folder on the server with fullchain.pem and privkey.pem, when they are files of somebody's."""
        return self.deployment.config.tls.path or f"/etc/{self.deployment.instance}/tls"

    def values(self, **more: Any) -> dict[str, Any]:
        """What every template may use, and `more`."""
        return {
            "config_file": self.deployment.document.file.rpartition("/")[2],
            "project": self.name,
            "name": self.deployment.name,
            **more,
        }


def shares(millicores: int) -> int:
    """A weight among busy containers, as Kubernetes derives it from a request: 1024 for a core, never below 2."""
    return max(2, millicores * 1024 // 1000)


def doubled(values: Mapping[str, str]) -> dict[str, str]:
    """The mapping with every `$` in its values doubled, so that Compose leaves it alone."""
    return {name: compose_dollar(value) for name, value in values.items()}
