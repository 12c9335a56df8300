"""What a chart is beside its objects: a package, hooks, conditions, and files with the release's namespace."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rendering.configs import overlaid
from tests.targets.helm.equality import differences, of_helm, of_kustomize
from tests.targets.helm.test_equality import written
from tests.targets.k8s_cases import config, kinds, one
from tests.validators import helm, kubernetes
from tests.validators.tools import fetched, run

pytestmark = pytest.mark.e2e


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    return written(config("guide"), "helm", tmp_path)


@pytest.mark.parametrize("version", helm.VERSIONS)
def test_a_package_holds_the_chart_and_nothing_that_is_run_beside_it(chart: Path, version: str, tmp_path: Path) -> None:
    packed = run([fetched(helm.VERSIONS[version]), "package", chart, "--destination", tmp_path], cwd=tmp_path)
    assert packed.returncode == 0, packed.stderr
    with tarfile.open(tmp_path / "ai-search-0.1.0.tgz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Chart.yaml", "values.yaml", "values.schema.json", "README.md", "templates/NOTES.txt"} <= names
    assert not names & {
        "RUNBOOK.md",
        "secrets.sh",
        "certificate.sh",
        "namespace.yaml",
        "images.txt",
        ".aisearch-deploy",
    }


def test_both_versions_print_the_same_objects(chart: Path) -> None:
    first, second = (of_helm(chart, version, "search", "--set", "restore.enabled=true") for version in helm.VERSIONS)
    assert differences(first, second) == []


def test_another_namespace_reaches_the_files_too(chart: Path, tmp_path: Path) -> None:
    elsewhere = overlaid(config("guide"), {"targets": {"k8s": {"namespace": "elsewhere"}}})
    folder = written(elsewhere, "k8s", tmp_path)
    assert differences(of_kustomize(folder), of_helm(chart, "4", "elsewhere")) == []


def test_the_migration_is_a_hook_of_upgrades_alone_and_knows_the_new_settings(chart: Path) -> None:
    def migration(*arguments: str) -> dict[str, Any]:
        (job,) = kinds(helm.template(chart, "4", *arguments), "Job")
        return job

    assert "annotations" not in migration()["metadata"]
    upgrade = migration("--is-upgrade", "--set", "app.env.NEW=a$b")
    assert upgrade["metadata"]["annotations"]["helm.sh/hook"] == "pre-upgrade"
    (container,) = upgrade["spec"]["template"]["spec"]["containers"]
    assert {"name": "NEW", "value": "a$$b"} in container["env"]
    names = {migration()["metadata"]["name"], migration("--set-string", "image.tag=2")["metadata"]["name"]}
    assert len(names) == 2, "a Job cannot be changed"


def test_pods_are_new_when_a_config_map_is(chart: Path) -> None:
    def annotations(*arguments: str) -> dict[str, Any]:
        app = one(helm.template(chart, "4", *arguments), "Deployment", "ai-search-app")
        found: dict[str, Any] = app["spec"]["template"]["metadata"]["annotations"]
        return found

    before = annotations()
    assert annotations("--set", "app.env.LOG_LEVEL=DEBUG")["checksum/settings"] != before["checksum/settings"]
    edge = one(helm.template(chart, "4"), "Deployment", "ai-search-edge")["spec"]["template"]["metadata"]["annotations"]
    nginx = chart / "files/edge/nginx.conf"
    nginx.write_text(f"{nginx.read_text()}# changed\n")
    changed = one(helm.template(chart, "4"), "Deployment", "ai-search-edge")["spec"]["template"]["metadata"]
    assert changed["annotations"] != edge


def test_an_existing_secret_takes_the_place_of_ours_everywhere(chart: Path) -> None:
    text = yaml.safe_dump(helm.template(chart, "4", "--set", "existingSecret=mine"))
    assert "ai-search-secrets" not in text
    assert "name: mine" in text


def test_with_an_existing_secret_nothing_is_fetched(tmp_path: Path) -> None:
    chart = written(config("external-secrets"), "helm", tmp_path)
    assert kinds(helm.template(chart, "4"), "ExternalSecret")
    assert not kinds(helm.template(chart, "4", "--set", "existingSecret=mine"), "ExternalSecret")


def test_extra_objects_are_maps_or_texts_and_use_the_charts_values(chart: Path, tmp_path: Path) -> None:
    extra = """\
extraObjects:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: one}
    data: {image: '{{ include "ai-search.image" . }}'}
  - |
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: two}
    data: {tag: {{ .Values.image.tag | quote }}}
"""
    (tmp_path / "extra.yaml").write_text(extra)
    objects = helm.template(chart, "4", "--values", str(tmp_path / "extra.yaml"))
    assert one(objects, "ConfigMap", "one")["data"] == {"image": "ghcr.io/example/ai-search:1.4.2"}
    assert one(objects, "ConfigMap", "two")["data"] == {"tag": "1.4.2"}


def test_a_restore_is_made_when_it_is_asked_for(chart: Path) -> None:
    assert not [job for job in kinds(helm.template(chart, "4"), "Job") if job["metadata"]["name"].endswith("restore")]
    asked = ("--set", "restore.enabled=true", "--set-string", "restore.backup=database-1.dump")
    objects = helm.template(chart, "4", *asked, "--show-only", "templates/restore/restore.yaml")
    job = one(objects, "Job", "ai-search-restore")
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert {"name": "BACKUP", "value": "database-1.dump"} in container["env"]
    assert sorted(one(objects, "ConfigMap", "ai-search-restore")["data"]) == ["database.sh", "fetch.sh"]


def test_helm_test_asks_the_app_and_may(chart: Path) -> None:
    hooks = [
        found
        for found in helm.template(chart, "4")
        if found["metadata"].get("annotations", {}).get("helm.sh/hook") == "test"
    ]
    assert sorted(found["kind"] for found in hooks) == ["NetworkPolicy", "NetworkPolicy", "Pod"]
    (pod,) = kinds(hooks, "Pod")
    assert pod["spec"]["containers"][0]["env"] == [{"name": "ADDRESS", "value": "http://ai-search-app:8000/health"}]
    assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
    for found in hooks:
        assert kubernetes.problems(yaml.safe_dump(found)) == []


def test_disks_outlive_a_release(chart: Path) -> None:
    claims = kinds(helm.template(chart, "4"), "PersistentVolumeClaim")
    assert claims
    assert {claim["metadata"]["annotations"]["helm.sh/resource-policy"] for claim in claims} == {"keep"}
