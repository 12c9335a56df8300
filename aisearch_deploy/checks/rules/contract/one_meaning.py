"""A path has one meaning at the edge.

What it does: refuses a path for metrics that is the path of health, readiness, static files, a stream or a limit too;
and one for static files that is a stream or limited.

Why it matters: metrics are hidden from the outside, with all that is under their path, and static files are cached and
not counted. What has both meanings gets these: a health path that answers 404 to your monitor, a stream that arrives
in one lump, a limit that counts nothing.

Example: contract: {metrics_path: /health} with health_path: /health.

Fix: a path of its own for each, as the image serves them.

References: https://nginx.org/en/docs/http/ngx_http_core_module.html#location
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID601"
SLUG = "one-meaning"
SEVERITY = Severity.ERROR
# Lambda has no edge.
TARGETS = frozenset({"compose", "systemd", "k8s", "helm", "ecs", "cloudrun", "aci"})
READS = (
    "contract.metrics_path",
    "contract.health_path",
    "contract.ready_path",
    "contract.static_path",
    "app.streaming_paths",
    "rate_limit.paths",
)


def check(deployment: Deployment) -> Iterator[Finding]:
    """Metrics are nothing else, and static files neither streams nor limited."""
    config = deployment.config
    contract = config.contract
    asked = [("app.streaming_paths", path) for path in config.app.streaming_paths]
    asked += [("rate_limit.paths", path) for path in (config.rate_limit.paths if config.rate_limit else [])]
    fixed = [(f"contract.{name}_path", getattr(contract, f"{name}_path")) for name in ("health", "ready", "static")]
    hidden = [place for place in (*fixed, *asked) if _same(place[1], contract.metrics_path)]
    if hidden:
        also = ", ".join(path for path, _ in hidden)
        message = f"{contract.metrics_path} is hidden from the outside, and is {also} too."
        fix = "Write the path that the image serves metrics under, or null."
        yield found(ID, Severity.ERROR, deployment, "contract.metrics_path", message, fix=fix)
    cached = [place for place in asked if _same(place[1], contract.static_path)]
    if cached and not _same(contract.static_path, contract.metrics_path):
        also = ", ".join(path for path, _ in cached)
        message = f"{contract.static_path} is cached and not counted, and is in {also} too."
        fix = "Write the path of files that never change."
        yield found(ID, Severity.ERROR, deployment, "contract.static_path", message, fix=fix)


def _same(one: str, other: str | None) -> bool:
    return other is not None and one.rstrip("/") == other.rstrip("/")
