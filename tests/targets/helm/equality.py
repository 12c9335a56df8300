"""What `kubectl kustomize` makes of the target k8s against what `helm template` makes of the chart, as objects.

Equal but for the table that DESIGN asks for: `LISTED` says what may differ, and why.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.validators import helm, kustomize

Object = dict[str, Any]

LISTED = {
    "Namespace": "it is there before a release is: namespace.yaml, beside the chart",
    "helm.sh/hook": "the objects of `helm test` are made for the test alone",
    "helm.sh/chart, app.kubernetes.io/{managed-by,instance,version}": "labels of the release",
    "helm.sh/resource-policy": "an uninstallation leaves the disks",
    "checksum/*": "kustomize gives a config map another name when its content changes, the chart the pods that use it",
    "Job": "the name of the migration ends with a hash of what it consists of, which each computes in its own way",
}
RELEASE_LABELS = (
    "helm.sh/chart",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/version",
)
_HASH = re.compile(r"-[0-9a-z]{8,10}$")


def of_kustomize(folder: Path) -> dict[tuple[str, str], Object]:
    """By kind and name; references to config maps are those before kustomize renamed them."""
    found = kustomize.build(folder)
    named = {one["metadata"]["name"]: _HASH.sub("", one["metadata"]["name"]) for one in _kinds(found, "ConfigMap")}
    return _compared(_renamed(one, named) for one in found if one["kind"] != "Namespace")


def of_helm(chart: Path, version: str, namespace: str, *arguments: str) -> dict[tuple[str, str], Object]:
    """By kind and name, without what belongs to the release."""
    found = helm.template(chart, version, "--namespace", namespace, *arguments)
    return _compared(one for one in found if "helm.sh/hook" not in one["metadata"].get("annotations", {}))


def differences(one: Mapping[tuple[str, str], Object], other: Mapping[tuple[str, str], Object]) -> list[str]:
    """Kind, name and what they differ in; empty where the two are equal."""
    from tests.rendering.trees import first_difference

    return [
        f"{' '.join(key)}: {first_difference(one[key], other[key]) if key in one and key in other else 'only in one'}"
        for key in sorted({*one, *other})
        if one.get(key) != other.get(key)
    ]


def _compared(objects: Iterable[Object]) -> dict[tuple[str, str], Object]:
    found = {}
    for one in map(copy.deepcopy, objects):
        metadata = one["metadata"]
        for label in RELEASE_LABELS:
            metadata.get("labels", {}).pop(label, None)
        _without(metadata, "helm.sh/resource-policy")
        spec = one.get("spec", {})
        pods = spec.get("jobTemplate", {}).get("spec", spec).get("template", {}) if one["kind"] in WITH_PODS else {}
        if "metadata" in pods:
            _without(pods["metadata"], "checksum/")
        if one["kind"] == "Job":
            metadata["name"] = _HASH.sub("-*", metadata["name"])
        key = (one["kind"], metadata["name"])
        assert key not in found, f"{key} is there twice"
        found[key] = one
    return found


WITH_PODS = frozenset({"Deployment", "StatefulSet", "Job", "CronJob"})


def _without(metadata: Object, beginning: str) -> None:
    """Without the annotations that begin so, and without annotations where there are no others."""
    kept = {key: value for key, value in metadata.get("annotations", {}).items() if not key.startswith(beginning)}
    metadata.pop("annotations", None)
    if kept:
        metadata["annotations"] = kept


def _renamed(tree: Any, names: Mapping[str, str]) -> Any:
    if isinstance(tree, dict):
        return {key: _renamed(value, names) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_renamed(value, names) for value in tree]
    return names.get(tree, tree) if isinstance(tree, str) else tree


def _kinds(objects: Iterable[Object], kind: str) -> list[Object]:
    return [one for one in objects if one["kind"] == kind]
