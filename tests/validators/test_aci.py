"""The checks of container groups, each proved on a golden that is one edit away from right."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
import yaml

from tests.goldens import GOLDENS
from tests.validators import aci

FOLDER = GOLDENS / "repaired" / "base" / "aci"
APP = "properties/containers/1/properties"
DELETE = object()


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text())
    return found


@pytest.mark.parametrize("name", ["group.yaml", "database.yaml"])
def test_a_golden_is_right(name: str) -> None:
    assert aci.problems(golden(name), filled=False) == []


@pytest.mark.parametrize("name", ["group.yaml", "database.yaml"])
def test_a_golden_is_incomplete_without_its_secrets(name: str) -> None:
    assert any("has no key" in problem for problem in aci.problems(golden(name)))


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("apiVersion", "2019-12-01", "type and apiVersion are not"),
        ("tags", ["search"], "is no ResourceTags"),
        ("sku", "Standard", "/sku: unknown"),
        ("id", "x", "/id: Azure's own"),
        ("identity/type", "User", "'User' is none of"),
        ("properties/osType", DELETE, "osType: required"),
        ("properties/osType", "linux", "'linux' is none of"),
        ("properties/restartPolicy", "always", "'always' is none of"),
        ("properties/containers", DELETE, "containers: required"),
        ("properties/ipAddress/ports/0/port", "80", "'80' is no int"),
        ("properties/ipAddress/ports/0/port", 8000, "a public port that no container opens"),
        ("properties/ipAddress/dnsNameLabel", 5, "5 is no string"),
        ("properties/containers/1/name", "edge", "two containers have one name"),
        (f"{APP}/image", DELETE, "image: required"),
        (f"{APP}/resources", DELETE, "resources: required"),
        (f"{APP}/resources/requests/cpu", "1", "'1' is no int"),
        (f"{APP}/resources/requests/cpu", 4.5, "more than 4 cores"),
        (f"{APP}/resources/limits/memoryInGB", 1.0, "limited below what it asks for"),
        (f"{APP}/resources/request", {}, "request: unknown"),
        (f"{APP}/command", "uvicorn", "is no list"),
        (f"{APP}/startupProbe", {}, "startupProbe: unknown"),
        (f"{APP}/livenessProbe/httpGet/scheme", "HTTP", "'HTTP' is none of"),
        (f"{APP}/livenessProbe/periodSeconds", 1.5, "1.5 is no int"),
        (f"{APP}/livenessProbe/httpGet", DELETE, "asks in exactly one way"),
        (f"{APP}/environmentVariables/0/secureValue", "x", "has both or neither"),
        (f"{APP}/environmentVariables/0", {"name": "X", "secureValue": "x"}, "X is a secret in a file"),
        (f"{APP}/environmentVariables/0/name", "LOG_LEVEL", "LOG_LEVEL is there twice"),
        (f"{APP}/volumeMounts/0/name", "upload", "no volume upload"),
        (f"{APP}/volumeMounts/0/readOnly", "no", "'no' is no bool"),
        ("properties/volumes/0/name", "files", "mounted nowhere"),
        ("properties/volumes/0/azureFile/shareName", DELETE, "shareName: required"),
        ("properties/volumes/0/secret", {"a": "YQ=="}, "not exactly one source"),
        ("properties/provisioningState", "Succeeded", "Azure's own"),
    ],
)
def test_one_edit_away_is_wrong(path: str, value: object, complaint: str) -> None:
    manifest = deepcopy(golden("group.yaml"))
    *parents, last = path.split("/")
    below: Any = manifest
    for part in parents:
        below = below[int(part) if isinstance(below, list) else part]
    key: Any = int(last) if isinstance(below, list) else last
    if value is DELETE:
        del below[key]
    else:
        below[key] = value
    found = aci.problems(manifest, filled=False)
    assert any(complaint in problem for problem in found), found


def test_the_schema_says_where_it_came_from() -> None:
    assert "msmcp-azure 3.0.0" in aci.schema()["source"]
    assert {"Container", "ContainerProbe", "Volume", "IpAddress", "EnvironmentVariable"} <= set(aci.schema()["types"])
