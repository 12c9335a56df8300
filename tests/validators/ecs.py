"""Task definitions against the shapes of AWS's own SDK, with enums walked, and Fargate's pairs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from botocore.session import get_session
from botocore.validate import ParamValidator

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html, kept apart from the product's.
FARGATE = {
    "256": [512, 1024, 2048],
    "512": [1024 * size for size in range(1, 5)],
    "1024": [1024 * size for size in range(2, 9)],
    "2048": [1024 * size for size in range(4, 17)],
    "4096": [1024 * size for size in range(8, 31)],
    "8192": [1024 * size for size in range(16, 61, 4)],
    "16384": [1024 * size for size in range(32, 121, 8)],
}
_ARN = re.compile(
    r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^:]+-[A-Za-z0-9]{6}(:[^:]*:[^:]*:[^:]*)?"
)


def problems(path: Path, places: dict[str, str]) -> list[str]:
    """What is wrong with a task-definition.json once its `@{...}` are filled from `places`."""
    text = path.read_text()
    for name, value in places.items():
        text = text.replace(f"@{{{name}}}", value)
    left = sorted(set(re.findall(r"@\{\w+\}", text)))
    task = json.loads(text)
    return [f"{place} is not filled" for place in left] + task_problems(task)


def task_problems(task: dict[str, Any]) -> list[str]:
    """What RegisterTaskDefinition and Fargate would refuse."""
    shape = _request()
    report = ParamValidator().validate(task, shape)
    found = [report.generate_report()] if report.has_errors() else []
    return found + list(_walked(task, shape, "task")) + list(_fargate(task))


@cache
def _request() -> Any:
    return get_session().get_service_model("ecs").operation_model("RegisterTaskDefinition").input_shape


def _walked(value: Any, shape: Any, where: str) -> Iterator[str]:
    """botocore's own validation lets every text pass for an enum."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for key, item in value.items():
            if key in shape.members:
                yield from _walked(item, shape.members[key], f"{where}.{key}")
    elif shape.type_name == "list" and isinstance(value, list):
        for number, item in enumerate(value):
            yield from _walked(item, shape.member, f"{where}[{number}]")
    elif getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{where}: {value!r} is none of {', '.join(shape.enum)}"


def _fargate(task: dict[str, Any]) -> Iterator[str]:
    cpu, memory, containers = task.get("cpu", ""), task.get("memory", "0"), task.get("containerDefinitions", [])
    if int(memory) not in FARGATE.get(cpu, []):
        yield f"Fargate does not sell {memory} MiB with {cpu} units"
    if sum(container.get("memory", 0) for container in containers) > int(memory):
        yield "the containers have more memory than the task"
    if sum(container.get("cpu", 0) for container in containers) > int(cpu or 0):
        yield "the containers have more CPU than the task"
    if not task.get("executionRoleArn", "").startswith("arn:aws:iam::"):
        yield "no execution role: neither secrets nor logs work"
    names = [container["name"] for container in containers]
    volumes = {volume["name"] for volume in task.get("volumes", [])}
    for container in containers:
        where = container["name"]
        if not 2 <= container.get("stopTimeout", 30) <= 120:
            yield f"{where}: Fargate waits from 2 to 120 s"
        for need in container.get("dependsOn", []):
            if need["containerName"] not in names:
                yield f"{where} waits for {need['containerName']}, which is not there"
            other = next((one for one in containers if one["name"] == need["containerName"]), {})
            if need["condition"] == "HEALTHY" and "healthCheck" not in other:
                yield f"{where} waits for the health of {need['containerName']}, which nothing checks"
        for mount in container.get("mountPoints", []):
            if mount["sourceVolume"] not in volumes:
                yield f"{where} mounts {mount['sourceVolume']}, which is not there"
        for secret in container.get("secrets", []):
            if not _ARN.fullmatch(secret["valueFrom"]):
                yield f"{where}: {secret['name']} is not a secret's full ARN: {secret['valueFrom']}"
        check = container.get("healthCheck", {})
        if not 0 <= check.get("startPeriod", 0) <= 300:
            yield f"{where}: startPeriod ends at 300 s"
