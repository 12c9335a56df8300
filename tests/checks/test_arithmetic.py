"""What rules compute is what is rendered: their verdicts against the plans, on random configs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aisearch_deploy.checks.registry import rule_named
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.registry import target_named
from tests.checks.cases import SOUND
from tests.rendering.configs import deployment_of, overlaid

FEW = settings(max_examples=25, deadline=None)
CLOUD_RUN = {"cloudrun": {"project": "example-project", "region": "europe-west1"}}


def refused(rule: str, deployment: Deployment) -> bool:
    return bool(list(rule_named(rule).check(deployment)))


def planned(config: dict[str, Any], target: str, path: str) -> tuple[Deployment, dict[str, Any]]:
    """The deployment, and the values of one of its files."""
    deployment = deployment_of(overlaid(SOUND, config), target)
    files: tuple[File, ...] = target_named(target).plan(deployment).files
    return deployment, next(dict(file.values) for file in files if file.path == path)


@FEW
@given(longest=st.integers(1, 5000), gap=st.integers(1, 2500))
def test_the_balancers_time_out_is_one_that_it_takes(longest: int, gap: int) -> None:
    config = {"app": {"longest_request": f"{longest}s", "token_gap": f"{gap}s"}}
    deployment, values = planned(config, "ecs", "stack.yaml")
    assert refused("AID304", deployment) == (int(values["idle_timeout"]) > 4000)


@FEW
@given(drain=st.integers(1, 1200))
def test_a_pod_stops_before_its_node_is_gone(drain: int) -> None:
    deployment, values = planned({"app": {"drain": f"{drain}s"}}, "k8s", "app/deployment.yaml")
    assert refused("AID307", deployment) == (values["stop_grace"] > 600)


@FEW
@given(least=st.integers(1, 40), more=st.integers(0, 200), accepted=st.integers(10, 150))
def test_the_poolers_of_all_tasks_together_open_what_is_accepted(least: int, more: int, accepted: int) -> None:
    config = {
        "scaling": {"min": least, "max": least + more},
        "database": {"pooler": "pgbouncer", "max_connections": accepted},
    }
    deployment, values = planned(config, "ecs", "task-definition.json")
    containers = values["task"]["containerDefinitions"]
    pooler = next(container for container in containers if container["name"] == "pooler")
    share = next(int(entry["value"]) for entry in pooler["environment"] if entry["name"] == "CONNECTIONS")
    percent = planned(config, "ecs", "stack.yaml")[1]["maximum_percent"]
    tasks = (least + more) * percent // 100
    assert refused("AID106", deployment) == (share * tasks + 5 > accepted - 3)


@FEW
@given(least=st.integers(1, 10), more=st.integers(0, 50), concurrency=st.integers(1, 100), streams=st.integers(0, 900))
def test_all_instances_together_answer_the_streams(least: int, more: int, concurrency: int, streams: int) -> None:
    config = {
        "scaling": {"min": least, "max": least + more},
        "load": {"streams": streams, "peak_requests": "20/s"},
        "targets": overlaid(CLOUD_RUN, {"cloudrun": {"concurrency": concurrency}}),
    }
    deployment, values = planned(config, "cloudrun", "service.yaml")
    room = sum(values["concurrency"] for _ in range(int(values["max_scale"])))
    assert refused("AID107", deployment) == (room < streams + 20)


@FEW
@given(workers=st.integers(1, 8), request=st.integers(1, 8), limit=st.integers(8, 12))
def test_a_pod_requests_what_idle_workers_hold(workers: int, request: int, limit: int) -> None:
    config = {"app": {"workers": workers, "memory": {"request": f"{request}Gi", "limit": f"{limit}Gi"}}}
    deployment, values = planned(config, "k8s", "app/deployment.yaml")
    asked = int(values["resources"]["requests"]["memory"].removesuffix("Gi")) * 1024
    held = sum(1100 for _ in range(workers))
    assert refused("AID105", deployment) == (asked < held <= limit * 1024)


@FEW
@given(connections=st.integers(10, 3000), memory=st.integers(256, 32_768))
def test_a_server_holds_what_it_accepts(connections: int, memory: int) -> None:
    config = {"database": {"max_connections": connections, "memory": f"{memory}Mi", "pooler": "none"}}
    deployment = deployment_of(overlaid(SOUND, config), "k8s")
    assert refused("AID104", deployment) == (connections * 9_531_392 > memory * 2**20)


@FEW
@given(request=st.integers(1, 40), more=st.integers(0, 40), target=st.integers(1, 100))
def test_a_throttled_replica_passes_the_autoscalers_target(request: int, more: int, target: int) -> None:
    limit = request + more
    config = {
        "app": {"cpu": {"request": f"{request * 100}m", "limit": f"{limit * 100}m"}},
        "scaling": {"cpu": f"{target}%", "min": 2, "max": 4},
    }
    deployment, values = planned(config, "k8s", "app/autoscaler.yaml")
    # Kubernetes: desired = ceil(current x utilisation / target), where the ratio is outside of 0.9 to 1.1.
    ratio = Fraction(100 * limit, request) / values["cpu"]
    assert refused("AID112", deployment) == (ratio <= Fraction(11, 10))
