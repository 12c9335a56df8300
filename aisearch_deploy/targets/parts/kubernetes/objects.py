"""Everything that a deployment consists of on Kubernetes."""

from __future__ import annotations

from aisearch_deploy.targets.parts.kubernetes.app import app
from aisearch_deploy.targets.parts.kubernetes.backup import backup
from aisearch_deploy.targets.parts.kubernetes.cache import cache
from aisearch_deploy.targets.parts.kubernetes.certificates import certificates
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.database import database
from aisearch_deploy.targets.parts.kubernetes.edge import edge
from aisearch_deploy.targets.parts.kubernetes.gateway import gateway
from aisearch_deploy.targets.parts.kubernetes.migration import migration
from aisearch_deploy.targets.parts.kubernetes.namespace import accounts, namespace
from aisearch_deploy.targets.parts.kubernetes.network import network
from aisearch_deploy.targets.parts.kubernetes.part import Part
from aisearch_deploy.targets.parts.kubernetes.pods import authorities
from aisearch_deploy.targets.parts.kubernetes.pooler import pooler
from aisearch_deploy.targets.parts.kubernetes.secrets import secrets


def parts(cluster: Cluster) -> list[Part]:
    """In the order in which a person would apply them."""
    return [
        Part((namespace(cluster), accounts(cluster))),
        secrets(cluster),
        authorities(cluster),
        app(cluster),
        migration(cluster),
        edge(cluster),
        gateway(cluster),
        certificates(cluster),
        database(cluster),
        pooler(cluster),
        cache(cluster),
        backup(cluster),
        network(cluster),
    ]
