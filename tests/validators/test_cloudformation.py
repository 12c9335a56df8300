"""cfn-lint and our own walk accept the goldens, and refuse them one edit away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.goldens import GOLDENS
from tests.validators import cloudformation

STACKS = sorted([*GOLDENS.glob("*/*/ecs/stack.yaml"), *GOLDENS.glob("*/*/ecs/registry.yaml")])
ONE = GOLDENS / "repaired" / "base" / "ecs" / "stack.yaml"


def _name(path: Path) -> str:
    return path.relative_to(GOLDENS).as_posix()


@pytest.mark.parametrize("path", STACKS, ids=_name)
def test_every_golden_is_accepted(path: Path) -> None:
    assert cloudformation.problems(path) == []


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (("Type: AWS::ECS::Cluster", "Type: AWS::ECS::Clusters"), "E3006"),
        (("NetworkMode: awsvpc", "NetworkMod: awsvpc"), "E3002"),
        (('Memory: "512"', 'Memory: "4096"'), "E3047"),
        (("LaunchType: FARGATE", "LaunchType: FARGAT"), "E3030"),
        (("[Key, Arn]", "[Kye, Arn]"), "Kye"),
        (("[ExecutionRole, Arn]", "[ExecutionRol, Arn]"), "ExecutionRol"),
        (("[LoadBalancer, DNSName]", "[LoadBalancer, DnsName]"), "E6101"),
        (("${LoadBalancer.LoadBalancerFullName}", "${Balancer.LoadBalancerFullName}"), "Balancer"),
        (("Value: {Ref: PreviousImage}", "Value: {Ref: AppImage}"), "the parameter PreviousImage is not used"),
        (("    Condition: Serves\n    DependsOn", "    Condition: Serve\n    DependsOn"), "Serve"),
        (("Statement: [{Effect: Allow", "Statement: [{Efect: Allow"), "E3530"),
    ],
)
def test_refuses_one_edit_away(edit: tuple[str, str], complaint: str, tmp_path: Path) -> None:
    text = ONE.read_text()
    assert edit[0] in text
    file = tmp_path / "stack.yaml"
    file.write_text(text.replace(*edit, 1))
    found = cloudformation.problems(file)
    assert any(complaint in line for line in found), found


def test_an_unused_condition_is_found() -> None:
    assert cloudformation.unresolved({"Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}, "Resources": {}}) == [
        "the condition Never decides nothing"
    ]
