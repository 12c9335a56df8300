"""G18: who may talk to whom, for every pair of parts: what is not in the table is refused."""

from __future__ import annotations

import pytest

from tests.targets.k8s_cases import CASES, config, kinds, objects_of
from tests.targets.k8s_policies import Address, Peer, Pod, allowed

PARTS = ("app", "edge", "database", "pooler", "cache", "migration", "backup", "certificate")
PORTS = {"app": 8000, "edge": 8443, "database": 5432, "pooler": 6432, "cache": 6379, "certificate": 8080}
INTERNET = Address("93.184.215.14")
METADATA = Address("169.254.169.254")
PRIVATE = Address("10.20.30.40")


def part(name: str, app: str = "ai-search") -> Pod:
    return Pod({"app.kubernetes.io/name": app, "app.kubernetes.io/component": name})


EXPECTED = {
    "guide": {
        ("edge", "app"),
        ("edge", "certificate"),
        ("app", "pooler"),
        ("app", "cache"),
        ("pooler", "database"),
        ("migration", "database"),
        ("backup", "database"),
    },
    "minimal": {("edge", "app"), ("app", "cache"), ("app", "database"), ("backup", "database")},
    "cloudnative-pg": {
        ("edge", "app"),
        ("edge", "certificate"),
        ("app", "pooler"),
        ("app", "cache"),
        ("pooler", "database"),
        ("migration", "database"),
        ("backup", "database"),
        ("database", "database"),
    },
    "gateway-envoy": {
        ("edge", "app"),
        ("app", "pooler"),
        ("app", "cache"),
        ("pooler", "database"),
        ("migration", "database"),
        ("backup", "database"),
    },
}


@pytest.mark.parametrize("case", EXPECTED)
def test_g18_between_the_parts_only_what_the_table_says(case: str) -> None:
    found = {
        (source, destination)
        for source in PARTS
        for destination, port in PORTS.items()
        if allowed(case, part(source), part(destination), port)
    }
    assert found == EXPECTED[case]


@pytest.mark.parametrize("case", CASES)
def test_g18_everything_is_denied_that_is_not_allowed(case: str) -> None:
    stranger = Pod({"app": "stranger"})
    name = config(case)["name"]
    for own in PARTS:
        if own == "edge":
            continue
        for port in (22, 5432, 6379, 8000):
            assert not allowed(case, stranger, part(own, name), port)
    assert not allowed(case, stranger, INTERNET, 443)


@pytest.mark.parametrize("case", CASES)
def test_every_part_may_ask_for_names(case: str) -> None:
    servers: tuple[Peer, ...] = (Pod({"k8s-app": "kube-dns"}, "kube-system"), Address("169.254.20.10"))
    for server in servers:
        assert allowed(case, part("app", config(case)["name"]), server, 53)
    assert not allowed(case, part("app"), Pod({}, "elsewhere"), 53)


def test_the_app_reaches_the_internet_but_no_private_network_and_no_metadata_service() -> None:
    assert allowed("guide", part("app"), INTERNET, 443)
    assert not allowed("guide", part("app"), INTERNET, 80)
    for case in ("guide", "minimal", "everything-around"):
        assert not allowed(case, part("app"), METADATA, 443)
        assert not allowed(case, part("app"), METADATA, 80)
        assert not allowed(case, part("app"), PRIVATE, 443)


def test_more_ports_a_proxy_and_ipv6() -> None:
    app = part("app")
    assert allowed("everything-around", app, INTERNET, 8443)
    assert allowed("everything-around", app, PRIVATE, 3128)
    assert allowed("everything-around", app, Address("2001:db8::1"), 443)
    assert not allowed("everything-around", app, Address("fd00::1"), 443)
    assert not allowed("guide", app, Address("2001:db8::1"), 443)


def test_a_database_and_a_cache_outside_are_reached_on_their_ports() -> None:
    assert allowed("managed-with-pooler", part("pooler"), PRIVATE, 5433)
    assert not allowed("managed-with-pooler", part("app"), PRIVATE, 5433)
    assert allowed("managed-with-pooler", part("app"), PRIVATE, 6379)
    assert allowed("managed", part("backup"), PRIVATE, 5433)
    assert allowed("managed", part("migration"), PRIVATE, 5433)


def test_everybody_reaches_the_edge_unless_it_is_limited_to_networks() -> None:
    assert allowed("guide", INTERNET, part("edge"), 8443)
    assert allowed("guide", INTERNET, part("edge"), 8080)
    assert not allowed("guide", INTERNET, part("edge"), 8081)
    assert not allowed("limited-to-networks", INTERNET, part("edge"), 8080)
    assert not allowed("everything-around", INTERNET, part("edge"), 8443)
    assert allowed("everything-around", INTERNET, part("edge"), 8080), "Let's Encrypt asks from anywhere"
    assert allowed("everything-around", Address("192.0.2.7"), part("edge"), 8443)


@pytest.mark.parametrize(
    ("case", "labels"),
    [
        ("gateway-envoy", {"app.kubernetes.io/managed-by": "envoy-gateway", "app.kubernetes.io/name": "envoy"}),
        ("gateway-nginx", {"app.kubernetes.io/managed-by": "ngf-nginx"}),
        ("gateway-traefik", {"app.kubernetes.io/name": "traefik"}),
        ("ingress-traefik", {"app.kubernetes.io/name": "traefik"}),
        ("ingress-other", {"any": "pod"}),
    ],
)
def test_behind_a_gateway_only_its_pods_reach_the_edge(case: str, labels: dict[str, str]) -> None:
    assert allowed(case, Pod(labels, "gateways"), part("edge"), 8080)
    assert not allowed(case, INTERNET, part("edge"), 8080)
    if case != "ingress-other":
        assert not allowed(case, Pod({"any": "pod"}, "elsewhere"), part("edge"), 8080)
    assert not allowed(case, Pod(labels, "gateways"), part("app"), 8000)


def test_a_gateway_that_runs_in_our_namespace_works_there() -> None:
    gateway = Pod({"gateway.networking.k8s.io/gateway-name": "ai-search", "app.kubernetes.io/managed-by": "ngf-nginx"})
    assert allowed("gateway-nginx", INTERNET, gateway, 443)
    assert allowed("gateway-nginx", gateway, part("edge"), 8080)
    assert allowed("gateway-nginx", gateway, Pod({"app.kubernetes.io/name": "nginx-gateway-fabric"}, "nginx"), 8443)
    assert not allowed("gateway-nginx", gateway, part("app"), 8000)


def test_prometheus_reads_metrics_and_nothing_else() -> None:
    prometheus = Pod({"app.kubernetes.io/name": "prometheus"}, "monitoring")
    assert allowed("guide", prometheus, part("app"), 8000)
    assert not allowed("guide", prometheus, part("database"), 5432)
    assert not allowed("local-state", prometheus, part("app"), 8000), "its contract serves no metrics"
    assert allowed("cloudnative-pg", prometheus, part("database"), 9187)


def test_the_operator_reaches_its_servers_and_they_the_kubernetes_api() -> None:
    operator = Pod({"app.kubernetes.io/name": "cloudnative-pg"}, "cnpg-system")
    assert allowed("cloudnative-pg", operator, part("database"), 8000)
    assert allowed("cloudnative-pg", part("database"), Address("10.96.0.1"), 443)
    assert not allowed("guide", part("database"), Address("10.96.0.1"), 443)


def test_backups_reach_the_bucket_only_where_there_is_one() -> None:
    assert allowed("guide", part("backup"), INTERNET, 443)
    assert not allowed("minimal", part("backup"), INTERNET, 443)


def test_cert_managers_solvers_are_asked_behind_a_gateway() -> None:
    solver = Pod({"acme.cert-manager.io/http01-solver": "true"})
    envoy = Pod({"app.kubernetes.io/managed-by": "envoy-gateway", "app.kubernetes.io/name": "envoy"}, "gateways")
    assert allowed("gateway-envoy", envoy, solver, 8089)
    assert not allowed("guide", envoy, solver, 8089)


@pytest.mark.parametrize("case", CASES)
def test_every_policy_but_the_two_for_all_names_a_part(case: str) -> None:
    for policy in kinds(objects_of(case), "NetworkPolicy"):
        if policy["metadata"]["name"] not in ("default-deny", "names"):
            assert policy["spec"]["podSelector"]["matchLabels"]
