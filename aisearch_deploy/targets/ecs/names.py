"""What is called how: the stack, its secrets, and the places that only exist once it does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from aisearch_deploy.config.aws import EcsTarget
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.parts.aws import stack_name
from aisearch_deploy.targets.parts.secrets import BACKUP_CREDENTIALS, DATABASE_PASSWORD, Secret, secrets

# What stands in a text as ${Name}: an output of the stack, and where the stack itself has it from.
ATTRIBUTES = {
    "CacheAddress": "Cache.PrimaryEndPoint.Address",
    "DatabaseAddress": "Database.Endpoint.Address",
    "DatabaseSecret": "Database.MasterUserSecret.SecretArn",
}
_PLACE = re.compile(r"\$\{([A-Za-z0-9:]+)\}")
# CloudFormation's own spelling, where it is not the API's with a capital.
_SPELLED = {
    "efsVolumeConfiguration": "EFSVolumeConfiguration",
    "fileSystemId": "FilesystemId",
    "iam": "IAM",
}


class Composed(str):
    """A text with `${Output}` in it: CloudFormation fills it in the stack, pipeline.sh in the JSON."""

    __slots__ = ()


def options_of(deployment: Deployment) -> EcsTarget:
    """targets.ecs, or its defaults."""
    return deployment.config.targets.ecs or EcsTarget()


def stored_secrets(deployment: Deployment) -> list[Secret]:
    """The secrets that secrets.sh puts into Secrets Manager: RDS keeps its own password, AWS Backup needs none."""
    managed = {BACKUP_CREDENTIALS} | ({DATABASE_PASSWORD} if deployment.bundles_database else set())
    return [secret for secret in secrets(deployment) if secret.name not in managed]


def sidecar_parameter(number: int) -> str:
    """The stack's parameter for the image of the nth sidecar."""
    return f"Sidecar{number + 1}Image"


def repository(deployment: Deployment) -> str:
    """The ECR repository that holds every image, by tag."""
    return stack_name(deployment)


def in_stack(value: Any) -> Any:
    """A task definition's part as CloudFormation writes it: capitals, and references where texts are composed."""
    if isinstance(value, Composed):
        return _reference(value)
    if isinstance(value, Mapping):
        # The keys of a log driver's options are its own.
        return {
            _SPELLED.get(key, key[0].upper() + key[1:]): _options(item) if key == "options" else in_stack(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [in_stack(item) for item in value]
    return value


def _options(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _reference(item) if isinstance(item, Composed) else item for key, item in value.items()}


def _reference(text: str) -> dict[str, Any]:
    whole = _PLACE.fullmatch(text)
    if whole is None:
        return {"Fn::Sub": _PLACE.sub(lambda match: "${" + ATTRIBUTES.get(match[1], match[1]) + "}", text)}
    attribute = ATTRIBUTES.get(whole[1])
    return {"Fn::GetAtt": attribute.split(".", 1)} if attribute else {"Ref": whole[1]}


def in_json(value: Any, region: str) -> Any:
    """The same part as the API takes it, with `@{Output}` for pipeline.sh to fill."""
    if isinstance(value, Composed):
        return _PLACE.sub(r"@{\1}", value.replace("${AWS::Region}", region))
    if isinstance(value, Mapping):
        return {key: in_json(item, region) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [in_json(item, region) for item in value]
    return value
