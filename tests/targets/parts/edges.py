"""The edge's files for a small config: planned, rendered and parsed back as for a target."""

from __future__ import annotations

from typing import Any

import yaml

from aisearch_deploy.config.load import parse
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.render.text import render_text
from aisearch_deploy.targets.parts.edge import edge_values, script_names

BASE = {
    "version": 1,
    "edition": "2026.11",
    "name": "ai-search",
    "domains": ["search.example.com", "www.example.com"],
    "image": {"repository": "ghcr.io/example/ai-search", "tag": "1.4.2"},
}


def deployment(**settings: Any) -> Deployment:
    """The base config with `settings` on top."""
    return resolve(parse(yaml.safe_dump(BASE | settings).encode(), "aisearch.yaml"), None, Traits("compose", False))


def edge_files(found: Deployment, upstream: str = "app:8000", **arguments: Any) -> dict[str, str]:
    """nginx.conf and the scripts, by name."""
    values = edge_values(found, upstream, **arguments)
    files = {"nginx.conf": render_text("_parts/edge/nginx.conf.j2", "nginx", values)}
    return files | {name: render_text(f"_parts/edge/{name}.j2", "shell", values) for name in script_names(found)}
