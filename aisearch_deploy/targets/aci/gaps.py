"""What Azure Container Instances cannot do as the config means it."""

from __future__ import annotations

from aisearch_deploy.targets.base import Gap, GapKind

_APPROXIMATED = GapKind.APPROXIMATED
_NOT = GapKind.NOT_EXPRESSED

GAPS = {
    "image.pull_secret": Gap(_NOT, "images.sh copies images with the login of the Docker that runs it."),
    "image.build": Gap(_NOT, "Build and push the image first: images.sh takes it from a registry."),
    "contract.user": Gap(_NOT, "The image's own user counts; Azure mounts file shares for everybody in a container."),
    "app.gpu": Gap(_NOT, "Container Instances with GPUs were retired in July 2025."),
    "app.volumes": Gap(_NOT, "There are no claims and no host folders; only file shares can be mounted."),
    "scaling": Gap(_NOT, "A container group is one replica. Azure Container Apps or AKS (target k8s) have several."),
    "edge.balance": Gap(_APPROXIMATED, "There is one replica to choose from."),
    "secrets.store": Gap(_NOT, "Secrets come from files, and are in the group as secure values only."),
    "secrets.external_store": Gap(_NOT, "Secrets come from files, and are in the group as secure values only."),
    "secrets.existing": Gap(_NOT, "There are no Kubernetes Secrets."),
    "database.image": Gap(_APPROXIMATED, "Azure runs its own build; the image is used for dumps and restores."),
    "database.tls": Gap(_APPROXIMATED, "Azure Database always asks for TLS: disable becomes require."),
    "database.storage_class": Gap(_NOT, "Azure Database's disks are SSDs."),
    "database.cpu": Gap(_APPROXIMATED, "Rounded up to a machine that Azure Database has."),
    "database.memory": Gap(_APPROXIMATED, "Rounded up to a machine that Azure Database has."),
    "database.storage": Gap(_APPROXIMATED, "Rounded up to a disk that Azure Database has."),
    "vector_store.storage": Gap(_APPROXIMATED, "Part of the database's disk, which is rounded up."),
    "uploads.storage_class": Gap(_NOT, "The storage account decides: it keeps copies in three zones."),
    "sandbox.mode": Gap(
        _APPROXIMATED, "Every group is isolated by a hypervisor; the app's code shares it with what it runs."
    ),
    "logs.max_size": Gap(_NOT, "Azure keeps the last 4 MB of each container's output."),
    "logs.max_files": Gap(_NOT, "Azure keeps the last 4 MB of each container's output."),
    "monitoring.metrics": Gap(
        _APPROXIMATED, "Azure Monitor has the group's CPU and memory; nothing scrapes the app's metrics."
    ),
    "backup.schedule": Gap(
        _NOT,
        "Container Instances start nothing by time: Azure Database backs itself up, your own scheduler runs task.sh.",
    ),
    "backup.to": Gap(_NOT, "Dumps go to a file share."),
    "backup.encrypt_to": Gap(_NOT, "The storage account encrypts what it keeps, with Azure's keys."),
    "labels": Gap(_APPROXIMATED, "A tag's name may hold no slash: it becomes a dot."),
    "network.ipv6": Gap(_NOT, "A container group has an IPv4 address only."),
    "scheduling": Gap(_NOT, "There are no nodes to choose."),
    "air_gapped": Gap(_APPROXIMATED, "Images are copied from that registry into Azure's."),
}
