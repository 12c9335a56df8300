"""Our nginx: what faces the internet, or what stands behind the cluster's own Gateway or Ingress controller."""

from __future__ import annotations

from dataclasses import replace

from aisearch_deploy.formats.quantities import binary_bytes
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.edge import edge_temporary_bytes, edge_values, script_names, worker_processes
from aisearch_deploy.targets.parts.kubernetes.cluster import ACME_PORT, Cluster
from aisearch_deploy.targets.parts.kubernetes.part import ConfigMap, Part
from aisearch_deploy.targets.parts.kubernetes.pods import (
    READABLE,
    RUNNABLE,
    SECRETS_FOLDER,
    Object,
    empty,
    entry,
    pod_values,
    secrets_volume,
)

REPLICAS = 2
# RFC 1918, RFC 6598 and RFC 4193: where pods get their addresses from.
CLUSTER_NETWORKS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"]
# Connections hold buffers for headers, bodies and answers.
BASE_MEMORY = 128 * 2**20
CONNECTION_MEMORY = 64 * 2**10
# Where what stands in front writes the client's address and nothing else; others append to X-Forwarded-For.
ADDRESS_HEADERS = {"nginx-gateway-fabric": "X-Real-IP", "traefik": "X-Real-IP"}

SCRIPTS = {
    "10-resolver.sh": "tells nginx the cluster's name servers",
    "20-certificate.sh": "copies the certificate, or makes one for a trial",
    "30-api-keys.sh": "turns the API keys into a map for nginx",
    "40-reload.sh": "reloads nginx when certificates or keys change",
}


def edge(cluster: Cluster) -> Part:
    """nginx with its configuration, scripts, Service and disruption budget."""
    seen = seen_by_nginx(cluster)
    upstream = (
        f"{cluster.named('app')}.{cluster.namespace}.svc.{cluster.options.cluster_domain}"
        f":{cluster.deployment.config.contract.port}"
    )
    acme = f"{cluster.named('acme')}.{cluster.namespace}.svc.{cluster.options.cluster_domain}:{ACME_PORT}"
    values = edge_values(seen, upstream, acme_service=acme if asks_for_certificates(cluster) else None)
    values["acme"] = values["acme_service"] is not None
    if cluster.behind_gateway and cluster.deployment.config.cdn == "none":
        values["real_ip_header"] = ADDRESS_HEADERS.get(_in_front(cluster), "X-Forwarded-For")
    scripts = script_names(seen)
    files = (
        File("edge/nginx.conf", _about(seen), "nginx", values),
        *(File(f"edge/{name}", SCRIPTS[name], "shell", values, executable=True) for name in scripts),
    )
    config_map = ConfigMap(cluster.named("edge"), "edge", files=tuple(file.path for file in files))
    return Part((_deployment(cluster, seen), _service(cluster), _disruption(cluster)), files, (config_map,))


def seen_by_nginx(cluster: Cluster) -> Deployment:
    """The deployment as nginx has to serve it: behind a Gateway there is no TLS, and a proxy to be trusted."""
    deployment = cluster.deployment
    if not cluster.behind_gateway:
        return deployment
    config = deployment.config
    changed = {
        "tls": config.tls.model_copy(update={"source": "platform"}),
        "trusted_proxies": [*CLUSTER_NETWORKS, *config.trusted_proxies],
        # Counted once, by whoever sees the client itself.
        "rate_limit": None if gateway_limits(cluster) else config.rate_limit,
    }
    return replace(deployment, config=config.model_copy(update=changed))


def _in_front(cluster: Cluster) -> str:
    options = cluster.options
    return options.gateway_class if options.expose == "gateway" else options.ingress_class or ""


def gateway_limits(cluster: Cluster) -> bool:
    """Whether the rate limit is enforced in front of our nginx: where somebody can, and sees who is asking.

    With a CDN or a proxy in front of it, all addresses that it sees are theirs; nginx looks into their headers.
    """
    config, options = cluster.deployment.config, cluster.options
    able = options.expose == "gateway" or (options.expose == "ingress" and options.ingress_class == "traefik")
    proxied = config.cdn != "none" or bool(config.trusted_proxies)
    return able and (config.api_keys is not None or not proxied)


def asks_for_certificates(cluster: Cluster) -> bool:
    """Whether a client of our own asks Let's Encrypt: nobody else in the cluster does."""
    return (
        cluster.deployment.config.tls.source == "letsencrypt"
        and not cluster.has("cert-manager")
        and cluster.options.tls_secret is None
    )


def _about(seen: Deployment) -> str:
    limit = seen.config.rate_limit
    counted = f"{limit.requests}/{limit.per} burst {limit.burst}" if limit else "no limit of its own"
    return f"{'TLS, ' if seen.config.tls.source != 'platform' else ''}{counted}, streams unbuffered"


def _deployment(cluster: Cluster, seen: Deployment) -> File:
    deployment, sizes = cluster.deployment, cluster.deployment.sizes
    memory = BASE_MEMORY + worker_processes(deployment) * sizes.edge_connections * CONNECTION_MEMORY
    rounded = binary_bytes(-(-memory // 2**26) * 2**26)
    folders = [*_certificates(cluster, seen), *_keys(cluster, seen), _temporary(deployment)]
    values = cluster.values(
        **pod_values(cluster, "edge", replicas=REPLICAS),
        edge=cluster.named("edge"),
        image=cluster.images["edge"],
        replicas=REPLICAS,
        history=cluster.options.history,
        tls=seen.config.tls.source != "platform",
        stop_grace=sizes.stop_grace,
        pre_stop=sizes.pre_stop,
        scripts=[{"file": script, "path": f"/docker-entrypoint.d/{script}"} for script in script_names(seen)],
        memory=rounded,
        mounts=[mount for _, mount in folders],
        volumes=[
            {"name": "configuration", "configMap": {"name": cluster.named("edge"), "defaultMode": RUNNABLE}},
            *(volume for volume, _ in folders),
        ],
    )
    return File("edge/deployment.yaml", f"nginx, {REPLICAS} replicas", values=values)


def _certificates(cluster: Cluster, seen: Deployment) -> list[tuple[Object, Object]]:
    if seen.config.tls.source == "platform":
        return []
    required = seen.config.tls.source == "files" or cluster.options.tls_secret is not None
    volume = {
        "name": "certificates",
        "secret": {
            "secretName": cluster.tls_secret,
            "optional": not required,
            "defaultMode": READABLE,
            "items": [
                {"key": "tls.crt", "path": "fullchain.pem"},
                {"key": "tls.key", "path": "privkey.pem"},
            ],
        },
    }
    return [(volume, {"name": "certificates", "mountPath": "/certificates", "readOnly": True})]


def _keys(cluster: Cluster, seen: Deployment) -> list[tuple[Object, Object]]:
    keys = seen.config.api_keys
    if keys is None:
        return []
    volume = secrets_volume(cluster, "api-keys", [keys.secret])
    return [(volume, {"name": "api-keys", "mountPath": SECRETS_FOLDER, "readOnly": True})]


def _temporary(deployment: Deployment) -> tuple[Object, Object]:
    return empty("tmp", edge_temporary_bytes(deployment)), {"name": "tmp", "mountPath": "/tmp"}  # noqa: S108


def _service(cluster: Cluster) -> File:
    config = cluster.deployment.config
    values = cluster.values(
        edge=cluster.named("edge"),
        public=not cluster.behind_gateway,
        # Inside, the app listens on IPv4 alone.
        dual_stack=config.network.ipv6,
        tls=config.tls.source != "platform",
        service_annotations=entry("annotations", dict(cluster.options.service_annotations)),
        allow=[] if _everybody_connects(cluster) else config.edge.allow,
    )
    about = "inside the cluster, for the Gateway" if cluster.behind_gateway else "the load balancer's address"
    return File("edge/service.yaml", about, values=values)


def _everybody_connects(cluster: Cluster) -> bool:
    """Whether edge.allow is nginx's business alone: strangers' addresses reach the load balancer, and have to.

    Behind a CDN or a proxy those are its addresses; and Let's Encrypt asks from anywhere.
    """
    config = cluster.deployment.config
    return bool(config.trusted_proxies) or config.cdn != "none" or asks_for_certificates(cluster)


def _disruption(cluster: Cluster) -> File:
    values = cluster.values(edge=cluster.named("edge"))
    return File("edge/disruption.yaml", "one nginx at a time when nodes are drained", values=values)
