"""Every rule, by id. Ids are only ever added.

1xx capacity, 2xx state, 3xx time, 4xx availability, 5xx security, 6xx the contract of the image, 7xx data, 9xx waivers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Protocol, cast

from aisearch_deploy.checks.waivers import marked
from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.model.deployment import Deployment

_RULES = "aisearch_deploy.checks.rules."
RULES = {
    "AID101": f"{_RULES}capacity.connection_budget",
    "AID102": f"{_RULES}capacity.memory_budget",
    "AID103": f"{_RULES}capacity.autoscaler_memory",
    "AID104": f"{_RULES}capacity.database_memory",
    "AID105": f"{_RULES}capacity.memory_request",
    "AID106": f"{_RULES}capacity.pooler_share",
    "AID107": f"{_RULES}capacity.requests_at_the_peak",
    "AID108": f"{_RULES}capacity.named_class",
    "AID109": f"{_RULES}capacity.sandbox_memory",
    "AID110": f"{_RULES}capacity.reserved_concurrency",
    "AID111": f"{_RULES}capacity.sold_cores",
    "AID112": f"{_RULES}capacity.unreachable_target",
    "AID113": f"{_RULES}capacity.spare_gpu",
    "AID114": f"{_RULES}capacity.azure_connections",
    "AID201": f"{_RULES}state.local_state_alone",
    "AID202": f"{_RULES}state.supported_database",
    "AID203": f"{_RULES}state.shared_uploads",
    "AID204": f"{_RULES}state.local_state_on_a_network",
    "AID301": f"{_RULES}time.cdn_silence",
    "AID302": f"{_RULES}time.cdn_uploads",
    "AID303": f"{_RULES}time.startup_deadline",
    "AID304": f"{_RULES}time.balancer_silence",
    "AID305": f"{_RULES}time.cloudfront_silence",
    "AID306": f"{_RULES}time.cold_start",
    "AID307": f"{_RULES}time.node_drain",
    "AID308": f"{_RULES}time.streams_without_a_path",
    "AID309": f"{_RULES}time.cut_by_updates",
    "AID401": f"{_RULES}availability.no_burst",
    "AID402": f"{_RULES}availability.single_replica",
    "AID403": f"{_RULES}availability.one_way_out",
    "AID404": f"{_RULES}availability.closed_egress",
    "AID501": f"{_RULES}security.moving_tag",
    "AID502": f"{_RULES}security.engine_socket",
    "AID503": f"{_RULES}security.open_cors",
    "AID504": f"{_RULES}security.plain_database",
    "AID505": f"{_RULES}security.wide_proxies",
    "AID506": f"{_RULES}security.unlimited_strangers",
    "AID507": f"{_RULES}security.injected_scripts",
    "AID508": f"{_RULES}security.untrusted_certificate",
    "AID509": f"{_RULES}security.open_cache",
    "AID510": f"{_RULES}security.key_header",
    "AID511": f"{_RULES}security.one_purpose",
    "AID512": f"{_RULES}security.unverified_calls",
    "AID513": f"{_RULES}security.secret_in_env",
    "AID514": f"{_RULES}security.plain_origin",
    "AID515": f"{_RULES}security.database_superuser",
    "AID516": f"{_RULES}security.short_hsts",
    "AID601": f"{_RULES}contract.one_meaning",
    "AID602": f"{_RULES}contract.low_user",
    "AID701": f"{_RULES}data.backup_interval",
    "AID702": f"{_RULES}data.backup_readers",
    "AID703": f"{_RULES}data.copies_beside",
    "AID704": f"{_RULES}data.readable_copies",
    "AID705": f"{_RULES}data.short_memory",
    "AID706": f"{_RULES}data.upload_disk",
    "AID707": f"{_RULES}data.backup_room",
    "AID901": f"{_RULES}waivers.expired_waiver",
    "AID902": f"{_RULES}waivers.unused_waiver",
}

# Those that can give errors, and on which targets (None: all): what `render` looks at, without loading the others.
ERRORS: dict[str, frozenset[str] | None] = {
    "AID101": None,
    "AID102": None,
    "AID103": frozenset({"ecs", "helm", "k8s"}),
    "AID106": frozenset({"cloudrun", "ecs"}),
    "AID112": frozenset({"helm", "k8s"}),
    "AID114": frozenset({"aci"}),
    "AID201": None,
    "AID202": None,
    "AID203": frozenset({"helm", "k8s"}),
    "AID301": None,
    "AID303": frozenset({"helm", "k8s"}),
    "AID304": frozenset({"ecs"}),
    "AID305": frozenset({"lambda"}),
    "AID306": frozenset({"lambda"}),
    "AID502": None,
    "AID504": None,
    "AID505": frozenset({"aci", "compose", "ecs", "helm", "k8s", "systemd"}),
    "AID510": frozenset({"aci", "cloudrun", "compose", "ecs", "helm", "k8s", "systemd"}),
    "AID511": None,
    "AID601": frozenset({"aci", "cloudrun", "compose", "ecs", "helm", "k8s", "systemd"}),
    "AID701": None,
    "AID706": frozenset({"aci", "helm", "k8s"}),
}


class Rule(Protocol):
    """A rule is a plain module; its docstring is its documentation.

    `READS` are the config paths that its verdict depends on, `TARGETS` the targets it is about (None: all), `SEVERITY`
    the highest that it gives.
    """

    ID: str
    SLUG: str
    SEVERITY: Severity
    READS: tuple[str, ...]
    TARGETS: frozenset[str] | None

    def check(self, deployment: Deployment) -> Iterator[Finding]:
        """What breaks, or nothing."""
        ...


def rule_named(rule: str) -> Rule:
    """The module of one rule. Raises KeyError."""
    return cast("Rule", import_module(RULES[rule]))


def check(deployment: Deployment) -> list[Finding]:
    """The findings of every rule that is about this deployment's target; what the config waives says so."""
    return marked(unmarked(deployment, RULES), deployment)


def errors(deployment: Deployment) -> list[Finding]:
    """The errors alone, without those that the config waives."""
    rules = [rule for rule, targets in ERRORS.items() if targets is None or deployment.target in targets]
    found = marked(unmarked(deployment, rules), deployment)
    return [finding for finding in found if finding.severity is Severity.ERROR and finding.waived is None]


def unmarked(deployment: Deployment, rules: Iterable[str]) -> list[Finding]:
    """The findings of `rules` without a look at the config's waivers."""
    found = []
    for name in rules:
        rule = rule_named(name)
        if rule.TARGETS is None or deployment.target in rule.TARGETS:
            found += [finding._replace(targets=(deployment.target,)) for finding in rule.check(deployment)]
    return found
