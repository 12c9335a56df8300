"""For each leaf of the config: another value than the standard config's, and what must be set for it to matter."""

from __future__ import annotations

from typing import Any, NamedTuple

STANDARD: dict[str, Any] = {
    "version": 1,
    "edition": "2026.11",
    "name": "ai-search",
    "preset": "medium",
    "domains": ["search.example.com"],
    "image": {"repository": "ghcr.io/example/ai-search", "tag": "1.4.2"},
    "app": {"migrate": ["python", "-m", "alembic", "upgrade", "head"], "models_cache": "10Gi"},
    "scaling": {"min": 3, "max": 10},
    "tls": {"from": "letsencrypt", "email": "ops@example.com"},
    "secrets": {"names": ["DASHSCOPE_API_KEY"]},
    "backup": {"to": "s3://example-backups/ai-search"},
    "targets": {
        "compose": {},
        "k8s": {},
        "helm": {},
        "ecs": {},
        "cloudrun": {"project": "example-project", "region": "europe-west1"},
        "aci": {
            "subscription": "00000000-0000-4000-8000-000000000000",
            "resource_group": "ai-search",
            "location": "westeurope",
            "registry": "examplesearch",
            "storage_account": "examplesearch",
            "override": {"scaling": {"min": 1, "max": 1}},
        },
        "systemd": {"package": {"path": "../app"}},
    },
}
LOCAL = {"contract": "local-state", "scaling": {"min": 1, "max": 1}}
BUILD = {"image": {"build": {"context": "../app"}}}
EXTERNAL_DATABASE = {"database": {"mode": "external", "host": "db.example.com", "tls": "require"}}
EXTERNAL_CACHE = {"cache": {"mode": "external", "host": "cache.example.com"}}
EXTERNAL_STORE = {
    "secrets": {"store": "external-secrets", "external_store": "vault"},
    "targets": {"k8s": {"has": ["external-secrets"]}},
}
EXISTING = {"secrets": {"existing": {"name": "search-secrets"}}}
GPU = {"app": {"gpu": {"count": 1}}}
VOLUME = {"name": "corpus", "mount": "/app/corpus", "claim": "corpus-data", "host_path": "/srv/corpus"}
VOLUMES = {"app": {"volumes": [VOLUME]}}
SIDECARS = {"app": {"sidecars": [{"name": "otel", "image": "otel/opentelemetry-collector:0.140.0"}]}}
SANDBOX = {"sandbox": {"mode": "gvisor"}}
TOLERATIONS = {"scheduling": {"tolerations": [{"key": "dedicated", "value": "search"}]}}
PROXY = {"network": {"proxy": {"https": "http://proxy.example.com:3128"}}}
PGBOUNCER = {"database": {"pooler": "pgbouncer"}}
GATEWAY = {"targets": {"k8s": {"has": ["gateway-api", "cert-manager"], "expose": "gateway"}}}
EXISTING_GATEWAY = {
    "targets": {
        "k8s": {
            "has": ["gateway-api"],
            "expose": "gateway",
            "gateway": {"namespace": "infra", "name": "public", "section": "https"},
        }
    }
}
INGRESS = {"targets": {"k8s": {"expose": "ingress", "ingress_class": "traefik", "has": ["cert-manager"]}}}
CERT_MANAGER = {"targets": {"k8s": {"has": ["cert-manager"]}}}
API_KEYS: dict[str, Any] = {"api_keys": {}}
EXISTING_VPC = {
    "targets": {
        "ecs": {
            "vpc": "vpc-0a1b2c3d4e5f67890",
            "public_subnets": ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
            "private_subnets": ["subnet-0a1b2c5d", "subnet-0a1b2c5e"],
        }
    }
}


# What a target cannot do without, over the standard config.
OWN: dict[str, dict[str, Any]] = {
    "lambda": {
        "contract": {"state": {"uploads": "/mnt/files/uploads", "models": "/mnt/files/models"}},
        "app": {"upload_limit": "4Mi"},
        "database": {
            "mode": "external",
            "host": "db.example.com",
            "pool": {"size": 1, "overflow": 0},
        },
        "cache": {"mode": "external", "host": "cache.example.com"},
        "targets": {
            "lambda": {
                "certificate_arn": f"arn:aws:acm:us-east-1:111122223333:certificate/{'0' * 36}",
                "private_subnets": ["subnet-0a1b2c5d", "subnet-0a1b2c5e"],
                "security_groups": ["sg-0a1b2c3d"],
                "files": "arn:aws:elasticfilesystem:eu-central-1:111122223333:access-point/fsap-0a1b2c3d",
            }
        },
    },
}


def standard(target: str) -> dict[str, Any]:
    """The standard config, as the target can carry it."""
    from tests.rendering.configs import overlaid

    return overlaid(STANDARD, OWN.get(target, {}))


class Change(NamedTuple):
    """`to` is set at the leaf, once `given` is laid over the standard config; `also` must change with it."""

    to: Any
    given: dict[str, Any] = {}
    also: dict[str, Any] = {}


CHANGES: dict[str, Change] = {
    "name": Change("other-search"),
    "preset": Change("large"),
    "domains": Change(["search.example.com", "www.search.example.com"]),
    "load.peak_requests": Change("200/s"),
    "load.streams": Change(5000),
    "image.repository": Change("ghcr.io/example/other"),
    "image.tag": Change("1.5.0"),
    "image.digest": Change("sha256:" + "ab" * 32),
    "image.pull_secret": Change("registry-credentials"),
    "image.build.context": Change("../other", BUILD),
    "image.build.requirements": Change("requirements/production.txt", BUILD),
    "image.build.stages": Change("single", BUILD),
    "image.build.base": Change("docker.io/library/python:3.13-slim-trixie", BUILD),
    "contract.extends": Change("local-state", {"scaling": {"min": 1, "max": 1}}),
    "contract.app": Change("other.web:app"),
    "contract.port": Change(9000),
    "contract.user": Change(20002),
    "contract.health_path": Change("/healthz"),
    "contract.ready_path": Change("/ready"),
    "contract.metrics_path": Change("/internal/metrics"),
    "contract.static_path": Change("/assets"),
    "contract.secrets_as": Change("NAME_FILE"),
    "contract.state.uploads": Change("/srv/uploads"),
    "contract.state.data": Change("/srv/data", LOCAL),
    "contract.state.models": Change("/srv/models"),
    "app.workers": Change(5),
    "app.cpu.request": Change("750m"),
    "app.cpu.limit": Change("3"),
    "app.memory.request": Change("5Gi"),
    "app.memory.limit": Change("8Gi"),
    "app.memory_per_worker.rest": Change("300Mi"),
    "app.memory_per_worker.per_request": Change("2Mi"),
    "app.startup": Change("90s"),
    "app.longest_request": Change("240s"),
    "app.token_gap": Change("200s"),
    "app.drain": Change("45s"),
    "app.upload_limit": Change("50Mi"),
    "app.streaming_paths": Change(["/stream"]),
    "app.cors_origins": Change(["https://app.example.com"]),
    "app.env": Change({"LOG_FILE": "none"}),
    "app.migrate": Change(["python", "migrate.py"]),
    "app.models_cache": Change("20Gi"),
    "app.gpu.count": Change(1),
    "app.gpu.vendor": Change("amd", GPU),
    "app.volumes[].name": Change("library", VOLUMES),
    "app.volumes[].mount": Change("/app/library", VOLUMES),
    "app.volumes[].claim": Change("library-data", VOLUMES),
    "app.volumes[].host_path": Change("/srv/library", VOLUMES),
    "app.volumes[].read_only": Change(False, VOLUMES),
    "app.sidecars[].name": Change("collector", SIDECARS),
    "app.sidecars[].image": Change("otel/opentelemetry-collector:0.141.0", SIDECARS),
    "app.sidecars[].command": Change(["--config=/etc/otel.yaml"], SIDECARS),
    "app.sidecars[].env": Change({"LOG_LEVEL": "info"}, SIDECARS),
    "app.sidecars[].memory": Change("512Mi", SIDECARS),
    "app.sidecars[].cpu": Change("200m", SIDECARS),
    "scaling.min": Change(4),
    "scaling.max": Change(12),
    "scaling.cpu": Change("60%"),
    "scaling.memory": Change("80%"),
    "api_keys.header": Change("X-Search-Key", API_KEYS),
    "api_keys.secret": Change("CALLERS", API_KEYS),
    "rate_limit.requests": Change(60),
    "rate_limit.per": Change("second"),
    "rate_limit.burst": Change(20),
    "rate_limit.paths": Change(["/query", "/chat"]),
    "tls.from": Change("self-signed"),
    "tls.email": Change("web@example.com"),
    "tls.path": Change("/srv/tls", {"tls": {"from": "files"}}),
    "tls.server": Change("https://acme-staging-v02.api.letsencrypt.org/directory"),
    "trusted_proxies": Change(["10.0.0.0/8"]),
    "edge.balance": Change("address-hash"),
    "edge.allow": Change(["192.0.2.0/24"]),
    "edge.csp": Change("default-src 'none'"),
    "edge.hsts": Change("1y"),
    "edge.extra_headers": Change({"X-Robots-Tag": "noindex"}),
    "edge.brotli": Change(True, {"edge": {"image": "registry.example.com/nginx-brotli:1.30"}}),
    "edge.image": Change("registry.example.com/nginx:1.30.1"),
    "cdn": Change("cloudflare"),
    "secrets.store": Change("aws", EXTERNAL_STORE),
    "secrets.path": Change("/srv/secrets"),
    "secrets.names": Change(["DASHSCOPE_API_KEY", "SERPAPI_API_KEY"]),
    "secrets.external_store": Change("other-vault", EXTERNAL_STORE),
    "secrets.existing.name": Change("other-secrets", EXISTING),
    "secrets.existing.keys": Change({"DASHSCOPE_API_KEY": "dashscope"}, EXISTING),
    "database.engine": Change("sqlite", also=LOCAL),
    "database.version": Change(17),
    "database.mode": Change("external", also={"database": {"host": "db.example.com"}}),
    "database.image": Change("registry.example.com/postgres:18.1"),
    "database.host": Change("db2.example.com", EXTERNAL_DATABASE),
    "database.port": Change(5433, EXTERNAL_DATABASE),
    "database.name": Change("searchdb"),
    "database.user": Change("searcher"),
    "database.tls": Change("disable", {"database": {"tls": "require"}}),
    "database.ca": Change("./ca.pem", EXTERNAL_DATABASE),
    "database.pool.size": Change(7),
    "database.pool.overflow": Change(3),
    "database.max_connections": Change(150),
    "database.pooler": Change("none", {"database": {"max_connections": 20}}),
    "database.cpu": Change("2"),
    "database.memory": Change("8Gi"),
    "database.storage": Change("80Gi"),
    "database.storage_class": Change("fast-ssd"),
    "cache.engine": Change("redis"),
    "cache.mode": Change("external", also={"cache": {"host": "cache.example.com"}}),
    "cache.image": Change("registry.example.com/valkey:9.1.1"),
    "cache.host": Change("cache2.example.com", EXTERNAL_CACHE),
    "cache.port": Change(6380, EXTERNAL_CACHE),
    "cache.tls": Change(True, EXTERNAL_CACHE),
    "cache.password_secret": Change("CACHE_PASSWORD", EXTERNAL_CACHE),
    "cache.memory": Change("3Gi"),
    "cache.ttl": Change("2h"),
    "uploads.storage": Change("30Gi"),
    "uploads.storage_class": Change("nfs"),
    "vector_store.engine": Change("external", {"vector_store": {"url_secret": "VECTOR_STORE_URL"}}),
    "vector_store.storage": Change("40Gi"),
    "vector_store.url_secret": Change(
        "OTHER_URL", {"vector_store": {"engine": "external", "url_secret": "VECTOR_STORE_URL"}}
    ),
    "sandbox.mode": Change("gvisor"),
    "sandbox.memory": Change("1Gi", SANDBOX),
    "sandbox.cpu": Change("2", SANDBOX),
    "logs.format": Change("text"),
    "logs.level": Change("DEBUG"),
    "logs.max_size": Change("20MB"),
    "logs.max_files": Change(7),
    "monitoring.metrics": Change(False),
    "backup.schedule": Change("15 3,15 * * *"),
    "backup.keep": Change("14d"),
    "backup.to": Change("gs://other-backups/search"),
    "backup.encrypt_to": Change(["age1" + "q" * 58]),
    "backup.storage": Change("40Gi"),
    "error_tracking.dsn_secret": Change("OTHER_DSN", {"error_tracking": {}}),
    "labels": Change({"team": "search"}),
    "network.proxy.https": Change("http://other.example.com:3128", PROXY),
    "network.proxy.http": Change("http://proxy.example.com:3128", PROXY),
    "network.proxy.no_proxy": Change([".example.com"], PROXY),
    "network.ca_bundle": Change("./ca.pem"),
    "network.ipv6": Change(True),
    "scheduling.node_selector": Change({"pool": "search"}),
    "scheduling.tolerations[].key": Change("special", TOLERATIONS),
    "scheduling.tolerations[].value": Change("other", TOLERATIONS),
    "scheduling.tolerations[].effect": Change("NoExecute", TOLERATIONS),
    "scheduling.priority_class": Change("business-critical"),
    "scheduling.zones": Change("any"),
    "air_gapped.registry": Change("registry.internal.example.com"),
    "targets.compose.http_port": Change(8080),
    "targets.compose.https_port": Change(8443),
    "targets.compose.labels": Change({"com.example.team": "search"}),
    "targets.compose.env": Change({"EXTRA": "1"}),
    "targets.compose.override": Change({"logs": {"level": "DEBUG"}}),
    "targets.systemd.package.path": Change("../dist/ai_search-1.4.2-py3-none-any.whl"),
    "targets.systemd.package.module": Change("other.web:app"),
    "targets.systemd.package.python": Change("3.12"),
    "targets.systemd.http_port": Change(8080),
    "targets.systemd.https_port": Change(8443),
    "targets.systemd.firewall": Change(False),
    "targets.systemd.no_executable_memory": Change(True),
    "targets.systemd.env": Change({"EXTRA": "1"}),
    "targets.systemd.override": Change({"logs": {"level": "DEBUG"}}),
    "targets.aci.subscription": Change("00000000-0000-4000-8000-000000000001"),
    "targets.aci.resource_group": Change("other-group"),
    "targets.aci.location": Change("northeurope"),
    "targets.aci.registry": Change("otherregistry"),
    "targets.aci.storage_account": Change("otherstorage"),
    "targets.aci.dns_label": Change("example-search"),
    "targets.aci.database_server": Change("example-search-db"),
    "targets.aci.zone": Change("2"),
    "targets.aci.highly_available": Change(True),
    "targets.aci.env": Change({"EXTRA": "1"}),
    "targets.aci.override": Change({"scaling": {"min": 1, "max": 1}, "logs": {"level": "DEBUG"}}),
    "targets.cloudrun.project": Change("other-project"),
    "targets.cloudrun.region": Change("us-central1"),
    "targets.cloudrun.expose": Change("domain-mapping"),
    "targets.cloudrun.concurrency": Change(25),
    "targets.cloudrun.http2": Change(True),
    "targets.cloudrun.cpu_throttling": Change(True),
    "targets.cloudrun.network": Change("search-network"),
    "targets.cloudrun.subnet": Change("search-subnet"),
    "targets.cloudrun.egress": Change("all-traffic"),
    "targets.cloudrun.repository": Change("images"),
    "targets.cloudrun.highly_available": Change(True),
    "targets.cloudrun.annotations": Change({"example.com/owner": "search"}),
    "targets.cloudrun.env": Change({"EXTRA": "1"}),
    "targets.cloudrun.override": Change({"logs": {"level": "DEBUG"}}),
    "targets.ecs.region": Change("us-east-1"),
    "targets.ecs.cpu": Change("4"),
    "targets.ecs.memory": Change("16Gi", {"targets": {"ecs": {"memory": "8Gi"}}}),
    "targets.ecs.architecture": Change("arm64"),
    "targets.ecs.certificate_arn": Change(
        "arn:aws:acm:eu-central-1:111122223333:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
    ),
    "targets.ecs.hosted_zone": Change("Z0123456789ABCDEFGHIJ"),
    "targets.ecs.vpc": Change("vpc-0a1b2c3d4e5f67891", EXISTING_VPC),
    "targets.ecs.vpc_cidr": Change("10.50.0.0/16"),
    "targets.ecs.public_subnets": Change(["subnet-0a1b2c3d", "subnet-0a1b2c4e"], EXISTING_VPC),
    "targets.ecs.private_subnets": Change(["subnet-0a1b2c5d", "subnet-0a1b2c6e"], EXISTING_VPC),
    "targets.ecs.nat_gateways": Change("per-zone"),
    "targets.ecs.endpoints": Change(True),
    "targets.ecs.egress_ports": Change([443, 8443]),
    "targets.ecs.waf": Change(False),
    "targets.ecs.deletion_protection": Change(False),
    "targets.ecs.database_class": Change("db.r8g.large"),
    "targets.ecs.cache_node": Change("cache.r7g.large"),
    "targets.ecs.log_retention": Change(90),
    "targets.ecs.env": Change({"EXTRA": "1"}),
    "targets.ecs.override": Change({"logs": {"level": "DEBUG"}}),
    "targets.lambda.region": Change("us-east-1"),
    "targets.lambda.architecture": Change("arm64"),
    "targets.lambda.certificate_arn": Change(f"arn:aws:acm:us-east-1:111122223333:certificate/{'1' * 36}"),
    "targets.lambda.private_subnets": Change(["subnet-0a1b2c5d", "subnet-0a1b2c6e"], OWN["lambda"]),
    "targets.lambda.security_groups": Change(["sg-0a1b2c4d"], OWN["lambda"]),
    "targets.lambda.files": Change(
        "arn:aws:elasticfilesystem:eu-central-1:111122223333:access-point/fsap-0a1b2c4d", OWN["lambda"]
    ),
    "targets.lambda.canary": Change(False),
    "targets.lambda.log_retention": Change(90),
    "targets.lambda.env": Change({"EXTRA": "1"}),
    "targets.lambda.override": Change({"logs": {"level": "DEBUG"}}),
    "targets.k8s.namespace": Change("search"),
    "targets.k8s.version": Change("1.36"),
    "targets.k8s.has": Change(["prometheus-operator", "cloudnative-pg"]),
    "targets.k8s.expose": Change("ingress", INGRESS | {"targets": {"k8s": {"ingress_class": "traefik"}}}),
    "targets.k8s.gateway_class": Change("traefik", GATEWAY),
    "targets.k8s.gateway.namespace": Change("other", EXISTING_GATEWAY),
    "targets.k8s.gateway.name": Change("other", EXISTING_GATEWAY),
    "targets.k8s.gateway.section": Change("web", EXISTING_GATEWAY),
    "targets.k8s.ingress_class": Change("haproxy", INGRESS),
    "targets.k8s.issuer": Change("other-issuer", CERT_MANAGER),
    "targets.k8s.tls_secret": Change("search-tls"),
    "targets.k8s.service_annotations": Change({"example.com/scheme": "internal"}),
    "targets.k8s.annotations": Change({"example.com/scrape": "yes"}),
    "targets.k8s.env": Change({"EXTRA": "1"}),
    "targets.k8s.cluster_domain": Change("cluster.example"),
    "targets.k8s.egress_ports": Change([443, 8443]),
    "targets.k8s.surge": Change(2),
    "targets.k8s.history": Change(8),
    "targets.k8s.progress_deadline": Change("15m"),
    "targets.k8s.override": Change({"logs": {"level": "DEBUG"}}),
}

# One value each: there is nothing to change them to.
# Pinned, and what `check` reads and no file holds.
FIXED = frozenset({"version", "edition", "backup.rpo", "waivers[].rule", "waivers[].reason", "waivers[].until"})


def _for_helm(tree: dict[str, Any]) -> dict[str, Any]:
    """The same with the block of k8s as helm's."""
    return {
        key: {"helm" if name == "k8s" else name: block for name, block in value.items()} if key == "targets" else value
        for key, value in tree.items()
    }


CHANGES |= {
    leaf.replace("targets.k8s.", "targets.helm."): Change(change.to, _for_helm(change.given), _for_helm(change.also))
    for leaf, change in CHANGES.items()
    if leaf.startswith("targets.k8s.")
}
CHANGES |= {
    "targets.helm.chart_version": Change("0.2.0"),
    "targets.helm.registry": Change("oci://ghcr.io/example/charts"),
}
