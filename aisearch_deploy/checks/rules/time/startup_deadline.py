"""A replica may take as long to start as the app needs.

What it does: compares app.startup with the time after which Kubernetes calls an update failed.

Why it matters: every update then ends as "progress deadline exceeded", whatever the new version is like, and whoever
waits for it (`kubectl rollout status`, `helm --wait`, Argo CD) takes it back.

Example: app: {startup: 15m} with targets: {k8s: {progress_deadline: 10m}}.

Fix: a deadline of twice the time to start, or an image that starts sooner (models in a volume: app.models_cache).

References: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.checks.provenance import said
from aisearch_deploy.config.targets import KubernetesTarget
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.formats.quantities import duration
from aisearch_deploy.model.deployment import Deployment

ID = "AID303"
SLUG = "startup-deadline"
SEVERITY = Severity.ERROR
TARGETS = frozenset({"k8s", "helm"})
READS = ("app.startup", "targets.k8s.progress_deadline", "targets.helm.progress_deadline")


def check(deployment: Deployment) -> Iterator[Finding]:
    """startup < progress_deadline."""
    startup = deployment.config.app.startup
    options = deployment.config.targets.k8s or KubernetesTarget()
    if startup < options.progress_deadline:
        return
    path = f"targets.{deployment.target}.progress_deadline"
    yield found(
        ID,
        Severity.ERROR,
        deployment,
        "app.startup",
        f"{duration(startup)} to start, and an update has failed after {duration(options.progress_deadline)}.",
        proof=(Proof("time", said(deployment, startup=f"{startup} s @ app.startup")),),
        changes=(Change(path, f"{2 * startup}s"),),
    )
