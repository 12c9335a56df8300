"""Completion, through the protocol that the shells' scripts use, and in bash itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aisearch_deploy.targets.registry import TARGETS
from tests.cli.folders import config

VARIABLE = "_AISEARCH_DEPLOY_COMPLETE"
SHELLS = {
    "bash": "complete -o default -F _aisearch_deploy_completion aisearch-deploy",
    "zsh": "#compdef aisearch-deploy",
    "fish": "complete --command aisearch-deploy",
}


def run(folder: Path, *arguments: str, **variables: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "aisearch_deploy", *arguments],
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def completed(folder: Path, line: str) -> list[str]:
    """What bash offers for the last word of `line`."""
    words = line.split(" ")
    variables = {VARIABLE: "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    return run(folder, **variables).split()


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_its_script(shell: str, tmp_path: Path) -> None:
    script = run(tmp_path, **{VARIABLE: f"source_{shell}"})
    assert SHELLS[shell] in script
    assert f"{VARIABLE}=complete_{shell}" in script


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("aisearch-deploy ", ["init", "validate", "render", "check", "explain", "rules", "schema", "targets", "try"]),
        ("aisearch-deploy ren", ["render"]),
        ("aisearch-deploy render --ta", ["--target"]),
        ("aisearch-deploy render --target ", list(TARGETS)),
        ("aisearch-deploy render -t k", ["k8s"]),
        ("aisearch-deploy init -t comp", ["compose"]),
        ("aisearch-deploy validate --format ", ["text", "json", "sarif"]),
        ("aisearch-deploy init --preset m", ["medium"]),
        ("aisearch-deploy render -e ", ["staging", "production"]),
        ("aisearch-deploy validate --env p", ["production"]),
        ("aisearch-deploy render -c other.yaml -e ", ["qa"]),
        ("aisearch-deploy render -c none.yaml -e ", []),
    ],
)
def test_what_is_offered(line: str, offered: list[str], tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text(config("environments: {staging: {}, production: {}}"))
    (tmp_path / "other.yaml").write_text(config("environments: {qa: {}}"))
    assert completed(tmp_path, line) == offered


def test_zsh_and_fish_show_what_each_means(tmp_path: Path) -> None:
    typed = {"_TYPER_COMPLETE_ARGS": "aisearch-deploy render --ta"}
    zsh = run(tmp_path, **{VARIABLE: "complete_zsh"}, **typed)
    assert '"--target":"What to render' in zsh
    fish = run(tmp_path, **{VARIABLE: "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}, **typed)
    assert fish.startswith("--target\tWhat to render")


def test_show_completion_works_in_bash_and_bash_completes(tmp_path: Path) -> None:
    (tmp_path / "aisearch-deploy").write_text(f'#!/bin/sh\nexec {sys.executable} -m aisearch_deploy "$@"\n')
    (tmp_path / "aisearch-deploy").chmod(0o755)
    script = """
eval "$(aisearch-deploy --show-completion)"
complete -p aisearch-deploy
COMP_WORDS=(aisearch-deploy render --ta) COMP_CWORD=2
_aisearch_deploy_completion aisearch-deploy
echo "offered: ${COMPREPLY[*]}"
"""
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    ran = subprocess.run(
        ["bash", "--norc", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == [
        "complete -o default -F _aisearch_deploy_completion aisearch-deploy",
        "offered: --target",
    ]
