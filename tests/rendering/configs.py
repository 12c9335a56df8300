"""Small configs built in a test, resolved and rendered in memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from aisearch_deploy.config.load import parse
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.render.pipeline import render
from aisearch_deploy.targets.registry import target_named

DATA = Path(__file__).parent / "data"


def overlaid(base: Mapping[str, Any], *overlays: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings merged, everything else replaced; nothing is changed in place."""
    result = dict(base)
    for overlay in overlays:
        for key, value in overlay.items():
            below = result.get(key)
            result[key] = overlaid(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result


def with_leaf(config: Mapping[str, Any], pattern: str, value: Any) -> dict[str, Any]:
    """`config` with `value` at a dotted pattern; `[]` is the first item of a list that is there."""
    first, _, rest = pattern.partition(".")
    name = first.removesuffix("[]")
    if not rest:
        return {**config, name: value}
    below = config.get(name)
    if first.endswith("[]"):
        assert isinstance(below, list)
        return {**config, name: [with_leaf(below[0], rest, value), *below[1:]]}
    return {**config, name: with_leaf(below if isinstance(below, Mapping) else {}, rest, value)}


def deployment_of(config: Mapping[str, Any], target: str) -> Deployment:
    """Written as YAML with every text quoted, then read as a person's file would be."""
    text = yaml.dump(dict(config), Dumper=_Quoting, sort_keys=False, allow_unicode=True)
    return resolve(parse(text.encode(), str(DATA / "aisearch.yaml")), None, target_named(target).TRAITS)


def rendered_from(config: Mapping[str, Any], target: str) -> dict[str, bytes]:
    """The files of one target, by path."""
    return render(target, target_named(target).plan(deployment_of(config, target)))


class _Quoting(yaml.SafeDumper):
    """Quotes texts and leaves numbers and booleans plain."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


_Quoting.add_representer(str, _quoted)
