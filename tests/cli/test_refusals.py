"""What the command line, the files around the config or the rules refuse: exit code, reason, way out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.conftest import Cli, Ran
from tests.cli.folders import MINIMAL, config, picture

FINDINGS, WRONG_USE, UNREADABLE = 1, 2, 3
TWO_ENVIRONMENTS = config("environments: {staging: {}, production: {}}")


def assert_refused(ran: Ran, code: int, *said: str) -> None:
    assert ran.code == code, ran.err
    assert ran.out == ""
    for words in said:
        assert words in ran.err
    assert "Traceback" not in ran.err
    assert "bug" not in ran.err
    assert ran.seconds < 2


class Use(NamedTuple):
    """One command line that means nothing: what is said and what is proposed."""

    id: str
    line: str
    message: str
    way_out: str
    config: str = MINIMAL


USES = [
    Use("unknown command", "rendr", "No such command 'rendr'.", "Did you mean 'render'?"),
    Use("unknown option", "render --taget k8s", "No such option: --taget", "--target"),
    Use("option of another command", "validate --check", "No such option: --check", "aisearch-deploy validate --help"),
    Use("option without its value", "render -t", "'-t' requires an argument.", "aisearch-deploy --help"),
    Use(
        "too much", "validate a b", "unexpected extra argument", "aisearch-deploy validate --help shows what there is."
    ),
    Use("unknown format", "validate --format yaml", "'yaml' is not one of 'text', 'json', 'sarif'.", "validate --help"),
    Use(
        "unknown preset",
        "init --yes --preset big x.yaml",
        "'big' is not one of 'small', 'medium', 'large'.",
        "init --help",
    ),
    Use("unknown target", "render -t compse", "There is no target compse.", "Did you mean compose?"),
    Use("nothing near", "render -t heroku", "There is no target heroku.", "There are compose, k8s, helm, systemd, "),
    Use(
        "one of two targets",
        "render -t k8s -t compse",
        "There is no target compse.",
        "aisearch-deploy targets compares",
    ),
    Use("empty target", "render -t ''", "There is no target (empty).", "There are compose, k8s, helm, systemd, "),
    Use(
        "control characters",
        "render -t 'a\x1b[2J'",
        "There is no target a\\x1b[2J.",
        "There are compose, k8s, helm, systemd, ",
    ),
    Use("-t and --all", "render -t compose --all", "-t and --all exclude each other.", "Use one of them."),
    Use(
        "-e and all",
        "render -e a --all-environments",
        "-e and --all-environments exclude each other.",
        "Use one of them.",
    ),
    Use("no environments", "render -e production", "aisearch.yaml has no environments.", "Leave -e out"),
    Use(
        "no choice", "render", "has environments: staging, production.", "Choose one with -e staging", TWO_ENVIRONMENTS
    ),
    Use(
        "slip",
        "render -e prodution",
        "no environment prodution. Did you mean production?",
        "-e production",
        TWO_ENVIRONMENTS,
    ),
    Use("other", "validate -e qa", "no environment qa. There are staging, production.", "-e staging", TWO_ENVIRONMENTS),
    Use(
        "climbing", "render -e ../..", "no environment ../... There are staging", "--all-environments", TWO_ENVIRONMENTS
    ),
    Use("empty environment", "render -e ''", "has no environment (empty). There are", "-e staging", TWO_ENVIRONMENTS),
    Use("no output", "render -o ''", "-o needs a folder.", "deploy/"),
    Use("no targets", "render", "aisearch.yaml names no targets.", "Choose with -t compose", config("targets: {}")),
    Use("nobody to ask", "init x.yaml", "init asks, and there is nobody to ask.", "Add --yes"),
    Use("init's target", "init --yes -t aks x.yaml", "--target: There is no target aks.", "Did you mean k8s?"),
    Use(
        "init's domain",
        "init --yes --domain https://a.example x.yaml",
        "--domain: not a domain name",
        "Write a.example.",
    ),
    Use("init's name", "init --yes --name A_b x.yaml", "--name: not a name of small letters", "Write a-b."),
    Use("init's email", "init --yes --email ops x.yaml", "--email: not an email address.", "ops@example.com."),
    Use(
        "init's image",
        "init --yes --image a/b x.yaml",
        "--image: neither tag nor digest",
        "Write ghcr.io/example/ai-search:1.4.2.",
    ),
    Use(
        "init's latest", "init --yes --image a/b:latest x.yaml", "--image: latest moves under you", "Write an exact tag"
    ),
    Use("init's bytes", "init --yes --name 'a\udcff' x.yaml", "--name: not a printable text.", "Nothing was written."),
]


def arguments(line: str) -> list[str]:
    return [word[1:-1] if word.startswith("'") else word for word in line.split(" ")]


@pytest.mark.parametrize("use", USES, ids=[use.id for use in USES])
def test_use(use: Use, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(use.config)
    before = picture(tmp_path)
    assert_refused(cli(*arguments(use.line)), WRONG_USE, use.message, use.way_out)
    assert picture(tmp_path) == before


def test_two_wrong_flags_of_init_are_both_named(cli: Cli, tmp_path: Path) -> None:
    ran = cli("init", "--yes", "--name", "A", "--domain", "B", "--email", "c")
    assert_refused(ran, WRONG_USE, "--name: ", "--domain: ", "--email: ")
    assert picture(tmp_path) == {}


def no_file(folder: Path) -> None:
    """Nothing at all."""
    del folder


def a_folder(folder: Path) -> None:
    (folder / "x.yaml").mkdir()


def a_folder_with_a_config(folder: Path) -> None:
    (folder / "x.yaml").mkdir()
    (folder / "x.yaml" / "aisearch.yaml").write_text(MINIMAL)


def a_broken_link(folder: Path) -> None:
    (folder / "x.yaml").symlink_to("gone.yaml")


def a_link_to_itself(folder: Path) -> None:
    (folder / "x.yaml").symlink_to("x.yaml")


def a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "x.yaml")


NO_CONFIG: list[tuple[Callable[[Path], None], str, str, str]] = [
    (no_file, "x.yaml", "x.yaml does not exist.", "Create it with aisearch-deploy init"),
    (no_file, "no/x.yaml", "no/x.yaml does not exist.", "name one with -c FILE."),
    (no_file, "a\0b", "a\0b cannot be read: ", "Name a readable file"),
    (no_file, "a" * 300, "cannot be read: File name too long.", "Name a readable file"),
    (no_file, "", ". is a directory.", "Name a file with -c FILE."),
    (a_folder, "x.yaml", "x.yaml is a directory.", "Name a file with -c FILE."),
    (a_folder_with_a_config, "x.yaml", "x.yaml is a directory.", "Name the file in it: -c x.yaml/aisearch.yaml"),
    (a_broken_link, "x.yaml", "x.yaml is a link to gone.yaml, which does not exist.", "Restore it"),
    (a_link_to_itself, "x.yaml", "cannot be read: Too many levels of symbolic links.", "Name a readable file"),
    (a_pipe, "x.yaml", "x.yaml is not a regular file.", "Save its content to a file"),
]


@pytest.mark.parametrize(("arrange", "name", "message", "way_out"), NO_CONFIG)
@pytest.mark.parametrize("command", ["validate", "render"])
def test_no_config_to_read(
    arrange: Callable[[Path], None], name: str, message: str, way_out: str, command: str, cli: Cli, tmp_path: Path
) -> None:
    arrange(tmp_path)
    before = picture(tmp_path) if arrange is not a_link_to_itself else None
    assert_refused(cli(command, "-c", name), UNREADABLE, message, way_out)
    assert before is None or picture(tmp_path) == before


def test_a_config_through_a_link_is_read(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text(MINIMAL)
    (tmp_path / "aisearch.yaml").symlink_to("real.yaml")
    assert cli("validate").code == 0


def a_file(folder: Path) -> None:
    (folder / "out").write_text("mine")


def a_link(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "out").symlink_to("elsewhere")


def a_linked_target(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "out").mkdir()
    (folder / "out" / "compose").symlink_to(folder / "elsewhere")


def a_linked_environment(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "out").mkdir()
    (folder / "out" / "staging").symlink_to(folder / "elsewhere")


def a_target_that_is_a_file(folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "compose").write_text("mine")


OUTPUTS: list[tuple[Callable[[Path], None], str]] = [
    (a_file, "out is a file"),
    (a_link, "out is a symbolic link"),
    (a_linked_target, "out/compose is a symbolic link"),
    (a_linked_environment, "out/staging is a symbolic link"),
    (a_target_that_is_a_file, "out/compose is a file"),
]


@pytest.mark.parametrize(("arrange", "message"), OUTPUTS)
def test_no_place_to_write(arrange: Callable[[Path], None], message: str, cli: Cli, tmp_path: Path) -> None:
    is_environment = arrange is a_linked_environment
    (tmp_path / "aisearch.yaml").write_text(TWO_ENVIRONMENTS if is_environment else MINIMAL)
    arrange(tmp_path)
    before = picture(tmp_path)
    options = ["-e", "staging"] if is_environment else []
    assert_refused(cli("render", "-t", "compose", "-o", "out", *options), UNREADABLE, message)
    assert picture(tmp_path) == before


LOCAL_PAIR = config("targets: {k8s: {}}") + "contract: local-state\nscaling: {min: 2, max: 2}\n"


def test_a_rule_refuses_and_can_be_ignored(cli: Cli, tmp_path: Path) -> None:
    """G14: three replicas of an app that keeps its state on local disk."""
    (tmp_path / "aisearch.yaml").write_text(LOCAL_PAIR)
    before = picture(tmp_path)
    said = (
        "aisearch.yaml:8:16  scaling.min: workers 1 x replicas 2 = 2 writers, each with a SQLite of its own.",
        "Write app.workers: 1 and scaling.min: 1 and scaling.max: 1. Or contract: shared-state.",
        "[AID201]",
    )
    assert cli("validate").code == 0
    refused = cli("render", "-t", "k8s")
    assert_refused(refused, FINDINGS, *said, "1 error, nothing written.", "--ignore-errors")
    assert picture(tmp_path) == before
    ignored = cli("render", "-t", "k8s", "--ignore-errors")
    assert ignored.code == 0
    assert all(words in ignored.err for words in said)
    assert "1 error, ignored." in ignored.err
    assert (tmp_path / "deploy" / "k8s" / "RUNBOOK.md").is_file()


@pytest.mark.parametrize("options", [["--check"], ["--stdout"], []])
def test_a_rule_refuses_whatever_render_is_to_do(options: list[str], cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(LOCAL_PAIR)
    assert_refused(cli("render", "-t", "k8s", *options), FINDINGS, "[AID201]")


def test_an_edited_file_is_not_replaced_unasked(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(MINIMAL)
    assert cli("render", "-t", "compose").code == 0
    runbook = tmp_path / "deploy" / "compose" / "RUNBOOK.md"
    written = runbook.read_text()
    runbook.write_text(written + "mine\n")
    (tmp_path / "aisearch.yaml").write_text(MINIMAL + "logs: {level: DEBUG}\n")
    before = picture(tmp_path)
    assert_refused(cli("render", "-t", "compose"), FINDINGS, "deploy/compose/RUNBOOK.md", "--overwrite")
    assert picture(tmp_path) == before
    assert cli("render", "-t", "compose", "--overwrite").code == 0
    assert runbook.read_text() == written
