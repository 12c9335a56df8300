"""What `render` says of what the rules find."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisearch_deploy.checks.today import VARIABLE
from tests.cli.conftest import Cli
from tests.goldens import EXAMPLES


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1795478400")  # 2026-11-24


def test_an_error_of_several_targets_is_said_once_and_names_them(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.yaml").write_text((EXAMPLES / "seed/aisearch.yaml").read_text())
    said = cli("render").err
    assert "6 errors, nothing written." in said
    assert said.count("PostgreSQL 14 has had its last fix") == 1
    assert "[AID202] on compose, k8s, cloudrun\n" in said
    assert "\n6 errors, " in cli("check").out
