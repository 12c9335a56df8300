"""Whatever is wrong with a config: exit code 2, the place, what to do, and nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.bad_configs import ENVIRONMENTS, REFUSALS, SECRET, TABLES, Bad
from tests.cli.bad_files import FILES, Raw
from tests.cli.conftest import Cli, Ran
from tests.cli.folders import MINIMAL, config, picture

CASES = {f"{table}: {bad.id}": bad for table, rows in TABLES.items() for bad in rows}


def assert_refused(ran: Ran) -> None:
    assert ran.code == 2, ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert ran.seconds < 2


def write(folder: Path, text: str) -> None:
    (folder / "aisearch.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("bad", CASES.values(), ids=CASES.keys())
def test_one_thing_wrong(bad: Bad, cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, config(bad.change))
    before = picture(tmp_path)
    ran = cli("validate")
    assert_refused(ran)
    finding, summary = ran.err.splitlines()
    assert finding.startswith(f"aisearch.yaml:{bad.place}  ")
    assert bad.message in finding
    assert bad.fix in finding.partition(bad.message)[2]
    assert summary == "1 error, nothing written."
    assert SECRET not in ran.err
    assert "hunter2" not in ran.err
    if bad not in ENVIRONMENTS:  # there, render asks for -e first
        assert cli("render", "-t", "compose").err == ran.err
    assert picture(tmp_path) == before


@pytest.mark.parametrize("bad", REFUSALS, ids=[bad.id for bad in REFUSALS])
def test_what_a_named_target_cannot_carry(bad: Bad, cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, config(bad.change))
    before = picture(tmp_path)
    ran = cli("validate")
    assert_refused(ran)
    assert ran.err.startswith(f"aisearch.yaml:{bad.place}  {bad.message}")
    assert bad.fix in ran.err
    assert cli("render").err == ran.err
    every = cli("render", "--all", "--strict")
    assert (every.code, every.out) == (1, "")
    assert "not rendered: " in every.err
    assert picture(tmp_path) == before


@pytest.mark.parametrize("raw", FILES, ids=[raw.id for raw in FILES])
def test_no_config_at_all(raw: Raw, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_bytes(raw.content)
    before = picture(tmp_path)
    ran = cli("validate")
    assert_refused(ran)
    *findings, _ = ran.err.splitlines()
    assert len(findings) == raw.findings
    assert findings[0].startswith(f"aisearch.yaml:{raw.place}")
    assert raw.message in findings[0]
    assert raw.fix in findings[0]
    assert cli("render", "-t", "compose").err == ran.err
    assert cli("render", "-t", "compose", "--check").err == ran.err
    assert picture(tmp_path) == before


EVERYTHING = """\
version: 1
edition: 2026.11
name: AI
domains: [https://search.example.com, "b c"]
image: {repository: ghcr.io/example/ai-search, tag: latest}
app:
  memmory: 6Gi
  memory: 6
  env: {KEY: sk-abcdefghijklmnopqrstuvwxyz}
name: ai-search
backup: {schedule: "0 25 * * *", keep: 0644}
targets: {compose: {}, k8s: {namespce: x}}
environments:
  compose: {}
  staging: {scaling: {min: 0}}
"""
ALL_AT_ONCE = """\
aisearch.yaml:2:10  edition: 2026.11 reads as the number 2026.11. Write "2026.11".
aisearch.yaml:4:11  domains[0]: not a domain name in small letters, without scheme, port or path. \
Write search.example.com.
aisearch.yaml:4:39  domains[1]: not a domain name in small letters, without scheme, port or path. \
Write something like search.example.com.
aisearch.yaml:5:53  image.tag: latest moves under you, so no rollback is possible. Write an exact tag: "1.4.2".
aisearch.yaml:7:3  app.memmory: unknown key. Did you mean memory?
aisearch.yaml:8:11  app.memory: 6 has no unit. Write it as 512Mi, 6Gi or 10MB.
aisearch.yaml:9:14  app.env.KEY: looks like an API key; secrets never stand in the config. \
Take it out, revoke it if anybody else saw it, and write only a name under secrets.names.
aisearch.yaml:10:1  name: duplicate key, first set at aisearch.yaml:3:1. Keep one of the two.
aisearch.yaml:11:20  backup.schedule: hour 25 is past 23. Write something like "0 2 * * *" (UTC).
aisearch.yaml:11:40  backup.keep: 0644 reads as the number 420 in YAML 1.1, 644 in YAML 1.2. \
Write "0644" for the text, 420 or 644 for the number.
aisearch.yaml:12:30  targets.k8s.namespce: unknown key. Did you mean namespace?
aisearch.yaml:14:3  environments.compose: compose is a target's name, and both would be folders. \
Choose another, such as production.
aisearch.yaml:15:28  environments.staging.scaling.min: less than 1. Write at least 1.
13 errors, nothing written.
"""


def test_everything_at_once_in_the_order_of_the_file(cli: Cli, tmp_path: Path) -> None:
    """YAML, schema, environments, a secret: no kind of error hides another."""
    write(tmp_path, EVERYTHING)
    ran = cli("validate")
    assert_refused(ran)
    assert ran.err == ALL_AT_ONCE


def test_every_missing_setting_is_named(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, "preset: small\n")
    ran = cli("validate")
    assert_refused(ran)
    assert [line.split()[1] for line in ran.err.splitlines()[:-1]] == [
        "domains:",
        "edition:",
        "image:",
        "name:",
        "version:",
    ]
    assert ran.err.count("missing. ") == 5


def test_what_is_wrong_on_one_target_only_is_found_for_that_target(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, config("targets: {compose: {}, k8s: {expose: ingress}}"))
    assert "targets.k8s.ingress_class: expose: ingress needs a class." in cli("validate").err
    assert cli("render", "-t", "k8s").code == 2
    assert cli("render", "-t", "compose", "--stdout").code == 0


def test_one_mistake_for_two_targets_is_one_finding(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, config("targets: {compose: {}, k8s: {}}") + "logs: {level: LOUD}\n")
    assert cli("validate").err.count("logs.level") == 1
    assert cli("render").err.count("logs.level") == 1


def test_the_name_of_the_file_is_the_one_that_was_given(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "my config.yaml").write_text(config("nmae: x"))
    assert cli("validate", "-c", "in/my config.yaml").err.startswith("in/my config.yaml:7:1  nmae: unknown key.")


# Slow on purpose: each of these once took minutes, or would take them with the obvious code.
SLOW = {
    "unknown keys": "".join(f"key_{number}: {number}\n" for number in range(30_000)),
    "wrong names": "app:\n  env:\n" + "".join(f"    k{number}: a\n" for number in range(30_000)),
    "environments": "environments:\n" + "".join(f"  e{number}: {{}}\n" for number in range(20_000)),
    "one long word": f"cdn: {'a' * 1_000_000}\n",
    "schemes": f'labels: {{a: "{"a://" * 200_000}"}}\n',
    "traps": "labels:\n" + "".join(f"  k{number}: 0{number}\n" for number in range(50_000)),
    "aliases": f"labels: [{'*a,' * 200_000}]\n",
    "braces": f"labels: {'{' * 400_000}\n",
    "long number": f"labels: {{a: 1.{'0' * 900_000}}}\n",
    "long quoted number": f'database: {{version: "{"1" * 900_000}"}}\n',
    "dots": f'cdn: "{"a." * 400_000}"\n',
    "tag lines": "%TAG ! x\n" * 80_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_a_megabyte_of_nonsense_is_refused_in_two_seconds(name: str, cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, MINIMAL + SLOW[name])
    ran = cli("validate")
    assert_refused(ran)
    assert len(ran.err) < 300_000


def test_findings_for_machines_have_the_same_places(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, config("nmae: x"))
    ran = cli("validate", "--format", "json")
    assert (ran.code, ran.err) == (2, "")
    assert json.loads(ran.out) == {
        "version": 1,
        "findings": [
            {
                "rule": "config",
                "severity": "error",
                "path": "nmae",
                "file": "aisearch.yaml",
                "line": 7,
                "column": 1,
                "message": "unknown key.",
                "fix": "Did you mean name?",
            }
        ],
    }
