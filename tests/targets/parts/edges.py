"""The edge's files for a small config: planned, rendered and parsed back as for a target."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from aisearch_deploy.config.load import parse
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.render.text import render_text
from aisearch_deploy.targets.parts.edge import edge_values, script_names
from tests.validators import nginx

BASE = {
    "version": 1,
    "edition": "2026.11",
    "name": "ai-search",
    "domains": ["search.example.com", "www.example.com"],
    "image": {"repository": "ghcr.io/example/ai-search", "tag": "1.4.2"},
}

CONFIGS: dict[str, dict[str, Any]] = {
    "default": {},
    "keys": {"api_keys": {"header": "Authorization", "secret": "CALLERS"}},
    "letsencrypt": {"tls": {"from": "letsencrypt", "email": "ops@example.com"}},
    "files": {"tls": {"from": "files", "path": "/etc/ai-search/tls"}},
    "platform": {"tls": {"from": "platform"}, "api_keys": {}},
    "everything": {
        "preset": "large",
        "domains": [f"{'x' * 60}.{number}.example.com" for number in range(9)],
        "api_keys": {},
        "rate_limit": {"requests": 5, "per": "second", "burst": 0, "paths": ["/", "/query/", "/chat"]},
        "trusted_proxies": ["10.0.0.0/8", "fd00::/8"],
        "cdn": "cloudflare",
        "network": {"ipv6": True},
        "logs": {"format": "text", "level": "DEBUG"},
        "edge": {
            "balance": "address-hash",
            "allow": ["10.0.0.0/8", "2001:db8::/32"],
            "brotli": True,
            "image": "registry.example.com/nginx-brotli:1.30",
            "extra_headers": {"X-Robots-Tag": "noindex; \"quoted\" {braces} \\ 'single' #"},
        },
    },
    "least": {"rate_limit": None, "contract": "local-state", "edge": {"balance": "round-robin"}},
}
CONFIGURED = pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)


def deployment(**settings: Any) -> Deployment:
    """The base config with `settings` on top."""
    return resolve(parse(yaml.safe_dump(BASE | settings).encode(), "aisearch.yaml"), None, Traits("compose", False))


def edge_files(found: Deployment, upstream: str = "app:8000", **arguments: Any) -> dict[str, str]:
    """nginx.conf and the scripts, by name."""
    values = edge_values(found, upstream, **arguments)
    files = {"nginx.conf": render_text("_parts/edge/nginx.conf.j2", "nginx", values)}
    return files | {name: render_text(f"_parts/edge/{name}.j2", "shell", values) for name in script_names(found)}


def conf(**config: Any) -> str:
    return edge_files(deployment(**config))["nginx.conf"]


def nginx_problems(text: str) -> list[str]:
    files = {
        nginx.MAIN: text,
        "/tmp/nginx/resolver.conf": "resolver 127.0.0.11 valid=5s;\n",
        "/tmp/nginx/api-keys.conf": 'map $http_x_api_key $api_client {\n  "~^\\Q0123456789abcdef\\E\\z" a;\n}\n',
    }
    # Unbuffered is what streaming paths are meant to be (G10).
    return [line for line in nginx.problems(files) if "proxy_buffering_off" not in line]
