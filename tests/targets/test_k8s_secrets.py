"""Secrets reach the cluster by the chosen store; their values are in no file, no argument and no output."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from aisearch_deploy.targets.k8s import plan
from tests.rendering.configs import deployment_of, overlaid
from tests.targets.k8s_cases import CASES, GUIDE, MINIMAL, config, folder, k8s, kinds, objects_of, one, template
from tests.targets.k8s_scripts import calls, program, run, written

NAMES = ("DATABASE_PASSWORD", "API_KEYS", "DASHSCOPE_API_KEY", "SERPAPI_API_KEY", "BACKUP_CREDENTIALS")
VALUES = {name: f"value-of-{name.lower()}-9f3c" for name in NAMES}
# kubectl, as far as it matters here: `create secret generic --from-file=NAME=FILE` prints a Secret.
KUBECTL = r"""
if [[ $1 == config ]]; then
  echo production
elif [[ $1 == create ]]; then
  for word in "$@"; do
    if [[ $word == --from-file=* ]]; then
      pair=${word#--from-file=}
      printf '%s: %s\n' "${pair%%=*}" "$(base64 -w0 <"${pair#*=}")"
    fi
  done
elif [[ $* == *"-f -"* ]]; then
  cat >>"$LOG.applied"
fi
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A config's folder with the secrets beside the config, and stand-ins for the programs."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for name, value in VALUES.items():
        (secrets / name).write_text(f"{value}\n")
    (tmp_path / "aisearch.yaml").write_text("version: 1\n")
    program(tmp_path / "bin", "kubectl", KUBECTL)
    return tmp_path


def applied(place: Path) -> dict[str, str]:
    """The Secret that arrived, decoded."""
    lines = (place / "bin" / "log.applied").read_text().splitlines()
    return {name: base64.b64decode(value).decode() for name, value in (line.split(": ", 1) for line in lines)}


@pytest.mark.parametrize("case", CASES)
def test_no_object_is_a_secret_and_no_variable_holds_one(case: str) -> None:
    assert not kinds(objects_of(case), "Secret")
    for text in folder(case).values():
        assert not re.search(r"BEGIN [A-Z ]*PRIVATE KEY|\bsk-[A-Za-z0-9]{16}|AKIA[A-Z0-9]{16}", text)


def test_files_become_the_secret_without_their_last_line_break(place: Path) -> None:
    result = run(written("guide", place / "deploy" / "k8s") / "secrets.sh", programs=place / "bin")
    assert result.returncode == 0, result.stderr
    assert applied(place) == VALUES


def test_values_are_in_no_argument_and_no_output(place: Path) -> None:
    result = run(written("guide", place / "deploy" / "k8s") / "secrets.sh", programs=place / "bin")
    said = result.stdout + result.stderr + calls(place / "bin")
    assert "kubectl" in said
    assert not [value for value in VALUES.values() if value in said]
    assert "--server-side" in said, "client-side apply would keep a copy in an annotation"


def test_a_folder_can_be_named(place: Path) -> None:
    elsewhere = (place / "secrets").rename(place / "kept elsewhere")
    result = run(written("guide", place / "k8s") / "secrets.sh", str(elsewhere), programs=place / "bin")
    assert result.returncode == 0, result.stderr
    assert applied(place) == VALUES


def test_where_values_come_from_and_go_to_is_said(place: Path) -> None:
    result = run(written("guide", place / "deploy" / "k8s") / "secrets.sh", programs=place / "bin")
    assert f"from {place}/secrets; they go to namespace ai-search of the context production" in result.stderr


def test_secrets_above_another_config_are_not_taken(place: Path) -> None:
    inner = place / "another"
    inner.mkdir()
    (inner / "aisearch.yaml").write_text("version: 1\n")
    result = run(written("guide", inner / "deploy" / "k8s") / "secrets.sh", programs=place / "bin")
    assert result.returncode == 1
    assert f"{inner}/secrets/DATABASE_PASSWORD is not there" in result.stderr


@pytest.mark.parametrize(("case", "code"), [("guide", 1), ("secrets-as-named-files", 0)])
def test_a_password_that_would_break_its_url_is_refused_unseen(place: Path, case: str, code: int) -> None:
    (place / "secrets" / "DATABASE_PASSWORD").write_text("pa@ss/word\n")
    result = run(written(case, place / "deploy" / "k8s") / "secrets.sh", programs=place / "bin")
    assert result.returncode == code, result.stderr
    assert ("DATABASE_PASSWORD stands in a URL" in result.stderr) == bool(code)
    assert "pa@ss" not in result.stdout + result.stderr
    assert (place / "bin" / "log.applied").exists() != bool(code)


def test_a_missing_secret_is_named_and_nothing_is_applied(place: Path) -> None:
    (place / "secrets" / "SERPAPI_API_KEY").unlink()
    result = run(written("guide", place / "deploy" / "k8s") / "secrets.sh", programs=place / "bin")
    assert result.returncode == 1
    assert "SERPAPI_API_KEY is not there" in result.stderr
    assert calls(place / "bin") == ""


def _script(place: Path, store: str) -> Path:
    changed = overlaid(MINIMAL, GUIDE, {"secrets": {"store": store}})
    from aisearch_deploy.render.pipeline import render

    planned = plan(deployment_of(changed, "k8s"))
    for file in planned.files:
        if file.path in ("secrets.sh", "namespace.yaml"):
            script = place / "k8s" / file.path
            script.parent.mkdir(exist_ok=True)
            script.write_bytes(render("k8s", type(planned)((file,), ()))[file.path])
    return place / "k8s" / "secrets.sh"


def test_sops_decrypts_one_value_after_the_other(place: Path) -> None:
    (place / "secrets.sops.yaml").write_text("encrypted\n")
    program(place / "bin", "sops", r"""name=${3#'["'}; name=${name%'"]'}; printf '%s' "value-of-${name,,}-9f3c" """)
    result = run(_script(place, "sops"), programs=place / "bin")
    assert result.returncode == 0, result.stderr
    assert applied(place) == VALUES
    assert not [value for value in VALUES.values() if value in calls(place / "bin")]


def test_sealed_secrets_leave_only_the_sealed_form(place: Path) -> None:
    program(place / "bin", "kubeseal", "sed 's/: .*/: sealed/'")
    result = run(_script(place, "sealed-secrets"), programs=place / "bin")
    assert result.returncode == 0, result.stderr
    sealed = (place / "secrets" / "sealed-secret.yaml").read_text()
    assert "DASHSCOPE_API_KEY: sealed" in sealed
    assert not (place / "bin" / "log.applied").exists()
    assert "sealed-secret.yaml" in calls(place / "bin")


@pytest.mark.parametrize(
    ("store", "reference"),
    [
        ("external-secrets", {"key": "ai-search", "property": "DASHSCOPE_API_KEY"}),
        ("aws", {"key": "ai-search/DASHSCOPE_API_KEY"}),
        ("gcp", {"key": "ai-search-DASHSCOPE_API_KEY"}),
        ("azure", {"key": "ai-search-DASHSCOPE-API-KEY"}),
    ],
)
def test_external_stores_are_asked_by_names_that_they_allow(store: str, reference: dict[str, str]) -> None:
    changed = overlaid(
        MINIMAL, GUIDE, {"secrets": {"store": store, "external_store": "vault"}}, k8s(has=["external-secrets"])
    )
    planned = plan(deployment_of(changed, "k8s"))
    (file,) = [file for file in planned.files if file.path == "secrets/external-secret.yaml"]
    entries = {entry["secretKey"]: entry["remoteRef"] for entry in file.values["entries"]}
    assert set(entries) == set(NAMES)
    assert entries["DASHSCOPE_API_KEY"] == reference


def test_a_secret_that_exists_is_only_referred_to() -> None:
    assert "secrets.sh" not in folder("existing-secret")
    assert not kinds(objects_of("existing-secret"), "ExternalSecret")


def test_a_key_of_a_secret_that_exists_becomes_the_file_that_we_look_for() -> None:
    edge = template(one(objects_of("existing-secret"), "Deployment", "ai-search-edge"))["spec"]
    (volume,) = [v for v in edge["volumes"] if v["name"] == "api-keys"]
    assert volume["projected"]["sources"] == [
        {"secret": {"name": "search-secrets", "items": [{"key": "callers", "path": "API_KEYS"}]}}
    ]


@pytest.mark.parametrize("case", ["secrets-as-files", "secrets-as-named-files"])
def test_secrets_as_files_never_stand_in_the_environment(case: str) -> None:
    pod = template(one(objects_of(case), "Deployment", "ai-search-app"))["spec"]
    assert "secretKeyRef" not in str(pod)
    (mount,) = [m for m in pod["containers"][0]["volumeMounts"] if m["mountPath"] == "/run/secrets"]
    (volume,) = [v for v in pod["volumes"] if v["name"] == mount["name"]]
    assert volume["emptyDir"]["medium"] == "Memory"


@pytest.mark.parametrize("case", [case for case in CASES if config(case).get("api_keys") is not None])
def test_a_pod_sees_only_its_own_secrets(case: str) -> None:
    edge = template(one(objects_of(case), "Deployment", f"{config(case)['name']}-edge"))["spec"]
    found = [
        item["path"]
        for v in edge["volumes"]
        if "projected" in v
        for item in v["projected"]["sources"][0]["secret"]["items"]
    ]
    assert found == ["API_KEYS"]
    app = template(one(objects_of(case), "Deployment", f"{config(case)['name']}-app"))["spec"]
    assert "API_KEYS" not in str(app)
    assert "BACKUP_CREDENTIALS" not in str(app)


def test_files_with_passwords_are_laid_out_and_urls_are_quoted(tmp_path: Path) -> None:
    """The init container's own program, on a disk of ours."""
    import subprocess
    import sys

    pod = template(one(objects_of("secrets-as-files"), "Deployment", "ai-search-app"))["spec"]
    (container,) = [c for c in pod["initContainers"] if c["name"] == "secrets"]
    stored, laid_out = tmp_path / "stored", tmp_path / "laid-out"
    stored.mkdir()
    laid_out.mkdir()
    (stored / "DATABASE_PASSWORD").write_text("p@ss/word\n")
    (stored / "CACHE_PASSWORD").write_text("plain")
    text = container["command"][2].replace("/stored", str(stored)).replace("/run/secrets", str(laid_out))
    variables = {variable["name"]: variable["value"] for variable in container["env"]}
    subprocess.run([sys.executable, "-c", text], env=variables, check=True)
    assert (laid_out / "DATABASE_PASSWORD").read_text() == "p@ss/word"
    url = (laid_out / "DATABASE_URL").read_text()
    assert url == "postgresql://aisearch:p%40ss%2Fword@ai-search-pooler:6432/aisearch?sslmode=require"
    assert (laid_out / "REDIS_URL").read_text() == "rediss://:plain@cache.example.com:6379/0"
