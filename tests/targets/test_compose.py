"""compose.yaml: everything that it names exists, nothing is more open than it has to be, and the guide's mistakes."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from aisearch_deploy.config.load import parse
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.targets import compose
from aisearch_deploy.targets.compose.app import RUNTIMES
from aisearch_deploy.targets.compose.project import Project
from tests.rendering.configs import deployment_of
from tests.targets.composed import CASES, EXTERNAL, GUIDE, LOCAL, SIDECARS, case, composition, config, folder, services
from tests.validators import compose as validator
from tests.validators import dockerfile, shell

ENDING = {"prepare", "migrate", "client", "rclone"}
UNITS = {"b": 1, "k": 2**10, "m": 2**20, "g": 2**30}


@pytest.fixture(params=CASES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def size(text: str) -> int:
    return int(text[:-1]) * UNITS[text[-1]]


def mounted(service: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Mounts by the place in the container."""
    return {mount["target"]: mount for mount in service.get("volumes", [])}


def test_compose_accepts_it_without_a_word(name: str, tmp_path: Path) -> None:
    files, _ = case(name)
    for path, text in files.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    assert validator.problems(tmp_path / "compose.yaml") == []


def test_every_script_is_clean(name: str) -> None:
    files, _ = case(name)
    found = {path: shell.problems(text) for path, text in files.items() if path.endswith(".sh")}
    assert found == {path: [] for path in found}


def test_everything_that_is_named_exists(name: str) -> None:
    files, parsed = case(name)
    networks, volumes, secrets = (parsed.get(kind) or {} for kind in ("networks", "volumes", "secrets"))
    used: dict[str, set[str]] = {"networks": set(), "volumes": set(), "secrets": set()}
    for service in parsed["services"].values():
        used["networks"].update(service.get("networks", []))
        for secret in service.get("secrets", []):
            used["secrets"].add(secret if isinstance(secret, str) else secret["source"])
        for mount in service.get("volumes", []):
            if mount["type"] == "volume":
                used["volumes"].add(mount["source"])
            elif mount["source"].startswith("./"):
                source = mount["source"].removeprefix("./")
                assert source in files or any(path.startswith(f"{source}/") for path in files), source
                assert mount["bind"] == {"create_host_path": False}
        for other, condition in service.get("depends_on", {}).items():
            ends = other in ENDING
            assert condition == {
                "condition": "service_completed_successfully" if ends else "service_healthy"
            }  # G3: never only "started"
            assert other in parsed["services"]
    assert used == {"networks": set(networks), "volumes": set(volumes), "secrets": set(secrets)}


def test_every_mounted_file_is_used_and_every_file_has_a_reason(name: str) -> None:
    files, parsed = case(name)
    sources = [
        mount["source"].removeprefix("./") for s in parsed["services"].values() for mount in s.get("volumes", [])
    ]
    in_containers = [path for path in files if "/" in path and not path.startswith("image/")]
    for path in in_containers:
        assert any(path == source or path.startswith(f"{source}/") for source in sources), path


def test_every_service_is_bounded_logged_and_looked_after(name: str) -> None:
    _, parsed = case(name)
    for service, body in parsed["services"].items():
        limits = body["deploy"]["resources"]["limits"]
        assert size(limits["memory"]) > 0, service
        assert body["memswap_limit"] == limits["memory"], service
        assert limits["pids"] > 0, service
        assert "cpus" in limits or service == "otel", service
        assert body["logging"]["driver"] == "json-file", service
        assert body["logging"]["options"] == {"max-size": "10m", "max-file": "5"}, service
        assert body["read_only"] is True, service
        assert body["cap_drop"] == ["ALL"], service
        assert body["security_opt"] == ["no-new-privileges:true"], service
        assert body["init"] is True, service
        assert body["restart"] == ("no" if service in ENDING else "unless-stopped"), service
        if service in ENDING:
            assert body["healthcheck"] == {"disable": True}, service
        elif service != "otel":
            assert body["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL"), service
        assert body.get("user") or service == "otel", service
        assert body.get("cap_add", ["CHOWN"]) == ["CHOWN"], service
        assert not body.get("privileged"), service


def test_g28_the_engine_is_mounted_nowhere(name: str) -> None:
    files, _ = case(name)
    assert not [path for path, text in files.items() if "docker.sock" in text]


def test_g4_no_version_and_g2_no_names_of_containers(name: str) -> None:
    _, parsed = case(name)
    assert "version" not in parsed
    assert not [service for service in parsed["services"].values() if "container_name" in service]


def test_g2_only_the_edge_is_published(name: str) -> None:
    _, parsed = case(name)
    published = {service: body["ports"] for service, body in parsed["services"].items() if "ports" in body}
    expected = ["80:8080"] if name == "behind-a-load-balancer" else ["80:8080", "443:8443"]
    assert published == {"edge": expected}
    assert not [body for body in parsed["services"].values() if body.get("network_mode", "none") != "none"]


def test_the_data_has_no_way_out_and_the_edge_no_way_to_it(name: str) -> None:
    _, parsed = case(name)
    networks = parsed["networks"]
    assert networks["web"]["internal"]
    for service, body in parsed["services"].items():
        joined = set(body.get("networks", []))
        if service in ("db", "cache"):
            assert joined == {"data"}
            assert networks["data"]["internal"]
        if service == "edge":
            assert joined == {"public", "web"}
        if "public" in joined or "web" in joined:
            assert service in ("edge", "app")


def test_nobody_finds_a_name_on_a_network_where_it_cannot_be_reached(name: str) -> None:
    """Docker answers with the address on any network that is shared; on those ways out containers are kept apart."""
    _, parsed = case(name)
    apart = {
        network
        for network, body in parsed["networks"].items()
        if body and (body.get("driver_opts") or {}).get("com.docker.network.bridge.enable_icc") == "false"
    }
    assert "egress" in apart
    reached = {
        "app",
        "db",
        "pooler",
        "cache",
        "edge",
        *(service for service in parsed["services"] if service == "otel"),
    }
    for network in apart:
        members = {service for service, body in parsed["services"].items() if network in body.get("networks", [])}
        assert len(members & reached) <= 1, network


def test_what_the_app_asks_is_on_a_network_of_its_own(name: str) -> None:
    _, parsed = case(name)
    app = set(parsed["services"]["app"]["networks"])
    for service in ("db", "pooler", "cache", "edge", "otel"):
        if service in parsed["services"]:
            assert app & set(parsed["services"][service]["networks"]), service
    assert "egress" in app


def test_volumes_keep_their_owner(name: str) -> None:
    _, parsed = case(name)
    owners = dict(word.split("=")[::-1] for word in parsed["services"]["prepare"].get("command", []))
    assert set(owners) == set(parsed.get("volumes") or {})
    for service, body in parsed["services"].items():
        for mount in body.get("volumes", []):
            if mount["type"] != "volume" or service == "prepare":
                continue
            if mount["source"] not in ("models", "data"):
                assert mount["volume"] == {"nocopy": True}
            if not mount.get("read_only"):
                assert owners[mount["source"]] == body["user"], (service, mount["source"])
            assert "prepare" in waits_for(parsed["services"], service), service


def waits_for(all_services: dict[str, Any], service: str) -> set[str]:
    direct = set(all_services[service].get("depends_on", {}))
    return direct.union(*(waits_for(all_services, other) for other in direct))


def test_g1_one_user_one_database_one_password() -> None:
    overlays = (GUIDE, {"database": {"user": "searcher", "name": "searchdb"}})
    files, parsed = folder(*overlays), services(*overlays)
    db, client = parsed["db"]["environment"], parsed["client"]["environment"]
    assert (db["POSTGRES_USER"], db["POSTGRES_DB"]) == ("searcher", "searchdb")
    assert (client["PGUSER"], client["PGDATABASE"]) == ("searcher", "searchdb")
    assert "DATABASE_URL_START=postgresql://searcher:\n" in files["app/start.sh"]
    assert re.findall(r"DATABASE_URL_END\w*='?@(\w+:\d+/\w+)", files["app/start.sh"]) == [
        "pooler:6432/searchdb",
        "db:5432/searchdb",
    ]
    assert "DATABASE_USER=searcher\n" in files["pooler/start.sh"]
    assert db["POSTGRES_PASSWORD_FILE"] == "/run/secrets/DATABASE_PASSWORD"
    for service in ("db", "pooler", "client"):
        assert parsed[service]["secrets"] == ["DATABASE_PASSWORD"]


def test_secrets_are_files_of_the_server_and_never_values() -> None:
    parsed = composition(GUIDE, EXTERNAL)
    assert all(secret == {"file": f"/etc/ai-search/secrets/{name}"} for name, secret in parsed["secrets"].items())
    given = {secret["source"]: secret["target"] for secret in parsed["services"]["app"]["secrets"]}
    assert given == {
        name: f"/run/secrets/{name}"
        for name in ("DATABASE_PASSWORD", "CACHE_PASSWORD", "DASHSCOPE_API_KEY", "SENTRY_DSN", "VECTOR_STORE_URL")
    }
    assert parsed["services"]["edge"]["secrets"] == ["API_KEYS"]
    assert parsed["services"]["rclone"]["secrets"] == ["BACKUP_CREDENTIALS"]


def test_g3_the_app_waits_for_what_it_needs() -> None:
    found = services(GUIDE)
    assert set(found["app"]["depends_on"]) == {"prepare", "migrate", "db", "pooler", "cache"}
    assert set(found["edge"]["depends_on"]) == {"prepare", "app"}
    assert set(found["certbot"]["depends_on"]) == {"edge"}
    assert found["migrate"]["entrypoint"][-1] == "--direct"


def test_g5_the_cache_evicts_before_it_is_killed() -> None:
    cache = services(GUIDE)["cache"]
    words = cache["command"]
    most = int(words[words.index("--maxmemory") + 1])
    assert most == 2 * 2**30
    assert most <= 0.75 * size(cache["deploy"]["resources"]["limits"]["memory"])
    assert words[words.index("--maxmemory-policy") + 1] == "allkeys-lru"
    assert words[words.index("--save") + 1] == ""
    assert words[words.index("--appendonly") + 1] == "no"
    # The app's limiter is off, so no counter is among what may be evicted.
    assert services(GUIDE)["app"]["environment"]["RATE_LIMIT_ENABLED"] == "false"


@pytest.mark.parametrize("engine", ["valkey", "redis"])
def test_the_cache_is_the_one_that_was_asked_for(engine: str) -> None:
    cache = services({"cache": {"engine": engine}})["cache"]
    assert cache["command"][0] == f"{engine}-server"
    assert cache["healthcheck"]["test"][1].startswith(f"{engine}-cli ")


@pytest.mark.parametrize("stages", ["multi", "single"])
def test_g13_the_image_is_lean_and_nobodys(stages: str, tmp_path: Path) -> None:
    files = folder(GUIDE, {"image": {"build": {"context": "../app", "stages": stages}}})
    text = files["image/Dockerfile"]
    (tmp_path / "Dockerfile").write_text(text)
    assert dockerfile.problems(tmp_path / "Dockerfile") == []
    last_stage = text[text.rindex("\nFROM") :] if stages == "multi" else text
    assert text.count("\nFROM") == (2 if stages == "multi" else 1)
    if stages == "multi":
        assert "COPY --from=build /opt/venv /opt/venv" in last_stage
        assert "build-essential" not in last_stage
    else:
        # In the same layer, or the compilers stay in the image.
        install = next(step for step in text.split("\nRUN ") if "build-essential=" in step)
        assert "apt-get purge --yes --auto-remove build-essential" in install
    assert "\nUSER 10001:10001\n" in last_stage
    assert ":latest" not in text
    assert "curl" not in text.replace("# Without curl", "")
    assert '"python", "-c", "import urllib.request' in last_stage
    ignored = files["image/Dockerfile.dockerignore"].splitlines()
    assert {".git", ".env", "secrets", "**/*.key", "src/web/uploads", ".cache"} <= set(ignored)


def test_g13_the_health_check_needs_no_curl_and_no_key() -> None:
    test = services(GUIDE, {"contract": {"ready_path": "/ready", "port": 9000}})["app"]["healthcheck"]["test"]
    assert test[:3] == ["CMD", "python", "-c"]
    ast.parse(test[3])
    assert "http://127.0.0.1:9000/ready" in test[3]
    assert "key" not in test[3].lower()


def test_health_waits_for_the_longest_start() -> None:
    assert services({"app": {"startup": "90s"}})["app"]["healthcheck"]["start_period"] == "90s"


def test_g25_a_pooler_appears_when_the_pools_ask_for_too_much() -> None:
    small = {"database": {"pool": {"size": 2, "overflow": 0}}}
    assert "pooler" not in services(small)
    files = folder(GUIDE)
    # 4 workers x (20 + 10) x (3 replicas + 1 during an update) + 5 jobs, against the server's 100.
    assert "pooler" in composition(GUIDE)["services"]
    assert "CONNECTIONS=92\n" in files["pooler/start.sh"]
    assert "CLIENTS=582\n" in files["pooler/start.sh"]
    assert "max_prepared_statements = 200\n" in files["pooler/start.sh"]
    assert "--max_connections=100" in services(GUIDE)["db"]["command"]


def test_migrations_and_backups_pass_by_the_pooler() -> None:
    found = services(GUIDE)
    assert found["client"]["environment"]["PGHOST"] == "db"
    assert found["migrate"]["environment"]["PGOPTIONS"] == "-c lock_timeout=10s"
    assert "PGOPTIONS" not in found["app"]["environment"]


def test_g27_limits_are_never_counted_in_memory_by_more_than_one(name: str) -> None:
    files, parsed = case(name)
    app = parsed["services"]["app"]
    workers = int(next(word for word in app["command"] if word.startswith("--workers=")).partition("=")[2])
    if workers * app["deploy"]["replicas"] > 1:
        storage = app["environment"].get("RATE_LIMIT_STORAGE", "")
        assert storage.startswith("redis") or "give RATE_LIMIT_STORAGE" in files["app/start.sh"]
        assert storage != "memory://"


@pytest.mark.parametrize(("mode", "runtime"), RUNTIMES.items())
def test_g28_code_runs_isolated_or_not_at_all(mode: str, runtime: str | None) -> None:
    app = services({"sandbox": {"mode": mode}})["app"]
    assert app.get("runtime") == runtime
    assert app["environment"]["SANDBOX_ENABLED"] == ("true" if runtime else "false")


def test_g31_images_are_pinned_and_supported(name: str) -> None:
    _, parsed = case(name)
    images = {body["image"].removeprefix("${APP_IMAGE:-").removesuffix("}") for body in parsed["services"].values()}
    for image in images:
        tag = image.rpartition("/")[2].partition(":")[2]
        assert tag, image
        assert tag != "latest", image
    assert "postgres:14" not in str(images)


@pytest.mark.parametrize(
    ("version", "folder_", "data"),
    [
        (18, "/var/lib/postgresql", "/var/lib/postgresql/18/docker"),
        (17, "/var/lib/postgresql/data", "/var/lib/postgresql/data"),
    ],
)
def test_the_data_is_where_the_image_of_that_version_keeps_it(version: int, folder_: str, data: str) -> None:
    db = services({"database": {"version": version}})["db"]
    assert mounted(db)[folder_]["source"] == "database"
    assert db["environment"]["PGDATA"] == data


def test_vectors_are_added_when_the_database_is_made() -> None:
    files = folder()
    assert mounted(services()["db"])["/docker-entrypoint-initdb.d"]["source"] == "./db/init"
    assert "CREATE EXTENSION IF NOT EXISTS vector" in files["db/init/10-vector.sh"]
    external = {"vector_store": {"engine": "external", "url_secret": "VECTOR_STORE_URL"}}
    assert "db/init/10-vector.sh" not in folder(external)


def test_the_database_encrypts_when_it_has_to() -> None:
    found = services(GUIDE)
    assert "--ssl=on" in found["db"]["command"]
    assert mounted(found["db"])["/tls"]["source"] == "database-tls"
    assert mounted(found["pooler"])["/tls"]["source"] == "pooler-tls"
    files = folder(GUIDE)
    assert re.findall(r"sslmode=(\w+)", files["app/start.sh"]) == ["require", "require"]
    assert "client_tls_sslmode = require" in files["pooler/start.sh"]
    plain = services()
    assert "--ssl=on" not in plain["db"]["command"]
    assert "/tls" not in mounted(plain["db"])


def test_no_password_is_in_the_process_list(name: str) -> None:
    _, parsed = case(name)
    for body in parsed["services"].values():
        words = [*body.get("command", []), *body.get("entrypoint", [])]
        assert not [word for word in words if "password=" in word.lower() or ("://" in word and "@" in word)]


def test_local_state_is_one_app_with_its_own_data() -> None:
    found = services(LOCAL)
    assert set(found) == {"prepare", "app", "edge"}
    assert found["app"]["deploy"]["replicas"] == 1
    assert mounted(found["app"])["/app/data"]["source"] == "data"


def test_replicas_and_shares_follow_the_config() -> None:
    app = services(GUIDE, {"app": {"cpu": {"request": "1500m", "limit": "2"}}})["app"]
    assert app["deploy"]["replicas"] == 3
    assert app["deploy"]["resources"]["limits"]["cpus"] == "2"
    assert app["deploy"]["resources"]["reservations"]["memory"] == "7g"
    assert app["cpu_shares"] == 1536


def test_cards_are_reserved() -> None:
    app = services({"app": {"gpu": {"count": 2}}})["app"]
    assert app["deploy"]["resources"]["reservations"]["devices"] == [
        {"driver": "nvidia", "count": 2, "capabilities": ["gpu"]}
    ]
    amd = services({"app": {"gpu": {"count": 1, "vendor": "amd"}}})["app"]
    assert amd["devices"] == ["/dev/kfd:/dev/kfd", "/dev/dri:/dev/dri"]
    assert "devices" not in amd["deploy"]["resources"]["reservations"]


def test_dollars_stay_dollars() -> None:
    app = services({"app": {"env": {"PRICE": "5$HOME"}}, "targets": {"compose": {"labels": {"a": "$x"}}}})["app"]
    assert app["environment"]["PRICE"] == "5$$HOME"
    assert app["labels"]["a"] == "$$x"


def test_authorities_are_copied_and_mounted() -> None:
    overlays = (GUIDE, EXTERNAL, {"network": {"ca_bundle": "./ca.pem"}})
    files, app = folder(*overlays), services(*overlays)["app"]
    assert files["ca-bundle.pem"] == files["database-ca.pem"]
    assert mounted(app)["/etc/aisearch/ca-bundle.pem"]["source"] == "./ca-bundle.pem"
    assert mounted(app)["/etc/aisearch/database-ca.pem"]["source"] == "./database-ca.pem"
    assert "SSL_CERT_FILE" not in app["environment"]


def test_an_air_gapped_server_is_told_every_image() -> None:
    overlays = (GUIDE, {"air_gapped": {"registry": "registry.internal.example.com"}})
    lines = [line.split() for line in folder(*overlays)["images.txt"].splitlines() if not line.startswith("#")]
    wanted = {body["image"].removeprefix("${APP_IMAGE:-").removesuffix("}") for body in services(*overlays).values()}
    assert {to for _, to in lines} == wanted
    assert all(to.startswith("registry.internal.example.com/") for to in wanted)
    assert ["docker.io/library/nginx:1.30-trixie", "registry.internal.example.com/library/nginx:1.30-trixie"] in lines
    assert "images.txt" not in folder()


def test_environments_on_one_server_share_nothing() -> None:
    text = yaml.safe_dump(config({"environments": {"staging": {}, "production": {}}}))
    names = {
        Project(resolve(parse(text.encode(), "aisearch.yaml"), environment, compose.TRAITS)).name
        for environment in ("staging", "production")
    }
    assert names == {"ai-search-staging", "ai-search-production"}


@pytest.mark.parametrize(
    ("overlays", "words"),
    [
        (({"app": {"volumes": [{"name": "corpus", "mount": "/c", "claim": "corpus"}]}},), "host_path"),
        ((SIDECARS, {"app": {"sidecars": [{"name": "db", "image": "example/db:1.0"}]}}), "service of ours"),
        (({"database": {"ca": "./ca.pem", "tls": "require"}},), "database.ca"),
        ((LOCAL, {"scaling": {"min": 2, "max": 2}}), "one writer"),
    ],
)
def test_what_compose_cannot_carry_is_refused(overlays: tuple[dict[str, Any], ...], words: str) -> None:
    reason = compose.refuses(deployment_of(config(*overlays), "compose"))
    assert reason
    assert words in reason


def test_everything_else_is_carried(name: str) -> None:
    assert compose.refuses(deployment_of(config(*CASES[name]), "compose")) is None


def test_the_guides_column_of_the_comparison() -> None:
    table = compose.COMPARISON
    assert (table.ease, table.scalability, table.cost, table.autoscaling) == (5, 2, "Low", False)
    assert table.best_for == "Small-Medium"
