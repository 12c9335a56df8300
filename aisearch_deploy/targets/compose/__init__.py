"""Docker Compose on one server."""

from aisearch_deploy.targets.compose.about import ABOUT, COMPARISON, TIER, TRAITS
from aisearch_deploy.targets.compose.files import plan
from aisearch_deploy.targets.compose.gaps import GAPS
from aisearch_deploy.targets.compose.refusals import refuses

__all__ = ["ABOUT", "COMPARISON", "GAPS", "TIER", "TRAITS", "plan", "refuses"]
