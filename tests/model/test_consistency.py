"""Settings that are each fine and cannot stand together: one row each, with the place that is blamed."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from aisearch_deploy.errors import ConfigInvalid
from aisearch_deploy.model.consistency import OUR_VARIABLES
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.targets.parts import app
from tests.model.deployments import COMPOSE, K8S, deployment


class Row(NamedTuple):
    more: str
    path: str
    place: str
    message: str
    traits: Traits = COMPOSE


ROWS = [
    Row("app: {cpu: {request: '4'}}", "app.cpu.request", "6:22", "more than the limit"),
    Row("app: {memory: {request: 8Gi, limit: 4Gi}}", "app.memory.request", "6:25", "more than the limit"),
    Row("app: {memory: {limit: 1Gi}}", "app.memory.request", "6:7", "more than the limit"),
    Row("scaling: {min: 5, max: 3}", "scaling.min", "6:16", "5 is more than scaling.max (3)"),
    Row("scaling: {min: 5}", "scaling.min", "6:16", "5 is more than scaling.max (2)"),
    Row("contract: {port: 80}", "contract.port", "6:18", "only root"),
    Row(
        "app: {volumes: [{name: a, mount: /x, host_path: /x}], sidecars: [{name: a, image: 'x:1'}]}",
        "app.volumes",
        "6:16",
        "a is there twice",
    ),
    Row(
        "app: {volumes: [{name: a, mount: /x, host_path: /a}, {name: b, mount: /x, host_path: /b}]}",
        "app.volumes[1].mount",
        "6:71",
        "mounted twice",
    ),
    Row("database: {engine: sqlite}", "database.engine", "6:20", "needs contract: local-state"),
    Row("vector_store: {engine: chroma}", "vector_store.engine", "6:24", "needs contract: local-state"),
    Row("contract: local-state\ndatabase: {engine: postgresql}", "database.engine", "7:20", "keeps its rows in SQLite"),
    Row(
        "contract: local-state\nvector_store: {engine: pgvector}",
        "vector_store.engine",
        "7:24",
        "its vectors in Chroma",
    ),
    Row("contract: {extends: local-state, state: {data: null}}", "contract.state.data", "6:48", "needs a folder"),
    Row("vector_store: {engine: external}", "vector_store.url_secret", "6:1", "needs one"),
    Row("database: {mode: external}", "database.host", "6:1", "mode external needs a host"),
    Row("database: {mode: managed}", "database.host", "6:1", "mode managed needs a host"),
    Row("database: {host: db.example.com}", "database.host", "6:18", "a bundled database has no host of yours"),
    Row("database: {tls: verify-full}", "database.tls", "6:17", "certificate authority"),
    Row("cache: {mode: external}", "cache.host", "6:1", "mode external needs a host"),
    Row("cache: {host: cache.example.com}", "cache.host", "6:15", "a bundled cache has no host of yours"),
    Row("cache: {password_secret: CACHE_PASSWORD}", "cache.password_secret", "6:26", "has no password"),
    Row("cache: {tls: true}", "cache.tls", "6:14", "speaks no TLS"),
    Row("tls: {from: letsencrypt}", "tls.email", "6:1", "wants an address"),
    Row(
        "tls: {from: letsencrypt, email: a@b.example}\nenvironments: {dev: {domains: [intranet]}}",
        "environments.dev.domains[0]",
        "7:32",
        "intranet is not public",
    ),
    Row("edge: {brotli: true}", "edge.brotli", "6:16", "no brotli module"),
    Row("rate_limit: {paths: []}", "rate_limit.paths", "6:21", "limits nothing"),
    Row(
        "edge: {extra_headers: {strict-transport-security: x}}",
        "edge.extra_headers.strict-transport-security",
        "6:51",
        "edge.hsts",
    ),
    Row("app: {env: {DATABASE_URL: x}}", "app.env.DATABASE_URL", "6:27", "is set from database"),
    Row("targets: {k8s: {env: {LOG_LEVEL: x}}}", "targets.k8s.env.LOG_LEVEL", "6:34", "is set from logs.level"),
    Row("app: {env: {A: x}}\nsecrets: {names: [A]}", "app.env.A", "6:16", "is a secret too"),
    Row("secrets: {names: [REDIS_URL]}", "secrets.names[0]", "6:19", "REDIS_URL is set from cache"),
    Row("secrets: {names: [A, B, A]}", "secrets.names[2]", "6:25", "A is there twice"),
    Row("secrets: {store: external-secrets}", "secrets.external_store", "6:1", "store external-secrets needs one"),
    Row("trusted_proxies: [10.0.0.0/8, 10.0.0.0/8]", "trusted_proxies[1]", "6:31", "there twice"),
    Row("edge: {allow: [10.0.0.1, 10.0.0.1]}", "edge.allow[1]", "6:26", "there twice"),
    Row("rate_limit: {paths: [/query, /query]}", "rate_limit.paths[1]", "6:30", "there twice"),
    Row("app: {streaming_paths: [/a, /a]}", "app.streaming_paths[1]", "6:29", "there twice"),
    Row("targets: {compose: {http_port: 443}}", "targets.compose.https_port", "6:11", "443 is http_port too"),
    Row("targets: {k8s: {expose: gateway}}", "targets.k8s.expose", "6:25", "Gateway API", K8S),
    Row("targets: {k8s: {expose: ingress}}", "targets.k8s.ingress_class", "6:11", "needs a class", K8S),
    Row("app: {volumes: [{name: a, mount: /x}]}", "app.volumes[0].claim", "6:17", "existing claim", K8S),
]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.path}: {row.message}" for row in ROWS])
def test_contradictions(row: Row) -> None:
    environment = "dev" if "environments" in row.more else None
    with pytest.raises(ConfigInvalid) as caught:
        deployment(row.more + "\n", row.traits, environment)
    found = [finding for finding in caught.value.findings if finding.path == row.path]
    assert found, [finding.path for finding in caught.value.findings]
    assert row.message in found[0].message
    assert str(found[0].position) == f"aisearch.yaml:{row.place}"
    assert found[0].fix


def test_neither_tag_nor_digest() -> None:
    with pytest.raises(ConfigInvalid) as caught:
        deployment("environments: {dev: {image: {tag: null}}}\n", environment="dev")
    assert caught.value.findings[0].message == "neither tag nor digest says which image runs."


def test_what_holds_for_one_target_only_is_not_asked_of_another() -> None:
    deployment("targets: {k8s: {expose: gateway}, compose: {}}\n", COMPOSE)
    deployment("targets: {compose: {http_port: 443}, k8s: {}}\n", K8S)


def test_every_variable_that_we_set_is_known_to_be_ours() -> None:
    """A second source for one variable would be a riddle; this keeps the two lists together."""
    every = deployment(
        """\
sandbox: {mode: gvisor}
monitoring: {metrics: false}
network: {proxy: {https: "http://proxy.example.com:3128", http: "http://proxy.example.com:3128"}}
"""
    )
    ours = set(app.environment(every, "cache", {})) | {"DATABASE_URL", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"}
    assert ours == set(OUR_VARIABLES)
