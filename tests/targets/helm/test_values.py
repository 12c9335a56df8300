"""The values: every one is described, changes what is installed, and no other is taken."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rendering.configs import rendered_from
from tests.targets.helm.test_equality import written
from tests.targets.k8s_cases import CASES, config
from tests.validators import helm

# For each value: another than the default.
OTHER: dict[str, Any] = {
    "image.repository": "registry.example.com/other",
    "image.tag": "9.9.9",
    "image.digest": "sha256:" + "ab" * 32,
    "images.*": "registry.example.com/image:1",
    "imagePullSecrets": ["registry"],
    "existingSecret": "mine",
    "tlsSecret": "other-tls",
    "labels": {"team": "other"},
    "podAnnotations": {"example.com/note": "x"},
    "scheduling": {"nodeSelector": {"pool": "other"}},
    "app.env": {"LOG_LEVEL": "DEBUG"},
    "app.replicas": 7,
    "app.resources": {"requests": {"cpu": "3"}},
    "app.autoscaling.min": 5,
    "app.autoscaling.max": 55,
    "app.autoscaling.cpu": 55,
    "app.autoscaling.memory": 55,
    "edge.serviceAnnotations": {"example.com/note": "x"},
    "*.storageClass": "fast",
    "*.size": "7Gi",
    "backup.schedule": "1 1 * * *",
    "restore.enabled": True,
    "extraObjects": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine"}}],
}
EVERY = pytest.mark.parametrize("case", CASES)


def paths(tree: Any, schema: Any, above: str = "") -> list[str]:
    """The values by the schema: a block that is closed is no value itself."""
    found = []
    for key, below in schema["properties"].items():
        path = f"{above}{key}"
        if path == "global":
            continue
        nested = below.get("additionalProperties") is False and "properties" in below and key != "scheduling"
        found += paths(tree.get(key, {}), below, f"{path}.") if nested else [path]
    return found


@EVERY
def test_g19_each_value_has_a_default_a_schema_and_a_row(case: str) -> None:
    files = {path: content.decode() for path, content in rendered_from(config(case), "helm").items()}
    values, schema = yaml.safe_load(files["values.yaml"]), json.loads(files["values.schema.json"])
    known = paths(values, schema)
    assert sorted(known) == sorted(re.findall(r"(?m)^\| `([^`]+)` \|", files["README.md"]))
    for path in known:
        here = values
        for part in path.split("."):
            here = here[part]


@EVERY
def test_g19_every_level_of_the_schema_is_closed(case: str) -> None:
    schema = json.loads(rendered_from(config(case), "helm")["values.schema.json"])
    assert schema["additionalProperties"] is False
    for name, block in schema["properties"].items():
        assert name == "global" or "properties" not in block or block["additionalProperties"] is False


@pytest.mark.e2e
@pytest.mark.parametrize("case", ["guide", "minimal", "local-state", "cloudnative-pg", "everything-around", "managed"])
def test_every_value_changes_what_is_installed(case: str, tmp_path: Path) -> None:
    chart = written(config(case), "helm", tmp_path)
    values = yaml.safe_load((chart / "values.yaml").read_text())
    known = paths(values, json.loads((chart / "values.schema.json").read_text()))
    default = helm.template(chart, "4")
    for path in known:
        if path != "restore.backup":  # only with restore.enabled
            assert _set(chart, path, tmp_path) != default, path


@pytest.mark.e2e
@pytest.mark.parametrize("version", helm.VERSIONS)
@pytest.mark.parametrize("path", ["replicas", "app.replica", "image.tags", "scheduling.affinities", "database.sizes"])
def test_g19_an_unknown_value_is_refused(path: str, version: str, tmp_path: Path) -> None:
    chart = written(config("minimal"), "helm", tmp_path)
    with pytest.raises(ValueError, match=path.rpartition(".")[2]):
        helm.template(chart, version, "--set", f"{path}=3")


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("app.autoscaling.min", "many"),
        ("image.digest", "sha256:short"),
        ("uploads.size", "big"),
        ("image.repository", ""),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(path: str, value: str, tmp_path: Path) -> None:
    chart = written(config("minimal"), "helm", tmp_path)
    with pytest.raises(ValueError, match=path.rpartition(".")[2]):
        helm.template(chart, "4", "--set", f"{path}={value}")


def _set(chart: Path, path: str, folder: Path) -> list[dict[str, Any]]:
    *blocks, name = path.split(".")
    value: Any = next(
        OTHER[pattern] for pattern in (path, f"*.{name}", f"{blocks[0] if blocks else ''}.*") if pattern in OTHER
    )
    for block in reversed(blocks):
        name, value = block, {name: value}
    file = folder / "values-ours.yaml"
    file.write_text(yaml.safe_dump({name: value}))
    return helm.template(chart, "4", "--values", str(file))
