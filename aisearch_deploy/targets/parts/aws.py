"""What the targets in Amazon's cloud call things."""

from __future__ import annotations

from aisearch_deploy.model.deployment import Deployment


def stack_name(deployment: Deployment) -> str:
    """The stack's name: `ai-search`, or `ai-search-staging`."""
    return deployment.instance


def parameter(name: str) -> str:
    """The stack's parameter for a secret's ARN: `SecretDASHSCOPExAPIxKEY`, one to one, since names are capitals."""
    return f"Secret{name.replace('_', 'x')}"


PLATFORMS = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}
# Untagged images go after a week; those with a tag stay, since a rollback wants them.
LIFECYCLE = (
    '{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", '
    '"countUnit": "days", "countNumber": 7}, "action": {"type": "expire"}}]}'
)


def tag_list(deployment: Deployment) -> list[dict[str, str]]:
    """The config's labels as CloudFormation takes tags."""
    found = {"aisearch:name": deployment.name, **deployment.config.labels}
    return [{"Key": key, "Value": value} for key, value in found.items()]
