"""Amazon ECS on Fargate: one CloudFormation stack, the task as JSON, and scripts."""

from __future__ import annotations

from aisearch_deploy.config.schema import Config
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.fargate import update_percent
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.targets.base import Comparison, Plan, Tier
from aisearch_deploy.targets.ecs.edge import edge
from aisearch_deploy.targets.ecs.gaps import GAPS
from aisearch_deploy.targets.ecs.refusals import refusal
from aisearch_deploy.targets.ecs.runbook import next_steps, runbook
from aisearch_deploy.targets.ecs.scripts import registry, scripts, tags
from aisearch_deploy.targets.ecs.stack import stack, task_definition

__all__ = ["ABOUT", "COMPARISON", "GAPS", "TIER", "TRAITS", "plan", "refuses"]


def _surge(config: Config) -> int:
    """The tasks that ECS starts on top: a share of those that run, at most of scaling.max."""
    most = config.scaling.max
    return most * update_percent(config.scaling.min) // 100 - most


TRAITS = Traits("ecs", autoscales=True, surge=_surge)
ABOUT = "Amazon ECS on Fargate, with CloudFormation"
TIER = Tier.VALIDATED
COMPARISON = Comparison(
    ease=4, scalability=4, cost="Medium", autoscaling=True, load_balancing="Built-in", best_for="Medium"
)


def refuses(deployment: Deployment) -> str | None:
    """Why ECS cannot carry this deployment, or None."""
    return refusal(deployment)


def plan(deployment: Deployment) -> Plan:
    """The stack, the edge's image, the scripts and the runbook."""
    return Plan(
        (
            stack(deployment),
            registry(deployment),
            task_definition(deployment),
            tags(deployment),
            *edge(deployment),
            *scripts(deployment),
            runbook(deployment),
        ),
        next_steps(deployment),
    )
