"""The names of environments and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aisearch_deploy.config.load import Document
from aisearch_deploy.findings import Finding, Severity

# The design card's targets and the ninth that is planned: an environment of that name would share a folder with one.
RESERVED = frozenset({"compose", "k8s", "helm", "systemd", "ecs", "cloudrun", "aci", "aca", "lambda"})

_NAME = re.compile(r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?", re.ASCII)
_NOT_IN_AN_ENVIRONMENT = ("version", "edition", "environments")


def environment_findings(document: Document) -> list[Finding]:
    """Names that cannot be folders, and keys that no environment may change."""
    if "environments" not in document.data:
        return []
    block = document.data["environments"]
    if not isinstance(block, Mapping):
        return [
            _finding(
                document, ("environments",), "not a mapping of names to changes.", "environments: {staging: {...}}"
            )
        ]
    found = []
    for name, overlay in block.items():
        path = ("environments", name)
        if name in RESERVED:
            found.append(
                _finding(
                    document,
                    path,
                    f"{name} is a target's name, and both would be folders.",
                    "Choose another, such as production.",
                )
            )
        elif not _NAME.fullmatch(name):
            found.append(_finding(document, path, "not a name of small letters, digits and dashes.", "staging"))
        if not isinstance(overlay, Mapping):
            found.append(_finding(document, path, "not a mapping of what differs.", f"{name}: {{preset: small}}"))
            continue
        found += [
            _finding(document, (*path, key), f"{key} cannot differ between environments.", "Move it to the top level.")
            for key in _NOT_IN_AN_ENVIRONMENT
            if key in overlay
        ]
    return found


def _finding(document: Document, path: tuple[str | int, ...], message: str, fix: str) -> Finding:
    dotted = ".".join(str(part) for part in path)
    return Finding("config", Severity.ERROR, dotted, document.keys.get(path), message, fix)
