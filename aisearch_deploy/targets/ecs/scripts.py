"""The scripts beside the stack, and what they share."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.images import mirrored
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.ecs.names import options_of, repository, sidecar_parameter, stored_secrets
from aisearch_deploy.targets.ecs.sizes import retention_days
from aisearch_deploy.targets.ecs.stack import client
from aisearch_deploy.targets.parts.aws import LIFECYCLE, PLATFORMS, parameter, stack_name, tag_list


def registry(deployment: Deployment) -> File:
    """registry.yaml: the stack of the images."""
    values = {
        "config_file": _config_file(deployment),
        "description": f"{stack_name(deployment)}: images",
        "repository": repository(deployment),
        "lifecycle": LIFECYCLE,
    }
    return File("registry.yaml", "the registry of the images, a stack of its own", values=values)


def tags(deployment: Deployment) -> File:
    """tags.json: the config's labels, on everything."""
    return File("tags.json", "labels, as tags on everything", "json", {"tags": tag_list(deployment)})


def scripts(deployment: Deployment) -> list[File]:
    """Every script, common.sh first."""
    return [
        _script(deployment, "common.sh", "what the scripts share", _common(deployment), executable=False),
        _script(deployment, "deploy.sh", "images, then change sets; shows them first", _deploy(deployment)),
        _script(deployment, "update.sh", "another image of the app, without downtime"),
        _script(deployment, "rollback.sh", "back to the image before"),
        _script(deployment, "pipeline.sh", "task-definition.json into service, for pipelines"),
        _script(deployment, "secrets.sh", "files into Secrets Manager", {"folder": deployment.secrets_path}),
        _script(deployment, "restart.sh", "new tasks, which read the secrets anew"),
        _script(
            deployment,
            "backup.sh",
            "recovery points, now",
            {"keep_days": str(retention_days(deployment)), "database": deployment.bundles_database},
        ),
        _script(
            deployment,
            "restore.sh",
            "a snapshot, a moment, or files brought back",
            {"database": deployment.bundles_database, "stack_tag": stack_name(deployment)},
        ),
        _script(deployment, "verify.sh", "the whole, seen from the outside", _verify(deployment)),
    ]


def _script(
    deployment: Deployment, path: str, about: str, values: dict[str, Any] | None = None, *, executable: bool = True
) -> File:
    return File(path, about, "shell", {"config_file": _config_file(deployment)} | (values or {}), executable=executable)


def _config_file(deployment: Deployment) -> str:
    return deployment.document.file.rpartition("/")[2]


def _common(deployment: Deployment) -> dict[str, Any]:
    stack = stack_name(deployment)
    return {
        "region": options_of(deployment).region,
        "stack": stack,
        "registry_stack": f"{stack}-registry",
        "repository": repository(deployment),
        "secrets_prefix": stack,
        "secrets": " ".join(f"{secret.name}={parameter(secret.name)}" for secret in stored_secrets(deployment)),
    }


def _deploy(deployment: Deployment) -> dict[str, Any]:
    others = [
        *([f"PoolerImage={deployment.images['pooler']}"] if deployment.sizes.pooler else []),
        *([f"ClientImage={deployment.images['database']}"] if client(deployment) else []),
        *(
            f"{sidecar_parameter(number)}={mirrored(deployment.config, sidecar.image)}"
            for number, sidecar in enumerate(deployment.config.app.sidecars)
        ),
    ]
    return {
        "app_image": deployment.images["app"],
        "edge_base": deployment.images["edge"],
        "platform": PLATFORMS[options_of(deployment).architecture],
        "other_images": " ".join(others),
        "migrates": "yes" if deployment.config.app.migrate else "no",
        "prepares": "yes" if client(deployment) else "no",
        "keeps_snapshot": "yes" if deployment.bundles_database else "no",
    }


def _verify(deployment: Deployment) -> dict[str, Any]:
    config = deployment.config
    return {
        "domain": deployment.domain,
        "health_path": config.contract.health_path,
        "metrics_path": config.contract.metrics_path,
        "api_keys": config.api_keys.header if config.api_keys else None,
        "refused": "|403" if config.edge.allow else "",
    }
