"""What is waived is shown, counts for no verdict, and only as long as somebody answers for it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from aisearch_deploy.checks.registry import RULES, check
from aisearch_deploy.checks.today import VARIABLE
from aisearch_deploy.checks.waivers import unused_everywhere, wrong_waivers
from aisearch_deploy.config.load import parse
from aisearch_deploy.findings import Finding
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.targets.registry import target_named
from tests.checks.cases import SOUND
from tests.rendering.configs import DATA, overlaid

MOVING = {"image": {"tag": "main"}}
TODAY = "1795478400"  # 2026-11-24


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, TODAY)


def deployment(config: dict[str, Any], target: str = "k8s") -> Deployment:
    text = yaml.safe_dump(overlaid(SOUND, config), sort_keys=False)
    return resolve(parse(text.encode(), str(DATA / "aisearch.yaml")), None, target_named(target).TRAITS)


def waiver(rule: str = "AID501", until: str = "2027-03-01", reason: str = "moves in May") -> dict[str, str]:
    return {"rule": rule, "reason": reason, "until": until}


def of(rule: str, findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


@pytest.mark.parametrize(("until", "holds"), [("2026-11-23", False), ("2026-11-24", True), ("2027-03-01", True)])
def test_a_waiver_holds_up_to_its_last_day(until: str, holds: bool) -> None:
    findings = check(deployment(MOVING | {"waivers": [waiver(until=until)]}))
    (finding,) = of("AID501", findings)
    assert (finding.waived is not None) is holds
    assert bool(of("AID901", findings)) is not holds
    assert of("AID902", findings) == []


def test_only_the_rule_that_it_names_is_waived() -> None:
    findings = check(deployment(MOVING | {"app": {"cors_origins": ["*"]}, "waivers": [waiver()]}))
    assert {
        finding.rule: finding.waived is not None for finding in findings if finding.rule in ("AID501", "AID503")
    } == {
        "AID501": True,
        "AID503": False,
    }


def test_the_first_waiver_that_holds_is_shown() -> None:
    waivers = [waiver(until="2026-01-01", reason="old"), waiver(reason="first"), waiver(reason="second")]
    (finding,) = of("AID501", check(deployment(MOVING | {"waivers": waivers})))
    assert finding.waived is not None
    assert (finding.waived.reason, finding.waived.until) == ("first", "2027-03-01")


@pytest.mark.parametrize("rule", ["AID901", "AID902"])
def test_what_is_said_about_waivers_cannot_be_waived(rule: str) -> None:
    (finding,) = wrong_waivers(deployment({"waivers": [waiver(rule)]}), RULES)
    assert finding.message == f"{rule} cannot be waived."


def test_a_rule_that_there_is_not_cannot_be_waived() -> None:
    (finding,) = wrong_waivers(deployment({"waivers": [waiver(), waiver("AID999")]}), RULES)
    assert (finding.path, finding.message) == ("waivers[1].rule", "there is no rule AID999.")
    assert finding.position is not None


def test_a_waiver_that_one_target_uses_is_not_unused() -> None:
    """AID103 is about an autoscaler: compose has none."""
    config = {
        "app": {"workers": 2, "memory": {"request": "2Gi", "limit": "6Gi"}},
        "scaling": {"memory": "80%"},
        "waivers": [waiver("AID103")],
    }
    compose, k8s = (check(deployment(config, target)) for target in ("compose", "k8s"))
    assert of("AID902", compose)
    assert of("AID902", k8s) == []
    assert of("AID902", unused_everywhere([*compose, *k8s])) == []
    assert of("AID902", unused_everywhere(compose))
