"""Helm 4 and 3 accept every chart, what it prints is valid, and one edit away it would not be."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.golden_validation.folders import cases_of, copied, edited
from tests.goldens import Case
from tests.validators import crds, helm, kubernetes, policy, shell

CASES = cases_of("helm")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return copied(next(case for case in CASES if case.example == "small"), tmp_path)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_scripts_are_clean(case: Case, tmp_path: Path) -> None:
    for path in sorted(copied(case, tmp_path).rglob("*.sh")):
        assert shell.problems(path) == [], path


@pytest.mark.e2e
@pytest.mark.parametrize("version", helm.VERSIONS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_helm_finds_nothing_and_what_it_prints_is_valid(case: Case, version: str, tmp_path: Path) -> None:
    chart = copied(case, tmp_path)
    assert helm.problems(chart, version) == []
    for arguments in ((), ("--is-upgrade", "--set", "restore.enabled=true")):
        objects = helm.template(chart, version, *arguments)
        custom = [found for found in objects if kubernetes.is_custom(found)]
        assert crds.problems(custom) == []
        for found in objects:
            assert kubernetes.problems(yaml.safe_dump(found)) == [], found["metadata"]["name"]


@pytest.mark.e2e
@pytest.mark.parametrize("case", CASES, ids=str)
def test_trivy_finds_nothing_unwaived(case: Case, tmp_path: Path) -> None:
    assert policy.problems(printed(copied(case, tmp_path)), "kubernetes") == []


@pytest.mark.e2e
@pytest.mark.parametrize("version", helm.VERSIONS)
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("values.yaml", "tlsSecret:", "tlsSecrets:"),
        ("Chart.yaml", "apiVersion: v2", "apiVersion: v3"),
        ("templates/app/deployment.yaml", ".Release.Namespace | quote }}", ".Release.Namespace | quote }"),
        ("templates/edge/config-map.yaml", "range $path", "rang $path"),
        ("templates/_helpers.tpl", "{{- end }}", ""),
    ],
)
def test_helm_refuses_a_golden_with_one_edit(small: Path, version: str, file: str, old: str, new: str) -> None:
    edited(small / file, old, new)
    assert helm.problems(small, version)


def printed(chart: Path) -> Path:
    """What Helm would send, with the Job that restores, in a folder of its own."""
    place = chart.parent / "printed"
    place.mkdir()
    objects = helm.template(chart, "4", "--namespace", "search", "--set", "restore.enabled=true")
    (place / "all.yaml").write_text(yaml.safe_dump_all(objects))
    return place
