"""The chart makes the objects of k8s: of every example, every kind of cluster, and 100 random configs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aisearch_deploy.errors import DeployError
from aisearch_deploy.targets.registry import target_named
from tests.golden_validation.folders import cases_of, copied
from tests.goldens import Case, deployment
from tests.rendering.alternatives import CHANGES, standard
from tests.rendering.configs import deployment_of, overlaid, rendered_from, with_leaf
from tests.rendering.test_hostile import HOSTILE
from tests.targets.helm.equality import differences, of_helm, of_kustomize
from tests.targets.k8s_cases import CASES, config
from tests.validators import helm

RANDOM = 100

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("version", helm.VERSIONS)
@pytest.mark.parametrize("case", cases_of("helm"), ids=str)
def test_every_example_and_environment(case: Case, version: str, tmp_path: Path) -> None:
    chart, folder = copied(case, tmp_path), copied(case._replace(target="k8s"), tmp_path)
    instance = deployment(case).instance
    options = deployment(case).config.targets.k8s
    namespace = (options and options.namespace) or instance
    assert differences(of_kustomize(folder), of_helm(chart, version, namespace)) == []


@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_cluster(case: str, tmp_path: Path) -> None:
    assert both(config(case), tmp_path) == []


@pytest.mark.parametrize("seed", range(RANDOM))
def test_a_random_config(seed: int, tmp_path: Path) -> None:
    assert both(random_config(seed), tmp_path) == []


def test_text_that_helm_could_take_for_its_own(tmp_path: Path) -> None:
    """In every place at once that takes a line, and some that only Helm reads in its own way."""
    texts = [
        *HOSTILE,
        "{{ .Values.image.tag }}",
        "{{- end }}",
        "{{",
        "}}",
        "{{/* x */}}",
        "[[ name ]]",
        "%s",
        "$(A) $$ ${B}",
    ]
    notes = {f"NOTE_{number}": text for number, text in enumerate(texts)}
    labelled = {f"example.com/note-{number}": text for number, text in enumerate(texts)}
    packed = {
        "app": {
            "env": notes,
            "migrate": ["echo", *texts],
            "sidecars": [{"name": "otel", "image": "otel/otel:1", "command": texts, "env": notes}],
        },
        "targets": {"k8s": {"annotations": labelled, "service_annotations": labelled}},
    }
    assert both(overlaid(config("guide"), packed), tmp_path) == []


def test_a_difference_is_seen(tmp_path: Path) -> None:
    one, other = config("guide"), overlaid(config("guide"), {"logs": {"level": "DEBUG"}})
    left, right = written(one, "k8s", tmp_path), written(other, "helm", tmp_path)
    assert differences(of_kustomize(left), of_helm(right, "4", "ai-search"))


def both(given: dict[str, Any], folder: Path) -> list[str]:
    """How the two targets differ for one config."""
    options = given.get("targets", {}).get("k8s") or {}
    namespace = options.get("namespace") or given["name"]
    plain, chart = written(given, "k8s", folder), written(given, "helm", folder)
    return differences(of_kustomize(plain), of_helm(chart, "4", namespace))


def written(given: dict[str, Any], target: str, folder: Path) -> Path:
    """The rendered folder of one target."""
    for path, content in rendered_from(given, target).items():
        place = folder / target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder / target


def random_config(seed: int) -> dict[str, Any]:
    """The standard config with up to twelve settings changed at random, such that both targets carry it."""
    for candidate in candidates(random.Random(seed)):  # noqa: S311 - the same for the same seed
        try:
            if all(target_named(name).refuses(deployment_of(candidate, name)) is None for name in ("k8s", "helm")):
                return candidate
        except DeployError:
            continue
    raise AssertionError("no config was accepted")


def candidates(source: random.Random) -> Iterator[dict[str, Any]]:
    leaves = [leaf for leaf in CHANGES if not leaf.startswith("targets.") or leaf.startswith("targets.k8s.")]
    while True:
        candidate = standard("k8s")
        for leaf in source.sample(leaves, source.randint(2, 12)):
            change = CHANGES[leaf]
            candidate = with_leaf(overlaid(candidate, change.given, change.also), leaf, change.to)
        yield candidate
