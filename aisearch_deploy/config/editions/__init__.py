"""Editions: presets, contracts and default versions, frozen by date. Within one, a config renders the same bytes."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

NEWEST = "2026.11"
EDITIONS = {"2026.11": "aisearch_deploy.config.editions.e2026_11"}


class Edition(NamedTuple):
    """`presets` and `contracts` are partial configs by name; `images` maps a part to its default image."""

    presets: dict[str, dict[str, Any]]
    contracts: dict[str, dict[str, Any]]
    images: dict[str, str]


def edition_named(name: str) -> Edition:
    """The data of one edition; the newest when the name is unknown, so that other errors can still be found."""
    module = import_module(EDITIONS.get(name, EDITIONS[NEWEST]))
    return Edition(module.PRESETS, module.CONTRACTS, module.IMAGES)
