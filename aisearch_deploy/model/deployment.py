"""What every target reads: the resolved config of one environment and target, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from aisearch_deploy.config.load import ConfigPath, Document, dotted
from aisearch_deploy.config.schema import Config
from aisearch_deploy.model.images import images
from aisearch_deploy.model.layers import Merged, Origin, Source
from aisearch_deploy.model.places import written_place


class Sizes(NamedTuple):
    """What the formulas give. Memory in bytes, times in seconds, connections and replicas as counts."""

    workers: int
    replicas: int
    max_replicas: int
    autoscales: bool
    scales_on_memory: bool
    requests_in_flight: int
    temporary_space: int
    connections_per_replica: int
    connections_steady: int
    connections_update: int
    pooler: bool
    pooler_connections: int
    pooler_clients: int
    database_shared_buffers: int
    cache_container: int
    pre_stop: int
    drain: int
    stop_grace: int
    edge_keepalive: int
    upstream_keepalive: int
    app_keepalive: int
    upstream_connections: int
    edge_connections: int
    request_timeout: int
    stream_timeout: int
    startup_probes: int


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment, ready to be planned. `formulas` holds their provenance, `inputs` the other files read."""

    config: Config
    environment: str | None
    target: str
    sizes: Sizes
    default_images: Mapping[str, str]
    document: Document
    merged: Merged
    formulas: Mapping[str, Source]
    inputs: Mapping[str, bytes]

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def instance(self) -> str:
        """`<name>-<environment>`, or the name alone: environments never share a place by default."""
        return f"{self.name}-{self.environment}" if self.environment else self.name

    @property
    def backup_place(self) -> str | None:
        """Where the copies off this machine go: a folder of its own for each environment."""
        place = self.config.backup.to
        return f"{place.rstrip('/')}/{self.environment}" if place and self.environment else place

    @property
    def shared_state(self) -> bool:
        return self.config.contract.extends == "shared-state"

    @property
    def uses_database(self) -> bool:
        return self.config.database.engine == "postgresql"

    @property
    def bundles_database(self) -> bool:
        return self.uses_database and self.config.database.mode == "bundled"

    @property
    def uses_cache(self) -> bool:
        return self.shared_state

    @property
    def bundles_cache(self) -> bool:
        return self.uses_cache and self.config.cache.mode == "bundled"

    @property
    def uses_vectors_in_database(self) -> bool:
        return self.uses_database and self.config.vector_store.engine == "pgvector"

    @property
    def secrets_path(self) -> str:
        """The folder on a server that holds the secret files."""
        return self.config.secrets.path or f"/etc/{self.instance}/secrets"

    @property
    def domain(self) -> str:
        """The main domain."""
        return self.config.domains[0]

    def source(self, path: ConfigPath) -> Source:
        """Where the value at `path` comes from."""
        formula = self.formulas.get(dotted(path))
        if formula is not None:
            return formula
        layer = self.merged.origin_of(path)
        if layer is None:
            return Source(Origin.DEFAULT, "schema")
        position = written_place(self.document, self.merged, path)[1] if layer.root is not None else None
        return Source(layer.origin, layer.detail, position)

    @property
    def images(self) -> dict[str, str]:
        """Every image this deployment may run, by part: app, database, cache, edge, pooler, certbot, rclone."""
        return images(self.config, self.default_images)
