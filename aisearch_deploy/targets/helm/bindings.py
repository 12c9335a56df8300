"""Which places of which manifests a release may change: each is a value of the chart, with k8s's own as its default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from aisearch_deploy.formats.helm import Action, Block, Number
from aisearch_deploy.targets.helm.schema import COUNT, OBJECT, QUANTITY, SHARE, STRINGS, TEXT, Schema


class Value(NamedTuple):
    """One value: its dotted path, what it is without being set, what it is for, and what it may be."""

    path: str
    default: Any
    about: str
    schema: Schema


class Binding(NamedTuple):
    """In `file`, what stands in the template's `variable` comes from the value at `path`.

    `key` is that of the entry that is printed when the value is not empty.
    """

    file: str
    variable: str
    path: str
    about: str
    schema: Schema
    key: str | None = None

    def value(self, here: Any) -> Value:
        """With what k8s says `here` as the default."""
        default = here.get(self.key, _nothing(self.schema)) if self.key else here
        return Value(self.path, default, self.about, self.schema)

    def bound(self) -> Any:
        """What the template prints instead."""
        place = f".Values.{self.path}"
        if self.schema in (COUNT, SHARE):
            return Number(place)
        if self.key and self.schema is TEXT:
            return with_entry(place, f"{self.key}: {{{{ . | quote }}}}")
        if self.key:
            return with_entry(place, f"{self.key}:", "  {{- toYaml . | nindent INDENT+2 }}")
        if self.schema is OBJECT:
            return Block(f"{{{{- toYaml {place} | nindent INDENT }}}}")
        return Action(place)


BINDINGS = (
    Binding("app/deployment.yaml", "replicas", "app.replicas", "How many replicas run.", COUNT),
    Binding("app/autoscaler.yaml", "least", "app.autoscaling.min", "The fewest replicas.", COUNT),
    Binding("app/autoscaler.yaml", "most", "app.autoscaling.max", "The most replicas.", COUNT),
    Binding("app/autoscaler.yaml", "cpu", "app.autoscaling.cpu", "Aimed at, in % of the requested CPU.", SHARE),
    Binding(
        "app/autoscaler.yaml", "memory", "app.autoscaling.memory", "Aimed at, in % of the requested memory.", SHARE
    ),
    Binding(
        "app/deployment.yaml",
        "resources",
        "app.resources",
        "CPU and memory of a replica. The number of workers does not follow.",
        OBJECT,
    ),
    Binding(
        "edge/service.yaml",
        "service_annotations",
        "edge.serviceAnnotations",
        "Annotations of the Service with the load balancer.",
        STRINGS,
        "annotations",
    ),
    Binding(
        "app/volumes.yaml",
        "storage_class",
        "uploads.storageClass",
        "The class of the claims of the app. Without one: the default of the cluster.",
        TEXT,
        "storageClassName",
    ),
    Binding("database/statefulset.yaml", "storage", "database.size", "Disk of the database.", QUANTITY),
    Binding("database/cluster.yaml", "storage", "database.size", "Disk of each database server.", QUANTITY),
    Binding(
        "database/statefulset.yaml",
        "storage_class",
        "database.storageClass",
        "The class of the claim of the database. Without one: the default of the cluster.",
        TEXT,
        "storageClassName",
    ),
    Binding(
        "database/cluster.yaml",
        "storage_class",
        "database.storageClass",
        "The class of the claims of the database. Without one: the default of the cluster.",
        TEXT,
        "storageClass",
    ),
    Binding("backup/cronjob.yaml", "schedule", "backup.schedule", "When backups are made, in UTC.", TEXT),
    Binding("backup/volume.yaml", "size", "backup.size", "Disk for the backups.", QUANTITY),
    Binding(
        "backup/volume.yaml",
        "storage_class",
        "backup.storageClass",
        "The class of the claim of the backups. Without one: the default of the cluster.",
        TEXT,
        "storageClassName",
    ),
)


def with_entry(expression: str, *lines: str) -> Block:
    """Lines that are printed when what `expression` gives is not empty, which they then call `.`."""
    return Block(f"{{{{- with {expression} }}}}", *lines, "{{- end }}")


def applied(file: str, values: Mapping[str, Any], plain: Mapping[str, Any]) -> tuple[dict[str, Any], list[Value]]:
    """`values` of a manifest with its bindings in place, and the values that they ask for."""
    bound, found = dict(values), []
    for binding in BINDINGS:
        if binding.file == file and plain.get(binding.variable) is not None:
            bound[binding.variable] = binding.bound()
            found.append(binding.value(plain[binding.variable]))
    return bound, found


def _nothing(schema: Schema) -> Any:
    return "" if schema is TEXT else {}
