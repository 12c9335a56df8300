"""The settings that Compose cannot express, or not as they are meant."""

from __future__ import annotations

from collections.abc import Mapping

from aisearch_deploy.targets.base import Gap, GapKind

_SIZE = Gap(GapKind.NOT_EXPRESSED, "a volume of Docker has no size: give its disk that much, and watch it.")
_CLASS = Gap(GapKind.NOT_EXPRESSED, "a server has no storage classes.")
_SCALES = Gap(GapKind.NOT_EXPRESSED, "there is no autoscaler: scaling.min replicas run.")
_CLUSTER = Gap(GapKind.NOT_EXPRESSED, "there is one server, so nothing to choose from.")

GAPS: Mapping[str, Gap] = {
    "image.pull_secret": Gap(GapKind.NOT_EXPRESSED, "the server itself logs in to the registry: docker login."),
    "app.models_cache": _SIZE,
    "app.gpu.vendor": Gap(GapKind.APPROXIMATED, "with amd the app gets every card of the server, whatever the count."),
    "app.volumes.name": Gap(GapKind.NOT_EXPRESSED, "a folder of the server needs no name."),
    "app.volumes.claim": Gap(GapKind.NOT_EXPRESSED, "Kubernetes has claims, here host_path is mounted."),
    "app.sidecars": Gap(GapKind.APPROXIMATED, "one runs for all replicas, reached by its name in place of localhost."),
    "scaling.max": _SCALES,
    "scaling.cpu": _SCALES,
    "scaling.memory": _SCALES,
    "secrets.store": Gap(
        GapKind.APPROXIMATED, "containers read files below secrets.path, wherever else the values live."
    ),
    "secrets.external_store": Gap(GapKind.NOT_EXPRESSED, "Kubernetes has it, containers here read files."),
    "secrets.existing": Gap(GapKind.NOT_EXPRESSED, "Kubernetes has it, containers here read files."),
    "database.storage": _SIZE,
    "database.storage_class": _CLASS,
    "uploads.storage": _SIZE,
    "uploads.storage_class": _CLASS,
    "vector_store.storage": _SIZE,
    "backup.storage": _SIZE,
    "scheduling": _CLUSTER,
    "targets.k8s": Gap(GapKind.NOT_EXPRESSED, "it is for the target k8s."),
}
