"""Docker Compose on one server."""

from __future__ import annotations

from aisearch_deploy.model.traits import Traits
from aisearch_deploy.targets.base import Comparison, Tier
from aisearch_deploy.targets.compose.files import plan
from aisearch_deploy.targets.compose.gaps import GAPS
from aisearch_deploy.targets.compose.refusals import refuses

__all__ = ["ABOUT", "COMPARISON", "GAPS", "TIER", "TRAITS", "plan", "refuses"]

TRAITS = Traits("compose", autoscales=False)
ABOUT = "Docker Compose on one server"
TIER = Tier.VALIDATED
COMPARISON = Comparison(
    ease=5,
    scalability=2,
    cost="Low",
    autoscaling=False,
    load_balancing="nginx over the replicas",
    best_for="Small-Medium",
)
