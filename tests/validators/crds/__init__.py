"""The custom resources' own types, from npm's ``@kubernetes-models/*`` (generated from the projects' Go API types).

``check.mjs`` runs their validators and refuses unknown keys; ``.ci/install-tools`` installs them. Groups that npm does
not have are checked against ``own.py``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.validators.crds import own
from tests.validators.tools import ToolMissingError, complaint, run

HERE = Path(__file__).parent

# API group -> the npm package that has its models.
PACKAGES = {
    "acme.cert-manager.io": "@kubernetes-models/cert-manager",
    "bitnami.com": "@kubernetes-models/sealed-secrets",
    "cert-manager.io": "@kubernetes-models/cert-manager",
    "external-secrets.io": "@kubernetes-models/external-secrets",
    "gateway.networking.k8s.io": "@kubernetes-models/gateway-api",
    "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
    "traefik.io": "@kubernetes-models/traefik",
}

GROUPS = frozenset(PACKAGES) | own.GROUPS


def problems(objects: list[dict[str, Any]]) -> list[str]:
    """What is wrong with custom resources: types, required fields, patterns, enumerations, and every unknown key.

    An object of a group, version or kind that there is no model for is a problem.
    """
    found: list[str] = []
    modelled: list[dict[str, Any]] = []
    for document in objects:
        group = str(document.get("apiVersion", "")).partition("/")[0]
        if group in PACKAGES:
            modelled.append(document)
        else:
            found += [f"{_name(document)}: {problem}" for problem in own.problems(document)]
    return found + _models(modelled)


def _models(objects: list[dict[str, Any]]) -> list[str]:
    if not objects:
        return []
    if not (HERE / "node_modules").is_dir():
        raise ToolMissingError(f"{HERE / 'node_modules'} is not there: run .ci/install-tools")
    request = json.dumps({"packages": PACKAGES, "objects": objects}, default=str)
    finished = run(["node", HERE / "check.mjs"], cwd=HERE, stdin=request)
    if finished.returncode:
        return complaint(finished)
    return [f"{_name(objects[one['index']])}: {one['problem']}" for one in json.loads(finished.stdout)]


def _name(document: dict[str, Any]) -> str:
    metadata = document.get("metadata")
    name = metadata.get("name", "?") if isinstance(metadata, dict) else "?"
    return f"{document.get('kind', '?')}/{name}"
