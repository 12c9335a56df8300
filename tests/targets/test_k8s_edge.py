"""The edge on Kubernetes: exposed once, limited for real, with a certificate from somewhere."""

from __future__ import annotations

from typing import Any

import pytest

from aisearch_deploy.formats.nginx import Directive, parse
from tests.targets.k8s_cases import CASES, Object, config, folder, kinds, objects_of, one, template

every_case = pytest.mark.parametrize("case", CASES)
GATEWAYS = [case for case in CASES if case.startswith(("gateway", "ingress"))]


def directives(case: str, name: str) -> list[list[str]]:
    """The words of every directive of that name in nginx.conf."""
    return [found.args for found in _walk(parse(folder(case)["edge/nginx.conf"])) if found.name == name]


def _walk(block: list[Directive]) -> list[Directive]:
    return [inner for one_of in block for inner in (one_of, *_walk(one_of.block or []))]


@every_case
def test_g18_the_app_is_exposed_once(case: str) -> None:
    services = kinds(objects_of(case), "Service")
    public = [s["metadata"]["name"] for s in services if s["spec"]["type"] != "ClusterIP"]
    assert public == ([] if case in GATEWAYS else [f"{config(case)['name']}-edge"])


@every_case
def test_g16_no_annotation_of_the_retired_controller(case: str) -> None:
    assert "nginx.ingress.kubernetes.io" not in "".join(folder(case).values())


@pytest.mark.parametrize("case", [case for case in CASES if config(case).get("rate_limit", {}) is not None])
def test_g16_the_limit_is_enforced_by_exactly_one(case: str) -> None:
    objects = objects_of(case)
    enforced = [
        *kinds(objects, "RateLimitPolicy"),
        *(m for m in kinds(objects, "Middleware") if "rateLimit" in m["spec"]),
        *(p for p in kinds(objects, "BackendTrafficPolicy") if "rateLimit" in p["spec"]),
        *directives(case, "limit_req_zone"),
    ]
    assert len(enforced) == 1


@pytest.mark.parametrize(("case", "by_nginx"), [("gateway-envoy", False), ("gateway-behind-a-cdn", True)])
def test_g34_who_counts_is_who_sees_the_client(case: str, by_nginx: bool) -> None:
    assert bool(directives(case, "limit_req_zone")) is by_nginx


def _limit(case: str, kind: str) -> Any:
    (policy,) = kinds(objects_of(case), kind)
    return policy["spec"]["rateLimit"]


def test_g16_the_limit_in_the_words_of_each_implementation() -> None:
    (envoy,) = _limit("gateway-envoy", "BackendTrafficPolicy")["local"]["rules"]
    assert envoy["limit"] == {"requests": 30, "unit": "Minute"}
    assert envoy["clientSelectors"] == [{"headers": [{"type": "Distinct", "name": "X-API-Key"}]}]
    (fabric,) = _limit("gateway-nginx", "RateLimitPolicy")["local"]["rules"]
    assert (fabric["key"], fabric["rate"], fabric["burst"]) == ("$http_x_api_key", "30r/m", 10)
    assert fabric["rejectCode"] == 429
    traefik = _limit("gateway-traefik", "Middleware")
    assert traefik == {"average": 30, "period": "1m", "burst": 11}
    assert _limit("ingress-traefik", "Middleware")["sourceCriterion"] == {"requestHeaderName": "X-API-Key"}


@pytest.mark.parametrize("case", ["gateway-envoy", "gateway-nginx", "gateway-traefik", "gateway-existing"])
def test_g16_the_limit_is_on_the_limited_paths_alone(case: str) -> None:
    routes = {r["metadata"]["name"]: r["spec"]["rules"] for r in kinds(objects_of(case), "HTTPRoute")}
    limited = [match["path"]["value"] for rule in routes["ai-search-limited"] for match in rule["matches"]]
    assert limited == ["/query"]
    assert [match["path"]["value"] for rule in routes["ai-search"] for match in rule["matches"]] == ["/"]


@every_case
def test_the_edge_keeps_the_clients_address_where_it_faces_them(case: str) -> None:
    service = one(objects_of(case), "Service", f"{config(case)['name']}-edge")
    if case not in GATEWAYS:
        assert service["spec"]["externalTrafficPolicy"] == "Local"
        assert service["spec"]["sessionAffinity"] == "ClientIP"
        assert [port["port"] for port in service["spec"]["ports"]] == ([80] if case == "tls-platform" else [80, 443])


@pytest.mark.parametrize("case", GATEWAYS)
def test_behind_a_gateway_nginx_trusts_the_cluster_and_speaks_no_tls(case: str) -> None:
    assert ["10.0.0.0/8"] in directives(case, "set_real_ip_from")
    assert not directives(case, "ssl_certificate")
    assert ["8080", "default_server"] in directives(case, "listen")
    pod = template(one(objects_of(case), "Deployment", "ai-search-edge"))["spec"]
    assert "certificates" not in [volume["name"] for volume in pod["volumes"]]


def test_nginx_finds_every_replica_by_its_full_name() -> None:
    upstreams = {
        block.args[0]: block.block
        for block in _walk(parse(folder("everything-around")["edge/nginx.conf"]))
        if block.name == "upstream"
    }
    (server,) = [found for found in upstreams["app"] or [] if found.name == "server"]
    assert server.args[0] == "ai-search-app.search.svc.cluster.example:8000"
    assert one(objects_of("everything-around"), "Service", "ai-search-app")["spec"]["clusterIP"] == "None"


@every_case
def test_scripts_are_mounted_one_by_one_and_executable(case: str) -> None:
    pod = template(one(objects_of(case), "Deployment", f"{config(case)['name']}-edge"))["spec"]
    mounts = [m for m in pod["containers"][0]["volumeMounts"] if m["name"] == "configuration"]
    assert all(mount["subPath"] == mount["mountPath"].rpartition("/")[2] for mount in mounts)
    scripts = {path.removeprefix("edge/") for path in folder(case) if path.startswith("edge/") and path.endswith(".sh")}
    assert {mount["subPath"] for mount in mounts} == {"nginx.conf", *scripts}
    (volume,) = [v for v in pod["volumes"] if v["name"] == "configuration"]
    assert volume["configMap"]["defaultMode"] == 0o555


def _certificates(case: str) -> Object:
    pod = template(one(objects_of(case), "Deployment", "ai-search-edge"))["spec"]
    (volume,) = [v for v in pod["volumes"] if v["name"] == "certificates"]
    found: Object = volume["secret"]
    return found


@pytest.mark.parametrize(
    ("case", "secret", "optional"),
    [
        ("guide", "ai-search-tls", True),
        ("cert-manager", "ai-search-tls", True),
        ("minimal", "ai-search-tls", True),
        ("tls-files", "ai-search-tls", False),
        ("tls-secret", "search-tls", False),
    ],
)
def test_the_certificate_is_a_secret_that_the_edge_waits_for_when_nobody_makes_it(
    case: str, secret: str, optional: bool
) -> None:
    found = _certificates(case)
    assert (found["secretName"], found["optional"]) == (secret, optional)
    assert {item["key"]: item["path"] for item in found["items"]} == {
        "tls.crt": "fullchain.pem",
        "tls.key": "privkey.pem",
    }


@pytest.mark.parametrize(
    ("case", "made_by"),
    [
        ("guide", "CronJob"),
        ("gateway-without-cert-manager", "CronJob"),
        ("cert-manager", "Certificate"),
        ("gateway-existing", "Certificate"),
        ("gateway-envoy", "annotation"),
        ("ingress-traefik", "annotation"),
        ("tls-files", "certificate.sh"),
        ("ingress-self-signed", "certificate.sh"),
        ("minimal", None),
        ("tls-secret", None),
        ("tls-platform", None),
    ],
)
def test_somebody_makes_the_certificate(case: str, made_by: str | None) -> None:
    objects = objects_of(case)
    found = [job["kind"] for job in kinds(objects, "CronJob") if job["metadata"]["name"].endswith("-acme")]
    found += [document["kind"] for document in kinds(objects, "Certificate")]
    found += ["certificate.sh"] if "certificate.sh" in folder(case) else []
    found += [
        "annotation"
        for document in kinds(objects, "Gateway", "Ingress")
        if "cert-manager.io/cluster-issuer" in document["metadata"].get("annotations", {})
    ]
    assert found == ([made_by] if made_by else [])


def test_plain_http_is_redirected_but_for_lets_encrypt() -> None:
    routes = {r["metadata"]["name"]: r["spec"] for r in kinds(objects_of("gateway-without-cert-manager"), "HTTPRoute")}
    assert routes["ai-search-redirect"]["rules"][0]["filters"][0]["requestRedirect"]["scheme"] == "https"
    (acme,) = routes["ai-search-acme"]["rules"]
    assert acme["matches"][0]["path"]["value"] == "/.well-known/acme-challenge/"
    assert {parent["sectionName"] for parent in routes["ai-search"]["parentRefs"]} == {"search.example.com"}


def test_a_gateway_that_exists_is_used_and_may_read_the_certificate() -> None:
    objects = objects_of("gateway-existing")
    assert not kinds(objects, "Gateway")
    for name in ("ai-search", "ai-search-limited"):
        (parent,) = one(objects, "HTTPRoute", name)["spec"]["parentRefs"]
        assert parent == {"namespace": "infra", "name": "public", "sectionName": "https"}
    (grant,) = kinds(objects, "ReferenceGrant")
    assert grant["spec"]["from"][0]["namespace"] == "infra"
    assert grant["spec"]["to"][0]["name"] == "ai-search-tls"


def test_traefik_listens_where_its_entry_points_are() -> None:
    (gateway,) = kinds(objects_of("gateway-traefik"), "Gateway")
    assert [listener["port"] for listener in gateway["spec"]["listeners"]] == [8000, 8443]


def test_limits_of_nginx_gateway_fabric_are_raised() -> None:
    objects = objects_of("gateway-nginx")
    assert {p["spec"]["body"]["maxSize"] for p in kinds(objects, "ClientSettingsPolicy")} == {"102464k"}
    (proxied,) = kinds(objects, "ProxySettingsPolicy")
    assert proxied["spec"]["buffering"] == {"disable": True}
    assert int(proxied["spec"]["timeout"]["read"].removesuffix("s")) > 120


@pytest.mark.parametrize(
    ("case", "header"),
    [
        ("gateway-envoy", "X-Forwarded-For"),
        ("gateway-nginx", "X-Real-IP"),
        ("gateway-traefik", "X-Real-IP"),
        ("ingress-traefik", "X-Real-IP"),
        ("ingress-other", "X-Forwarded-For"),
    ],
)
def test_the_clients_address_is_taken_from_where_it_cannot_be_made_up(case: str, header: str) -> None:
    assert directives(case, "real_ip_header") == [[header]]


def test_only_named_networks_reach_the_load_balancer() -> None:
    narrow = one(objects_of("limited-to-networks"), "Service", "ai-search-edge")
    assert narrow["spec"]["loadBalancerSourceRanges"] == ["192.0.2.0/24"]
    service = one(objects_of("everything-around"), "Service", "ai-search-edge")
    assert "loadBalancerSourceRanges" not in service["spec"], "Let's Encrypt asks from anywhere"
    assert service["metadata"]["annotations"] == {"example.com/scheme": "internal"}
    assert service["spec"]["ipFamilyPolicy"] == "PreferDualStack"
