"""The kubernetes-validate wrapper."""

from __future__ import annotations

import pytest

from tests.validators import kubernetes

GOOD = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {LOG_LEVEL: INFO}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: app}
spec:
  minReplicas: 3
  maxReplicas: 10
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: app}
"""
ROUTE = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: app}
"""


def test_accepts_a_good_manifest() -> None:
    assert kubernetes.problems(GOOD) == []


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (("INFO", "1"), "LOG_LEVEL: 1 is not of type"),
        (("maxReplicas: 10", "maxReplica: 10"), "maxReplica"),
        (("  maxReplicas: 10\n", ""), "'maxReplicas' is a required property"),
        (("autoscaling/v2", "autoscaling/v2beta2"), "Couldn't find schema"),
        (("kind: ConfigMap", "kind: ConfigMapp"), "Couldn't find schema"),
        (("kind: ConfigMap\n", ""), "without apiVersion and kind"),
        (("apiVersion: v1", "apiVersion: example.com/v1"), "Couldn't find schema"),
        (("minReplicas: 3", "minReplicas: 3\n  minReplicas: 3"), "written twice"),
        (("metadata: {name: settings}", "metadata: {name: settings"), "not YAML"),
        (("metadata: {name: settings}", "metadata: settings"), "metadata: 'settings' is not of type"),
    ],
)
def test_refuses_one_edit_away(edit, complaint) -> None:
    found = kubernetes.problems(GOOD.replace(*edit))
    assert any(complaint in line for line in found), found


@pytest.mark.parametrize("text", ["", "# nothing\n---\n", "- a list\n", "just text\n"])
def test_a_file_without_objects_is_a_problem(text) -> None:
    assert len(kubernetes.problems(text)) == 1


def test_every_minor_is_asked() -> None:
    found = kubernetes.problems(GOOD.replace("INFO", "1"))
    assert [minor for minor in kubernetes.MINORS if any(f"({minor})" in line for line in found)] == [
        "1.35",
        "1.36",
        "1.37",
    ]


def test_custom_resources_are_handed_back() -> None:
    assert kubernetes.problems(GOOD + ROUTE) == []
    assert [found["kind"] for found in kubernetes.custom_resources(GOOD + ROUTE)] == ["HTTPRoute"]


def test_a_custom_resource_that_nobody_checks_is_a_problem() -> None:
    unknown = ROUTE.replace("gateway.networking.k8s.io", "gateway.example.com")
    assert kubernetes.custom_resources(unknown) == []
    assert kubernetes.problems(unknown) != []
