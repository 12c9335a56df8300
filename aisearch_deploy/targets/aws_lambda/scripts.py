"""The scripts beside the template, and what they share."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.aws_lambda.template import options_of, stored_secrets
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.aws import LIFECYCLE, PLATFORMS, parameter, stack_name, tag_list


def registry(deployment: Deployment) -> File:
    """registry.yaml: the stack of the image."""
    stack = stack_name(deployment)
    values = {
        "config_file": _config_file(deployment),
        "description": f"{stack}: images",
        "repository": stack,
        "lifecycle": LIFECYCLE,
    }
    return File("registry.yaml", "the registry of the image, a stack of its own", values=values)


def tags(deployment: Deployment) -> File:
    """tags.json: the config's labels, on everything."""
    return File("tags.json", "labels, as tags on everything", "json", {"tags": tag_list(deployment)})


def scripts(deployment: Deployment) -> list[File]:
    """Every script, common.sh first."""
    config, stack = deployment.config, stack_name(deployment)
    common = {
        "region": options_of(deployment).region,
        "stack": stack,
        "registry_stack": f"{stack}-registry",
        "repository": stack,
        "secrets_prefix": stack,
        "secrets": " ".join(f"{secret.name}={parameter(secret.name)}" for secret in stored_secrets(deployment)),
    }
    verify = {"domain": deployment.domain, "ready_path": config.contract.ready_path}
    platform = {"platform": PLATFORMS[options_of(deployment).architecture]}
    return [
        _script(deployment, "common.sh", "what the scripts share", common, executable=False),
        _script(deployment, "deploy.sh", "the image, then change sets; shows them first", platform),
        _script(deployment, "rollback.sh", "back to the version before, at once", {"least": str(config.scaling.min)}),
        _script(deployment, "secrets.sh", "files into Secrets Manager", {"folder": deployment.secrets_path}),
        _script(deployment, "verify.sh", "the whole, seen from the outside", verify),
    ]


def _script(deployment: Deployment, path: str, about: str, values: dict[str, Any], *, executable: bool = True) -> File:
    return File(path, about, "shell", {"config_file": _config_file(deployment)} | values, executable=executable)


def _config_file(deployment: Deployment) -> str:
    return deployment.document.file.rpartition("/")[2]
