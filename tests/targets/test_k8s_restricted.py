"""G18: every pod passes the restricted pod security standard, and a little more.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from __future__ import annotations

import pytest

from tests.targets.k8s_cases import CASES, Object, containers, kinds, objects_of, one, template, workloads

VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
FORBIDDEN = ("hostNetwork", "hostPID", "hostIPC")

every_case = pytest.mark.parametrize("case", CASES)


@every_case
def test_g18_every_pod_is_restricted(case: str) -> None:
    for workload in workloads(case):
        pod = template(workload)["spec"]
        assert violations(pod) == [], workload["metadata"]["name"]


@every_case
def test_g18_the_namespace_enforces_the_standard(case: str) -> None:
    (namespace,) = kinds(objects_of(case), "Namespace")
    labels = namespace["metadata"]["labels"]
    for mode in ("enforce", "audit", "warn"):
        assert labels[f"pod-security.kubernetes.io/{mode}"] == "restricted"
        assert labels[f"pod-security.kubernetes.io/{mode}-version"] == "v1.37"


@every_case
def test_g18_nobody_gets_a_token_but_who_writes_the_certificate(case: str) -> None:
    for account in kinds(objects_of(case), "ServiceAccount"):
        assert account["automountServiceAccountToken"] is False
    for workload in workloads(case):
        pod = template(workload)["spec"]
        assert pod["automountServiceAccountToken"] is workload["metadata"]["name"].endswith("-acme")
        assert pod["enableServiceLinks"] is False


@every_case
def test_g18_every_root_is_read_only_and_every_container_is_bounded(case: str) -> None:
    for workload in workloads(case):
        for container in containers(template(workload)["spec"]):
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert "memory" in container["resources"]["limits"]
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys()


@every_case
def test_g18_every_image_has_an_exact_tag(case: str) -> None:
    for workload in workloads(case):
        for container in containers(template(workload)["spec"]):
            tag = container["image"].rpartition("/")[2].partition(":")[2]
            assert tag
            assert tag != "latest"


@every_case
def test_g18_no_folder_of_a_node_and_no_engine_socket(case: str) -> None:
    for workload in workloads(case):
        assert "docker.sock" not in str(workload)
        assert "hostPath" not in str(workload)


def test_the_certificate_job_may_touch_one_secret() -> None:
    role = one(objects_of("guide"), "Role", "ai-search-acme")
    (rule,) = role["rules"]
    assert rule["resources"] == ["secrets"]
    assert rule["resourceNames"] == ["ai-search-tls"]
    assert set(rule["verbs"]) == {"get", "patch", "create"}


def violations(pod: Object) -> list[str]:
    """What the standard has against a pod's spec."""
    found = [key for key in FORBIDDEN if pod.get(key)]
    context = pod["securityContext"]
    if context.get("runAsNonRoot") is not True or context.get("runAsUser", 0) == 0:
        found.append("runs as root")
    if context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        found.append("no seccomp profile")
    for volume in pod.get("volumes", []):
        found += [f"a volume of type {kind}" for kind in volume if kind not in {"name", *VOLUMES}]
    for container in containers(pod):
        own = container.get("securityContext", {})
        if own.get("allowPrivilegeEscalation") is not False:
            found.append(f"{container['name']} may gain privileges")
        if own.get("capabilities", {}).get("drop") != ["ALL"] or "add" in own["capabilities"]:
            found.append(f"{container['name']} keeps capabilities")
        if own.get("privileged") or own.get("runAsUser") == 0:
            found.append(f"{container['name']} is privileged")
        found += [
            f"{container['name']} opens a port of the node" for port in container.get("ports", []) if "hostPort" in port
        ]
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            if "host" in container.get(probe, {}).get("httpGet", {}):
                found.append(f"{container['name']} probes another host")
    return found


def test_a_pod_without_any_of_it_would_be_seen() -> None:
    bare: Object = {
        "securityContext": {},
        "volumes": [{"name": "node", "hostPath": {"path": "/"}}],
        "containers": [{"name": "app", "ports": [{"hostPort": 80}]}],
    }
    assert len(violations(bare)) == 6
