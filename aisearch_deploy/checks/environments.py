"""Which environments people depend on."""

from __future__ import annotations

from aisearch_deploy.model.deployment import Deployment

PRODUCTION = frozenset({"production", "prod"})


def is_production(deployment: Deployment) -> bool:
    """By its name: what a trial may do without, this may not."""
    return deployment.environment in PRODUCTION
