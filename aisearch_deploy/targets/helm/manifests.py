"""The chart's templates: the manifests of k8s with the places that a release may change, and what only a chart has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aisearch_deploy.formats.helm import Action, Block
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.helm.bindings import Value, applied, with_entry
from aisearch_deploy.targets.helm.chart import Chart
from aisearch_deploy.targets.helm.config_maps import config_maps, pod_annotations, template
from aisearch_deploy.targets.helm.schema import QUANTITY
from aisearch_deploy.targets.helm.values import LAST, common, ordered
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.migration import migration_name
from aisearch_deploy.targets.parts.kubernetes.objects import parts
from aisearch_deploy.targets.parts.kubernetes.part import Part

# Helm renders these only where another template includes them, and there it is decided whether they are wanted.
INCLUDED = frozenset({"restore/job.yaml", "secrets/external-secret.yaml"})
# A namespace is there before a release is, and outlives it.
LEFT_OUT = frozenset({"namespace.yaml"})
CLAIMS = {"uploads": "Disk for uploads.", "models": "Disk for models.", "data": "Disk for SQLite and Chroma."}


def manifests(cluster: Cluster, chart: Chart) -> tuple[list[File], list[Value]]:
    """The files below templates/, and every value of the chart. What k8s says is the default."""
    plain = parts(cluster)
    defaults = {file.path: file.values for part in plain for file in _manifests(part)}
    known = [found for part in plain for found in config_maps(part)]
    settings = next(dict(found.settings) for found in known if found.settings)
    files, values = [], [*common(cluster, settings), *LAST]
    for file in (file for part in parts(chart) for file in _manifests(part)):
        bound, found = applied(file.path, file.values, defaults[file.path])
        if "claims" in bound:
            bound["claims"], sizes = _claims(chart, bound["claims"])
            found += sizes
        if "annotations" in bound:
            bound |= {"annotations": pod_annotations(file, known), "scheduling": _scheduling(file)}
        bound |= _alone(chart, file, migration_name(cluster))
        files.append(File(_place(file.path), file.about, "helm", bound, template=f"k8s/{file.path}"))
        values += found
    files += [template(chart, found) for found in known]
    return [*files, *_own(chart, {file.path for file in files})], ordered(values)


def _manifests(part: Part) -> Iterator[File]:
    """What is applied, and the Job that restores."""
    yield from (file for file in part.resources if file.path not in LEFT_OUT)
    yield from (file for file in part.others if file.path == "restore/job.yaml")


def _place(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"templates/{folder}/_{name}" if path in INCLUDED else f"templates/{path}"


def _claims(chart: Chart, claims: list[dict[str, str]]) -> tuple[list[dict[str, str]], list[Value]]:
    """The app's claims with their sizes as values."""
    bound, found = [], []
    for claim in claims:
        disk = claim["name"].removeprefix(chart.named(""))
        bound.append({**claim, "size": Action(f".Values.{disk}.size")})
        found.append(Value(f"{disk}.size", claim["size"], CLAIMS[disk], QUANTITY))
    return bound, found


def _scheduling(file: File) -> Block:
    yours = with_entry(".Values.scheduling", "{{- toYaml . | nindent INDENT }}")
    return Block(*yours.lines, first=file.values["scheduling"])


def _alone(chart: Chart, file: File, job: str) -> dict[str, Any]:
    """What no other manifest has."""
    match file.path:
        case "app/migration.yaml":
            return _migration(file, job)
        case "app/volumes.yaml" | "backup/volume.yaml":
            return {"kept": True}
        case "restore/job.yaml":
            return {"backup_name": Action(".Values.restore.backup")}
        case "database/cluster.yaml":
            place = 'pick .Values.scheduling "nodeSelector" "tolerations"'
            priority = ".Values.scheduling.priorityClassName"
            return {
                "inherited_labels": chart.pod_labels("database"),
                "affinity": with_entry(place, "affinity:", "  {{- toYaml . | nindent INDENT+2 }}"),
                "priority_class": with_entry(priority, "priorityClassName: {{ . | quote }}"),
            }
        case _:
            return {}


def _migration(file: File, job: str) -> dict[str, Any]:
    """Named after all that it consists of. In an upgrade it has to succeed before anything is changed, and so gets the
    new settings itself; there `$` is expanded, in a config map it is not."""
    name, _, begun = job.rpartition("-")
    hook = (
        "{{- if .Release.IsUpgrade }}",
        "annotations:",
        "  helm.sh/hook: pre-upgrade",
        "  helm.sh/hook-delete-policy: before-hook-creation",
        "{{- end }}",
    )
    settings = (
        "{{- if .Release.IsUpgrade }}",
        "{{- range $name, $value := .Values.app.env }}",
        "- name: {{ $name }}",
        '  value: {{ $value | toString | replace "$" "$$" | quote }}',
        "{{- end }}",
        "{{- end }}",
    )
    content = Action(f'printf "{begun}%s" (toYaml .Values) | sha256sum | trunc 8')
    variables = Block(*settings, first=file.values["variables"])
    return {"job": f"{name}-{content}", "hook": Block(*hook), "variables": variables}


def _own(chart: Chart, paths: set[str]) -> Iterator[File]:
    contract = chart.deployment.config.contract
    app = chart.named("app")
    values = chart.values(
        chart=chart.deployment.name,
        app=app,
        test=chart.named("test"),
        secret=chart.named("secrets"),
        port=contract.port,
        address=f"http://{app}:{contract.port}{contract.health_path}",
        user=contract.user,
        image=chart.images["app"],
    )
    yield File("templates/_helpers.tpl", "labels, images and secrets for the others", "gotemplate", values)
    yield File("templates/extra.yaml", "objects of yours", "gotemplate", values)
    yield File("templates/tests/health.yaml", "helm test: asks the app how it is", "helm", values)
    yield File("templates/restore/restore.yaml", "the Job that restores, when it is asked for", "gotemplate", values)
    if "templates/secrets/_external-secret.yaml" in paths:
        yield File("templates/secrets/secrets.yaml", "fetches the secrets, unless you have them", "gotemplate", values)
