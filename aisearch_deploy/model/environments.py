"""The names of environments, and what neither an environment nor a target's override may change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from aisearch_deploy.config.layering import NOT_IN_AN_ENVIRONMENT, NOT_IN_AN_OVERRIDE
from aisearch_deploy.config.load import ConfigPath, Document, dotted
from aisearch_deploy.findings import Finding, Position, Severity

# The design card's targets and the ninth that is planned: an environment of that name would share a folder with one.
RESERVED = frozenset({"compose", "k8s", "helm", "systemd", "ecs", "cloudrun", "aci", "aca", "lambda"})

MOST_ENVIRONMENTS = 50  # each is checked with each target

_NAME = re.compile(r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?", re.ASCII)


def environment_findings(document: Document) -> list[Finding]:
    """Names that cannot be folders, and keys that may not be changed there."""
    found = list(_overrides(document, document.data, ()))
    block = document.data.get("environments", {})
    if not isinstance(block, Mapping):
        fix = "Write environments: {staging: {preset: small}}, or remove it."
        return [*found, _finding(document, ("environments",), "not a block of names and what differs.", fix)]
    if len(block) > MOST_ENVIRONMENTS:
        message = f"{len(block)} environments, where {MOST_ENVIRONMENTS} are the most."
        return [_finding(document, ("environments",), message, "Split the config.")]
    for name, overlay in block.items():
        found += _environment(document, name, overlay)
    return found


def _environment(document: Document, name: str, overlay: object) -> Iterator[Finding]:
    path: ConfigPath = ("environments", name)
    if name in RESERVED:
        message = f"{name} is a target's name, and both would be folders."
        yield _finding(document, path, message, "Choose another, such as production.")
    elif not _NAME.fullmatch(name):
        message = "not a name of small letters, digits and dashes, at most 40, beginning with a letter."
        yield _finding(document, path, message, "Choose another, such as staging.")
    if not isinstance(overlay, Mapping):
        message = "empty." if overlay is None else "not a block of what differs."
        yield _finding(document, path, message, f"Write {name}: {{preset: small}}, or {name}: {{}} for no difference.")
        return
    for key in NOT_IN_AN_ENVIRONMENT:
        if key in overlay:
            yield _finding(document, (*path, key), "cannot differ between environments.", "Move it to the top level.")
    yield from _overrides(document, overlay, path)


def _overrides(document: Document, layer: Mapping[str, object], root: ConfigPath) -> Iterator[Finding]:
    targets = layer.get("targets")
    for target, block in targets.items() if isinstance(targets, Mapping) else ():
        override = block.get("override") if isinstance(block, Mapping) else None
        if isinstance(override, Mapping):
            for key in NOT_IN_AN_OVERRIDE:
                if key in override:
                    path = (*root, "targets", target, "override", key)
                    yield _finding(document, path, "cannot differ for one target.", "Move it out of override.")


def _finding(document: Document, path: ConfigPath, message: str, fix: str) -> Finding:
    position = document.keys.get(path, Position(document.file, 1, 1))
    return Finding("config", Severity.ERROR, dotted(path), position, message, fix)
