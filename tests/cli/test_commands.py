"""What each command shows when all is well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from aisearch_deploy import __version__
from aisearch_deploy.targets.registry import TARGETS, target_named
from tests.cli.conftest import Cli
from tests.cli.folders import MINIMAL, config, picture
from tests.running.fake_docker import installed

COMMANDS = ["init", "validate", "render", "check", "explain", "rules", "schema", "targets", "try"]
# The official schema, as the npm package @microsoft/jest-sarif 1.0.0-beta.0 ships it (errata 5 of SARIF 2.1.0).
SARIF = Path(__file__).with_name("sarif-2.1.0-rtm.5.json")


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command: str, option: str, cli: Cli) -> None:
    ran = cli(command, option)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: aisearch-deploy {command}")
    assert f"Example: aisearch-deploy {command}" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_help_lists_every_command_in_one_line_each(cli: Cli) -> None:
    ran = cli("--help")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.partition("Commands:")[2].partition("\n\n")[0].splitlines()[1:]
    assert [line.split()[0] for line in lines] == COMMANDS
    assert not any("..." in line for line in lines), "a summary that is cut tells nothing"
    assert "Exit codes: 0" in ran.out


def test_examples_in_the_help_are_command_lines_that_exist(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path / "bin", monkeypatch)
    (tmp_path / "aisearch.yaml").write_text(config("environments: {production: {}}"))
    for command in COMMANDS:
        line = " ".join(cli(command, "--help").out.partition("Example: aisearch-deploy ")[2].split())
        arguments = line.partition(" > ")[0].split()
        if command == "init":
            arguments.insert(1, "new.yaml")
        assert cli(*arguments).code == 0, line


def test_without_a_command_the_help_is_shown_as_wrong_use(cli: Cli) -> None:
    ran = cli()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Usage: aisearch-deploy [OPTIONS] COMMAND")


def test_version(cli: Cli) -> None:
    ran = cli("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"aisearch-deploy {__version__}\n", "")


# validate


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (MINIMAL, [], "aisearch.yaml is valid (compose).\n"),
        (config("targets: {compose: {}, k8s: {}}"), [], "aisearch.yaml is valid (compose, k8s).\n"),
        (config("targets: {}"), [], "aisearch.yaml is valid (no targets named).\n"),
        (
            config("environments: {staging: {}, production: {targets: {k8s: {}}}}"),
            [],
            "aisearch.yaml is valid (staging, production; compose, k8s).\n",
        ),
        (
            config("environments: {staging: {}, production: {}}"),
            ["-e", "staging"],
            "aisearch.yaml is valid (staging; compose).\n",
        ),
    ],
)
def test_validate_says_what_it_looked_at(text: str, options: list[str], said: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(text)
    before = picture(tmp_path)
    ran = cli("validate", *options)
    assert (ran.code, ran.out, ran.err) == (0, said, "")
    assert picture(tmp_path) == before


def test_validate_looks_at_the_chosen_environment_only(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(config("environments: {staging: {}, production: {nmae: x}}"))
    assert cli("validate", "-e", "staging").code == 0
    assert cli("validate", "-e", "production").code == 2
    assert "environments.production.nmae: unknown key." in cli("validate").err


def sarif(cli: Cli, folder: Path, text: str) -> tuple[int, dict[str, Any]]:
    (folder / "aisearch.yaml").write_text(text)
    ran = cli("validate", "--format", "sarif")
    assert ran.err == ""
    log = json.loads(ran.out)
    jsonschema.Draft4Validator(json.loads(SARIF.read_text())).validate(log)
    return ran.code, log


def test_sarif_is_sarif(cli: Cli, tmp_path: Path) -> None:
    code, log = sarif(cli, tmp_path, config("nmae: x"))
    assert code == 2
    run = log["runs"][0]
    assert run["tool"]["driver"]["name"] == "aisearch-deploy"
    assert run["tool"]["driver"]["version"] == __version__
    result = run["results"][0]
    assert result["level"] == "error"
    assert result["message"]["text"] == "nmae: unknown key. Did you mean name?"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "aisearch.yaml"}
    assert place["region"] == {"startLine": 7, "startColumn": 1}
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_without_findings_is_sarif_too(cli: Cli, tmp_path: Path) -> None:
    code, log = sarif(cli, tmp_path, MINIMAL)
    assert (code, log["runs"][0]["results"]) == (0, [])


def test_sarif_names_files_as_uris(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "my config.yaml").write_text(config("nmae: x"))
    log = json.loads(cli("validate", "-c", "my config.yaml", "--format", "sarif").out)
    jsonschema.Draft4Validator(json.loads(SARIF.read_text())).validate(log)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20config.yaml"


def test_the_sarif_schema_refuses_what_is_none(cli: Cli, tmp_path: Path) -> None:
    """A validator that accepts everything would prove nothing."""
    _, log = sarif(cli, tmp_path, config("nmae: x"))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(json.loads(SARIF.read_text())).validate(log)


def test_json_without_findings(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(MINIMAL)
    ran = cli("validate", "--format", "json")
    assert (ran.code, json.loads(ran.out), ran.err) == (0, {"version": 1, "findings": []}, "")


@pytest.mark.parametrize("format", ["json", "sarif"])
def test_a_file_that_cannot_be_read_is_no_finding(format: str, cli: Cli) -> None:
    ran = cli("validate", "--format", format)
    assert (ran.code, ran.out) == (3, "")
    assert "aisearch.yaml does not exist." in ran.err


# targets


def test_targets_is_the_guides_table_for_every_target_that_there_is(cli: Cli) -> None:
    ran = cli("targets")
    assert (ran.code, ran.err) == (0, "")
    table = ran.out.partition("\n\nNext:")[0].splitlines()
    rows = [
        "What it is",
        "Ease of setup",
        "Scalability",
        "Cost",
        "Auto-scaling",
        "Load balancing",
        "Best for",
        "Proven",
    ]
    assert [line[:16].rstrip() for line in table] == ["", *rows]
    assert table[0].split() == list(TARGETS)
    assert all("\t" not in line and line == line.rstrip() for line in table)
    assert ran.out.endswith("\nNext:  aisearch-deploy render -t TARGET\n")


def test_columns_begin_where_their_heads_do(cli: Cli) -> None:
    table = cli("targets").out.partition("\n\nNext:")[0].splitlines()
    for name in TARGETS:
        column = table[0].index(name)
        assert all(line[column - 1] == " " and line[column] != " " for line in table[1:])


def test_targets_for_machines_say_the_same(cli: Cli) -> None:
    ran = cli("targets", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    said = json.loads(ran.out)
    assert said["version"] == 1
    assert [target["name"] for target in said["targets"]] == list(TARGETS)
    for target in said["targets"]:
        module = target_named(target["name"])
        assert target["about"] == module.ABOUT
        assert target["proven"] == str(module.TIER)
        assert target["autoscaling"] is module.COMPARISON.autoscaling
        assert 1 <= target["ease"] <= 5
        assert 1 <= target["scalability"] <= 5


# render (what it writes is tested by the goldens, how it writes in tests/output)


def test_render_ends_with_the_tree_and_what_to_do_next(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(config("targets: {compose: {}, k8s: {}}"))
    ran = cli("render")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "deploy/compose/"
    assert "deploy/k8s/" in lines
    files = [line for line in lines if line.startswith("  ") and not line.startswith("       ")]
    assert f"{len(files)} files, each parsed back and compared." in lines
    for name in ("compose", "k8s"):
        written = {
            path.relative_to(tmp_path / "deploy" / name).as_posix()
            for path in (tmp_path / "deploy" / name).rglob("*")
            if path.is_file()
        }
        assert {line.split()[0] for line in files} >= written - {".aisearch-deploy"}
    following = [line for line in lines if line.startswith(("Next:  ", "       "))]
    assert following[0].startswith("Next:  cd deploy/compose && ")
    assert all(line.startswith("       cd deploy/") for line in following[1:])


def test_every_file_is_explained_in_the_tree(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(config("targets: {compose: {}, k8s: {}}"))
    for line in cli("render").out.splitlines():
        if line.startswith("  ") and not line.startswith("   "):
            path, about = line.split(maxsplit=1)
            assert path
            assert about


def test_an_unchanged_check_says_so_and_a_changed_one_names_each_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(MINIMAL)
    assert cli("render").code == 0
    before = picture(tmp_path)
    ran = cli("render", "--check")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("deploy/compose: ")
    assert ran.out.endswith(" files, as rendered.\n")
    (tmp_path / "deploy" / "compose" / "RUNBOOK.md").unlink()
    ran = cli("render", "--check")
    assert ran.code == 1
    assert ran.out.split() == ["missing", "deploy/compose/RUNBOOK.md"]
    assert ran.err.startswith("1 difference.")
    assert picture(tmp_path) == {path: what for path, what in before.items() if not path.endswith("RUNBOOK.md")}


def test_stdout_prints_files_and_writes_none(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(MINIMAL)
    before = picture(tmp_path)
    ran = cli("render", "--stdout")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("==> deploy/compose/")
    assert "==> deploy/compose/RUNBOOK.md <==\n" in ran.out
    assert picture(tmp_path) == before


def test_environments_have_folders_of_their_own(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(config("environments: {staging: {}, production: {}}"))
    assert cli("render", "-e", "staging", "-o", "out").code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"staging"}
    assert cli("render", "--all-environments", "-o", "out").code == 0
    assert (tmp_path / "out" / "production" / "compose" / "RUNBOOK.md").is_file()


def test_what_a_target_cannot_express_is_named_once_and_fails_when_strict(cli: Cli, tmp_path: Path) -> None:
    written = config("environments: {staging: {}, production: {}}") + "scheduling: {priority_class: high}\n"
    (tmp_path / "aisearch.yaml").write_text(written)
    before = picture(tmp_path)
    strict = cli("render", "-t", "compose", "--all-environments", "--strict")
    assert (strict.code, strict.out) == (1, "")
    assert strict.err.count("compose: scheduling.priority_class is not expressed: ") == 1
    assert "--strict" in strict.err
    assert picture(tmp_path) == before
    lenient = cli("render", "-t", "compose", "--all-environments")
    assert lenient.code == 0
    assert lenient.err.count("compose: scheduling.priority_class is not expressed: ") == 1
    assert lenient.err.count("\n") == 1


def test_all_targets_and_those_that_are_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(MINIMAL)
    assert cli("render", "-o", "named").code == 0
    assert {path.name for path in (tmp_path / "named").iterdir()} == {"compose"}
    every = cli("render", "--all", "-o", "every")
    assert every.code == 0
    refused = {line.partition(":")[0] for line in every.err.splitlines() if ": not rendered: " in line}
    assert {path.name for path in (tmp_path / "every").iterdir()} == set(TARGETS) - refused
    assert {"compose", "k8s", "ecs"}.isdisjoint(refused)
    assert cli("render", "-t", "k8s", "-t", "k8s", "-o", "asked").code == 0
    assert {path.name for path in (tmp_path / "asked").iterdir()} == {"k8s"}
