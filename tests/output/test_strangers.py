"""Files in a target folder that are not ours."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aisearch_deploy.errors import FileProblem
from aisearch_deploy.output import disk, staging, swap
from aisearch_deploy.output.writer import write_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from aisearch_deploy.output.rendered import RenderedFolder
    from tests.output.conftest import Picture, Render

OLD = {"compose.yaml": "old\n", "nginx/nginx.conf": "old\n", "gone/gone.yaml": "old\n"}
NEW = {"compose.yaml": "new\n", "nginx/nginx.conf": "old\n"}


def write(folder: Path, content: RenderedFolder, *, overwrite: bool = False) -> None:
    write_folder(folder, content.files, content.record, overwrite=overwrite)


@pytest.fixture(params=["exchange", "two renames"], autouse=True)
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "two renames":
        monkeypatch.setattr(swap, "exchange", lambda _one, _other: False)


@pytest.fixture(params=["hard links", "no hard links"], autouse=True)
def links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "no hard links":
        monkeypatch.setattr(staging, "_link", lambda _source, _target: False)


@pytest.fixture
def folder(tmp_path: Path, render: Render) -> Path:
    folder = tmp_path / "compose"
    write(folder, render(OLD))
    return folder


def settle(folder: Path) -> dict[str, os.stat_result]:
    """Gives everything an old time, and returns what must not change."""
    for path in sorted(folder.rglob("*"), reverse=True):
        os.utime(path, ns=(1_600_000_000_000_000_000, 1_600_000_000_000_000_123), follow_symlinks=False)
    return {path.relative_to(folder).as_posix(): path.lstat() for path in folder.rglob("*")}


def assert_same(folder: Path, before: dict[str, os.stat_result], paths: list[str]) -> None:
    for path in paths:
        then, now = before[path], (folder / path).lstat()
        assert (now.st_ino, now.st_mode, now.st_mtime_ns) == (then.st_ino, then.st_mode, then.st_mtime_ns), path


def test_they_stay_as_they_are(folder: Path, render: Render, picture: Picture) -> None:
    (folder / ".env").write_text("mine\n")
    (folder / ".env").chmod(0o600)
    (folder / "nginx/extra.conf").write_text("mine\n")
    (folder / "data/deep/er").mkdir(parents=True, mode=0o700)
    (folder / "data/deep/file").write_text("mine\n")
    (folder / "data/deep/file").chmod(0o4711)
    (folder / "nginx/certs").mkdir()
    (folder / "nginx/certs/key").write_text("mine\n")
    (folder / "empty").mkdir(mode=0o2750)
    (folder / "gone/mine").write_text("mine\n")
    (folder / "link").symlink_to("compose.yaml")
    (folder / "dangling").symlink_to("/nowhere/at/all")
    (folder / "nginx/folder-link").symlink_to("../data")
    os.mkfifo(folder / "pipe")
    os.link(folder / ".env", folder / "hard")
    before = settle(folder)
    strangers = [path for path in before if path not in {*OLD, ".aisearch-deploy", "nginx", "gone"}]
    seen = {path: look for path, look in picture_without_pipe(folder, picture).items() if path.rstrip("/") in strangers}

    write(folder, render(NEW))

    assert_same(folder, before, strangers)
    after = picture_without_pipe(folder, picture)
    assert after == seen | {
        "compose.yaml": "644 new\n",
        "nginx/": "755",
        "nginx/nginx.conf": "644 old\n",
        "gone/": "755",
    }
    assert [path.name for path in folder.parent.iterdir()] == ["compose"]


def picture_without_pipe(folder: Path, picture: Picture) -> dict[str, str]:
    pipe = folder / "pipe"
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    pipe.rename(folder.parent / "pipe")
    try:
        return picture(folder)
    finally:
        (folder.parent / "pipe").rename(pipe)


def test_a_huge_folder_is_not_walked(folder: Path, render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "node_modules/a").mkdir(parents=True)
    walked: list[Path] = []

    def watched(real: Callable[[Path], Any]) -> Callable[[Path], Any]:
        def walk(path: Path) -> Any:
            walked.append(Path(path))
            return real(path)

        return walk

    monkeypatch.setattr(os, "scandir", watched(os.scandir))
    monkeypatch.setattr(os, "listdir", watched(os.listdir))
    write(folder, render(NEW))
    assert folder / "nginx" in walked
    assert not [path for path in walked if "node_modules" in path.parts]


def test_an_open_folder_stays_the_same_folder(folder: Path, render: Render) -> None:
    """A container that has mounted it goes on writing where everybody sees it."""
    (folder / "data").mkdir()
    descriptor = os.open(folder / "data", os.O_RDONLY)
    try:
        write(folder, render(NEW))
        os.close(os.open("written-later", os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=descriptor))
    finally:
        os.close(descriptor)
    assert (folder / "data/written-later").exists()


def test_a_log_that_is_being_written_is_no_reason_to_stop(
    folder: Path, render: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = (folder / "app.log").open("a", buffering=1)
    real = os.chmod

    def log_then_chmod(*args: Any, **kwargs: Any) -> None:
        log.write("line\n")
        real(*args, **kwargs)

    monkeypatch.setattr(os, "chmod", log_then_chmod)
    with log:
        write(folder, render(NEW))
        log.write("end\n")
    assert (folder / "app.log").read_text().startswith("line\nline\n")
    assert (folder / "app.log").read_text().endswith("line\nend\n")


def test_a_stranger_replaced_while_rendering_is_not_lost(
    folder: Path, render: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saves by renaming: the new file must not go with the old state."""
    (folder / "mine").write_text("before\n")
    real = disk.sync

    def save_then_sync(path: Path) -> None:
        """Syncing is the last thing before the swap."""
        if path.name == "tree":
            (folder.parent / "saved").write_text("after!\n")
            (folder.parent / "saved").rename(folder / "mine")
        real(path)

    monkeypatch.setattr(disk, "sync", save_then_sync)
    with suppress(FileProblem):
        write(folder, render(NEW))
    assert (folder / "mine").read_text() == "after!\n"


def test_names_that_are_not_utf_8(folder: Path, render: Render) -> None:
    (folder / os.fsdecode(b"file-\xff")).write_text("mine\n")
    (folder / os.fsdecode(b"folder-\xff")).mkdir()
    write(folder, render(NEW))
    names = {os.fsencode(path.name) for path in folder.iterdir()}
    assert {b"file-\xff", b"folder-\xff"} <= names


def test_the_folders_own_mode_stays(folder: Path, render: Render) -> None:
    folder.chmod(0o700)
    (folder / "nginx").chmod(0o750)
    write(folder, render(NEW))
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "nginx")] == [0o700, 0o750]


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize(
    ("stranger", "files", "message"),
    [
        ("conf", {"conf/app.yaml": "new\n"}, "conf is a file, and a folder is to be written there"),
        ("nginx/conf", {"nginx/conf/a/b": "new\n"}, "nginx/conf is a file, and a folder is to be written there"),
        ("conf/mine", {"conf": "new\n"}, "conf is a folder, and a file is to be written there"),
        (
            ".aisearch-deploy/mine",
            {"compose.yaml": "old\n"},
            ".aisearch-deploy is a folder, and a file is to be written there",
        ),
        ("compose.yaml/mine", {}, "compose.yaml is a folder, and a file is to be written there"),
        ("gone/mine", {"gone": "new\n"}, "gone is a folder, and a file is to be written there"),
    ],
)
def test_they_are_not_lost_to_a_name_that_is_needed(
    folder: Path, render: Render, picture: Picture, stranger: str, files: dict[str, str], message: str, overwrite: bool
) -> None:
    if (folder / stranger).parent.is_file():
        (folder / stranger).parent.unlink()
    (folder / stranger).parent.mkdir(exist_ok=True)
    (folder / stranger).write_text("mine\n")
    before = picture(folder.parent)
    with pytest.raises(FileProblem, match=re.escape(message)):
        write(folder, render(NEW | files), overwrite=overwrite)
    assert picture(folder.parent) == before
