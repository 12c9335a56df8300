"""What a server does not render as it is meant, and how far this target is proven."""

from __future__ import annotations

from aisearch_deploy.config.targets import Targets
from aisearch_deploy.targets.base import Gap, GapKind, Tier

TIER = Tier.RUN

_NO_IMAGE = "no image runs here: the app is installed from targets.systemd.package, all else from the distribution"
_ONE_SERVER = "a service does not grow by itself: scaling.min is what runs"
_DISK = "folders of the server's own disk, which nothing divides: its size is the limit"
_NO_CLUSTER = "there is one server, and nothing to choose"
_FILES = "secrets are files in secrets.path, which install.sh looks for: bring them there from the store"

GAPS = {
    "image.repository": Gap(GapKind.NOT_EXPRESSED, _NO_IMAGE),
    "image.digest": Gap(GapKind.NOT_EXPRESSED, "names the release only where there is no tag"),
    "image.pull_secret": Gap(GapKind.NOT_EXPRESSED, _NO_IMAGE),
    "image.build": Gap(GapKind.NOT_EXPRESSED, _NO_IMAGE),
    "air_gapped": Gap(GapKind.NOT_EXPRESSED, "packages come from where the server's apt and pip are pointed to"),
    "app.models_cache": Gap(GapKind.NOT_EXPRESSED, _DISK),
    "app.sidecars": Gap(GapKind.NOT_EXPRESSED, "containers need an engine: the compose target has one"),
    "app.volumes.name": Gap(GapKind.NOT_EXPRESSED, "a folder is mounted by its path"),
    "app.volumes.claim": Gap(GapKind.NOT_EXPRESSED, "a claim is Kubernetes': name a host_path"),
    "scaling.min": Gap(GapKind.APPROXIMATED, "one service with the workers, cores and memory of all replicas"),
    "scaling.max": Gap(GapKind.NOT_EXPRESSED, _ONE_SERVER),
    "scaling.cpu": Gap(GapKind.NOT_EXPRESSED, _ONE_SERVER),
    "scaling.memory": Gap(GapKind.NOT_EXPRESSED, _ONE_SERVER),
    "edge.balance": Gap(GapKind.NOT_EXPRESSED, "the workers share one socket, and the kernel gives each what it takes"),
    "edge.image": Gap(GapKind.NOT_EXPRESSED, _NO_IMAGE),
    "secrets.store": Gap(GapKind.NOT_EXPRESSED, _FILES),
    "secrets.external_store": Gap(GapKind.NOT_EXPRESSED, _FILES),
    "secrets.existing": Gap(GapKind.NOT_EXPRESSED, "a Kubernetes Secret does not exist on a server"),
    "database.version": Gap(GapKind.NOT_EXPRESSED, "the distribution's version is installed: 17 on Debian 13"),
    "database.image": Gap(GapKind.NOT_EXPRESSED, _NO_IMAGE),
    "database.storage": Gap(GapKind.NOT_EXPRESSED, _DISK),
    "database.storage_class": Gap(GapKind.NOT_EXPRESSED, _DISK),
    "cache.image": Gap(GapKind.NOT_EXPRESSED, _NO_IMAGE),
    "uploads": Gap(GapKind.NOT_EXPRESSED, _DISK),
    "vector_store.storage": Gap(GapKind.NOT_EXPRESSED, _DISK),
    "backup.storage": Gap(GapKind.NOT_EXPRESSED, _DISK),
    "sandbox": Gap(
        GapKind.NOT_EXPRESSED,
        "an isolated runtime starts containers, and there are none: code execution is switched off",
    ),
    "labels": Gap(GapKind.NOT_EXPRESSED, "units carry no labels"),
    "scheduling": Gap(GapKind.NOT_EXPRESSED, _NO_CLUSTER),
    **{
        f"targets.{name}": Gap(GapKind.NOT_EXPRESSED, "another target's settings")
        for name in (field.alias or key for key, field in Targets.model_fields.items())
        if name != "systemd"
    },
}
