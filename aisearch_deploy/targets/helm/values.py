"""values.yaml, its schema, and the table in the README: three readings of one list."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from aisearch_deploy.model.images import images, mirrored
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.helm.bindings import Value
from aisearch_deploy.targets.helm.schema import (
    DIGEST,
    FLAG,
    NAMES,
    NONEMPTY,
    OBJECT,
    OBJECTS,
    SCHEDULING,
    SETTINGS,
    STRINGS,
    TEXT,
    Schema,
    closed,
)
from aisearch_deploy.targets.parts.kubernetes.cluster import Cluster
from aisearch_deploy.targets.parts.kubernetes.namespace import parts_with_images
from aisearch_deploy.targets.parts.kubernetes.pods import pod_values

IMAGE_OF = {
    "edge": "nginx.",
    "database": "PostgreSQL.",
    "pooler": "PgBouncer.",
    "cache": "The cache.",
    "certbot": "What asks for certificates.",
    "rclone": "What copies backups into the bucket.",
}


def common(cluster: Cluster, settings: dict[str, str]) -> list[Value]:
    """The values that belong to no single manifest; `settings` is what the app is told."""
    config, options = cluster.deployment.config, cluster.options
    # Of one replica: that several are spread is not a release's business.
    scheduling = pod_values(cluster, "", replicas=1)["scheduling"]
    pull_secrets = [config.image.pull_secret] if config.image.pull_secret else []
    existing = config.secrets.existing
    return [
        Value("image.repository", mirrored(config, config.image.repository), "The image of the app.", NONEMPTY),
        Value("image.tag", config.image.tag or "", "Its tag.", TEXT),
        Value("image.digest", config.image.digest or "", "Its digest, which goes before the tag.", DIGEST),
        *(
            Value(f"images.{part}", reference, IMAGE_OF[part], NONEMPTY)
            for part, reference in images(config, cluster.default_images).items()
            if part in parts_with_images(cluster) and part != "app"
        ),
        Value("imagePullSecrets", pull_secrets, "Secrets with the credentials of a registry.", NAMES),
        Value(
            "existingSecret",
            existing.name if existing else "",
            f"A Secret of yours with the keys that the app needs. Without one: {cluster.named('secrets')}.",
            TEXT,
        ),
        Value("tlsSecret", cluster.tls_secret, "The Secret with the certificate.", NONEMPTY),
        Value("labels", dict(config.labels), "Labels of every object and pod.", STRINGS),
        Value("podAnnotations", dict(options.annotations), "Annotations of every pod.", STRINGS),
        Value("scheduling", scheduling, "Where pods run: nodeSelector, tolerations, priorityClassName.", SCHEDULING),
        Value("app.env", settings, "What the app is told. null takes one away. Never a secret.", SETTINGS),
    ]


LAST = (
    Value("restore.enabled", False, "Renders the Job that restores: RUNBOOK.md, Restore.", FLAG),
    Value("restore.backup", "", "The backup to restore. Without one they are listed.", TEXT),
    Value(
        "extraObjects",
        [],
        "Objects of yours, maps or texts. Both may use the values of the chart.",
        OBJECTS,
    ),
)


# How values.yaml and the README are ordered; what belongs together stands together.
ORDER = (
    "image",
    "images",
    "imagePullSecrets",
    "existingSecret",
    "tlsSecret",
    "labels",
    "podAnnotations",
    "scheduling",
    "app",
    "edge",
    "uploads",
    "models",
    "data",
    "database",
    "backup",
    "restore",
    "extraObjects",
)


def ordered(values: Iterable[Value]) -> list[Value]:
    """Each path once, in the order in which people read them."""
    once = {value.path: value for value in values}
    return sorted(once.values(), key=lambda value: ORDER.index(value.path.partition(".")[0]))


def values_files(cluster: Cluster, values: list[Value]) -> tuple[File, ...]:
    """values.yaml with a comment on each, and the schema that refuses every other."""
    return (
        File("values.yaml", "what a release may change", values=cluster.values(lines=_lines(values))),
        File("values.schema.json", "refuses what the chart does not know", "json", {"schema": schema(values)}),
    )


def _lines(values: Iterable[Value]) -> list[dict[str, Any]]:
    """The lines of values.yaml in order: a block opens where the path goes into one."""
    lines: list[dict[str, Any]] = []
    above: list[str] = []
    for value in values:
        *blocks, name = value.path.split(".")
        known = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(above, blocks, strict=False))))
        lines += [{"depth": depth, "block": blocks[depth]} for depth in range(known, len(blocks))]
        lines.append({"depth": len(blocks), "about": value.about, "entry": {name: value.default}})
        above = blocks
    return lines


def schema(values: Iterable[Value]) -> Schema:
    """The JSON Schema of all values."""
    root = closed({"global": {**OBJECT, "description": "Of the chart that holds this one."}})
    for value in values:
        here = root
        *blocks, name = value.path.split(".")
        for block in blocks:
            here = here["properties"].setdefault(block, closed({}))
        here["properties"][name] = {**value.schema, "description": value.about}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **root}
