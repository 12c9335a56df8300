from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aisearch_deploy.output.record import NAME, config_hash
from aisearch_deploy.output.rendered import RenderedFile, record_of
from aisearch_deploy.output.unchanged import is_unchanged
from aisearch_deploy.output.writer import write_folder

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIG = config_hash(b"name: search\n", "production")
FILES = {"compose.yaml": RenderedFile(b"a\n"), "bin/verify.sh": RenderedFile(b"b\n", executable=True)}


@dataclass(frozen=True)
class Place:
    config_folder: Path

    @property
    def folder(self) -> Path:
        return self.config_folder / "deploy/compose"

    @property
    def patches(self) -> Path:
        return self.config_folder / "patches/compose"

    def is_unchanged(self, *, tool: str = "1.0.0", config: str = CONFIG) -> bool:
        return is_unchanged(
            self.folder, tool=tool, config=config, config_folder=self.config_folder, patches=self.patches
        )


def render(place: Place, inputs: list[str]) -> None:
    hashes = {path: hashlib.sha256((place.config_folder / path).read_bytes()).hexdigest() for path in inputs}
    record = record_of(FILES, tool="1.0.0", edition="2026.11", config=CONFIG, inputs=hashes)
    write_folder(place.folder, FILES, record, overwrite=False)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    for path in ("patches/compose/a.yaml", "patches/compose/deep/b.yaml", "patches/k8s/other.yaml", "ca.pem"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("input\n")
    render(place, ["patches/compose/a.yaml", "patches/compose/deep/b.yaml", "ca.pem"])
    return place


def test_nothing_has_changed(place: Place) -> None:
    assert place.is_unchanged()


def test_without_patches(tmp_path: Path) -> None:
    place = Place(tmp_path)
    render(place, [])
    assert place.is_unchanged()
    place.patches.mkdir(parents=True)
    assert place.is_unchanged()


def test_relative_paths(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place.config_folder)
    assert Place(Path()).is_unchanged()


def test_what_is_not_about_this_target_does_not_count(place: Place) -> None:
    (place.config_folder / "patches/k8s/other.yaml").write_text("changed\n")
    (place.config_folder / "patches/compose.yaml").write_text("new\n")
    (place.folder / "mine.yaml").write_text("mine\n")
    assert place.is_unchanged()


@pytest.mark.parametrize("arguments", [{"tool": "1.0.1"}, {"config": config_hash(b"name: search\n", "staging")}])
def test_another_tool_or_config(place: Place, arguments: dict[str, str]) -> None:
    assert not place.is_unchanged(**arguments)


def swap_for_link(path: Path) -> None:
    path.rename(path.with_name("real"))
    path.symlink_to("real")


def swap_for_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def swap_for_file(path: Path) -> None:
    shutil.rmtree(path)
    path.write_text("")


def add_conflict(path: Path) -> None:
    path.write_text(path.read_text() + "<<<<<<< a\n=======\n>>>>>>> b\n")


CHANGES: dict[str, Callable[[Place], object]] = {
    "no folder": lambda place: shutil.rmtree(place.folder),
    "no record": lambda place: (place.folder / NAME).unlink(),
    "damaged record": lambda place: (place.folder / NAME).write_text("damaged\n"),
    "record not UTF-8": lambda place: (place.folder / NAME).write_bytes(b"\xff"),
    "record in conflict": lambda place: add_conflict(place.folder / NAME),
    "record is a link": lambda place: swap_for_link(place.folder / NAME),
    "file edited": lambda place: (place.folder / "compose.yaml").write_text("edit\n"),
    "file deleted": lambda place: (place.folder / "compose.yaml").unlink(),
    "file is a link": lambda place: swap_for_link(place.folder / "compose.yaml"),
    "file is a folder": lambda place: swap_for_folder(place.folder / "compose.yaml"),
    "file's folder is a link": lambda place: swap_for_link(place.folder / "bin"),
    "folder is a link": lambda place: swap_for_link(place.folder),
    "executable bit lost": lambda place: (place.folder / "bin/verify.sh").chmod(0o644),
    "input edited": lambda place: (place.config_folder / "ca.pem").write_text("edit\n"),
    "input deleted": lambda place: (place.config_folder / "ca.pem").unlink(),
    "input is a link": lambda place: swap_for_link(place.config_folder / "ca.pem"),
    "patch edited": lambda place: (place.patches / "deep/b.yaml").write_text("edit\n"),
    "patch deleted": lambda place: (place.patches / "a.yaml").unlink(),
    "patch added": lambda place: (place.patches / "deep/c.yaml").write_text(""),
    "patches deleted": lambda place: shutil.rmtree(place.patches),
    "patch is a link": lambda place: swap_for_link(place.patches / "a.yaml"),
    "patch folder is a link": lambda place: swap_for_link(place.patches / "deep"),
    "patches are a link": lambda place: swap_for_link(place.patches),
    "patches are a file": lambda place: swap_for_file(place.patches),
    "patch is a pipe": lambda place: os.mkfifo(place.patches / "pipe"),
}


@pytest.mark.parametrize("change", list(CHANGES.values()), ids=list(CHANGES))
def test_anything_odd_is_for_the_slow_path(place: Place, change: Callable[[Place], object]) -> None:
    change(place)
    assert not place.is_unchanged()


def test_patches_outside_the_configs_folder(place: Place, tmp_path: Path) -> None:
    assert not is_unchanged(
        place.folder, tool="1.0.0", config=CONFIG, config_folder=place.config_folder, patches=tmp_path.parent
    )


def test_nothing_heavy_is_imported() -> None:
    script = "import sys, aisearch_deploy.output.unchanged, aisearch_deploy.output.record; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = {"pydantic", "jinja2", "yaml", "typer", "rich", "ruamel", "ctypes", "fcntl", "json", "shutil", "subprocess"}
    assert heavy.isdisjoint(set(done.stdout.split()) - set(sys.builtin_module_names))
