"""Deployments of many kinds, as configs, and what is rendered from them, as objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import yaml

from tests.rendering.configs import overlaid, rendered_from

Object = dict[str, Any]

MINIMAL: Object = {
    "version": 1,
    "edition": "2026.11",
    "name": "ai-search",
    "domains": ["search.example.com"],
    "image": {"repository": "ghcr.io/example/ai-search", "tag": "1.4.2"},
}
GUIDE: Object = {
    "preset": "medium",
    "app": {"workers": 4, "memory": "7Gi", "migrate": ["python", "-m", "alembic", "upgrade", "head"]},
    "scaling": {"min": 3, "max": 10, "cpu": "70%", "memory": "80%"},
    "tls": {"from": "letsencrypt", "email": "ops@example.com"},
    "secrets": {"names": ["DASHSCOPE_API_KEY", "SERPAPI_API_KEY"]},
    "api_keys": {},
    "database": {"pool": {"size": 20, "overflow": 10}, "tls": "require"},
    "backup": {"schedule": "0 2,14 * * *", "to": "s3://example-backups/ai-search"},
    "labels": {"team": "search", "cost-centre": "42"},
}
MANAGED: Object = {
    "database": {"mode": "managed", "host": "db.example.com", "port": 5433, "tls": "verify-full", "ca": "./ca.pem"},
    "cache": {"mode": "external", "host": "cache.example.com", "tls": True, "password_secret": "CACHE_PASSWORD"},
    "vector_store": {"engine": "external", "url_secret": "VECTOR_STORE_URL"},
    "error_tracking": {},
}


def k8s(**options: Any) -> Object:
    """Settings of the target alone."""
    return {"targets": {"k8s": options}}


GATEWAY = k8s(has=["gateway-api", "cert-manager"], expose="gateway")
CASES: dict[str, tuple[Object, ...]] = {
    "minimal": (),
    "guide": (GUIDE,),
    "local-state": ({"contract": "local-state", "scaling": {"min": 1, "max": 1}, "api_keys": {}},),
    "local-state-with-a-bucket": (
        {"contract": "local-state", "scaling": {"min": 1, "max": 1}, "backup": {"to": "gs://example-backups/search"}},
    ),
    "managed": (GUIDE, MANAGED),
    "managed-with-pooler": (GUIDE, MANAGED, {"database": {"pooler": "pgbouncer"}}),
    "cloudnative-pg": (GUIDE, k8s(has=["cloudnative-pg", "prometheus-operator"])),
    "cloudnative-pg-single": ({"scaling": {"min": 1, "max": 1}}, k8s(has=["cloudnative-pg"])),
    "gateway-envoy": (GUIDE, GATEWAY),
    "gateway-nginx": (GUIDE, GATEWAY, k8s(gateway_class="nginx-gateway-fabric")),
    "gateway-traefik": (GUIDE, GATEWAY, k8s(gateway_class="traefik"), {"api_keys": None}),
    "gateway-without-cert-manager": (GUIDE, GATEWAY, k8s(has=["gateway-api"]), {"network": {"ipv6": True}}),
    "gateway-existing": (GUIDE, GATEWAY, k8s(gateway={"namespace": "infra", "name": "public", "section": "https"})),
    "gateway-behind-a-cdn": (GUIDE, GATEWAY, {"api_keys": None, "cdn": "cloudflare"}),
    "gateway-platform": (GUIDE, GATEWAY, {"tls": {"from": "platform", "email": None}}),
    "gateway-without-limit": (GUIDE, GATEWAY, k8s(gateway_class="traefik"), {"rate_limit": None}),
    "ingress-traefik": (GUIDE, k8s(expose="ingress", ingress_class="traefik", has=["cert-manager"])),
    "ingress-other": (GUIDE, k8s(expose="ingress", ingress_class="haproxy")),
    "ingress-self-signed": ({"tls": {"from": "self-signed"}}, k8s(expose="ingress", ingress_class="traefik")),
    "cert-manager": (GUIDE, k8s(has=["cert-manager", "metrics-server"], issuer="internal")),
    "tls-secret": (GUIDE, k8s(tls_secret="search-tls")),
    "tls-files": (GUIDE, {"tls": {"from": "files", "path": "/srv/tls"}}),
    "tls-platform": (GUIDE, {"tls": {"from": "platform"}}),
    "external-secrets": (
        GUIDE,
        {"secrets": {"store": "external-secrets", "external_store": "vault"}},
        k8s(has=["external-secrets"]),
    ),
    "azure-secrets": (
        GUIDE,
        {"secrets": {"store": "azure", "external_store": "key-vault"}},
        k8s(has=["external-secrets"]),
    ),
    "existing-secret": (
        GUIDE,
        {
            "secrets": {
                "existing": {
                    "name": "search-secrets",
                    "keys": {"DASHSCOPE_API_KEY": "dashscope", "API_KEYS": "callers"},
                }
            }
        },
    ),
    "secrets-as-files": (GUIDE, MANAGED, {"contract": {"secrets_as": "file"}}),
    "secrets-as-named-files": (GUIDE, {"contract": {"secrets_as": "NAME_FILE"}}),
    "gpu-sandbox-sidecars-volumes": (
        GUIDE,
        {
            "sandbox": {"mode": "gvisor"},
            "app": {
                "gpu": {"count": 1},
                "models_cache": "20Gi",
                "sidecars": [
                    {
                        "name": "otel",
                        "image": "otel/opentelemetry-collector:0.140.0",
                        "command": ["--config=$(CONFIG)", "$$"],
                        "env": {"NOTE": "a $(B) c"},
                    }
                ],
                "volumes": [{"name": "corpus", "mount": "/app/corpus", "claim": "corpus-data"}],
            },
        },
    ),
    "everything-around": (
        GUIDE,
        {
            "image": {"pull_secret": "registry-credentials"},
            "air_gapped": {"registry": "registry.internal.example.com"},
            "network": {
                "proxy": {"https": "http://proxy.example.com:3128", "no_proxy": [".example.com"]},
                "ca_bundle": "./ca.pem",
                "ipv6": True,
            },
            "scheduling": {
                "node_selector": {"pool": "search"},
                "tolerations": [{"key": "dedicated", "value": "search"}, {"key": "spot"}],
                "priority_class": "business-critical",
            },
            "edge": {"allow": ["192.0.2.0/24"]},
            "app": {"env": {"QUOTED": "'both'", "DOLLARS": "$(A) $$ ${B}"}},
        },
        k8s(
            namespace="search",
            cluster_domain="cluster.example",
            annotations={"example.com/note": "yes"},
            service_annotations={"example.com/scheme": "internal"},
            egress_ports=[443, 8443],
        ),
    ),
    "old-postgresql": ({"database": {"version": 17, "tls": "require"}},),
    "one-replica": ({"scaling": {"min": 1, "max": 1}},),
    "long-name": (GUIDE, {"name": "a" + 38 * "b" + "c"}),
    "limited-to-networks": ({"edge": {"allow": ["192.0.2.0/24"]}},),
    "cloudflare": (GUIDE, {"cdn": "cloudflare"}),
}


def config(case: str) -> Object:
    """The whole config of one case."""
    return overlaid(MINIMAL, *CASES[case])


@cache
def folder(case: str) -> dict[str, str]:
    """The rendered files, by path."""
    return {path: content.decode() for path, content in rendered_from(config(case), "k8s").items()}


def built(files: dict[str, str], kustomization: str) -> Iterator[Object]:
    """What kubectl would send for one kustomization; generated ConfigMaps are without their hash."""
    root = kustomization.rpartition("/")[0]
    at = f"{root}/" if root else ""
    content = yaml.safe_load(files[kustomization])
    for path in content["resources"]:
        yield from (document for document in yaml.safe_load_all(files[at + path]) if document)
    for generator in content["configMapGenerator"]:
        texts = {path.rpartition("/")[2]: files[at + path] for path in generator.get("files", [])}
        pairs = (pair.partition("=") for pair in generator.get("literals", []))
        yield {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": generator["name"]},
            "data": texts | {name: value[1:-1] for name, _, value in pairs},
        }


@cache
def objects_of(case: str) -> tuple[Object, ...]:
    """What a case applies, and its Job that restores; not to be changed."""
    files = folder(case)
    return (*built(files, "kustomization.yaml"), *built(files, "restore/kustomization.yaml"))


def kinds(objects: Iterable[Object], *wanted: str) -> list[Object]:
    """The objects of some kinds."""
    return [document for document in objects if document["kind"] in wanted]


def one(objects: Iterable[Object], kind: str, name: str) -> Object:
    """The one object of that kind and name."""
    (found,) = [document for document in kinds(objects, kind) if document["metadata"]["name"] == name]
    return found


WORKLOADS = ("Deployment", "StatefulSet", "Job", "CronJob")


def workloads(case: str) -> list[Object]:
    """Everything of a case that makes pods."""
    return kinds(objects_of(case), *WORKLOADS)


def template(workload: Object) -> Object:
    """The pod template of a workload."""
    spec = workload["spec"]
    found: Object = (spec["jobTemplate"]["spec"] if workload["kind"] == "CronJob" else spec)["template"]
    return found


def containers(pod: Object) -> list[Object]:
    """Every container of a pod's spec, those that run first too."""
    return [*pod.get("initContainers", []), *pod["containers"]]


def variables(case: str, workload: str = "app", kind: str = "Deployment") -> dict[str, str]:
    """The environment of a workload's main container as Kubernetes makes it: `<Secret/key>` for each secret."""
    objects = objects_of(case)
    name = config(case)["name"]
    (found,) = [
        one_of for one_of in kinds(objects, kind) if one_of["metadata"]["name"].startswith(f"{name}-{workload}")
    ]
    (container,) = template(found)["spec"]["containers"]
    seen: dict[str, str] = {}
    for source in container.get("envFrom", []):
        seen |= one(objects, "ConfigMap", source["configMapRef"]["name"])["data"]
    for variable in container.get("env", []):
        if "value" in variable:
            seen[variable["name"]] = expanded(variable["value"], seen)
        else:
            place = variable["valueFrom"]["secretKeyRef"]
            seen[variable["name"]] = f"<{place['name']}/{place['key']}>"
    return seen


def expanded(text: str, seen: dict[str, str]) -> str:
    """`$(NAME)` and `$$` as the kubelet reads them: third_party/forked/golang/expansion/expand.go."""
    result, at = "", 0
    while at < len(text):
        if text[at] == "$" and text[at + 1 : at + 2] == "$":
            result, at = f"{result}$", at + 2
        elif text[at] == "$" and text[at + 1 : at + 2] == "(" and ")" in text[at:]:
            end = text.index(")", at)
            name = text[at + 2 : end]
            result, at = result + seen.get(name, f"$({name})"), end + 1
        else:
            result, at = result + text[at], at + 1
    return result
