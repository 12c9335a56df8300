"""The app: its settings, replicas, volumes, and what scales and watches them."""

from __future__ import annotations

from aisearch_deploy.config.app import Sidecar
from aisearch_deploy.formats.escapes import kubernetes_dollar
from aisearch_deploy.formats.quantities import binary_bytes, kubernetes_cpu
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.app import command, environment
from aisearch_deploy.targets.parts.kubernetes import app_secrets
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.part import ConfigMap, Part
from aisearch_deploy.targets.parts.kubernetes.pods import (
    CONTAINER_SECURITY,
    Object,
    app_authorities,
    app_authorities_container,
    claim,
    empty,
    entry,
    pod_values,
)

MODELS_SPACE = 10 * 2**30
SIDECAR_SPACE = 128 * 2**20
RUNTIME_CLASSES = {"gvisor": "gvisor", "kata": "kata"}
GPU_RESOURCES = {"nvidia": "nvidia.com/gpu", "amd": "amd.com/gpu"}


def app(cluster: Cluster) -> Part:
    """Every file of the app but its migration."""
    sizes, options = cluster.deployment.sizes, cluster.options
    extra = [
        *([_autoscaler(cluster)] if sizes.autoscales else []),
        *([_disruption(cluster)] if sizes.max_replicas > 1 else []),
        *([_monitor(cluster)] if scraped(cluster) and cluster.has("prometheus-operator") else []),
    ]
    settings = app_secrets.without_secrets(
        cluster, environment(cluster.deployment, cluster.named("cache"), options.env)
    )
    return Part(
        resources=(_deployment(cluster), _service(cluster), _volumes(cluster), *extra),
        config_maps=(ConfigMap(cluster.named("app"), "settings", settings=settings),),
    )


def scraped(cluster: Cluster) -> bool:
    """Whether Prometheus reads metrics from the app."""
    config = cluster.deployment.config
    return config.monitoring.metrics and config.contract.metrics_path is not None


def _deployment(cluster: Cluster) -> File:
    deployment = cluster.deployment
    config, sizes, options = deployment.config, deployment.sizes, cluster.options
    pod = pod_values(cluster, "app", replicas=sizes.max_replicas)
    if scraped(cluster) and not cluster.has("prometheus-operator"):
        pod["annotations"] = {
            "annotations": {
                "prometheus.io/scrape": "true",
                "prometheus.io/port": str(config.contract.port),
                "prometheus.io/path": config.contract.metrics_path,
                **options.annotations,
            }
        }
    mounts = [*_state_mounts(cluster), *app_authorities(cluster), *app_secrets.mounts(cluster)]
    values = cluster.values(
        **pod,
        app=cluster.named("app"),
        image=cluster.images["app"],
        command=command(deployment),
        port=config.contract.port,
        user=config.contract.user,
        replicas=None if sizes.autoscales else sizes.replicas,
        recreate=cluster.one_writer,
        surge=options.surge,
        history=options.history,
        progress_deadline=options.progress_deadline,
        stop_grace=sizes.stop_grace,
        pre_stop=sizes.pre_stop,
        runtime_class=RUNTIME_CLASSES.get(config.sandbox.mode),
        variables=app_secrets.variables(cluster),
        resources=_resources(cluster),
        startup_probes=sizes.startup_probes,
        health_path=config.contract.health_path,
        ready_path=config.contract.ready_path,
        mounts=[mount for _, mount in mounts if mount],
        volumes=[
            *(volume for volume, _ in mounts),
            *(empty(f"tmp-{sidecar.name}", SIDECAR_SPACE) for sidecar in config.app.sidecars),
        ],
        first_containers=[
            *app_authorities_container(cluster),
            *app_secrets.first_containers(cluster),
            *(_sidecar(cluster, sidecar) for sidecar in config.app.sidecars),
        ],
    )
    return File("app/deployment.yaml", f"the app: {sizes.workers} workers a replica, probes, resources", values=values)


def _state_mounts(cluster: Cluster) -> list[tuple[Object, Object]]:
    config = cluster.deployment.config
    state = config.contract.state
    models = config.app.models_cache
    found = [
        (empty("tmp", cluster.deployment.sizes.temporary_space), {"name": "tmp", "mountPath": "/tmp"}),  # noqa: S108
        (claim("uploads", cluster.named("uploads")), {"name": "uploads", "mountPath": state.uploads}),
        (
            claim("models", cluster.named("models")) if models else empty("models", MODELS_SPACE),
            {"name": "models", "mountPath": state.models},
        ),
    ]
    if not cluster.deployment.shared_state and state.data:
        found.append((claim("data", cluster.named("data")), {"name": "data", "mountPath": state.data}))
    for volume in config.app.volumes:
        read_only: Object = {"readOnly": True} if volume.read_only else {}
        name = f"volume-{volume.name}"
        found.append(
            (
                claim(name, volume.claim or "", read_only=volume.read_only),
                {"name": name, "mountPath": volume.mount, **read_only},
            )
        )
    return found


def _resources(cluster: Cluster) -> Object:
    asked = cluster.deployment.config.app
    gpu = {GPU_RESOURCES[asked.gpu.vendor]: asked.gpu.count} if asked.gpu.count else {}
    return {
        "requests": {
            "cpu": kubernetes_cpu(asked.cpu.request),
            "memory": binary_bytes(asked.memory.request),
        },
        "limits": {
            "cpu": kubernetes_cpu(asked.cpu.limit),
            "memory": binary_bytes(asked.memory.limit),
            **gpu,
        },
    }


def _sidecar(cluster: Cluster, sidecar: Sidecar) -> Object:
    """Kubernetes' own sidecars: they start before the app and stop after it, and never hold up the end of a pod."""
    memory = binary_bytes(sidecar.memory)
    return {
        "name": sidecar.name,
        "image": cluster.mirrored(sidecar.image),
        "restartPolicy": "Always",
        **({"args": [kubernetes_dollar(word) for word in sidecar.command]} if sidecar.command else {}),
        **(
            {"env": [{"name": name, "value": kubernetes_dollar(value)} for name, value in sidecar.env.items()]}
            if sidecar.env
            else {}
        ),
        "resources": {
            "requests": {"cpu": kubernetes_cpu(sidecar.cpu), "memory": memory},
            "limits": {"memory": memory},
        },
        "securityContext": CONTAINER_SECURITY,
        "volumeMounts": [{"name": f"tmp-{sidecar.name}", "mountPath": "/tmp"}],  # noqa: S108
    }


def _service(cluster: Cluster) -> File:
    values = cluster.values(app=cluster.named("app"), port=cluster.deployment.config.contract.port)
    return File("app/service.yaml", "the app's replicas by name, for the edge", values=values)


def _autoscaler(cluster: Cluster) -> File:
    sizes, scaling = cluster.deployment.sizes, cluster.deployment.config.scaling
    values = cluster.values(
        app=cluster.named("app"),
        least=sizes.replicas,
        most=sizes.max_replicas,
        cpu=scaling.cpu,
        memory=scaling.memory if sizes.scales_on_memory else None,
    )
    return File("app/autoscaler.yaml", f"{sizes.replicas} to {sizes.max_replicas} replicas", values=values)


def _disruption(cluster: Cluster) -> File:
    values = cluster.values(app=cluster.named("app"))
    return File("app/disruption.yaml", "one replica at a time when nodes are drained", values=values)


def _monitor(cluster: Cluster) -> File:
    values = cluster.values(app=cluster.named("app"), metrics_path=cluster.deployment.config.contract.metrics_path)
    return File("app/monitor.yaml", "what Prometheus scrapes", values=values)


def _volumes(cluster: Cluster) -> File:
    config = cluster.deployment.config
    mode = "ReadWriteOnce" if cluster.one_writer else "ReadWriteMany"
    claims = [{"name": cluster.named("uploads"), "size": binary_bytes(config.uploads.storage)}]
    if config.app.models_cache:
        claims.append({"name": cluster.named("models"), "size": binary_bytes(config.app.models_cache)})
    if not cluster.deployment.shared_state:
        local = config.database.storage + config.vector_store.storage
        claims.append({"name": cluster.named("data"), "size": binary_bytes(local)})
    values = cluster.values(
        claims=claims, mode=mode, kept=False, storage_class=entry("storageClassName", config.uploads.storage_class)
    )
    return File("app/volumes.yaml", "disk for uploads and whatever else outlives a pod", values=values)
