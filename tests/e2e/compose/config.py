"""The config that is run: examples/repaired, and what differs on a machine that is not on the internet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from aisearch_deploy.config.load import parse
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.render.pipeline import render
from aisearch_deploy.targets import compose
from tests.goldens import EXAMPLES
from tests.rendering.configs import overlaid

Object = dict[str, Any]

# No authority can reach the machine, so nothing but the certificate's origin differs at the edge.
SELF_SIGNED: Object = {"tls": {"from": "self-signed", "email": None}}
# The reference app is built here.
BUILT: Object = {"image": {"build": {"context": "../reference_app"}}}


def repaired(*more: Object) -> Object:
    """examples/repaired with the differences above, and `more`; a key that is None there is left out."""
    example = yaml.safe_load((EXAMPLES / "repaired" / "aisearch.yaml").read_text())
    found: Object = _without_none(overlaid(example, SELF_SIGNED, BUILT, *more))
    return found


def deployment(config: Object, beside: Path = EXAMPLES / "repaired") -> Deployment:
    """The config resolved, as if it stood in the folder `beside`."""
    # JSON is YAML.
    return resolve(parse(json.dumps(config).encode(), str(beside / "aisearch.yaml")), None, compose.TRAITS)


def files(config: Object, beside: Path = EXAMPLES / "repaired") -> dict[str, tuple[bytes, bool]]:
    """What is rendered for Compose: each file's content, and whether it is executable."""
    plan = compose.plan(deployment(config, beside))
    runnable = {file.path for file in plan.files if file.executable}
    return {path: (content, path in runnable) for path, content in render("compose", plan).items()}


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(below) for key, below in value.items() if below is not None}
    return value
