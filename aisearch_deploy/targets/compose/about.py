"""What people compare this target by."""

from __future__ import annotations

from aisearch_deploy.model.traits import Traits
from aisearch_deploy.targets.base import Comparison, Tier

TRAITS = Traits("compose", autoscales=False)
ABOUT = "Docker Compose on one server"
TIER = Tier.RUN
COMPARISON = Comparison(
    ease=5,
    scalability=2,
    cost="Low",
    autoscaling=False,
    load_balancing="nginx over the replicas",
    best_for="Small-Medium",
)
