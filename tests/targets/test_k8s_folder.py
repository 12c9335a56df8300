"""The folder as a whole: kustomize, schemas, patches, images, the runbook, refusals."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from aisearch_deploy.targets.k8s import plan, refuses
from tests.rendering.configs import DATA, deployment_of, overlaid
from tests.targets.k8s_cases import CASES, MINIMAL, Object, config, folder, k8s, kinds, objects_of, template, workloads
from tests.targets.k8s_scripts import written
from tests.validators import kubernetes, kustomize, shell

every_case = pytest.mark.parametrize("case", CASES)


@pytest.mark.e2e
def test_every_manifest_fits_the_schemas_of_every_supported_minor() -> None:
    """Each distinct file once: most cases share most files."""
    manifests = {
        text: f"{case}: {path}"
        for case in CASES
        for path, text in folder(case).items()
        if path.endswith(".yaml") and not path.endswith("kustomization.yaml")
    }
    assert [
        f"{place}: {kubernetes.problems(text)}" for text, place in manifests.items() if kubernetes.problems(text)
    ] == []


def test_every_script_is_one_that_shellcheck_and_shfmt_accept() -> None:
    scripts = {text: f"{case}: {path}" for case in CASES for path, text in folder(case).items() if path.endswith(".sh")}
    assert [f"{place}: {shell.problems(text)}" for text, place in scripts.items() if shell.problems(text)] == []


@every_case
def test_every_file_is_applied_or_is_something_else(case: str) -> None:
    files = folder(case)
    content = yaml.safe_load(files["kustomization.yaml"])
    manifests = {path for path in files if path.endswith(".yaml")} - {"kustomization.yaml"}
    assert set(content["resources"]) == {path for path in manifests if not path.startswith("restore/")}
    generated = {path for one_of in content["configMapGenerator"] for path in one_of.get("files", [])}
    assert generated <= files.keys()
    by_hand = {"secrets.sh", "certificate.sh", "RUNBOOK.md", "images.txt", "kustomization.yaml"}
    rest = files.keys() - manifests - generated - by_hand
    assert {path for path in rest if not path.startswith(("restore/", "patches/"))} == set()


@every_case
def test_every_file_says_what_it_is_and_where_it_comes_from(case: str) -> None:
    for path, text in folder(case).items():
        if not path.startswith(("authorities/", "patches/", "images.txt")):
            head = "\n".join(text.splitlines()[:7])
            assert "Rendered by aisearch-deploy from aisearch.yaml" in head, path


@every_case
def test_user_labels_never_enter_selectors_or_claims(case: str) -> None:
    labels = config(case).get("labels", {})
    for workload in workloads(case):
        assert not labels.keys() & workload["spec"].get("selector", {}).get("matchLabels", {}).keys()
        for claim in workload["spec"].get("volumeClaimTemplates", []):
            assert not labels.keys() & claim["metadata"].get("labels", {}).keys()


@pytest.mark.e2e
def test_kustomize_puts_user_labels_on_objects_and_pods_and_nowhere_else(tmp_path: Path) -> None:
    objects = kustomize.build(written("guide", tmp_path))
    labels = config("guide")["labels"]
    for document in objects:
        assert labels.items() <= document["metadata"]["labels"].items(), document["metadata"]["name"]
    for workload in kinds(objects, "Deployment", "StatefulSet", "Job", "CronJob"):
        assert labels.items() <= template(workload)["metadata"]["labels"].items()
        assert not labels.keys() & workload["spec"].get("selector", {}).get("matchLabels", {}).keys()
        for claim in workload["spec"].get("volumeClaimTemplates", []):
            assert not labels.keys() & claim["metadata"].get("labels", {}).keys()


@pytest.mark.e2e
@every_case
def test_kustomize_builds_what_the_other_tests_read(case: str, tmp_path: Path) -> None:
    place = written(case, tmp_path)
    assert kustomize.problems(place) == kustomize.problems(place / "restore") == []
    objects = [*kustomize.build(place), *kustomize.build(place / "restore")]
    seen = {(one["kind"], _unhashed(one)): one.get("data") for one in objects}
    assert seen == {(one["kind"], one["metadata"]["name"]): one.get("data") for one in objects_of(case)}
    namespace = {one["metadata"].get("namespace") for one in objects if one["kind"] != "Namespace"}
    assert len(namespace) == 1


def _unhashed(document: Object) -> str:
    name = str(document["metadata"]["name"])
    return re.sub(r"-[a-z0-9]{10}$", "", name) if document["kind"] == "ConfigMap" else name


def with_patches(files: dict[str, bytes]) -> Any:
    """The plan of a small deployment with patches beside the config."""
    from dataclasses import replace

    deployment = deployment_of(MINIMAL, "k8s")
    return plan(replace(deployment, inputs={f"patches/k8s/{name}": content for name, content in files.items()}))


def test_patches_are_copied_and_applied_last() -> None:
    planned = with_patches({"replicas.yaml": b"a: 1\n", "notes.txt": b"not a patch\n"})
    assert planned.files[0].values["patches"] == ["patches/replicas.yaml"]
    assert {file.path: file.content for file in planned.files if file.path.startswith("patches/")} == {
        "patches/notes.txt": b"not a patch\n",
        "patches/replicas.yaml": b"a: 1\n",
    }


def test_patches_with_a_kustomization_of_their_own_are_a_component() -> None:
    planned = with_patches({"kustomization.yaml": b"kind: Component\n", "json-patch.yaml": b"[]\n"})
    assert planned.files[0].values["patches"] == []
    assert planned.files[0].values["components"] == ["patches"]


def test_every_image_of_an_air_gapped_cluster_is_its_own_and_listed() -> None:
    pairs = dict(line.split(" ") for line in folder("everything-around")["images.txt"].splitlines())
    used = {
        container["image"]
        for workload in workloads("everything-around")
        for container in [
            *template(workload)["spec"]["containers"],
            *template(workload)["spec"].get("initContainers", []),
        ]
    }
    assert set(pairs.values()) == used
    assert all(image.startswith("registry.internal.example.com/") for image in used)
    assert not any(image.startswith("registry.internal.example.com/") for image in pairs)
    for account in kinds(objects_of("everything-around"), "ServiceAccount"):
        assert account["imagePullSecrets"] == [{"name": "registry-credentials"}]


def test_authorities_join_those_of_the_image() -> None:
    assert folder("everything-around")["authorities/ca-bundle.pem"] == (DATA / "ca.pem").read_text()
    (app,) = [w for w in workloads("everything-around") if w["metadata"]["name"] == "ai-search-app"]
    (joined,) = [c for c in template(app)["spec"]["initContainers"] if c["name"] == "authorities"]
    assert "cat /etc/ssl/certs/ca-certificates.crt /yours/ca-bundle.pem" in joined["command"][2]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"secrets": {"store": "external-secrets", "external_store": "vault"}}, "external-secrets to targets.k8s.has"),
        ({"secrets": {"store": "aws", "external_store": "aws"}}, "external-secrets to targets.k8s.has"),
        ({"backup": {"to": "/srv/backups"}}, "Write s3://bucket"),
        ({"database": {"tls": "verify-full", "ca": "./ca.pem"}}, "Write require"),
        ({"app": {"volumes": [{"name": "v" * 57, "mount": "/v", "claim": "v"}]}}, "Write a shorter one"),
        ({"app": {"sidecars": [{"name": "app", "image": "otel/otel:1"}]}}, "Write another one"),
        (
            k8s(
                has=["gateway-api"],
                expose="gateway",
                gateway={"namespace": "infra", "name": "public"},
                service_annotations={"a": "b"},
            ),
            "Remove them",
        ),
        ({"database": {"user": "postgres"}}, "Write user: aisearch"),
        ({"database": {"name": "template1"}}, "Write name: aisearch"),
    ],
    ids=str,
)
def test_what_cannot_be_carried_is_refused_with_what_to_write_instead(change: Object, words: str) -> None:
    assert words in (refuses(deployment_of(overlaid(MINIMAL, change), "k8s")) or "")


@every_case
def test_nothing_else_is_refused(case: str) -> None:
    assert refuses(deployment_of(config(case), "k8s")) is None


@every_case
def test_the_runbook_names_only_what_there_is(case: str) -> None:
    text = folder(case)["RUNBOOK.md"]
    assert "validated only" in text
    for script in re.findall(r"^\./(\S+\.sh)", text, re.MULTILINE):
        assert script in folder(case)
    known = {f"{one['kind']}/{one['metadata']['name']}".lower() for one in objects_of(case)}
    for kind, name in re.findall(r"\b(deployment|statefulset|cronjob)/([a-z0-9-]+)", text):
        assert f"{kind}/{name}" in known
    for name in re.findall(r"-n (\S+)", text):
        assert name.strip("`") in (
            config(case).get("targets", {}).get("k8s", {}).get("namespace", config(case)["name"]),
            "infra",
        )
    assert "{{" not in text
    assert "None" not in text


@every_case
def test_the_runbook_has_what_an_operator_looks_for(case: str) -> None:
    text = folder(case)["RUNBOOK.md"]
    for heading in (
        "Deploy",
        "Verify",
        "Update",
        "Roll back",
        "Scale",
        "Back up",
        "Restore",
        "Rotate secrets",
        "Certificates",
    ):
        assert f"\n## {heading}" in text
    for heading in ("The app does not start", "High memory", "Slow answers", "Certificate errors"):
        assert f"\n### {heading}" in text
    for word in ("Daily", "Weekly", "Monthly"):
        assert f"\n{word}: " in text
    assert not re.search(r"[^\n]\n## ", text), "an empty line before each heading"


def test_next_steps_run_from_inside_the_folder() -> None:
    steps = plan(deployment_of(config("guide"), "k8s")).next_steps
    assert steps[0] == "./secrets.sh"
    assert "kubectl apply -k ." in steps[-1]
    assert plan(deployment_of(overlaid(MINIMAL, k8s(has=["cloudnative-pg"])), "k8s")).next_steps == (
        "kubectl apply -k . && kubectl -n ai-search rollout status deployment/ai-search-app",
    )
