"""Every rule, by id. Ids are only ever added."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

from aisearch_deploy.findings import Finding
from aisearch_deploy.model.deployment import Deployment

RULES = {
    "AID201": "aisearch_deploy.checks.rules.state.local_state_alone",
}


class Rule(Protocol):
    """A rule is a plain module; its docstring is its documentation."""

    ID: str
    SLUG: str

    def check(self, deployment: Deployment) -> Iterator[Finding]:
        """What breaks, or nothing."""
        ...


def rule_named(rule: str) -> Rule:
    """The module of one rule. Raises KeyError."""
    return cast("Rule", import_module(RULES[rule]))


def check(deployment: Deployment) -> list[Finding]:
    """The findings of every rule."""
    return [finding for rule in RULES for finding in rule_named(rule).check(deployment)]
