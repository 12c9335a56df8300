"""Rules on restarts, updates and room to move."""

from __future__ import annotations

from tests.checks.cases.sound import Case

LIMITED = {"rate_limit": {"requests": 30, "per": "minute"}}
SPREAD = {"targets": {"ecs": {"region": "eu-central-1"}}, "environments": {"production": {}}}

CASES: tuple[Case, ...] = (
    Case("AID401", "rate_limit.burst", 0, 1, LIMITED, severity="warning", says=("2.0 s", "30 a minute")),
    Case(
        "AID401",
        "rate_limit.burst",
        0,
        20,
        {"rate_limit": {"requests": 10, "per": "second"}},
        target="compose",
        severity="warning",
        says=("100 ms",),
    ),
    Case(
        "AID402",
        "scaling.min",
        1,
        2,
        {"environments": {"production": {}}},
        severity="warning",
        environment="production",
        says=("one replica", "1m"),
    ),
    Case(
        "AID402",
        "scaling.min",
        1,
        2,
        {"environments": {"prod": {}}},
        target="ecs",
        severity="warning",
        environment="prod",
    ),
    Case(
        "AID403",
        "targets.ecs.nat_gateways",
        "one",
        "per-zone",
        SPREAD,
        target="ecs",
        severity="warning",
        environment="production",
        says=("3 zones",),
    ),
    Case(
        "AID403",
        "scheduling.zones",
        "spread",
        "any",
        SPREAD,
        target="ecs",
        severity="warning",
        environment="production",
    ),
    Case("AID404", "targets.k8s.egress_ports", [], [443], severity="warning"),
    Case("AID404", "targets.helm.egress_ports", [], [8443], target="helm", severity="warning"),
    Case(
        "AID404",
        "network.proxy.https",
        None,
        "http://proxy.example.com:3128",
        {"targets": {"k8s": {"egress_ports": []}}},
        severity="warning",
    ),
)
