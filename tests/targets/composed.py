"""Deployments of many kinds, and the Compose folder that each gives, as text and as parsed objects."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from aisearch_deploy.targets import compose
from tests.rendering.configs import deployment_of, overlaid, rendered_from

Object = dict[str, Any]

MINIMAL: Object = {
    "version": 1,
    "edition": "2026.11",
    "name": "ai-search",
    "domains": ["search.example.com"],
    "image": {"repository": "ghcr.io/example/ai-search", "tag": "1.4.2"},
    "secrets": {"names": ["DASHSCOPE_API_KEY"]},
}
# The guide's numbers, with memory that fits.
GUIDE: Object = {
    "preset": "medium",
    "app": {"workers": 4, "memory": "7Gi", "migrate": ["python", "-m", "alembic", "upgrade", "head"]},
    "scaling": {"min": 3, "max": 10},
    "tls": {"from": "letsencrypt", "email": "ops@example.com"},
    "api_keys": {},
    "database": {"pool": {"size": 20, "overflow": 10}, "max_connections": 100, "tls": "require"},
    "cache": {"memory": "2Gi"},
    "backup": {"schedule": "0 2 * * *", "keep": "30d", "to": "s3://example-backups/ai-search"},
    "labels": {"team": "search"},
}
LOCAL: Object = {"contract": "local-state", "scaling": {"min": 1, "max": 1}}
EXTERNAL: Object = {
    "database": {"mode": "external", "host": "db.example.com", "port": 5433, "tls": "verify-full", "ca": "./ca.pem"},
    "cache": {"mode": "external", "host": "cache.example.com", "tls": True, "password_secret": "CACHE_PASSWORD"},
    "vector_store": {"engine": "external", "url_secret": "VECTOR_STORE_URL"},
    "error_tracking": {},
}
BUILD: Object = {"image": {"build": {"context": "../app"}}}
SIDECARS: Object = {"app": {"sidecars": [{"name": "otel", "image": "otel/opentelemetry-collector:0.140.0"}]}}
VOLUMES: Object = {"app": {"volumes": [{"name": "corpus", "mount": "/app/corpus", "host_path": "/srv/corpus"}]}}

CASES: dict[str, tuple[Object, ...]] = {
    "minimal": (),
    "guide": (GUIDE,),
    "local-state": (LOCAL, {"api_keys": {}}),
    "external": (GUIDE, EXTERNAL),
    "external-without-pooler": (EXTERNAL, {"database": {"pooler": "none"}}),
    "files-of-secrets": (GUIDE, EXTERNAL, {"contract": {"secrets_as": "file"}}),
    "named-files-of-secrets": ({"contract": {"secrets_as": "NAME_FILE"}},),
    "certificate-files": ({"tls": {"from": "files"}},),
    "behind-a-load-balancer": ({"tls": {"from": "platform"}},),
    "build": (GUIDE, BUILD),
    "build-in-one-stage": (BUILD, {"image": {"build": {"stages": "single"}}}),
    "sidecars-and-volumes": (GUIDE, SIDECARS, VOLUMES),
    "cards": ({"app": {"gpu": {"count": 2}}},),
    "amd-cards": ({"app": {"gpu": {"count": 1, "vendor": "amd"}}},),
    "sandbox": ({"sandbox": {"mode": "gvisor"}},),
    "proxy": (GUIDE, {"network": {"proxy": {"https": "http://proxy.example.com:3128"}, "ca_bundle": "./ca.pem"}}),
    "ipv6": ({"network": {"ipv6": True}},),
    "air-gapped": (GUIDE, {"air_gapped": {"registry": "registry.internal.example.com"}}),
    "old-database": ({"database": {"version": 17}},),
    "backup-to-a-folder": (LOCAL, {"backup": {"to": "/mnt/backups", "encrypt_to": ["age1" + "q" * 58]}}),
}


def config(*overlays: Object) -> Object:
    """The smallest config with `overlays` over it."""
    return overlaid(MINIMAL, *overlays)


def folder(*overlays: Object) -> dict[str, str]:
    """The rendered files as text, by path."""
    return {path: content.decode() for path, content in rendered_from(config(*overlays), "compose").items()}


def services(*overlays: Object) -> dict[str, Object]:
    """The services of compose.yaml."""
    found: dict[str, Object] = composition(*overlays)["services"]
    return found


def composition(*overlays: Object) -> Object:
    """compose.yaml as it is written."""
    found: Object = yaml.safe_load(folder(*overlays)["compose.yaml"])
    return found


@cache
def _case(name: str) -> tuple[dict[str, str], Object]:
    files = folder(*CASES[name])
    return files, yaml.safe_load(files["compose.yaml"])


def case(name: str) -> tuple[dict[str, str], Object]:
    """The files and the parsed compose.yaml of one of CASES."""
    files, parsed = _case(name)
    return files, copy.deepcopy(parsed)


def lay_out(place: Path, *overlays: Object) -> Path:
    """Writes the rendered folder to `place`, scripts runnable."""
    plan = compose.plan(deployment_of(config(*overlays), "compose"))
    runnable = {file.path for file in plan.files if file.executable}
    for path, text in folder(*overlays).items():
        file = place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755 if path in runnable else 0o644)
    return place
