"""Container Instances: manifests by Azure's schema, scripts by shellcheck and run against an az of ours."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from aisearch_deploy.targets.aci import TRAITS, refuses
from aisearch_deploy.targets.aci.place import disk, gigabytes, machine
from tests.goldens import Case, golden_cases
from tests.rendering.alternatives import STANDARD
from tests.rendering.configs import deployment_of, overlaid, rendered_from
from tests.validators import aci, dockerfile, nginx, shell

CASES = pytest.mark.parametrize("case", [case for case in golden_cases() if case.target == "aci"], ids=str)
EXTERNAL = {
    "database": {"mode": "external", "host": "db.example.com", "ca": "./ca.pem", "tls": "verify-full"},
    "cache": {"mode": "external", "host": "cache.example.com", "password_secret": "CACHE_PASSWORD", "tls": True},
    "network": {"ca_bundle": "./ca.pem", "ipv6": True},
}
VARIANTS: dict[str, dict[str, Any]] = {
    "standard": {},
    "keys": {"api_keys": {}, "database": {"pooler": "pgbouncer"}},
    "files": {"tls": {"from": "files"}, "labels": {"example.com/team": "search"}, "app": {"models_cache": None}},
    "self-signed": {"tls": {"from": "self-signed"}, "app": {"migrate": []}},
    "external": EXTERNAL,
    "sidecar": {
        "app": {"sidecars": [{"name": "otel", "image": "otel/opentelemetry-collector:0.140.0", "env": {"A": "b"}}]}
    },
}
CONFIGURED = pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS)
HOSTILE = "p\"a\\s's $HOME `id` %41 #:@/?&|=é"

AZ = """\
#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$RECORD/arguments"
previous=
for word in "$@"; do
  if [[ $previous == --file ]]; then
    stat -c '%a %n' "$word" "$(dirname "$word")" >>"$RECORD/modes"
    cp "$word" "$RECORD/sent.yaml"
  fi
  previous=$word
done
if [[ $* == *"keys list"* ]]; then
  echo 'c3RvcmFnZS1rZXk+/w=='
fi
exit "${AZ_EXIT:-0}"
"""


def rendered(config: dict[str, Any]) -> dict[str, str]:
    return {path: content.decode() for path, content in rendered_from(overlaid(STANDARD, config), "aci").items()}


def written(config: dict[str, Any], folder: Path) -> dict[str, str]:
    files = rendered(config)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
        if path.endswith(".sh"):
            (folder / path).chmod(0o755)
    return files


def containers(config: dict[str, Any]) -> dict[str, Any]:
    group = yaml.safe_load(rendered(config)["group.yaml"])
    return {each["name"]: each["properties"] for each in group["properties"]["containers"]}


@CASES
def test_every_manifest_of_the_goldens_is_as_azure_describes_it(case: Case) -> None:
    for name in ("group.yaml", "database.yaml"):
        assert aci.problems(yaml.safe_load((case.folder / name).read_text()), filled=False) == []


@CONFIGURED
def test_scripts_images_and_nginx_are_sound(config: dict[str, Any], tmp_path: Path) -> None:
    files = written(config, tmp_path)
    for path in files:
        if path.endswith(".sh"):
            assert shell.problems(tmp_path / path) == [], path
        if path.endswith("Dockerfile"):
            assert dockerfile.problems(tmp_path / path) == [], path
    configuration = {
        nginx.MAIN: files["edge/nginx.conf"],
        "/tmp/nginx/resolver.conf": "resolver 127.0.0.11 valid=5s;\n",
        "/tmp/nginx/api-keys.conf": 'map $http_x_api_key $api_client {\n  "~^\\Q0123456789abcdef\\E\\z" a;\n}\n',
    }
    assert [line for line in nginx.problems(configuration) if "proxy_buffering_off" not in line] == []


class Applied:
    """apply.sh, run with an az that keeps what it is given."""

    def __init__(self, config: dict[str, Any], folder: Path, *words: str, **variables: str) -> None:
        written(config, folder / "aci")
        record, secrets = folder / "record", folder / "secrets"
        for path in (record, secrets, folder / "bin", folder / "tmp"):
            path.mkdir(exist_ok=True)
        (folder / "bin" / "az").write_text(AZ)
        (folder / "bin" / "az").chmod(0o755)
        common = folder / "aci" / "common.sh"
        common.write_text(common.read_text().replace("/etc/ai-search/secrets", str(secrets)))
        for name in ("DATABASE_PASSWORD", "DASHSCOPE_API_KEY", "CACHE_PASSWORD"):
            (secrets / name).write_text(f"{HOSTILE}-{name}\n")
        (secrets / "API_KEYS").write_text("someone 0123456789abcdef\nother fedcba9876543210\n")
        environment = {**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}", "RECORD": str(record)}
        environment |= {"TMPDIR": str(folder / "tmp"), **variables}
        self.finished = subprocess.run(
            [folder / "aci" / "apply.sh", *(words or ("group.yaml",))],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        sent = record / "sent.yaml"
        self.sent: dict[str, Any] = yaml.safe_load(sent.read_text()) if sent.exists() else {}
        arguments = record / "arguments"
        self.arguments = arguments.read_text() if arguments.exists() else ""
        self.modes = (record / "modes").read_text().splitlines() if sent.exists() else []
        self.left = list((folder / "tmp").rglob("*"))

    def variables(self, name: str) -> dict[str, str]:
        inside = self.sent["properties"]
        found = next(
            each for each in [*inside["containers"], *inside.get("initContainers", [])] if each["name"] == name
        )
        return {
            each["name"]: each.get("secureValue", each.get("value"))
            for each in found["properties"]["environmentVariables"]
        }


@CONFIGURED
def test_what_is_sent_is_complete_and_right(config: dict[str, Any], tmp_path: Path) -> None:
    applied = Applied(config, tmp_path)
    assert applied.finished.returncode == 0, applied.finished.stderr
    assert aci.problems(applied.sent) == []
    assert applied.variables("app")["DASHSCOPE_API_KEY"] == f"{HOSTILE}-DASHSCOPE_API_KEY"
    assert applied.variables("app")["DATABASE_PASSWORD"] == f"{HOSTILE}-DATABASE_PASSWORD"


def test_g24_a_secret_is_neither_in_an_argument_nor_left_behind(tmp_path: Path) -> None:
    """The guide's key stood on the command line, so in the shell's history and in everybody's ps."""
    applied = Applied({"api_keys": {}}, tmp_path)
    assert 'p"a' not in applied.arguments
    assert "c3RvcmFnZS1rZXk" not in applied.arguments
    assert applied.modes[0].startswith("600 ")
    assert applied.modes[1].startswith("700 ")
    assert applied.left == []


def test_g24_nothing_is_left_behind_when_azure_refuses(tmp_path: Path) -> None:
    applied = Applied({}, tmp_path, AZ_EXIT="1")
    assert applied.finished.returncode != 0
    assert applied.left == []


@CONFIGURED
def test_g24_no_secret_is_rendered(config: dict[str, Any]) -> None:
    for name in ("group.yaml", "database.yaml"):
        manifest = yaml.safe_load(rendered(config)[name])
        assert aci.problems(manifest, filled=False) == []
        assert "storageAccountKey:" not in rendered(config)[name].replace("# fill.sh adds: storageAccountKey", "")


def test_g24_the_world_reaches_nginx_only_and_by_tls() -> None:
    """The guide opened port 8000 in plain HTTP."""
    files = rendered({})
    group = yaml.safe_load(files["group.yaml"])
    assert [port["port"] for port in group["properties"]["ipAddress"]["ports"]] == [80, 443]
    found = containers({})
    assert "ports" not in found["app"]
    assert "listen 443 ssl;" in files["edge/nginx.conf"]
    assert "return 301 https://" in files["edge/nginx.conf"]
    assert {"livenessProbe", "readinessProbe"} <= set(found["app"])


@CASES
def test_g24_nothing_retired_is_used(case: Case) -> None:
    for path in case.folder.rglob("*"):
        if path.is_file():
            text = path.read_text()
            assert not re.search(r"single-server|az redis |gitRepo|\bgcr\.io|K80|P100|V100|service-principal", text), (
                path
            )


def test_a_password_is_escaped_where_it_stands_in_an_address(tmp_path: Path) -> None:
    applied = Applied({"database": {"pooler": "pgbouncer"}}, tmp_path)
    url = applied.variables("app")["DATABASE_URL"]
    assert url.startswith("postgresql://aisearch:p%22a%5Cs%27s%20%24HOME%20%60id%60%20%2541%20%23%3A%40%2F%3F%26%7C%3D")
    assert url.endswith("-DATABASE_PASSWORD@127.0.0.1:6432/aisearch?sslmode=disable")
    direct = applied.variables("migrate")["DATABASE_URL"]
    assert direct.endswith("@ai-search-db.postgres.database.azure.com:5432/aisearch?sslmode=require")


def test_the_cache_has_its_password_in_both_addresses(tmp_path: Path) -> None:
    variables = Applied(EXTERNAL, tmp_path).variables("app")
    assert variables["REDIS_URL"].startswith("rediss://:p%22a")
    assert variables["RATE_LIMIT_STORAGE"].endswith("-CACHE_PASSWORD@cache.example.com:6379/1")


def test_callers_keys_reach_nginx_as_they_are(tmp_path: Path) -> None:
    import base64

    applied = Applied({"api_keys": {}}, tmp_path)
    volume = next(each for each in applied.sent["properties"]["volumes"] if each["name"] == "api-keys")
    assert base64.b64decode(volume["secret"]["API_KEYS"]).decode().splitlines()[0] == "someone 0123456789abcdef"


def test_a_rollback_sends_another_image_and_nothing_else(tmp_path: Path) -> None:
    old = "examplesearch.azurecr.io/example/ai-search:1.0.0"
    now, before = Applied({}, tmp_path / "a"), Applied({}, tmp_path / "b", APP_IMAGE=old)
    assert str(before.sent).replace(old, "examplesearch.azurecr.io/example/ai-search:1.4.2") == str(now.sent)
    assert str(before.sent).count(old) == 2


def test_a_task_is_told_what_to_do(tmp_path: Path) -> None:
    applied = Applied({}, tmp_path, "database.yaml", "restore", "database-20261124T020000Z.dump")
    variables = applied.variables("database")
    assert (variables["TASK"], variables["BACKUP"]) == ("restore", "database-20261124T020000Z.dump")
    assert variables["PGPASSWORD"] == f"{HOSTILE}-DATABASE_PASSWORD"
    assert aci.problems(applied.sent) == []


def test_a_missing_secret_stops_before_anything_is_sent(tmp_path: Path) -> None:
    applied = Applied({"secrets": {"names": ["DASHSCOPE_API_KEY", "OPENAI_API_KEY"]}}, tmp_path)
    assert applied.finished.returncode == 1
    assert "OPENAI_API_KEY is not there or empty" in applied.finished.stderr
    assert not applied.sent


@pytest.mark.parametrize(
    ("cpu", "memory", "standby", "expected"),
    [
        (500, 2**30, False, "Standard_B1ms"),
        (1000, 4 * 2**30, False, "Standard_B2s"),
        (1000, 4 * 2**30, True, "Standard_D2ds_v5"),
        (4000, 16 * 2**30, False, "Standard_D4ds_v5"),
        (1000, 17 * 2**30, False, "Standard_D8ds_v5"),
    ],
)
def test_the_database_runs_on_a_machine_that_there_is(cpu: int, memory: int, standby: bool, expected: str) -> None:
    assert machine(cpu, memory, standby=standby)[1] == expected


def test_disks_and_memory_are_rounded_up() -> None:
    assert [disk(size * 2**30) for size in (1, 32, 33, 200)] == [32, 32, 64, 256]
    assert [gigabytes(size) for size in (2**30, 6 * 2**30, 10**8)] == [1.1, 6.5, 0.1]


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"targets": {"aci": None}}, "a subscription"),
        ({"targets": {"aci": {"override": {"scaling": {"min": 2, "max": 2}}}}}, "one replica"),
        ({"contract": "local-state", "scaling": {"min": 1, "max": 1}}, "local-state"),
        ({"contract": {"secrets_as": "file"}}, "secrets_as"),
        ({"tls": {"from": "platform"}}, "ends TLS"),
        ({"contract": {"port": 6379}}, "listens on 6379"),
        ({"app": {"memory": "15Gi"}}, "more than 4 cores or 16 GB"),
        ({"app": {"cpu": {"request": "1", "limit": "5"}}}, "the app's limit"),
        ({"database": {"memory": "257Gi"}}, "no machine"),
    ],
)
def test_what_container_instances_cannot_carry_is_refused(config: dict[str, Any], reason: str) -> None:
    assert reason in str(refuses(deployment_of(overlaid(STANDARD, config), "aci")))


def test_what_it_can_carry_is_not_refused() -> None:
    assert TRAITS.name == "aci"
    assert refuses(deployment_of(STANDARD, "aci")) is None
