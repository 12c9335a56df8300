"""What one object says about another is true: names, keys, ports, labels. No official validator looks at this."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.targets.k8s_cases import CASES, Object, config, containers, kinds, objects_of, one, template, workloads

every_case = pytest.mark.parametrize("case", CASES)


@every_case
def test_every_selector_finds_the_pods_it_means(case: str) -> None:
    pods = [template(workload)["metadata"]["labels"] for workload in workloads(case)]
    for workload in kinds(objects_of(case), "Deployment", "StatefulSet"):
        selector = workload["spec"]["selector"]["matchLabels"]
        own = template(workload)["metadata"]["labels"]
        assert selector.items() <= own.items()
        assert [labels for labels in pods if selector.items() <= labels.items()] == [own], "another workload's pods too"
    for service in kinds(objects_of(case), "Service"):
        assert any(service["spec"]["selector"].items() <= labels.items() for labels in pods), service["metadata"]
    for budget in kinds(objects_of(case), "PodDisruptionBudget"):
        assert any(budget["spec"]["selector"]["matchLabels"].items() <= labels.items() for labels in pods)


@every_case
def test_every_service_leads_to_a_port_that_is_open(case: str) -> None:
    for service in kinds(objects_of(case), "Service"):
        selector = service["spec"]["selector"].items()
        pods = [template(w)["spec"] for w in workloads(case) if selector <= template(w)["metadata"]["labels"].items()]
        for port in service["spec"]["ports"]:
            assert pods
            for pod in pods:
                assert port["targetPort"] in {opened["name"] for opened in _ports(pod)}, service["metadata"]["name"]


@every_case
def test_every_probe_asks_a_port_of_its_own_container(case: str) -> None:
    for workload in workloads(case):
        for container in containers(template(workload)["spec"]):
            names = {port["name"] for port in container.get("ports", [])}
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                asked = container.get(probe, {})
                for way in ("httpGet", "tcpSocket"):
                    assert way not in asked or asked[way]["port"] in names


@every_case
def test_every_config_map_key_that_is_mounted_exists(case: str) -> None:
    objects = objects_of(case)
    for workload in workloads(case):
        pod = template(workload)["spec"]
        maps = {
            v["name"]: one(objects, "ConfigMap", v["configMap"]["name"]) for v in pod["volumes"] if "configMap" in v
        }
        for container in containers(pod):
            for source in container.get("envFrom", []):
                assert one(objects, "ConfigMap", source["configMapRef"]["name"])
            for mount in container.get("volumeMounts", []):
                if mount["name"] in maps and "subPath" in mount:
                    assert mount["subPath"] in maps[mount["name"]]["data"]


@every_case
def test_every_mount_has_its_volume_and_every_volume_is_mounted(case: str) -> None:
    for workload in workloads(case):
        pod = template(workload)["spec"]
        mounted = {mount["name"] for container in containers(pod) for mount in container.get("volumeMounts", [])}
        claimed = {claim["metadata"]["name"] for claim in workload["spec"].get("volumeClaimTemplates", [])}
        volumes = [volume["name"] for volume in pod.get("volumes", [])]
        assert len(volumes) == len(set(volumes))
        assert mounted == {*volumes, *claimed}, workload["metadata"]["name"]


@every_case
def test_no_two_mounts_of_a_container_share_a_path(case: str) -> None:
    for workload in workloads(case):
        for container in containers(template(workload)["spec"]):
            paths = [mount["mountPath"] for mount in container.get("volumeMounts", [])]
            assert len(paths) == len(set(paths))


@every_case
def test_every_claim_is_made_here_or_named_in_the_config(case: str) -> None:
    made = {claim["metadata"]["name"] for claim in kinds(objects_of(case), "PersistentVolumeClaim")}
    given = {volume["claim"] for volume in config(case).get("app", {}).get("volumes", [])}
    used = {
        volume["persistentVolumeClaim"]["claimName"]
        for workload in workloads(case)
        for volume in template(workload)["spec"].get("volumes", [])
        if "persistentVolumeClaim" in volume
    }
    assert used == made | given


@every_case
def test_every_account_is_made_and_used(case: str) -> None:
    made = {account["metadata"]["name"] for account in kinds(objects_of(case), "ServiceAccount")}
    assert made == {template(workload)["spec"]["serviceAccountName"] for workload in workloads(case)}
    for binding in kinds(objects_of(case), "RoleBinding"):
        assert {subject["name"] for subject in binding["subjects"]} <= made
        assert one(objects_of(case), "Role", binding["roleRef"]["name"])


@every_case
def test_autoscalers_and_monitors_are_about_something(case: str) -> None:
    objects = objects_of(case)
    for autoscaler in kinds(objects, "HorizontalPodAutoscaler"):
        target = autoscaler["spec"]["scaleTargetRef"]
        assert one(objects, target["kind"], target["name"])
    for monitor in kinds(objects, "ServiceMonitor"):
        wanted = monitor["spec"]["selector"]["matchLabels"].items()
        (service,) = [s for s in kinds(objects, "Service") if wanted <= s["metadata"]["labels"].items()]
        assert {end["port"] for end in monitor["spec"]["endpoints"]} <= {p["name"] for p in service["spec"]["ports"]}


@every_case
def test_routes_and_ingresses_lead_to_services_and_listeners(case: str) -> None:
    objects = objects_of(case)
    listeners = {
        (gateway["metadata"]["name"], listener["name"])
        for gateway in kinds(objects, "Gateway")
        for listener in gateway["spec"]["listeners"]
    }
    for route in kinds(objects, "HTTPRoute"):
        for parent in route["spec"]["parentRefs"]:
            assert "namespace" in parent or (parent["name"], parent["sectionName"]) in listeners
    for name, port in _backends(objects):
        ports = one(objects, "Service", name)["spec"]["ports"]
        assert port in {value for opened in ports for value in (opened["port"], opened["name"])}
    for policy in objects:
        refs = policy.get("spec", {}).get("targetRefs", []) if isinstance(policy.get("spec"), dict) else []
        for ref in refs:
            assert one(objects, ref["kind"], ref["name"])


@every_case
def test_nothing_is_there_twice(case: str) -> None:
    seen = [(document["kind"], document["metadata"]["name"]) for document in objects_of(case)]
    assert len(seen) == len(set(seen))


def _ports(pod: Object) -> list[Object]:
    return [port for container in containers(pod) for port in container.get("ports", [])]


def _backends(objects: tuple[Object, ...]) -> Iterator[tuple[str, Any]]:
    for route in kinds(objects, "HTTPRoute"):
        for rule in route["spec"]["rules"]:
            for backend in rule.get("backendRefs", []):
                yield backend["name"], backend["port"]
    for ingress in kinds(objects, "Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                service = path["backend"]["service"]
                yield service["name"], service["port"].get("name") or service["port"]["number"]
