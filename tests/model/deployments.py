"""Deployments from a few lines of YAML, as the tests of the model need them."""

from __future__ import annotations

from pathlib import Path

from aisearch_deploy.config.load import Document, load, parse
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.targets.registry import target_named

EXAMPLES = Path(__file__).parents[2] / "examples"
COMPOSE = target_named("compose").TRAITS
K8S = target_named("k8s").TRAITS

MINIMAL = """\
version: 1
edition: "2026.11"
name: ai-search
domains: [search.example.com]
image: {repository: ghcr.io/example/ai-search, tag: "1.4.2"}
"""


def document(more: str = "") -> Document:
    """The smallest config, five lines long, with `more` after it."""
    return parse((MINIMAL + more).encode(), "aisearch.yaml")


def deployment(more: str = "", traits: Traits = COMPOSE, environment: str | None = None) -> Deployment:
    """The deployment of `document(more)`."""
    return resolve(document(more), environment, traits)


def example(name: str, traits: Traits, environment: str | None = None) -> Deployment:
    """The deployment of one of the examples."""
    return resolve(load(EXAMPLES / name / "aisearch.yaml"), environment, traits)
