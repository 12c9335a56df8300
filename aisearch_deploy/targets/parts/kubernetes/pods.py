"""What pods have in common: where they run, what they carry, and how they get at secrets and authorities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aisearch_deploy.formats.quantities import binary_bytes
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.app import CA_PATH, DATABASE_CA_PATH, environment
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.part import ConfigMap, Part

AUTHORITIES_FOLDER = CA_PATH.rpartition("/")[0]
SECRETS_FOLDER = "/run/secrets"
# 0440: the pod's group reads, nobody writes. YAML 1.1 and 1.2 disagree about 0440, so decimal.
READABLE = 0o440
RUNNABLE = 0o555

Object = dict[str, Any]

# What the "restricted" standard asks of each container, and a read-only root on top.
# https://kubernetes.io/docs/concepts/security/pod-security-standards/
CONTAINER_SECURITY: Object = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}

# For containers that do one small thing before the others start.
SMALL: Object = {
    "requests": {"cpu": "50m", "memory": "64Mi"},
    "limits": {"cpu": "500m", "memory": "64Mi"},
}


def pod_values(cluster: Cluster, component: str, *, replicas: int = 1) -> Object:
    """Values for the pod template of `component`: labels are the template's own."""
    scheduling = cluster.deployment.config.scheduling
    chosen: Object = {}
    if scheduling.node_selector:
        chosen["nodeSelector"] = dict(scheduling.node_selector)
    if scheduling.tolerations:
        chosen["tolerations"] = [
            {
                "key": toleration.key,
                "operator": "Exists" if toleration.value is None else "Equal",
                **({} if toleration.value is None else {"value": toleration.value}),
                "effect": toleration.effect,
            }
            for toleration in scheduling.tolerations
        ]
    if scheduling.priority_class:
        chosen["priorityClassName"] = scheduling.priority_class
    if scheduling.zones == "spread" and replicas > 1:
        chosen["topologySpreadConstraints"] = spread(cluster, component)
    return {"annotations": entry("annotations", dict(cluster.options.annotations)), "scheduling": chosen}


def spread(cluster: Cluster, component: str) -> list[Object]:
    """Over zones, then over nodes; preferred, not required: a cluster with one zone still runs every replica."""
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": selector(cluster, component)},
            "matchLabelKeys": ["pod-template-hash"],
        }
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]


def selector(cluster: Cluster, component: str) -> dict[str, str]:
    """What selectors select by; user labels never enter these."""
    return {"app.kubernetes.io/name": cluster.deployment.name, "app.kubernetes.io/component": component}


def secret_variable(cluster: Cluster, name: str) -> Object:
    """An environment variable that Kubernetes fills from a Secret."""
    return {"name": name, "valueFrom": {"secretKeyRef": cluster.secret_key(name)}}


def secrets_volume(cluster: Cluster, volume: str, names: Iterable[str]) -> Object:
    """Secrets as files under their own names, and no others of the same Secret."""
    sources: dict[str, list[Object]] = {}
    for name in names:
        place = cluster.secret_key(name)
        sources.setdefault(place["name"], []).append({"key": place["key"], "path": name})
    return {
        "name": volume,
        "projected": {
            "defaultMode": READABLE,
            "sources": [{"secret": {"name": secret, "items": items}} for secret, items in sources.items()],
        },
    }


def empty(volume: str, size: int, *, memory: bool = False) -> Object:
    """Space that lives as long as the pod; the pod is evicted when it is full."""
    medium = {"medium": "Memory"} if memory else {}
    return {"name": volume, "emptyDir": {**medium, "sizeLimit": binary_bytes(size)}}


def claim(volume: str, name: str, *, read_only: bool = False) -> Object:
    """An existing claim as a pod's volume."""
    return {"name": volume, "persistentVolumeClaim": {"claimName": name, **({"readOnly": True} if read_only else {})}}


def entry(key: str, value: object) -> Object:
    """One entry of an object; none where there is nothing to say."""
    return {key: value} if value else {}


def scripts_volume(volume: str, config_map: str) -> Object:
    """Scripts of a ConfigMap, executable."""
    return {"name": volume, "configMap": {"name": config_map, "defaultMode": RUNNABLE}}


def authorities(cluster: Cluster) -> Part:
    """The certificate authorities from beside the config, copied, as one ConfigMap."""
    config, inputs = cluster.deployment.config, cluster.deployment.inputs
    named = [
        (config.network.ca_bundle, CA_PATH.rpartition("/")[2], "what the corporate network signs with"),
        (
            config.database.ca,
            DATABASE_CA_PATH.rpartition("/")[2],
            "what the database's certificate is verified against",
        ),
    ]
    copies = [
        File(f"authorities/{key}", f"certificate authority: {about}", content=inputs[source])
        for source, key, about in named
        if source is not None
    ]
    if not copies:
        return Part()
    files = tuple(file.path for file in copies)
    return Part(others=tuple(copies), config_maps=(ConfigMap(cluster.named("authorities"), "settings", files),))


def app_authorities(cluster: Cluster) -> list[tuple[Object, Object | None]]:
    """As authorities_volume, for the app's image: yours are joined with those that the image has, not put in place."""
    if cluster.deployment.config.network.ca_bundle is None:
        return list(authorities_volume(cluster))
    return [
        (empty("authorities", 2**22), {"name": "authorities", "mountPath": AUTHORITIES_FOLDER, "readOnly": True}),
        ({"name": "your-authorities", "configMap": {"name": cluster.named("authorities")}}, None),
    ]


def app_authorities_container(cluster: Cluster) -> list[Object]:
    """The init container that joins them."""
    config = cluster.deployment.config
    if config.network.ca_bundle is None:
        return []
    steps = [f"cat /etc/ssl/certs/ca-certificates.crt /yours/{CA_PATH.rpartition('/')[2]} >{CA_PATH}"]
    if config.database.ca is not None:
        steps.append(f"cat /yours/{DATABASE_CA_PATH.rpartition('/')[2]} >{DATABASE_CA_PATH}")
    return [
        {
            "name": "authorities",
            "image": cluster.images["app"],
            "command": ["/bin/sh", "-c", " && ".join(steps)],
            "resources": SMALL,
            "securityContext": CONTAINER_SECURITY,
            "volumeMounts": [
                {"name": "your-authorities", "mountPath": "/yours", "readOnly": True},
                {"name": "authorities", "mountPath": AUTHORITIES_FOLDER},
            ],
        }
    ]


def authorities_volume(cluster: Cluster, *, database_only: bool = False) -> list[tuple[Object, Object]]:
    """The volume with the authorities and its mount, where there are any."""
    config = cluster.deployment.config
    if config.database.ca is None and (database_only or config.network.ca_bundle is None):
        return []
    return [
        (
            {"name": "authorities", "configMap": {"name": cluster.named("authorities")}},
            {"name": "authorities", "mountPath": AUTHORITIES_FOLDER, "readOnly": True},
        )
    ]


def proxy_variables(cluster: Cluster) -> list[Object]:
    """The forward proxy, for parts other than the app that call out."""
    settings = environment(cluster.deployment, "", {})
    return [
        {"name": name, "value": settings[name]}
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")
        if name in settings
    ]
