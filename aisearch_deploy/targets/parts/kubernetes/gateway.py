"""In front of our nginx: a Gateway of Gateway API, or an Ingress, with what it enforces itself."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.edge import MULTIPART_ALLOWANCE
from aisearch_deploy.targets.parts.kubernetes.cluster import ACME_PORT, Cluster
from aisearch_deploy.targets.parts.kubernetes.edge import asks_for_certificates, gateway_limits
from aisearch_deploy.targets.parts.kubernetes.part import Part

# The names under which the implementations' own guides install their GatewayClass.
CLASSES = {"envoy-gateway": "eg", "nginx-gateway-fabric": "nginx", "traefik": "traefik"}
# Traefik's listeners are its entry points, which its chart opens on 8000 and 8443; its Service maps 80 and 443 to them.
# https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/gateway-api/
PORTS = {"traefik": (8000, 8443)}


def gateway(cluster: Cluster) -> Part:
    """The files of the Gateway or the Ingress; nothing when our nginx faces the internet itself."""
    expose = cluster.options.expose
    if expose == "nginx":
        return Part()
    values = _values(cluster)
    if expose == "ingress":
        return Part((File("edge/ingress.yaml", f"Ingress of class {cluster.options.ingress_class}", values=values),))
    files = [File("edge/routes.yaml", "which requests go where", values=values)]
    if cluster.options.gateway is None:
        files.append(File("edge/gateway.yaml", f"the Gateway ({cluster.options.gateway_class})", values=values))
    elif _serves_tls(cluster):
        files.append(File("edge/grant.yaml", "lets the existing Gateway read the certificate", values=values))
    if _has_policy(cluster):
        files.append(File("edge/policy.yaml", "what the Gateway itself enforces: limit, sizes, times", values=values))
    return Part(tuple(files))


def ports(cluster: Cluster) -> tuple[int, int]:
    """The Gateway's listeners: HTTP and HTTPS."""
    return PORTS.get(cluster.options.gateway_class, (80, 443))


def _has_policy(cluster: Cluster) -> bool:
    """NGINX Gateway Fabric has limits of its own on sizes and times, which have to be raised."""
    own_limits = cluster.options.gateway_class == "nginx-gateway-fabric"
    return own_limits or (gateway_limits(cluster) and cluster.deployment.config.rate_limit is not None)


def _serves_tls(cluster: Cluster) -> bool:
    return cluster.deployment.config.tls.source != "platform" or cluster.options.tls_secret is not None


def _values(cluster: Cluster) -> dict[str, Any]:
    deployment, options = cluster.deployment, cluster.options
    config, sizes = deployment.config, deployment.sizes
    http_port, https_port = ports(cluster)
    longest = max(sizes.request_timeout, sizes.stream_timeout) + 10
    return cluster.values(
        domains=config.domains,
        edge=cluster.named("edge"),
        limited=cluster.named("limited"),
        redirect=cluster.named("redirect"),
        acme=cluster.named("acme"),
        acme_port=ACME_PORT,
        asks_for_certificates=asks_for_certificates(cluster),
        existing=options.gateway,
        gateway_class=options.gateway_class,
        class_name=CLASSES[options.gateway_class],
        http_port=http_port,
        https_port=https_port,
        serves_tls=_serves_tls(cluster),
        tls_secret=cluster.tls_secret,
        issuer=options.issuer if _issued_by_cert_manager(cluster) else None,
        timeout=f"{longest}s",
        ingress_class=options.ingress_class,
        middlewares=f"{cluster.namespace}-{cluster.named('limited')}@kubernetescrd",
        upload=f"{(config.app.upload_limit + MULTIPART_ALLOWANCE) // 1024}k",
        ipv6=config.network.ipv6,
        service_annotations=dict(options.service_annotations),
        **_limit(cluster),
    )


def _issued_by_cert_manager(cluster: Cluster) -> bool:
    return (
        cluster.has("cert-manager")
        and cluster.deployment.config.tls.source == "letsencrypt"
        and cluster.options.tls_secret is None
    )


def _limit(cluster: Cluster) -> dict[str, Any]:
    """One limit in the words of each implementation."""
    config = cluster.deployment.config
    limit, keys = config.rate_limit, config.api_keys
    if limit is None or not gateway_limits(cluster):
        return {"limit_paths": [], "key_header": None}
    return {
        "limit_paths": limit.paths,
        "key_header": keys.header if keys else None,
        "requests": limit.requests,
        "unit": limit.per.capitalize(),
        "period": "1m" if limit.per == "minute" else "1s",
        "rate": f"{limit.requests}r/{limit.per[0]}",
        "burst": limit.burst,
        # Traefik counts the request itself, nginx only those on top of it.
        "bucket": limit.burst + 1,
        "nginx_key": f"$http_{keys.header.lower().replace('-', '_')}" if keys else "$binary_remote_addr",
    }
