"""A fix is written where the setting is in force, whatever block that is."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from aisearch_deploy.checks.in_force import in_force
from aisearch_deploy.checks.registry import check
from aisearch_deploy.checks.today import VARIABLE
from aisearch_deploy.config.edit import changed
from aisearch_deploy.config.load import parse
from aisearch_deploy.findings import Change, Finding
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.targets.registry import target_named
from tests.checks.cases import CASES, SOUND, Case
from tests.rendering.configs import DATA, overlaid, with_leaf

TODAY = "1795478400"  # 2026-11-24
# One setting with a value in both: a block would be laid over the other one, and not instead of it.
WRITTEN_ANYWHERE = [
    case
    for case in CASES
    if case.environment is None
    and not any(value is None or isinstance(value, dict) for value in (case.fails, case.passes))
    and "[" not in case.path
]
# The others' blocks have settings that have to be there.
WITHOUT_SETTINGS = ("compose", "k8s", "helm", "systemd")
IN_AN_OVERRIDE = [
    case
    for case in WRITTEN_ANYWHERE
    if case.target in WITHOUT_SETTINGS and not case.path.startswith(("targets", "waivers"))
]


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, TODAY)


@pytest.mark.parametrize("case", WRITTEN_ANYWHERE, ids=lambda case: f"{case.rule}-{case.path}")
def test_a_fix_mends_what_an_environment_says(case: Case) -> None:
    block = {"environments": {"staging": with_leaf({}, case.path, case.fails)}}
    _assert_mended(case, overlaid(_passing(case), block), "staging")


@pytest.mark.parametrize("case", IN_AN_OVERRIDE, ids=lambda case: f"{case.rule}-{case.path}")
def test_a_fix_mends_what_an_override_says(case: Case) -> None:
    block = {"targets": {case.target: {"override": with_leaf({}, case.path, case.fails)}}}
    _assert_mended(case, overlaid(_passing(case), block), None)


def test_a_setting_is_taken_away_everywhere() -> None:
    config = overlaid(
        SOUND,
        {
            "scaling": {"memory": "80%"},
            "environments": {"staging": {"scaling": {"memory": "70%"}}, "dev": {"scaling": {"memory": "60%"}}},
        },
    )
    changes = in_force(_deployment(yaml.safe_dump(config), "k8s", "staging"), (Change("scaling.memory", None),))
    assert changes == (Change("scaling.memory", None), Change("environments.staging.scaling.memory", None))


@pytest.mark.parametrize(
    ("block", "path"),
    [
        ({}, "app.memory.limit"),
        ({"app": {"memory": "6Gi"}}, "app.memory.limit"),
        ({"targets": {"k8s": {"override": {"app": {"cpu": "2"}}}}}, "app.memory.limit"),
        ({"targets": {"k8s": {"override": {"app": {"memory": "6Gi"}}}}}, "targets.k8s.override.app.memory.limit"),
    ],
)
def test_a_shorthand_counts_for_what_it_stands_for(block: dict[str, Any], path: str) -> None:
    deployment = _deployment(yaml.safe_dump(overlaid(SOUND, block)), "k8s", None)
    assert in_force(deployment, (Change("app.memory.limit", "8Gi"),)) == (Change(path, "8Gi"),)


def _passing(case: Case) -> dict[str, Any]:
    return with_leaf(overlaid(SOUND, case.given), case.path, case.passes)


def _assert_mended(case: Case, config: dict[str, Any], environment: str | None) -> None:
    text = yaml.safe_dump(config, sort_keys=False)
    found = _of_rule(case, text, environment)
    assert found
    for finding in found:
        assert finding.changes or finding.fix
    if all(finding.changes for finding in found):
        assert _of_rule(case, changed(text, [change for one in found for change in one.changes]), environment) == []


def _of_rule(case: Case, text: str, environment: str | None) -> list[Finding]:
    return [one for one in check(_deployment(text, case.target, environment)) if one.rule == case.rule]


def _deployment(text: str, target: str, environment: str | None) -> Deployment:
    return resolve(parse(text.encode(), str(DATA / "aisearch.yaml")), environment, target_named(target).TRAITS)
