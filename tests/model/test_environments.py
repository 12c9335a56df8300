"""The names of environments, and the targets and environments that a document names."""

from __future__ import annotations

import pytest

from aisearch_deploy.model.environments import RESERVED, environment_findings
from aisearch_deploy.model.named import environment_names, named_targets
from aisearch_deploy.targets.registry import TARGETS
from tests.model.deployments import document

BAD_NAMES = ["Prod", "1st", "-a", "a-", "a_b", "a.b", "..", "a/b", "pr\u00f6d", "a" * 41, "", "a b", *sorted(RESERVED)]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_that_could_not_be_folders(name: str) -> None:
    found = environment_findings(document(f'environments: {{"{name}": {{}}}}\n'))
    assert [str(finding.position) for finding in found] == ["aisearch.yaml:6:16"]
    assert "Choose another" in found[0].fix


@pytest.mark.parametrize("name", ["a", "dev", "eu-1", "a" * 40, "production"])
def test_names_that_can(name: str) -> None:
    assert environment_findings(document(f"environments: {{{name}: {{}}}}\n")) == []


def test_every_target_that_there_is_is_reserved() -> None:
    assert set(TARGETS) <= RESERVED


@pytest.mark.parametrize(
    ("more", "path", "message"),
    [
        ("environments: [dev]\n", "environments", "not a block of names"),
        ("environments: dev\n", "environments", "not a block of names"),
        ("environments:\n", "environments", "not a block of names"),
        ("environments: {dev: }\n", "environments.dev", "empty."),
        ("environments: {dev: [a]}\n", "environments.dev", "not a block of what differs."),
    ],
)
def test_what_is_no_environment(more: str, path: str, message: str) -> None:
    found = environment_findings(document(more))
    assert [finding.path for finding in found] == [path]
    assert message in found[0].message
    assert found[0].fix.startswith("Write ")


@pytest.mark.parametrize(
    ("more", "environment", "targets"),
    [
        ("", None, []),
        ("targets: {k8s: {}, compose: {}}\n", None, ["k8s", "compose"]),
        ("targets: {k8s: {}}\nenvironments: {dev: {targets: {compose: {}}}}\n", "dev", ["k8s", "compose"]),
        ("targets: {k8s: {}}\nenvironments: {dev: {targets: {compose: {}}}}\n", None, ["k8s"]),
        ("targets: [k8s]\nenvironments: {dev: [1]}\n", "dev", []),
        ("environments: 5\n", "dev", []),
    ],
)
def test_named_targets(more: str, environment: str | None, targets: list[str]) -> None:
    assert named_targets(document(more), environment) == targets


def test_environment_names_come_in_the_order_of_the_file() -> None:
    assert environment_names(document("environments: {staging: {}, dev: {}, production: {}}\n")) == [
        "staging",
        "dev",
        "production",
    ]
    assert environment_names(document("environments: 5\n")) == []
    assert environment_names(document()) == []
