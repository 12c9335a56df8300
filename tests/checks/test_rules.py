"""Each rule refuses what it is about, accepts the same config with one setting changed, and its fix is that change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from aisearch_deploy.checks.documentation import SECTIONS, sections, title
from aisearch_deploy.checks.registry import ERRORS, RULES, check, rule_named
from aisearch_deploy.checks.today import VARIABLE
from aisearch_deploy.config.edit import changed
from aisearch_deploy.config.load import parse
from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.targets.registry import TARGETS, target_named
from tests.checks.cases import CASES, SOUND, Case
from tests.goldens import examples
from tests.rendering.configs import DATA, overlaid, with_leaf
from tests.rendering.leaves import leaves

TODAY = "1795478400"  # 2026-11-24
EVERY_RULE = pytest.mark.parametrize("rule", RULES)
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.path}-{case.severity}")

# Ids are only ever added: people name them in waivers.
KNOWN = (
    "AID101 connection-budget",
    "AID102 memory-budget",
    "AID103 autoscaler-memory",
    "AID104 database-memory",
    "AID105 memory-request",
    "AID106 pooler-share",
    "AID107 requests-at-the-peak",
    "AID108 named-class",
    "AID109 sandbox-memory",
    "AID110 reserved-concurrency",
    "AID111 sold-cores",
    "AID112 unreachable-target",
    "AID113 spare-gpu",
    "AID114 azure-connections",
    "AID201 local-state-alone",
    "AID202 supported-database",
    "AID203 shared-uploads",
    "AID204 local-state-on-a-network",
    "AID301 cdn-silence",
    "AID302 cdn-uploads",
    "AID303 startup-deadline",
    "AID304 balancer-silence",
    "AID305 cloudfront-silence",
    "AID306 cold-start",
    "AID307 node-drain",
    "AID308 streams-without-a-path",
    "AID309 cut-by-updates",
    "AID401 no-burst",
    "AID402 single-replica",
    "AID403 one-way-out",
    "AID404 closed-egress",
    "AID501 moving-tag",
    "AID502 engine-socket",
    "AID503 open-cors",
    "AID504 plain-database",
    "AID505 wide-proxies",
    "AID506 unlimited-strangers",
    "AID507 injected-scripts",
    "AID508 untrusted-certificate",
    "AID509 open-cache",
    "AID510 key-header",
    "AID511 one-purpose",
    "AID512 unverified-calls",
    "AID513 secret-in-env",
    "AID514 plain-origin",
    "AID515 database-superuser",
    "AID516 short-hsts",
    "AID601 one-meaning",
    "AID602 low-user",
    "AID701 backup-interval",
    "AID702 backup-readers",
    "AID703 copies-beside",
    "AID704 readable-copies",
    "AID705 short-memory",
    "AID706 upload-disk",
    "AID707 backup-room",
    "AID901 expired-waiver",
    "AID902 unused-waiver",
)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, TODAY)


def test_ids_are_kept() -> None:
    assert tuple(f"{rule} {rule_named(rule).SLUG}" for rule in RULES) == KNOWN


def test_render_knows_which_rules_can_refuse_without_loading_them() -> None:
    able = [rule for rule in RULES if rule_named(rule).SEVERITY is Severity.ERROR]
    assert {rule: rule_named(rule).TARGETS for rule in able} == ERRORS


@EVERY_RULE
def test_a_rule_is_documented(rule: str) -> None:
    found = rule_named(rule)
    assert rule == found.ID
    assert found.SLUG.replace("-", "_") == RULES[rule].rpartition(".")[2]
    assert title(found).endswith(".")
    assert tuple(sections(found)) == SECTIONS
    assert "https://" in sections(found)["References"]
    assert found.TARGETS is None or set(TARGETS) >= found.TARGETS


@EVERY_RULE
def test_a_rule_reads_settings_that_exist(rule: str) -> None:
    assert set(rule_named(rule).READS) <= set(leaves())


@EVERY_RULE
def test_a_rule_has_a_case_of_its_highest_severity(rule: str) -> None:
    assert str(rule_named(rule).SEVERITY) in {case.severity for case in CASES if case.rule == rule}


@EVERY_CASE
def test_one_setting_makes_the_difference(case: Case) -> None:
    (finding,) = findings(case, case.fails)
    assert finding.severity == Severity(case.severity)
    assert findings(case, case.passes) == []
    assert finding.position is not None
    shown = " ".join([finding.message, *(proof.text for proof in finding.proof)])
    for words in case.says:
        assert words in shown


@EVERY_CASE
def test_the_setting_is_one_that_the_rule_reads(case: Case) -> None:
    reads = rule_named(case.rule).READS
    assert any(read == case.path or read.startswith((f"{case.path}.", f"{case.path}[")) for read in reads)


@EVERY_CASE
def test_its_changes_make_the_finding_go_away_and_touch_nothing_else(case: Case) -> None:
    text = written(case, case.fails)
    (finding,) = of_rule(case, text)
    if not finding.changes:
        assert finding.fix
        return
    mended = changed(text, finding.changes)
    assert of_rule(case, mended) == []
    paths = {change.path for change in finding.changes}
    for path in differing(yaml.safe_load(text), yaml.safe_load(mended)):
        assert any(path == named or named.startswith(f"{path}.") for named in paths), path


@EVERY_CASE
def test_a_fix_says_what_to_write(case: Case) -> None:
    (finding,) = findings(case, case.fails)
    assert finding.fix.endswith((".", '"'))
    for change in finding.changes:
        assert change.path in finding.fix


def test_a_sound_config_has_no_findings() -> None:
    for target in TARGETS:
        deployment = resolve(document(SOUND), None, target_named(target).TRAITS)
        assert [finding for finding in check(deployment) if finding.severity is not Severity.INFO] == []


@pytest.mark.parametrize("example", [name for name in examples() if name != "seed"])
def test_an_example_is_clean_on_the_targets_that_it_names(example: str) -> None:
    from aisearch_deploy.commands.check import Request, gathered
    from aisearch_deploy.commands.reading import read_config
    from tests.goldens import EXAMPLES

    read = read_config(str(EXAMPLES / example / "aisearch.yaml"))
    found = gathered(read, Request(all_environments=True))
    assert [finding for finding in found if finding.severity is not Severity.INFO] == []


def test_g25_g26_g31_g33_g35_the_guides_own_numbers_are_refused_for_each_target() -> None:
    from aisearch_deploy.commands.check import Request, gathered
    from aisearch_deploy.commands.reading import read_config
    from tests.goldens import EXAMPLES

    every = gathered(read_config(str(EXAMPLES / "seed/aisearch.yaml")), Request())
    found = [finding for finding in every if finding.severity is not Severity.INFO]
    told = {(finding.rule, finding.targets, finding.message) for finding in found}
    everywhere = ("compose", "k8s", "cloudrun")
    assert told == {
        ("AID101", ("compose",), "365 connections are asked for, 97 are accepted."),
        ("AID101", ("k8s", "cloudrun"), "1,205 connections are asked for, 97 are accepted."),
        ("AID102", everywhere, "a replica needs 5.5 GiB at the peak and is killed at 4.0 GiB."),
        ("AID103", ("k8s",), "idle workers hold 215 % of the requested memory; at 80 % replicas are added."),
        ("AID202", everywhere, "PostgreSQL 14 has had its last fix on 2026-11-12."),
        (
            "AID701",
            everywhere,
            "up to 1d and the time of a backup may be lost, more than backup.rpo (1d).",
        ),
    }
    assert {finding.severity for finding in found} == {Severity.ERROR}


def findings(case: Case, value: Any) -> list[Finding]:
    """What the case's rule finds with `value` at its setting."""
    return of_rule(case, written(case, value))


def of_rule(case: Case, text: str) -> list[Finding]:
    read = parse(text.encode(), str(DATA / "aisearch.yaml"))
    deployment = resolve(read, case.environment, target_named(case.target).TRAITS)
    return [finding for finding in check(deployment) if finding.rule == case.rule]


def written(case: Case, value: Any) -> str:
    config = overlaid(SOUND, case.given)
    return yaml.safe_dump(config if value is None else with_leaf(config, case.path, value), sort_keys=False)


def document(config: dict[str, Any]) -> Any:
    return parse(yaml.safe_dump(config).encode(), str(DATA / "aisearch.yaml"))


def differing(one: Any, other: Any, path: str = "") -> list[str]:
    """The paths at which two trees differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        found = []
        for key in {*one, *other}:
            found += differing(one.get(key), other.get(key), f"{path}.{key}" if path else str(key))
        return found
    return [] if one == other else [path]


def test_every_file_of_rules_is_registered() -> None:
    from aisearch_deploy.checks import rules

    folder = Path(rules.__file__).parent
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if path.name != "__init__.py"}
    assert files == {f"{module.split('.rules.')[1].replace('.', '/')}.py" for module in RULES.values()}
