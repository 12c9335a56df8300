"""Database, pooler and cache on Kubernetes."""

from __future__ import annotations

import pytest

from aisearch_deploy.formats import quantities
from aisearch_deploy.formats.shell import parse
from tests.rendering.configs import deployment_of
from tests.targets.k8s_cases import CASES, config, folder, kinds, objects_of, one, template


def arguments(case: str) -> dict[str, str]:
    """PostgreSQL's settings on its command line."""
    (container,) = template(one(objects_of(case), "StatefulSet", "ai-search-database"))["spec"]["containers"]
    words = container["args"]
    assert set(words[::2]) == {"-c"}
    return dict(word.split("=", 1) for word in words[1::2])


def shell_values(case: str, path: str) -> dict[str, str]:
    """The assignments at the top of a script."""
    return parse(folder(case)[path])


def test_the_database_accepts_what_the_config_says_and_encrypts() -> None:
    settings = arguments("guide")
    assert settings["max_connections"] == "100"
    assert settings["shared_buffers"] == "1024MB"
    assert settings["ssl"] == "on"
    assert "hostssl all  all       all         scram-sha-256" in folder("guide")["database/pg_hba.conf"]
    assert "ssl" not in arguments("minimal")


def test_the_superuser_never_logs_in_over_the_network() -> None:
    lines = folder("guide")["database/pg_hba.conf"].splitlines()
    rules = [line.split() for line in lines if not line.startswith("#")]
    refusal = rules.index(["host", "all", "postgres", "all", "reject"])
    assert all(rule[0] == "local" for rule in rules[:refusal])


@pytest.mark.parametrize(
    ("case", "mount", "data"),
    [
        ("guide", "/var/lib/postgresql", "/var/lib/postgresql/18/docker"),
        ("old-postgresql", "/var/lib/postgresql/data", "/var/lib/postgresql/data/pgdata"),
    ],
)
def test_g31_the_disk_is_mounted_where_the_major_version_wants_it(case: str, mount: str, data: str) -> None:
    (container,) = template(one(objects_of(case), "StatefulSet", "ai-search-database"))["spec"]["containers"]
    assert mount in [one_of["mountPath"] for one_of in container["volumeMounts"]]
    assert {"name": "PGDATA", "value": data} in container["env"]


def test_vectors_get_their_disk_where_they_live() -> None:
    server = one(objects_of("guide"), "StatefulSet", "ai-search-database")
    (claim,) = server["spec"]["volumeClaimTemplates"]
    assert claim["spec"]["resources"]["requests"]["storage"] == "70Gi"
    assert shell_values("guide", "database/role.sh")["VECTORS"] == "true"


def test_g25_two_poolers_together_stay_below_what_the_database_accepts() -> None:
    sizes = deployment_of(config("guide"), "k8s").sizes
    pooler = one(objects_of("guide"), "Deployment", "ai-search-pooler")
    settings = shell_values("guide", "pooler/start.sh")
    each, replicas = int(settings["SERVER_CONNECTIONS"]), pooler["spec"]["replicas"]
    assert each * replicas <= sizes.pooler_connections < 100
    assert pooler["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 0, "maxUnavailable": 1}
    assert int(settings["CLIENTS"]) >= sizes.connections_update


def test_the_pooler_verifies_the_database_that_the_app_cannot_see() -> None:
    settings = shell_values("managed-with-pooler", "pooler/start.sh")
    assert settings["SERVER_TLS"] == "verify-full"
    assert settings["SERVER_CA"] == "/etc/aisearch/database-ca.pem"
    assert (settings["SERVER_HOST"], settings["SERVER_PORT"]) == ("db.example.com", "5433")


def test_g5_the_cache_has_a_third_more_than_it_may_keep_and_drops_the_oldest() -> None:
    (container,) = template(one(objects_of("guide"), "Deployment", "ai-search-cache"))["spec"]["containers"]
    words = container["command"]
    maximum = int(words[words.index("--maxmemory") + 1])
    assert maximum <= 0.75 * _bytes(container["resources"]["limits"]["memory"])
    assert words[words.index("--maxmemory-policy") + 1] == "allkeys-lru"
    assert words[words.index("--save") + 1] == ""
    assert words[words.index("--appendonly") + 1] == "no"


def test_cloudnative_pg_where_the_cluster_has_it() -> None:
    cluster = one(objects_of("cloudnative-pg"), "Cluster", "ai-search-database")
    assert cluster["spec"]["instances"] == 3
    assert cluster["spec"]["postgresql"]["parameters"]["max_connections"] == "100"
    assert cluster["spec"]["bootstrap"]["initdb"]["postInitApplicationSQL"] == ["CREATE EXTENSION IF NOT EXISTS vector"]
    assert cluster["spec"]["inheritedMetadata"]["labels"]["app.kubernetes.io/component"] == "database"
    assert not kinds(objects_of("cloudnative-pg"), "StatefulSet")
    single = one(objects_of("cloudnative-pg-single"), "Cluster", "ai-search-database")
    assert (single["spec"]["instances"], single["spec"]["enablePDB"]) == (1, False)


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_bundled_that_is_outside(case: str) -> None:
    resolved = deployment_of(config(case), "k8s")
    names = {
        document["metadata"]["name"] for document in kinds(objects_of(case), "StatefulSet", "Deployment", "Cluster")
    }
    assert (f"{resolved.name}-database" in names) is resolved.bundles_database
    assert (f"{resolved.name}-cache" in names) is resolved.bundles_cache
    assert (f"{resolved.name}-pooler" in names) is resolved.sizes.pooler


def _bytes(quantity: str) -> int:
    return quantities.parse_bytes(quantity)
