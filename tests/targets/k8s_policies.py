"""Whether network policies let a packet through, as the API documents them.

https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

from tests.targets.k8s_cases import Object, kinds, objects_of


class Pod(NamedTuple):
    """A pod by its labels and namespace; ours unless said otherwise."""

    labels: dict[str, str]
    namespace: str = ""


class Address(NamedTuple):
    """Something outside the cluster."""

    address: str


Peer = Pod | Address


def allowed(case: str, source: Peer, destination: Peer, port: int) -> bool:
    """Both ends have to agree, each as far as it is a pod of ours."""
    policies = kinds(objects_of(case), "NetworkPolicy")
    return _side(policies, "Egress", source, destination, port) and _side(
        policies, "Ingress", destination, source, port
    )


def _side(policies: list[Object], direction: str, here: Peer, there: Peer, port: int) -> bool:
    if not isinstance(here, Pod) or here.namespace:
        return True
    selecting = [p["spec"] for p in policies if direction in p["spec"]["policyTypes"] and _selects(p["spec"], here)]
    peers, rules = ("to", "egress") if direction == "Egress" else ("from", "ingress")
    return not selecting or any(
        _port(rule, port) and ((not rule.get(peers)) or any(_peer(peer, there) for peer in rule[peers]))
        for spec in selecting
        for rule in spec.get(rules) or []
    )


def _selects(spec: Object, pod: Pod) -> bool:
    return bool(spec["podSelector"].get("matchLabels", {}).items() <= pod.labels.items())


def _port(rule: Object, port: int) -> bool:
    return "ports" not in rule or any(one["port"] == port for one in rule["ports"])


def _peer(peer: Object, there: Peer) -> bool:
    block = peer.get("ipBlock")
    if block is not None:
        return isinstance(there, Address) and _within(block, there.address)
    if not isinstance(there, Pod):
        return False
    if "namespaceSelector" not in peer and there.namespace:
        return False
    wanted: Any = peer.get("namespaceSelector", {}).get("matchLabels", {})
    if wanted and wanted != {"kubernetes.io/metadata.name": there.namespace}:
        return False
    return bool(peer.get("podSelector", {}).get("matchLabels", {}).items() <= there.labels.items())


def _within(block: Object, address: str) -> bool:
    inside = ip_address(address)
    networks = [ip_network(block["cidr"])], [ip_network(net) for net in block.get("except", [])]
    included, excluded = (any(inside in net for net in group) for group in networks)
    return included and not excluded
