"""What the targets in Amazon's cloud call things."""

from __future__ import annotations

from aisearch_deploy.model.deployment import Deployment


def stack_name(deployment: Deployment) -> str:
    """The stack's name: `ai-search`, or `ai-search-staging`."""
    return f"{deployment.name}-{deployment.environment}" if deployment.environment else deployment.name


def parameter(name: str) -> str:
    """The stack's parameter for a secret's ARN: `SecretDASHSCOPExAPIxKEY`, one to one, since names are capitals."""
    return f"Secret{name.replace('_', 'x')}"
