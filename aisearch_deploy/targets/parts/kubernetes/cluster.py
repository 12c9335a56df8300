"""What a deployment is called on a cluster, and the choices between what every cluster has and what this one has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aisearch_deploy.config.targets import KubernetesTarget
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.images import images, mirrored
from aisearch_deploy.targets.parts.secrets import DATABASE_PASSWORD, Secret, secrets

DATABASE_PORT = 5432
POOLER_PORT = 6432
CACHE_PORT = 6379
EDGE_PORT = 8080
EDGE_TLS_PORT = 8443
ACME_PORT = 8080

# Every object and pod is labelled with the part that it belongs to.
COMPONENTS = (
    "account",
    "app",
    "backup",
    "cache",
    "certificate",
    "database",
    "edge",
    "gateway",
    "migration",
    "network",
    "pooler",
    "secrets",
    "settings",
    "test",
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A deployment as Kubernetes sees it. Host names are short: every pod that uses one is in the namespace."""

    deployment: Deployment

    @property
    def options(self) -> KubernetesTarget:
        return self.deployment.config.targets.k8s or KubernetesTarget()

    @property
    def namespace(self) -> str:
        return self.options.namespace or self.deployment.instance

    def has(self, what: str) -> bool:
        """Whether the cluster offers `what` beyond the bare minimum."""
        return what in self.options.has

    def named(self, part: str) -> str:
        """The name of a part's objects: `ai-search-edge`."""
        return f"{self.deployment.name}-{part}"

    @property
    def behind_gateway(self) -> bool:
        """Whether a Gateway or an Ingress controller ends TLS in front of our nginx."""
        return self.options.expose != "nginx"

    @property
    def one_writer(self) -> bool:
        """Whether the app's volumes are used by one pod at a time: it then stops before the next one starts."""
        return self.deployment.sizes.max_replicas == 1

    @property
    def operates_database(self) -> bool:
        """Whether CloudNativePG runs the bundled database."""
        return self.deployment.bundles_database and self.has("cloudnative-pg")

    @property
    def database_host(self) -> str:
        """The server itself; migrations, backups and the pooler connect here."""
        if self.operates_database:
            return self.named("database-rw")
        return self.deployment.config.database.host or self.named("database")

    @property
    def database_port(self) -> int:
        return DATABASE_PORT if self.operates_database else self.deployment.config.database.port

    @property
    def pull_secrets(self) -> dict[str, Any]:
        """The entry that names the registry's credentials; empty where none are needed."""
        secret = self.deployment.config.image.pull_secret
        return {"imagePullSecrets": [{"name": secret}]} if secret else {}

    @property
    def tls_secret(self) -> str:
        """The Secret with the certificate, ours or one that exists."""
        return self.options.tls_secret or self.named("tls")

    @property
    def default_images(self) -> dict[str, str]:
        """The edition's images; CloudNativePG runs a build of PostgreSQL of its own."""
        found = self.deployment.default_images
        own = dict.fromkeys(("pgvector", "postgresql"), found["cloudnative-pg"]) if self.operates_database else {}
        return {**found, **own}

    @property
    def images(self) -> dict[str, str]:
        """Image references by part."""
        return images(self.deployment.config, self.default_images)

    def mirrored(self, reference: str) -> str:
        """Where an image of yours is taken from: your registry, when there is no other."""
        return mirrored(self.deployment.config, reference)

    @property
    def stored_secrets(self) -> list[Secret]:
        """The secrets that the person's store holds; CloudNativePG makes the database's password itself."""
        found = secrets(self.deployment)
        return [secret for secret in found if not (self.operates_database and secret.name == DATABASE_PASSWORD)]

    def secret_key(self, name: str) -> dict[str, str]:
        """Where the value of a secret is: the Secret's name and the key in it."""
        if self.operates_database and name == DATABASE_PASSWORD:
            return {"name": self.named("database-app"), "key": "password"}
        existing = self.deployment.config.secrets.existing
        if existing is not None:
            return {"name": existing.name, "key": existing.keys.get(name, name)}
        return {"name": self.named("secrets"), "key": name}

    def labels(self, component: str) -> dict[str, str]:
        """Of every object of a part."""
        return {"app.kubernetes.io/name": self.deployment.name, "app.kubernetes.io/component": component}

    def pod_labels(self, component: str) -> dict[str, str]:
        """Of every pod of a part; selectors ask for the same."""
        return self.labels(component)

    def values(self, **more: Any) -> dict[str, Any]:
        """What every template may use, and `more`."""
        return {
            "labels": {component: self.labels(component) for component in COMPONENTS},
            "pod_labels": {component: self.pod_labels(component) for component in COMPONENTS},
            "config_file": self.deployment.document.file.rpartition("/")[2],
            "name": self.deployment.name,
            "namespace": self.namespace,
            "migrates": bool(self.deployment.config.app.migrate),
            **more,
        }
