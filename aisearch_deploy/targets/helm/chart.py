"""A deployment as a chart sees it: what a release may change is computed by Helm, all else is as on any cluster."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aisearch_deploy.formats.helm import Action, Block
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster

# Stands in the files of the chart where the release's namespace belongs; the config maps put it there.
NAMESPACE_IN_FILES = "release-namespace"


class Chart(Cluster):
    """A cluster whose namespace, images, secrets and labels are those of a release."""

    __slots__ = ()

    @classmethod
    def of(cls, deployment: Deployment) -> Chart:
        """Without what the values say instead: labels, annotations, where pods run."""
        config = deployment.config
        options = Cluster(deployment).options.model_copy(update={"annotations": {}})
        scheduling = {"node_selector": {}, "tolerations": [], "priority_class": ""}
        changed = {
            "labels": {},
            "scheduling": config.scheduling.model_copy(update=scheduling),
            "targets": config.targets.model_copy(update={"k8s": options}),
        }
        return cls(replace(deployment, config=config.model_copy(update=changed)))

    def helper(self, name: str) -> str:
        """The full name of one of _helpers.tpl's templates; a chart's are seen by the charts that hold it."""
        return f"{self.deployment.name}.{name}"

    @property
    def namespace(self) -> str:
        return Action(".Release.Namespace")

    @property
    def images(self) -> dict[str, str]:
        """The app's by repository, tag and digest, the others' whole."""
        others = {part: Action(f".Values.images.{part}") for part in super().images}
        return {**others, "app": Action(f'include "{self.helper("image")}" .')}

    @property
    def tls_secret(self) -> str:
        return Action(".Values.tlsSecret")

    @property
    def pull_secrets(self) -> Any:
        return Block(
            "{{- with .Values.imagePullSecrets }}",
            "imagePullSecrets:",
            "  {{- range . }}",
            "  - name: {{ . | quote }}",
            "  {{- end }}",
            "{{- end }}",
        )

    def secret_key(self, name: str) -> dict[str, str]:
        place = super().secret_key(name)
        made_elsewhere = place["name"] not in (self.named("secrets"), self._existing)
        return place if made_elsewhere else {**place, "name": Action(f'include "{self.helper("secret")}" .')}

    @property
    def _existing(self) -> str | None:
        existing = self.deployment.config.secrets.existing
        return existing.name if existing else None

    def labels(self, component: str) -> Any:
        return Block(_included(self.helper("labels"), component))

    def pod_labels(self, component: str) -> Any:
        return Block(_included(self.helper("podLabels"), component))


def in_files(deployment: Deployment) -> Cluster:
    """For the files that config maps hold, which Helm does not read as templates."""
    options = Cluster(deployment).options.model_copy(update={"namespace": NAMESPACE_IN_FILES})
    targets = deployment.config.targets.model_copy(update={"k8s": options})
    return Cluster(replace(deployment, config=deployment.config.model_copy(update={"targets": targets})))


def _included(helper: str, component: str) -> str:
    return f'{{{{- include "{helper}" (dict "component" "{component}" "root" $) | nindent INDENT }}}}'
