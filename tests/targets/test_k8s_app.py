"""The app on Kubernetes: what it is told, how many there are, how it is replaced."""

from __future__ import annotations

from typing import Any

import pytest

from aisearch_deploy.targets.parts.app import environment
from aisearch_deploy.targets.parts.secrets import secrets
from tests.rendering.configs import deployment_of, overlaid, rendered_from
from tests.targets.k8s_cases import (
    CASES,
    MINIMAL,
    Object,
    built,
    config,
    expanded,
    kinds,
    objects_of,
    one,
    template,
    variables,
)

every_case = pytest.mark.parametrize("case", CASES)


def deployment(case: str, part: str = "app") -> Object:
    return one(objects_of(case), "Deployment", f"{config(case)['name']}-{part}")


def main_container(case: str) -> Object:
    (found,) = template(deployment(case))["spec"]["containers"]
    return found


@pytest.mark.parametrize("case", ["local-state", "local-state-with-a-bucket", "one-replica"])
def test_g14_local_state_is_one_replica_with_its_volumes_and_never_two_at_once(case: str) -> None:
    spec = deployment(case)["spec"]
    assert spec["replicas"] == 1
    assert spec["strategy"] == {"type": "Recreate"}
    assert not kinds(objects_of(case), "HorizontalPodAutoscaler")
    for claim in kinds(objects_of(case), "PersistentVolumeClaim"):
        assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]


def test_g14_the_local_databases_are_on_a_volume() -> None:
    pod = template(deployment("local-state"))["spec"]
    mounts = {mount["mountPath"]: mount["name"] for mount in pod["containers"][0]["volumeMounts"]}
    claims = {
        v["name"]: v["persistentVolumeClaim"]["claimName"] for v in pod["volumes"] if "persistentVolumeClaim" in v
    }
    assert claims[mounts["/app/data"]] == "ai-search-data"
    assert claims[mounts["/app/src/web/uploads"]] == "ai-search-uploads"


def test_g14_uploads_are_shared_by_several_replicas() -> None:
    uploads = one(objects_of("guide"), "PersistentVolumeClaim", "ai-search-uploads")
    assert uploads["spec"]["accessModes"] == ["ReadWriteMany"]


@every_case
def test_g15_every_declared_variable_reaches_the_container(case: str) -> None:
    resolved = deployment_of(config(case), "k8s")
    name, options = resolved.name, resolved.config.targets.k8s
    told = variables(case)
    declared = environment(resolved, f"{name}-cache", options.env if options else {})
    with_password = {key for key in ("REDIS_URL", "RATE_LIMIT_STORAGE") if resolved.config.cache.password_secret}
    assert {key: told[key] for key in declared.keys() - with_password} == {
        key: value for key, value in declared.items() if key not in with_password
    }
    taken_as = resolved.config.contract.secrets_as
    for secret in secrets(resolved):
        if secret.for_app and taken_as == "env":
            assert told[secret.name].startswith("<")
        elif secret.for_app and taken_as == "NAME_FILE":
            assert told[f"{secret.name}_FILE"] == f"/run/secrets/{secret.name}"


def test_g15_the_database_url_has_the_password_of_the_secret() -> None:
    told = variables("minimal")
    password = "<ai-search-secrets/DATABASE_PASSWORD>"
    assert told["DATABASE_URL"] == f"postgresql://aisearch:{password}@ai-search-database:5432/aisearch?sslmode=disable"
    assert told["REDIS_URL"] == "redis://ai-search-cache:6379/0"


def test_g15_a_password_of_an_outside_cache_is_in_its_urls() -> None:
    told = variables("managed")
    assert told["REDIS_URL"] == "rediss://:<ai-search-secrets/CACHE_PASSWORD>@cache.example.com:6379/0"
    assert told["RATE_LIMIT_STORAGE"] == "rediss://:<ai-search-secrets/CACHE_PASSWORD>@cache.example.com:6379/1"
    assert "sslmode=require" in told["DATABASE_URL"], "to PgBouncer, which verifies the database for the app"


def test_g15_a_managed_database_is_verified_without_a_pooler() -> None:
    told = {
        name: value for name, value in _variables_of({"database": {"pooler": "none"}}).items() if name == "DATABASE_URL"
    }
    assert told["DATABASE_URL"].endswith(
        "@db.example.com:5433/aisearch?sslmode=verify-full&sslrootcert=/etc/aisearch/database-ca.pem"
    )


def _variables_of(change: Object) -> dict[str, str]:
    files = {
        path: content.decode() for path, content in rendered_from(overlaid(config("managed"), change), "k8s").items()
    }
    (app,) = [
        d
        for d in built(files, "kustomization.yaml")
        if (d["kind"], d["metadata"]["name"]) == ("Deployment", "ai-search-app")
    ]
    return {variable["name"]: variable.get("value", "") for variable in template(app)["spec"]["containers"][0]["env"]}


def test_g15_cloudnative_pg_gives_the_password_itself() -> None:
    assert variables("cloudnative-pg")["DATABASE_PASSWORD"] == "<ai-search-database-app/password>"


def test_g15_an_existing_secret_is_read_under_its_own_keys() -> None:
    told = variables("existing-secret")
    assert told["DASHSCOPE_API_KEY"] == "<search-secrets/dashscope>"
    assert told["SERPAPI_API_KEY"] == "<search-secrets/SERPAPI_API_KEY>"


def test_dollars_and_quotes_arrive_as_they_were_written() -> None:
    told = variables("everything-around")
    assert told["DOLLARS"] == "$(A) $$ ${B}"
    assert told["QUOTED"] == "'both'"


def test_a_sidecar_starts_first_stops_last_and_is_told_what_was_written() -> None:
    pod = template(deployment("gpu-sandbox-sidecars-volumes"))["spec"]
    (sidecar,) = [c for c in pod["initContainers"] if c["name"] == "otel"]
    assert sidecar["restartPolicy"] == "Always"
    assert [expanded(word, {}) for word in sidecar["args"]] == ["--config=$(CONFIG)", "$$"]
    assert expanded(sidecar["env"][0]["value"], {"B": "wrong"}) == "a $(B) c"


def test_gpus_and_the_isolated_runtime() -> None:
    pod = template(deployment("gpu-sandbox-sidecars-volumes"))["spec"]
    assert pod["runtimeClassName"] == "gvisor"
    assert pod["containers"][0]["resources"]["limits"]["nvidia.com/gpu"] == 1
    assert "runtimeClassName" not in template(deployment("guide"))["spec"]


@every_case
def test_g17_the_replicas_are_the_autoscalers_where_there_is_one(case: str) -> None:
    scaled = {hpa["spec"]["scaleTargetRef"]["name"] for hpa in kinds(objects_of(case), "HorizontalPodAutoscaler")}
    for workload in kinds(objects_of(case), "Deployment"):
        assert ("replicas" in workload["spec"]) is (workload["metadata"]["name"] not in scaled)


def test_g17_the_autoscaler_is_quick_up_and_calm_down() -> None:
    (autoscaler,) = kinds(objects_of("guide"), "HorizontalPodAutoscaler")
    spec = autoscaler["spec"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (3, 10)
    assert spec["behavior"]["scaleDown"]["stabilizationWindowSeconds"] == 600
    assert {m["resource"]["name"]: m["resource"]["target"]["averageUtilization"] for m in spec["metrics"]} == {
        "cpu": 70,
        "memory": 80,
    }


def test_g26_the_memory_of_a_replica_holds_its_workers() -> None:
    container = main_container("minimal")
    workers = int(next(w for w in container["command"] if w.startswith("--workers=")).partition("=")[2])
    assert container["resources"]["limits"]["memory"] == "4Gi"
    assert workers * 1100 <= 0.8 * 4096


@pytest.mark.parametrize(
    ("memory", "metrics"), [({"request": "2Gi", "limit": "4Gi"}, ["cpu"]), ("7Gi", ["cpu", "memory"])]
)
def test_g35_memory_is_a_metric_only_where_idle_workers_stay_below_it(memory: Any, metrics: list[str]) -> None:
    changed = overlaid(config("guide"), {"app": {"memory": memory}})
    files = {path: content.decode() for path, content in rendered_from(changed, "k8s").items()}
    (autoscaler,) = kinds(built(files, "kustomization.yaml"), "HorizontalPodAutoscaler")
    assert [metric["resource"]["name"] for metric in autoscaler["spec"]["metrics"]] == metrics


@every_case
def test_an_update_loses_no_request_where_volumes_are_shared(case: str) -> None:
    strategy = deployment(case)["spec"]["strategy"]
    shared = deployment_of(config(case), "k8s").sizes.max_replicas > 1
    assert strategy["type"] == ("RollingUpdate" if shared else "Recreate")
    if shared:
        assert strategy["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


def test_a_pod_has_time_to_leave_and_to_finish() -> None:
    pod = template(deployment("guide"))["spec"]
    sleep = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    (drain,) = [w for w in pod["containers"][0]["command"] if w.startswith("--timeout-graceful-shutdown=")]
    assert pod["terminationGracePeriodSeconds"] > sleep + int(drain.partition("=")[2])


def test_probes_never_ask_the_database_whether_the_app_is_alive() -> None:
    case = overlaid(MINIMAL, {"contract": {"ready_path": "/ready"}, "app": {"startup": "62s"}})
    files = {path: content.decode() for path, content in rendered_from(case, "k8s").items()}
    app = one(built(files, "kustomization.yaml"), "Deployment", "ai-search-app")
    (container,) = template(app)["spec"]["containers"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/health"
    assert container["readinessProbe"]["httpGet"]["path"] == "/ready"
    assert container["startupProbe"]["periodSeconds"] * container["startupProbe"]["failureThreshold"] >= 62


def test_replicas_spread_over_zones_and_nodes_unless_told_not_to() -> None:
    spread = template(deployment("guide"))["spec"]["topologySpreadConstraints"]
    assert [rule["topologyKey"] for rule in spread] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    files = rendered_from(overlaid(config("guide"), {"scheduling": {"zones": "any"}}), "k8s")
    assert b"topologySpreadConstraints" not in b"".join(files.values())


def test_scheduling_holds_for_every_pod() -> None:
    for workload in (*kinds(objects_of("everything-around"), "Deployment", "StatefulSet", "Job", "CronJob"),):
        pod = template(workload)["spec"]
        assert pod["nodeSelector"] == {"pool": "search"}
        assert pod["priorityClassName"] == "business-critical"
        assert pod["tolerations"][0]["operator"] == "Equal"
        assert pod["tolerations"][1] == {"key": "spot", "operator": "Exists", "effect": "NoSchedule"}
        assert template(workload)["metadata"]["annotations"]["example.com/note"] == "yes"


def test_metrics_are_scraped_by_annotation_or_by_monitor() -> None:
    annotations = template(deployment("guide"))["metadata"]["annotations"]
    assert annotations["prometheus.io/path"] == "/metrics"
    monitored = template(deployment("cloudnative-pg"))["metadata"].get("annotations", {})
    assert "prometheus.io/scrape" not in monitored
    assert {m["kind"] for m in kinds(objects_of("cloudnative-pg"), "ServiceMonitor", "PodMonitor")} == {
        "ServiceMonitor",
        "PodMonitor",
    }
