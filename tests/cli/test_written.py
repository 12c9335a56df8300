"""What `render` says: everything the first time, afterwards what has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisearch_deploy.cli import run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with a config that has been rendered once."""
    monkeypatch.chdir(tmp_path)
    assert run(["init", "--yes", "-t", "compose", "-t", "k8s"]) == 0
    assert run(["render"]) == 0
    first = capsys.readouterr().out
    assert "deploy/compose/\n  compose.yaml" in first
    assert "Next:  cd deploy/compose && " in first
    return tmp_path


def test_a_second_render_has_nothing_to_say(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert run(["render"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["deploy/compose/  nothing has changed", "deploy/k8s/  nothing has changed"]
    assert not any(line.startswith("Next:") for line in lines)


def test_a_changed_setting_shows_the_files_that_it_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = folder / "aisearch.yaml"
    config.write_text(config.read_text().replace("keep: 30d", "keep: 20d"))
    assert run(["render", "-t", "compose"]) == 0
    out = capsys.readouterr().out
    assert "  backup.sh " in out
    assert "  compose.yaml " not in out
    assert 'Next:  read the difference, then see RUNBOOK.md, "Update"' in out


def test_a_file_that_is_gone_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = folder / "aisearch.yaml"
    config.write_text(config.read_text() + "vector_store: {engine: external, url_secret: VECTOR_STORE_URL}\n")
    assert run(["render", "-t", "compose"]) == 0
    assert "  db/init/10-vector.sh  removed: no longer rendered" in capsys.readouterr().out
    assert not (folder / "deploy/compose/db/init/10-vector.sh").exists()
