"""Who may talk to whom: nobody, but for what is listed here."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.kubernetes.app import scraped
from aisearch_deploy.targets.parts.kubernetes.cluster import ACME_PORT, EDGE_PORT, EDGE_TLS_PORT, POOLER_PORT, Cluster
from aisearch_deploy.targets.parts.kubernetes.edge import asks_for_certificates
from aisearch_deploy.targets.parts.kubernetes.gateway import ports
from aisearch_deploy.targets.parts.kubernetes.part import Part

# What is not the internet: RFC 1918, RFC 6598, link-local with the clouds' metadata services; RFC 4193 and link-local.
PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"]
PRIVATE_IPV6 = ["fc00::/7", "fe80::/10"]

# How each implementation labels the pods that carry requests, in whatever namespace it runs them:
# https://gateway.envoyproxy.io/docs/, https://docs.nginx.com/nginx-gateway-fabric/, Traefik's Helm chart.
GATEWAY_PODS = {
    "envoy-gateway": {"app.kubernetes.io/managed-by": "envoy-gateway", "app.kubernetes.io/name": "envoy"},
    "nginx-gateway-fabric": {"app.kubernetes.io/managed-by": "ngf-nginx"},
    "traefik": {"app.kubernetes.io/name": "traefik"},
}


def network(cluster: Cluster) -> Part:
    """One policy for each part that runs, and the two that hold for all."""
    deployment = cluster.deployment
    values = _values(cluster)
    files = [
        File("network/default.yaml", "nothing is allowed, but asking for names", values=values),
        File("network/app.yaml", "the app: from the edge, to its data and the internet", values=values),
        File("network/edge.yaml", "the edge: from outside, to the app", values=values),
        File("network/backup.yaml", "backups: to the database and the bucket", values=values),
    ]
    if deployment.bundles_database:
        files.append(File("network/database.yaml", "the database: from the app and its jobs", values=values))
    if deployment.sizes.pooler:
        files.append(File("network/pooler.yaml", "PgBouncer: from the app, to the database", values=values))
    if deployment.bundles_cache:
        files.append(File("network/cache.yaml", "the cache: from the app", values=values))
    if deployment.config.app.migrate:
        files.append(File("network/migration.yaml", "the migration: to the database", values=values))
    if asks_for_certificates(cluster) or values["solver"]:
        files.append(File("network/certificate.yaml", "certificates: Let's Encrypt's questions", values=values))
    return Part(tuple(files))


def _values(cluster: Cluster) -> dict[str, Any]:
    deployment, options = cluster.deployment, cluster.options
    config = deployment.config
    bundled_cache = deployment.bundles_cache
    return cluster.values(
        port=config.contract.port,
        edge_port=EDGE_PORT,
        acme_port=ACME_PORT,
        pooler_port=POOLER_PORT,
        cache_port=config.cache.port,
        database_port=cluster.database_port,
        https_port=EDGE_TLS_PORT,
        edge_ports=[EDGE_PORT, *([EDGE_TLS_PORT] if config.tls.source != "platform" else [])],
        behind_gateway=cluster.behind_gateway,
        gateway_peers=gateway_peers(cluster),
        clients=_clients(cluster),
        # Let's Encrypt asks from anywhere, in plain HTTP.
        http_for_all=asks_for_certificates(cluster),
        gateway_here=_gateway_here(cluster),
        gateway_ports=list(ports(cluster)),
        scraped=scraped(cluster),
        pooled=deployment.sizes.pooler,
        bundled_database=deployment.bundles_database,
        outside_database=deployment.uses_database and not deployment.bundles_database,
        bundled_cache=bundled_cache,
        outside_cache=deployment.uses_cache and not bundled_cache,
        app_asks=deployment.uses_database
        or deployment.uses_cache
        or bool(options.egress_ports or _proxy_ports(cluster)),
        egress_ports=options.egress_ports,
        internet=internet(cluster),
        proxy_ports=_proxy_ports(cluster),
        asks_for_certificates=asks_for_certificates(cluster),
        solver=cluster.has("cert-manager") and cluster.behind_gateway and config.tls.source == "letsencrypt",
        remote=config.backup.to is not None,
        operator=cluster.operates_database,
    )


def internet(cluster: Cluster) -> list[dict[str, Any]]:
    """The internet as peers: every address but the private ones."""
    found = [{"ipBlock": {"cidr": "0.0.0.0/0", "except": PRIVATE}}]
    if cluster.deployment.config.network.ipv6:
        found.append({"ipBlock": {"cidr": "::/0", "except": PRIVATE_IPV6}})
    return found


def gateway_peers(cluster: Cluster) -> list[dict[str, Any]]:
    """The pods of the Gateway or the Ingress controller; any pod of the cluster for a class that we do not know."""
    options = cluster.options
    known = options.gateway_class if options.expose == "gateway" else options.ingress_class
    pods = GATEWAY_PODS.get(known or "")
    return [{"namespaceSelector": {}, **({"podSelector": {"matchLabels": pods}} if pods else {})}]


def _clients(cluster: Cluster) -> list[dict[str, Any]]:
    """Who may connect to the edge from outside; empty: everybody."""
    config = cluster.deployment.config
    if config.cdn != "none":
        return []
    return [{"ipBlock": {"cidr": network}} for network in config.trusted_proxies or config.edge.allow]


def _gateway_here(cluster: Cluster) -> bool:
    """Whether the Gateway's own pods run in our namespace, under our default: NGINX Gateway Fabric does that."""
    options = cluster.options
    return options.expose == "gateway" and options.gateway is None and options.gateway_class == "nginx-gateway-fabric"


def _proxy_ports(cluster: Cluster) -> list[int]:
    proxy = cluster.deployment.config.network.proxy
    return sorted({urlsplit(url).port or 80 for url in (proxy.https, proxy.http) if url})
