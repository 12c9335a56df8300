"""Every rendered manifest is accepted for each supported minor, and one edit away it would not be."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.golden_validation.folders import cases_of, copied, edge_files, edited, manifests
from tests.goldens import Case
from tests.validators import crds, dockerfile, kubernetes, kustomize, nginx, policy, shell

CASES = cases_of("k8s")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The smallest example, to be broken."""
    return copied(next(case for case in CASES if case.example == "small"), tmp_path)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """The largest example, with custom resources."""
    return copied(next(case for case in CASES if case.environment == "production"), tmp_path)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_validator_accepts_the_folder(case: Case, tmp_path: Path) -> None:
    folder = copied(case, tmp_path)
    for path in manifests(folder):
        assert kubernetes.problems(path.read_text()) == [], path
    for path in sorted(folder.rglob("*.sh")):
        assert shell.problems(path) == [], path
    for path in sorted(folder.rglob("Dockerfile")):
        assert dockerfile.problems(path) == []
    if list(folder.rglob("nginx.conf")):
        assert nginx.problems(edge_files(folder)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("containerPort:", "containerport:"),
        ("periodSeconds: 5", 'periodSeconds: "5"'),
        ("kind: Deployment", "kind: Deploy"),
    ],
)
def test_kubernetes_refuses_a_golden_with_one_edit(small: Path, old: str, new: str) -> None:
    path = small / "app" / "deployment.yaml"
    edited(path, old, new)
    assert kubernetes.problems(path.read_text())


@pytest.mark.e2e
@pytest.mark.parametrize("case", CASES, ids=str)
def test_kustomize_builds_it_and_the_results_are_valid(case: Case, tmp_path: Path) -> None:
    folder = copied(case, tmp_path)
    assert kustomize.problems(folder) == []
    objects = kustomize.build(folder)
    assert crds.problems([one for one in objects if kubernetes.is_custom(one)]) == []


@pytest.mark.e2e
@pytest.mark.parametrize("case", CASES, ids=str)
def test_trivy_finds_nothing_unwaived(case: Case, tmp_path: Path) -> None:
    assert policy.problems(built(copied(case, tmp_path)), "kubernetes") == []


@pytest.mark.e2e
def test_kustomize_refuses_a_golden_with_one_edit(small: Path) -> None:
    edited(small / "kustomization.yaml", "resources:", "resource:")
    assert kustomize.problems(small)


@pytest.mark.e2e
def test_the_crd_schemas_refuse_a_golden_with_one_edit(large: Path) -> None:
    objects = [one for one in kustomize.build(large) if kubernetes.is_custom(one)]
    assert objects
    for one in objects:
        assert crds.problems([{**one, "spec": {**one["spec"], "surprise": True}}]), one["kind"]


@pytest.mark.e2e
def test_trivy_refuses_a_golden_with_one_edit(small: Path) -> None:
    edited(small / "app" / "deployment.yaml", "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true")
    assert policy.problems(built(small), "kubernetes")


def built(folder: Path) -> Path:
    """What `kubectl apply -k` would send, in a folder of its own."""
    place = folder.parent / "built"
    place.mkdir()
    (place / "all.yaml").write_text(yaml.safe_dump_all(kustomize.build(folder)))
    return place
