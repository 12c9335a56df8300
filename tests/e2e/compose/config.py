"""The config that is run: examples/repaired, and what differs on a machine that is not on the internet."""

from __future__ import annotations

from typing import Any

import yaml

from aisearch_deploy.targets import compose
from tests.goldens import EXAMPLES
from tests.rendering.configs import deployment_of, overlaid, rendered_from

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


def files(config: Object) -> dict[str, tuple[bytes, bool]]:
    """What is rendered for Compose: each file's content, and whether it is executable."""
    runnable = {file.path for file in compose.plan(deployment_of(config, "compose")).files if file.executable}
    return {path: (content, path in runnable) for path, content in rendered_from(config, "compose").items()}


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(below) for key, below in value.items() if below is not None}
    return value
