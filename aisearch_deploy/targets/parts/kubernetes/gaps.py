"""What no cluster does as it is meant."""

from __future__ import annotations

from aisearch_deploy.targets.base import Gap, GapKind

GAPS = {
    "image.build": Gap(
        GapKind.NOT_EXPRESSED, "a cluster pulls images, it does not build them: the compose target has the Dockerfile"
    ),
    "app.volumes.host_path": Gap(
        GapKind.NOT_EXPRESSED, "the restricted pod security standard forbids folders of a node: name a claim"
    ),
    "logs.max_size": Gap(
        GapKind.NOT_EXPRESSED, "the kubelet rotates logs, for a whole node alike: containerLogMaxSize, 10Mi by default"
    ),
    "logs.max_files": Gap(
        GapKind.NOT_EXPRESSED, "the kubelet rotates logs, for a whole node alike: containerLogMaxFiles, 5 by default"
    ),
    "backup.encrypt_to": Gap(
        GapKind.NOT_EXPRESSED, "no image here has age: let the bucket encrypt, and keep its key where backups are not"
    ),
    "targets.compose": Gap(GapKind.NOT_EXPRESSED, "another target's settings"),
}
