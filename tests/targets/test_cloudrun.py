"""Cloud Run: manifests by Google's description, scripts by shellcheck, nginx by nginx, and what no validator sees."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from aisearch_deploy.targets.cloudrun import TRAITS, refuses
from aisearch_deploy.targets.cloudrun.images import copied
from aisearch_deploy.targets.cloudrun.place import Place
from aisearch_deploy.targets.cloudrun.scripts import backup_hour, tier
from tests.goldens import Case, deployment, golden_cases
from tests.rendering.alternatives import STANDARD
from tests.rendering.configs import deployment_of, overlaid, rendered_from
from tests.targets.parts.nginx_blocks import http
from tests.validators import cloudrun, dockerfile, nginx, shell

CASES = pytest.mark.parametrize("case", [case for case in golden_cases() if case.target == "cloudrun"], ids=str)
VARIANTS: dict[str, dict[str, Any]] = {
    "standard": {},
    "keys": {"api_keys": {}},
    "cloudflare": {"cdn": "cloudflare", "api_keys": {"header": "Authorization"}},
    "mapped": {"targets": {"cloudrun": {"expose": "domain-mapping", "http2": True}}},
    "external": {
        "database": {"mode": "external", "host": "db.example.com", "ca": "./ca.pem", "tls": "verify-full"},
        "cache": {"mode": "external", "host": "cache.example.com", "password_secret": "CACHE_PASSWORD", "tls": True},
        "network": {"ca_bundle": "./ca.pem", "ipv6": True},
        "contract": {"secrets_as": "NAME_FILE"},
        "app": {"migrate": [], "sidecars": [{"name": "otel", "image": "otel/opentelemetry-collector:0.140.0"}]},
    },
    "files": {"tls": {"from": "files"}, "backup": {"to": "gs://dumps/search"}, "labels": {"example.com/Team": "A.B"}},
}
CONFIGURED = pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS)


def rendered(config: dict[str, Any]) -> dict[str, str]:
    return {path: content.decode() for path, content in rendered_from(overlaid(STANDARD, config), "cloudrun").items()}


def service(config: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(rendered(config)["service.yaml"])
    return found


def containers(config: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each for each in service(config)["spec"]["template"]["spec"]["containers"]}


@CASES
def test_every_manifest_of_the_goldens_is_as_google_describes_it(case: Case) -> None:
    manifests = ["service.yaml", "database.yaml", *(["migrate.yaml"] if deployment(case).config.app.migrate else [])]
    for name in manifests:
        assert cloudrun.problems(yaml.safe_load((case.folder / name).read_text())) == []


@CONFIGURED
def test_every_manifest_of_a_variant_is_as_google_describes_it(config: dict[str, Any]) -> None:
    files = rendered(config)
    for name in {"service.yaml", "database.yaml", "migrate.yaml"} & set(files):
        assert cloudrun.problems(yaml.safe_load(files[name])) == []


@CONFIGURED
def test_scripts_images_and_nginx_are_sound(config: dict[str, Any], tmp_path: Any) -> None:
    files = rendered(config)
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    for path in files:
        if path.endswith(".sh"):
            assert shell.problems(tmp_path / path) == [], path
        if path.endswith("Dockerfile"):
            assert dockerfile.problems(tmp_path / path) == [], path
    configuration = {
        nginx.MAIN: files["edge/nginx.conf"],
        "/tmp/nginx/resolver.conf": "resolver 169.254.169.254 valid=5s;\n",
        "/tmp/nginx/api-keys.conf": 'map $http_x_api_key $api_client {\n  "~^\\Q0123456789abcdef\\E\\z" a;\n}\n',
    }
    assert [line for line in nginx.problems(configuration) if "proxy_buffering_off" not in line] == []


def test_g23_the_app_listens_where_its_probes_and_nginx_look() -> None:
    """The guide's WEB_PORT said 8080 while the image's command said 8000: never healthy."""
    found = containers({"contract": {"port": 9000}})
    assert "--port=9000" in found["app"]["command"]
    assert found["app"]["startupProbe"]["httpGet"]["port"] == 9000
    assert {"name": "WEB_PORT", "value": "9000"} in found["app"]["env"]
    assert found["edge"]["ports"][0]["containerPort"] == 8080
    text = rendered({"contract": {"port": 9000}})["edge/nginx.conf"]
    assert "server 127.0.0.1:9000" in text
    assert "listen 8080;" in text


@CASES
def test_g23_nothing_retired_is_used(case: Case) -> None:
    """Container Registry was shut down on 2025-03-18; connectors gave way to direct egress."""
    for path in case.folder.rglob("*"):
        if path.is_file():
            assert not re.search(r"gcr\.io|containerregistry|vpc-access-connector|\bapp-?engine\b", path.read_text()), (
                path
            )


@CASES
def test_g23_every_image_is_in_artifact_registry(case: Case) -> None:
    for path in case.folder.glob("*.yaml"):
        for image in re.findall(r"image: (\S+)", path.read_text()):
            assert image.startswith("europe-west1-docker.pkg.dev/example-project/ai-search/"), image


@CONFIGURED
def test_every_secret_that_is_referred_to_is_made_and_may_be_read(config: dict[str, Any]) -> None:
    files = rendered(config)
    referred = set()
    for name in {"service.yaml", "database.yaml", "migrate.yaml"} & set(files):
        text = files[name]
        referred |= set(re.findall(r"secretName: (\S+)", text))
        referred |= set(re.findall(r"secretKeyRef:\n\s+name: (\S+)", text))
    made = set(re.findall(r"=(ai-search-[a-z-]+)", files["secrets.sh"])) | set(
        re.findall(r"[' =](ai-search-[a-z-]+)\|", files["secrets.sh"])
    )
    assert referred <= made


@CONFIGURED
def test_every_bucket_that_is_mounted_is_made_or_somebody_elses(config: dict[str, Any]) -> None:
    files = rendered(config)
    for name in {"service.yaml", "database.yaml"}:
        for bucket in re.findall(r"bucketName: (\S+)", files[name]):
            assert re.search(rf"[= ']{bucket}\b", files["deploy.sh"]), bucket


@CONFIGURED
def test_no_secret_is_an_argument(config: dict[str, Any]) -> None:
    """What stands behind gcloud or curl on a line is seen by everybody on the machine."""
    for path, text in rendered(config).items():
        if path.endswith(".sh"):
            for line in text.splitlines():
                words = line.split("|")[-1]
                assert not re.search(r"(gcloud|curl).*(--password|--data-file=(?!-)|\$\(<|\$value|\$token)", words), (
                    line
                )


def test_a_password_reaches_the_app_in_an_address_that_deploy_composes() -> None:
    script = rendered({"database": {"pooler": "pgbouncer"}})["secrets.sh"]
    urls = next(line for line in script.splitlines() if line.startswith("URLS="))
    assert (
        "ai-search-database-url-composed|postgresql://aisearch:|DATABASE_PASSWORD|@127.0.0.1:6432/aisearch?sslmode=disable"
        in urls
    )
    assert (
        "ai-search-database-url-direct-composed|postgresql://aisearch:|DATABASE_PASSWORD|@db.ai-search.internal:5432/"
        in urls
    )


def test_a_migration_bypasses_the_pooler() -> None:
    job = yaml.safe_load(rendered({"database": {"pooler": "pgbouncer"}})["migrate.yaml"])
    variables = {
        each["name"]: each for each in job["spec"]["template"]["spec"]["template"]["spec"]["containers"][0]["env"]
    }
    reference = variables["DATABASE_URL"]["valueFrom"]["secretKeyRef"]
    assert reference["name"] == "ai-search-database-url-direct-composed"


def test_poolers_of_all_instances_together_fit_the_database() -> None:
    """3 reserved for superusers, 5 for jobs; one instance more during an update."""
    pooler = {
        each["name"]: each.get("value") for each in containers({"database": {"pooler": "pgbouncer"}})["pooler"]["env"]
    }
    assert int(pooler["MAX_DB_CONNECTIONS"]) * (10 + 1) <= 100 - 3 - 5


@pytest.mark.parametrize(
    ("config", "networks", "header"),
    [
        ({}, ["169.254.0.0/16"], "X-Client-Address"),
        ({"cdn": "cloudflare"}, ["169.254.0.0/16"], "CF-Connecting-IP"),
        (
            {"targets": {"cloudrun": {"expose": "domain-mapping"}}, "trusted_proxies": ["10.0.0.0/8"]},
            ["169.254.0.0/16", "10.0.0.0/8"],
            "X-Forwarded-For",
        ),
    ],
)
def test_the_clients_address_is_what_cannot_be_claimed(config: Any, networks: list[str], header: str) -> None:
    found = http(rendered(config)["edge/nginx.conf"])
    assert [args[0] for args in found.args_of("set_real_ip_from")] == networks
    assert found.args_of("real_ip_header") == [[header]]


def test_behind_cloudflare_nobody_else_connects() -> None:
    script = rendered({"cdn": "cloudflare"})["domain.sh"]
    assert "173.245.48.0/20" in script
    assert "rule 2147483647 --action=deny-403" in script
    assert "throttle" not in script


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ({"requests": 30, "per": "minute", "burst": 10, "paths": ["/query"]}, ["^(/query)(/|$)", "40", "60"]),
        ({"requests": 5, "per": "second", "burst": 0, "paths": ["/a.b", "/c"]}, ["^(/a[.]b|/c)(/|$)", "50", "10"]),
    ],
)
def test_cloud_armor_counts_for_all_instances(limit: Any, expected: list[str]) -> None:
    script = rendered({"rate_limit": limit})["domain.sh"]
    values = dict(re.findall(r"^(LIMIT\w+)=(.*)$", script, re.MULTILINE))
    assert expected[0] in values["LIMITED"]
    assert [values["LIMIT_COUNT"], values["LIMIT_SECONDS"]] == expected[1:]


@pytest.mark.parametrize(
    ("http2", "protocol", "size"), [(False, "http1", "32768k"), (True, "h2c", f"{(100 * 2**20 + 65536) // 1024}k")]
)
def test_uploads_over_http1_end_where_cloud_run_ends_them(http2: bool, protocol: str, size: str) -> None:
    files = rendered({"targets": {"cloudrun": {"http2": http2}}})
    assert f"name: {protocol}" in files["service.yaml"]
    assert f"client_max_body_size {size};" in files["edge/nginx.conf"]
    assert ("http2 on;" in files["edge/nginx.conf"]) is http2


def test_requests_end_before_cloud_run_loses_patience() -> None:
    assert "--timeout-graceful-shutdown=8" in containers({"app": {"drain": "30s"}})["app"]["command"]


@pytest.mark.parametrize(
    ("cpu", "memory", "cores"),
    [("1", "4Gi", "1"), ("1", "5Gi", "2"), ("3", "4Gi", "4"), ("2", "16Gi", "4"), ("5", "32Gi", "8")],
)
def test_cores_are_those_that_are_sold_with_the_memory(cpu: str, memory: str, cores: str) -> None:
    limits = containers({"app": {"cpu": cpu, "memory": memory}})["app"]["resources"]["limits"]
    assert limits["cpu"] == cores


@pytest.mark.parametrize(
    ("cpu", "memory", "expected"),
    [
        (500, 2**30, "db-custom-1-3840"),
        (1000, 4 * 2**30, "db-custom-1-4096"),
        (1000, 8 * 2**30, "db-custom-2-8192"),
        (3000, 8 * 2**30, "db-custom-4-8192"),
        (8000, 4 * 2**30, "db-custom-8-7424"),
    ],
)
def test_the_database_runs_on_a_machine_that_is_sold(cpu: int, memory: int, expected: str) -> None:
    assert tier(cpu, memory) == expected


@pytest.mark.parametrize(
    ("schedule", "hour"), [("0 2,14 * * *", "02:00"), ("30 5 * * *", "05:00"), ("0 */6 * * *", "02:00")]
)
def test_cloud_sql_backs_up_at_the_schedules_first_hour(schedule: str, hour: str) -> None:
    assert backup_hour(schedule) == hour


@pytest.mark.parametrize(
    ("reference", "pushed", "named"),
    [
        ("ghcr.io/a/b:1", "R/a/b:1", "R/a/b:1"),
        ("a/b:1", "R/a/b:1", "R/a/b:1"),
        ("localhost:5000/b:1", "R/b:1", "R/b:1"),
        (f"ghcr.io/a/b:1@sha256:{'ab' * 32}", "R/a/b:1", f"R/a/b@sha256:{'ab' * 32}"),
        (f"ghcr.io/a/b@sha256:{'ab' * 32}", "R/a/b:sha256-abababababab", f"R/a/b@sha256:{'ab' * 32}"),
        (
            "europe-west4-docker.pkg.dev/p/r/b:1",
            "europe-west4-docker.pkg.dev/p/r/b:1",
            "europe-west4-docker.pkg.dev/p/r/b:1",
        ),
    ],
)
def test_images_are_copied_under_their_own_names(reference: str, pushed: str, named: str) -> None:
    place = Place(deployment_of(STANDARD, "cloudrun"))
    found = copied(place, reference)
    assert (found.pushed, found.named) == (
        pushed.replace("R/", f"{place.registry}/", 1) if pushed.startswith("R/") else pushed,
        named.replace("R/", f"{place.registry}/", 1) if named.startswith("R/") else named,
    )


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"targets": {"cloudrun": None}}, "a project and a region"),
        ({"contract": "local-state", "scaling": {"min": 1, "max": 1}}, "local-state"),
        ({"contract": {"secrets_as": "file"}}, "each in its own"),
        ({"contract": {"port": 8080}}, "listens on 8080"),
        ({"app": {"memory": "33Gi"}}, "at most 32 GiB"),
        ({"app": {"cpu": "9"}}, "8 cores"),
        ({"app": {"startup": "241s"}}, "at most 240 seconds"),
        ({"app": {"longest_request": "1h"}}, "at most 3600 seconds"),
        ({"name": "a" * 40, "targets": {"cloudrun": {"project": "b" * 30}}}, "63 characters"),
        ({"database": {"tls": "verify-full", "ca": "./ca.pem"}}, "unknown until it exists"),
        ({"tls": {"from": "files"}, "targets": {"cloudrun": {"expose": "domain-mapping"}}}, "not files of yours"),
    ],
)
def test_what_cloud_run_cannot_carry_is_refused(config: dict[str, Any], reason: str) -> None:
    assert reason in str(refuses(deployment_of(overlaid(STANDARD, config), "cloudrun")))


def test_what_it_can_carry_is_not_refused() -> None:
    assert TRAITS.name == "cloudrun"
    assert refuses(deployment_of(STANDARD, "cloudrun")) is None


@CASES
def test_only_scripts_that_are_run_are_executable(case: Case) -> None:
    runnable = {path.name for path in case.folder.rglob("*.sh") if path.stat().st_mode & 0o100}
    assert "common.sh" not in runnable
    assert {"deploy.sh", "update.sh", "rollback.sh", "restore.sh", "verify.sh", "database.sh"} <= runnable
