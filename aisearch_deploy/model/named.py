"""What a config names, read before anything is validated; loads neither pydantic nor Jinja."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aisearch_deploy.config.load import Document


def environment_names(document: Document) -> list[str]:
    """In the config's order; empty when there are none or the block is not a mapping."""
    block = document.data.get("environments")
    return list(block) if isinstance(block, Mapping) else []


def named_targets(document: Document, environment: str | None) -> list[str]:
    """The targets that the config names, in its order, without validating anything."""
    named: dict[str, None] = {}
    for part in (document.data, overlay_of(document, environment)):
        block = part.get("targets")
        if isinstance(block, Mapping):
            named.update(dict.fromkeys(str(key) for key in block))
    return list(named)


def overlay_of(document: Document, environment: str | None) -> Mapping[str, Any]:
    """What one environment changes; empty for the base and for what is no mapping."""
    environments = document.data.get("environments")
    overlay = environments.get(environment) if isinstance(environments, Mapping) and environment else None
    return overlay if isinstance(overlay, Mapping) else {}
