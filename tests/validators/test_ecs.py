"""AWS's own shapes accept the task definitions, and refuse them one edit away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aisearch_deploy.model.fargate import PAIRS
from tests.goldens import GOLDENS
from tests.targets.ecs.outputs import outputs
from tests.validators import ecs

TASKS = sorted(GOLDENS.glob("*/*/ecs/task-definition.json"))
ONE = GOLDENS / "large" / "production" / "ecs" / "task-definition.json"


@pytest.mark.parametrize("path", TASKS, ids=lambda path: path.relative_to(GOLDENS).as_posix())
def test_every_golden_is_accepted(path: Path) -> None:
    assert ecs.problems(path, outputs(path.with_name("stack.yaml"))) == []


def test_a_place_that_the_stack_does_not_know_is_a_problem() -> None:
    places = outputs(ONE.with_name("stack.yaml"))
    del places["TaskRole"]
    assert any("@{TaskRole} is not filled" in line for line in ecs.problems(ONE, places))


def _set(*path: str | int, to: Any) -> Any:
    def edit(task: Any) -> None:
        for part in path[:-1]:
            task = task[part]
        task[path[-1]] = to

    return edit


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (_set("networkMod", to="awsvpc"), "networkMod"),
        (_set("networkMode", to="awsvcp"), "none of"),
        (_set("memory", to="13000"), "does not sell"),
        (_set("cpu", to="4000"), "does not sell"),
        (_set("containerDefinitions", 0, "memory", to=13312), "more memory than the task"),
        (_set("containerDefinitions", 0, "stopTimeout", to=150), "2 to 120"),
        (_set("containerDefinitions", 0, "essential", to="yes"), "essential"),
        (_set("containerDefinitions", 0, "healthCheck", "startPeriod", to=400), "startPeriod"),
        (_set("containerDefinitions", 0, "mountPoints", 0, "sourceVolume", to="upload"), "not there"),
        (_set("containerDefinitions", 0, "dependsOn", 0, "containerName", to="pool"), "not there"),
        (_set("containerDefinitions", 0, "logConfiguration", "logDriver", to="awslog"), "none of"),
        (_set("containerDefinitions", 0, "secrets", 0, "valueFrom", to="arn:aws:secretsmanager:..."), "full ARN"),
        (_set("executionRoleArn", to=""), "no execution role"),
    ],
)
def test_refuses_one_edit_away(edit: Any, complaint: str, tmp_path: Path) -> None:
    task = json.loads(ONE.read_text())
    edit(task)
    file = tmp_path / "task.json"
    file.write_text(json.dumps(task))
    found = ecs.problems(file, outputs(ONE.with_name("stack.yaml")))
    assert any(complaint in line for line in found), found


def test_the_product_knows_the_same_pairs() -> None:
    assert {str(cpu): list(memory) for cpu, memory in PAIRS.items()} == ecs.FARGATE
