"""The checks of Cloud Run's manifests, each proved on a golden that is one edit away from right."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
import yaml

from tests.goldens import GOLDENS
from tests.validators import cloudrun

FOLDER = GOLDENS / "large" / "production" / "cloudrun"
SPEC = "spec/template/spec"
JOB = "spec/template/spec/template/spec"


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text())
    return found


DELETE = object()


@pytest.mark.parametrize("name", ["service.yaml", "migrate.yaml", "database.yaml"])
def test_a_golden_is_right(name: str) -> None:
    assert cloudrun.problems(golden(name)) == []


@pytest.mark.parametrize(
    ("name", "path", "value", "complaint"),
    [
        ("service.yaml", "apiVersion", "serving.knative.dev/v2", "neither a Service nor a Job"),
        ("service.yaml", f"{SPEC}/containerConcurency", 5, "containerConcurency: unknown"),
        ("service.yaml", f"{SPEC}/containerConcurrency", DELETE, "containerConcurrency: required"),
        ("service.yaml", f"{SPEC}/containerConcurrency", "40", "'40' is no int32"),
        ("service.yaml", f"{SPEC}/containerConcurrency", 1001, "1 to 1000"),
        ("service.yaml", f"{SPEC}/timeoutSeconds", 3601, "1 to 3600"),
        ("service.yaml", f"{SPEC}/timeoutSeconds", 2**31, "is no int32"),
        ("service.yaml", f"{SPEC}/serviceAccountName", DELETE, "serviceAccountName: required"),
        ("service.yaml", f"{SPEC}/containers/0/ports", DELETE, "exactly one container has ports"),
        ("service.yaml", f"{SPEC}/containers/0/ports/0/containerPort", "8080", "is no int32"),
        ("service.yaml", f"{SPEC}/containers/1/ports", [{"containerPort": 8000}], "exactly one container has ports"),
        ("service.yaml", f"{SPEC}/containers/1/name", "edge", "two containers have one name"),
        ("service.yaml", f"{SPEC}/containers/1/image", "gcr.io/example/ai-search:1", "gcr.io is not Artifact Registry"),
        ("service.yaml", f"{SPEC}/containers/1/env/0/name", "PORT", "PORT is reserved"),
        ("service.yaml", f"{SPEC}/containers/1/env/0/value", 3600, "3600 is no string"),
        ("service.yaml", f"{SPEC}/containers/1/env/0/name", "LOG_LEVEL", "LOG_LEVEL is there twice"),
        ("service.yaml", f"{SPEC}/containers/1/resources/limits/cpu", 2, "2 is no string"),
        ("service.yaml", f"{SPEC}/containers/1/resources/limits", {"cpu": "2"}, "limits are cpu and memory"),
        ("service.yaml", f"{SPEC}/containers/1/command", "uvicorn", "is no list"),
        ("service.yaml", f"{SPEC}/containers/1/startupProbe/failureThreshold", 49, "waits longer than 240 s"),
        ("service.yaml", f"{SPEC}/containers/1/startupProbe/timeoutSeconds", 6, "the timeout is longer"),
        ("service.yaml", f"{SPEC}/containers/1/startupProbe", DELETE, "no container with a startup probe"),
        ("service.yaml", f"{SPEC}/containers/1/livenessProbe/httpGet", DELETE, "asks in exactly one way"),
        ("service.yaml", f"{SPEC}/containers/1/volumeMounts/0/name", "upload", "no volume upload"),
        ("service.yaml", f"{SPEC}/containers/1/volumeMounts/0/mountPath", "/proc/uploads", "mount paths are taken"),
        ("service.yaml", f"{SPEC}/volumes/0/name", "files", "mounted nowhere"),
        ("service.yaml", f"{SPEC}/volumes/0/csi/driver", DELETE, "driver: required"),
        ("service.yaml", f"{SPEC}/volumes/0/csi/volumeAttributes/bucketName", 5, "5 is no string"),
        ("service.yaml", "metadata/annotations/run.googleapis.com~1ingress", "public", "public is none of"),
        ("service.yaml", "metadata/annotations/run.googleapis.com~1ingres", "all", "unknown here"),
        ("service.yaml", "spec/traffic/0/percent", 90, "not 100 percent"),
        ("service.yaml", "metadata/name", "a" * 50, "1 to 49 characters"),
        ("migrate.yaml", f"{JOB}/timeoutSeconds", 3600, "3600 is no int64"),
        ("migrate.yaml", f"{JOB}/containers/0/image", DELETE, "image: required"),
        ("migrate.yaml", f"{JOB}/maxRetry", 0, "maxRetry: unknown"),
        ("database.yaml", f"{JOB}/volumes/0/secret", {"secretName": "x", "items": []}, "not exactly one source"),
    ],
)
def test_one_edit_away_is_wrong(name: str, path: str, value: object, complaint: str) -> None:
    manifest = deepcopy(golden(name))
    *parents, last = (part.replace("~1", "/") for part in path.split("/"))
    below: Any = manifest
    for part in parents:
        below = below[int(part) if isinstance(below, list) else part]
    if value is DELETE:
        del below[last]
    else:
        below[last] = value
    found = cloudrun.problems(manifest)
    assert any(complaint in problem for problem in found), found


def test_the_second_version_of_the_api_takes_every_container_too() -> None:
    manifest = golden("service.yaml")
    manifest["spec"]["template"]["spec"]["containers"][0]["envFrom"] = []
    assert any("envFrom" in problem for problem in cloudrun.problems(manifest))


def test_the_description_is_the_one_that_was_read() -> None:
    """Fewer than these, and the checks above would look at little."""
    assert {"Service", "RevisionSpec", "Container", "Probe", "CSIVolumeSource", "TaskSpec"} <= set(cloudrun.schemas())
