"""The image's tag names one build.

What it does: warns of tags that are moved from build to build, and in an environment named production of a tag
without a digest.

Why it matters: replicas that start on different days run different code, a rollback brings back whatever the name
means by then, and whoever can push to the registry can change what runs.

Example: image: {tag: main}.

Fix: the version or the commit as the tag, and the digest beside it: `docker buildx imagetools inspect IMAGE` shows
it.

References: https://kubernetes.io/docs/concepts/containers/images/#image-names
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.environments import is_production
from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID501"
SLUG = "moving-tag"
SEVERITY = Severity.WARNING
# systemd installs a package, no image.
TARGETS = frozenset({"compose", "k8s", "helm", "ecs", "lambda", "cloudrun", "aci"})
READS = ("image.tag", "image.digest", "image.build.context")
MOVING = frozenset(
    {"main", "master", "develop", "dev", "edge", "nightly", "stable", "current", "release", "production"}
)


def check(deployment: Deployment) -> Iterator[Finding]:
    """A digest, or at least a tag that stays."""
    image = deployment.config.image
    if image.digest is not None or image.build is not None:
        return
    if image.tag in MOVING:
        yield found(
            ID,
            Severity.WARNING,
            deployment,
            "image.tag",
            f"{image.tag} is another build each day.",
            fix='Write the version or the commit: tag: "1.4.2".',
        )
    elif is_production(deployment):
        yield found(
            ID,
            Severity.WARNING,
            deployment,
            "image.tag",
            f"in {deployment.environment} a tag alone runs whatever the registry has under it.",
            fix="Add digest: sha256:..., as `docker buildx imagetools inspect` shows it.",
        )
