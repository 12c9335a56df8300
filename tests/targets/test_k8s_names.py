"""Names, labels and quantities are ones that the API server takes; its schemas say only that they are texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.targets.k8s_cases import CASES, Object, config, kinds, objects_of, template, workloads

DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
DNS_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
QUANTITY = re.compile(r"[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?")
LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
QUANTITIES = ("cpu", "memory", "storage", "sizeLimit")
# A StatefulSet's pods carry its name, a dash and a hash of ten as a label; a CronJob's Jobs its name and eleven more.
LONGEST = {"StatefulSet": 52, "CronJob": 52, "Cluster": 50}

every_case = pytest.mark.parametrize("case", CASES)


@every_case
def test_every_name_is_one(case: str) -> None:
    for document in objects_of(case):
        name = document["metadata"]["name"]
        assert DNS_LABEL.fullmatch(name), name
        assert len(name) <= LONGEST.get(document["kind"], 63), name
    for workload in workloads(case):
        pod = template(workload)["spec"]
        inside = [*pod["containers"], *pod.get("initContainers", []), *pod.get("volumes", [])]
        for name in (part["name"] for part in inside):
            assert DNS_LABEL.fullmatch(name), name


@every_case
def test_every_object_says_its_namespace(case: str) -> None:
    """A file that is applied alone must not land in whatever namespace kubectl happens to use."""
    wanted = config(case).get("targets", {}).get("k8s", {}).get("namespace", config(case)["name"])
    for document in objects_of(case):
        if document["kind"] not in ("Namespace", "ConfigMap"):
            assert document["metadata"]["namespace"] == wanted, document["metadata"]["name"]


@every_case
def test_every_port_name_is_one(case: str) -> None:
    for name in (value for key, value in _pairs(list(objects_of(case))) if key == "port" and isinstance(value, str)):
        assert re.fullmatch(r"[a-z]([-a-z0-9]{0,13}[a-z0-9])?", name)


@every_case
def test_every_quantity_is_one(case: str) -> None:
    found = [
        value
        for document in kinds(objects_of(case), "Deployment", "StatefulSet", "Job", "CronJob", "PersistentVolumeClaim")
        for key, value in _pairs(document)
        if key in QUANTITIES and not isinstance(value, dict)
    ]
    assert found
    for value in found:
        assert isinstance(value, str)
        assert QUANTITY.fullmatch(value), value


@every_case
def test_every_label_is_one(case: str) -> None:
    for document in objects_of(case):
        for value in document["metadata"].get("labels", {}).values():
            assert isinstance(value, str)
            assert LABEL_VALUE.fullmatch(value)


@every_case
def test_requests_are_at_most_limits(case: str) -> None:
    for workload in workloads(case):
        for resources in (value for key, value in _pairs(workload) if key == "resources" and "limits" in value):
            for what, limit in resources["limits"].items():
                asked = resources["requests"].get(what, limit)
                assert _number(asked) <= _number(limit)


@every_case
def test_every_part_says_whose_it_is(case: str) -> None:
    for document in objects_of(case):
        if document["kind"] not in ("ConfigMap", "Namespace"):
            assert {"app.kubernetes.io/name", "app.kubernetes.io/component"} <= document["metadata"]["labels"].keys()


def _number(quantity: Any) -> float:
    text = str(quantity)
    factors = {"m": 1e-3, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
    for unit, factor in factors.items():
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * factor
    return float(text)


def _pairs(tree: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key, value
            yield from _pairs(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _pairs(value)


def test_a_wrong_quantity_would_be_seen() -> None:
    broken: Object = {"a": [{"resources": {"limits": {"memory": "2 Gi"}}}]}
    assert [value for key, value in _pairs(broken) if key == "memory" and not QUANTITY.fullmatch(value)]
