from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from aisearch_deploy.output import swap


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text("")
    return tmp_path / "one", tmp_path / "other"


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize("can_exchange", [True, False])
def test_two_paths_change_places(
    tmp_path: Path, pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:
        monkeypatch.setattr(swap, "exchange", lambda _one, _other: False)
    swap.swap(*pair, tmp_path / "spare")
    assert names(tmp_path) == ["one", "one/other", "other", "other/one"]


@pytest.mark.parametrize("missing", ["one", "other"])
def test_one_of_them_is_enough(tmp_path: Path, pair: tuple[Path, Path], missing: str) -> None:
    present = next(path for path in pair if path.name != missing)
    (tmp_path / missing / missing).unlink()
    (tmp_path / missing).rmdir()
    swap.swap(*pair, tmp_path / "spare")
    assert names(tmp_path) == [missing, f"{missing}/{present.name}"]


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="renameat2 is Linux's")
def test_linux_exchanges_a_folder_and_a_link(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    link = tmp_path / "link"
    link.symlink_to("one")
    assert swap.exchange(pair[0], link)
    assert not link.is_symlink()
    assert pair[0].is_symlink()


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="renameat2 is Linux's")
def test_an_error_of_the_system_is_raised(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        swap.exchange(tmp_path / "nothing", tmp_path / "nowhere")


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="renameat2 is Linux's")
def test_a_file_system_that_cannot_exchange_is_no_error(pair: tuple[Path, Path]) -> None:
    """It answers EINVAL, and so does any for a folder that would move into itself."""
    (pair[0] / "inside").mkdir()
    assert not swap.exchange(pair[0], pair[0] / "inside")


def test_without_ctypes_there_is_no_exchange(pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ctypes", None)
    assert not swap.exchange(*pair)


def test_a_second_rename_that_fails_takes_the_first_one_back(
    tmp_path: Path, pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "exchange", lambda _one, _other: False)
    before = names(tmp_path)
    real = os.rename

    def failing(source: Path, target: Path) -> None:
        if source == pair[0]:
            raise OSError(errno.EIO, "broken")
        real(source, target)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(OSError, match="broken"):
        swap.swap(*pair, tmp_path / "spare")
    assert names(tmp_path) == before
