"""`check`, `explain` and `rules` as a person or a pipeline sees them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from aisearch_deploy.checks.today import VARIABLE
from tests.cli.conftest import Cli
from tests.goldens import EXAMPLES

TODAY = ("--today", "2026-11-24")


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    """--today sets it for the process: here it is put back after each test."""
    monkeypatch.setenv(VARIABLE, "1795478400")


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    shutil.copy(EXAMPLES / "seed/aisearch.yaml", tmp_path / "aisearch.yaml")
    return tmp_path


@pytest.mark.usefixtures("seed")
def test_the_guides_numbers_are_shown_with_their_lines_and_fixes(cli: Cli) -> None:
    ran = cli("check", *TODAY)
    assert ran.code == 1
    assert ran.err == ""
    assert (
        "error    AID101 connection-budget  aisearch.yaml:30:20  database.max_connections\n"
        "   30 |   max_connections: 100\n"
        "      |                    ^^^\n"
        "  1,205 connections are asked for, 97 are accepted.\n"
        "  steady  4 workers x (20 + 10) connections x 10 replicas + 5 for jobs = 1,205; "
        "the database accepts 100 - 3 = 97\n"
    ) in ran.out
    assert "  Targets: k8s, cloudrun.\n  Fix:  Write database.pooler: pgbouncer.\n" in ran.out
    assert re.search(r"\n6 errors, \d+ info\.  aisearch-deploy explain AID102\n$", ran.out)


@pytest.mark.usefixtures("seed")
def test_one_target_has_its_own_numbers(cli: Cli) -> None:
    ran = cli("check", "-t", "compose", *TODAY)
    assert "365 connections" in ran.out
    assert "1,205" not in ran.out


@pytest.mark.usefixtures("seed")
def test_a_pipeline_reads_json(cli: Cli) -> None:
    found = json.loads(cli("check", "--format", "json", *TODAY).out)
    assert found["version"] == 1
    budget = next(finding for finding in found["findings"] if finding["targets"] == ["k8s", "cloudrun"])
    assert budget["rule"] == "AID101"
    assert budget["changes"] == [{"path": "database.pooler", "value": "pgbouncer"}]
    assert [line["label"] for line in budget["proof"]] == ["steady", "update", "from"]


@pytest.mark.usefixtures("seed")
def test_a_code_host_reads_sarif(cli: Cli) -> None:
    (run,) = json.loads(cli("check", "--format", "sarif", *TODAY).out)["runs"]
    errors = [result for result in run["results"] if result["level"] == "error"]
    assert {result["ruleId"] for result in errors} == {"AID101", "AID102", "AID103", "AID202", "AID701"}
    regions = [result["locations"][0]["physicalLocation"]["region"] for result in run["results"]]
    assert {"startLine": 30, "startColumn": 20} in regions


def test_a_clean_config_says_so(cli: Cli, tmp_path: Path) -> None:
    text = (EXAMPLES / "small/aisearch.yaml").read_text().replace("backup: {", "backup: {to: /mnt/copies, ")
    (tmp_path / "aisearch.yaml").write_text(text)
    ran = cli("check", "--fail-on", "warning", *TODAY)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("aisearch.yaml: nothing was found by ")


@pytest.mark.usefixtures("seed")
def test_the_day_decides_what_is_supported(cli: Cli) -> None:
    assert "AID202" not in cli("check", "--today", "2025-01-01").out
    assert "warning  AID202" in cli("check", "--today", "2026-06-01").out
    assert cli("check", "--today", "tomorrow").code == 2


def test_warnings_fail_only_when_asked(cli: Cli, tmp_path: Path) -> None:
    text = (EXAMPLES / "small/aisearch.yaml").read_text().replace('tag: "1.4.2"', "tag: main")
    (tmp_path / "aisearch.yaml").write_text(text)
    assert cli("check", *TODAY).code == 0
    assert cli("check", "--fail-on", "warning", *TODAY).code == 1


def test_render_refuses_what_cannot_work(cli: Cli, seed: Path) -> None:
    ran = cli("render", "-t", "k8s")
    assert ran.code == 1
    assert "AID101" in ran.err
    assert not (seed / "deploy").exists()
    assert cli("render", "-t", "k8s", "--ignore-errors").code == 0


def test_a_rule_is_explained_by_its_id_or_name(cli: Cli) -> None:
    by_id, by_name = cli("explain", "AID101"), cli("explain", "connection-budget")
    assert by_id.out == by_name.out
    assert by_id.out.startswith("AID101 connection-budget (error)\nThe app's pools ask")
    assert "Why it matters: pools grow only under load" in by_id.out


@pytest.mark.usefixtures("seed")
def test_a_setting_is_explained_with_its_source_and_readers(cli: Cli) -> None:
    said = cli("explain", "app.workers", "-t", "k8s").out
    assert said.startswith("app.workers = 4\n  from      config aisearch.yaml:15:12\n")
    assert "AID102 memory-budget" in said


def test_a_formula_is_explained_with_its_inputs(cli: Cli, tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "small/aisearch.yaml", tmp_path / "aisearch.yaml")
    said = cli("explain", "app.workers").out
    assert said.startswith("app.workers = 2 (auto)\n  formula   min(2 x cores + 1,")
    assert "app.memory_per_worker.rest = 1100Mi   preset small" in said


@pytest.mark.usefixtures("seed")
def test_what_is_neither_is_refused_with_the_nearest(cli: Cli) -> None:
    ran = cli("explain", "app.worker")
    assert ran.code == 2
    assert "Did you mean workers?" in ran.err


def test_rules_are_listed(cli: Cli) -> None:
    listed = json.loads(cli("rules", "--format", "json").out)["rules"]
    assert listed[0]["id"] == "AID101"
    assert {"what_it_does", "why_it_matters", "example", "fix", "references"} <= set(listed[0])
    assert "AID101  connection-budget " in cli("rules").out


WAIVER = 'waivers: [{{rule: {rule}, reason: "moves in May", until: "{until}"}}]\n'


@pytest.fixture
def moving(tmp_path: Path) -> Path:
    """A config with one warning, of AID501."""
    text = (EXAMPLES / "small/aisearch.yaml").read_text().replace('tag: "1.4.2"', "tag: main")
    text = text.replace("backup: {", "backup: {to: /mnt/copies, ")
    path = tmp_path / "aisearch.yaml"
    path.write_text(text)
    return path


def test_what_is_waived_is_shown_and_fails_nothing(cli: Cli, moving: Path) -> None:
    moving.write_text(moving.read_text() + WAIVER.format(rule="AID501", until="2027-03-01"))
    ran = cli("check", "--fail-on", "warning", *TODAY)
    assert ran.code == 0
    assert "waived   AID501 moving-tag  aisearch.yaml:" in ran.out
    assert "  Waived until 2027-03-01: moves in May\n" in ran.out
    assert ran.out.endswith("no findings, 1 waived.\n")
    (finding,) = json.loads(cli("check", "--format", "json", *TODAY).out)["findings"]
    assert finding["waived"] == {"reason": "moves in May", "until": "2027-03-01"}
    (run,) = json.loads(cli("check", "--format", "sarif", *TODAY).out)["runs"]
    (result,) = run["results"]
    assert result["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "moves in May (until 2027-03-01)"}
    ]


def test_an_expired_waiver_waives_nothing(cli: Cli, moving: Path) -> None:
    moving.write_text(moving.read_text() + WAIVER.format(rule="AID501", until="2026-01-31"))
    ran = cli("check", "--fail-on", "warning", *TODAY)
    assert ran.code == 1
    assert "AID501 moving-tag" in ran.out
    assert "AID901 expired-waiver" in ran.out


def test_an_unused_waiver_is_told_when_everything_is_checked(cli: Cli, moving: Path) -> None:
    moving.write_text(moving.read_text() + WAIVER.format(rule="AID503", until="2027-03-01"))
    assert "AID902 unused-waiver" in cli("check", *TODAY).out
    assert "AID902" not in cli("check", "-t", "compose", *TODAY).out


@pytest.mark.parametrize("command", ["validate", "check", "render"])
def test_a_waiver_of_no_rule_is_an_error(cli: Cli, moving: Path, command: str) -> None:
    moving.write_text(moving.read_text() + WAIVER.format(rule="AID999", until="2027-03-01"))
    ran = cli(command)
    assert ran.code == 2
    assert "waivers[0].rule: there is no rule AID999." in ran.err


def test_a_day_needs_quotes(cli: Cli, moving: Path) -> None:
    moving.write_text(
        moving.read_text() + WAIVER.format(rule="AID501", until="2027-03-01").replace('"2027-03-01"', "2027-03-01")
    )
    ran = cli("validate")
    assert ran.code == 2
    assert '2027-03-01 reads as a date in YAML 1.1. Write "2027-03-01".' in ran.err


def test_render_writes_what_is_waived(cli: Cli, seed: Path) -> None:
    path = seed / "aisearch.yaml"
    rules = ("AID101", "AID102", "AID202", "AID701")
    waivers = "".join(f'  - {{rule: {rule}, reason: known, until: "2027-03-01"}}\n' for rule in rules)
    path.write_text(f"{path.read_text()}waivers:\n{waivers}")
    assert cli("render", "-t", "compose").code == 0


def test_a_value_that_may_be_a_secret_is_not_shown(cli: Cli, moving: Path) -> None:
    moving.write_text(moving.read_text() + 'app: {env: {SMTP_PASSWORD: "correct7horse9battery"}}\n')
    for form in ("text", "json", "sarif"):
        shown = cli("check", "--format", form, *TODAY).out
        assert "AID513" in shown
        assert "correct7horse" not in shown


def test_a_waiver_that_one_environment_uses_is_not_unused(cli: Cli, moving: Path) -> None:
    """In production a tag alone is a warning."""
    text = moving.read_text().replace("tag: main", 'tag: "1.4.2"') + "environments: {dev: {}, production: {}}\n"
    moving.write_text(text + WAIVER.format(rule="AID501", until="2027-03-01"))
    everywhere = cli("check", "--all-environments", "--fail-on", "warning", *TODAY)
    assert everywhere.code == 0
    assert "waived   AID501" in everywhere.out
    assert "AID902" not in everywhere.out
    assert "AID902" not in cli("check", "-e", "dev", *TODAY).out
