"""A render that is killed, or fails, at any step: each folder is old or new, nobody's file is lost, nothing stays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.output.conftest import Child, Picture

OLD = {"compose.yaml": "old\n", "nginx/nginx.conf": "same\n", "gone/gone.sh": "old\n", "verify.sh": "same\n"}
NEW = {"compose.yaml": "new\n", "nginx/nginx.conf": "same\n", "new/new.yaml": "new\n", "verify.sh": "same\n"}
OTHER = {"compose.yaml": "other\n", "verify.sh": "other\n"}
STRANGERS = {".env": "mine\n", "data/a/file": "mine\n", "nginx/extra.conf": "mine\n", "nginx/certs/key": "mine\n"}


def texts(folder: Path) -> dict[str, str]:
    """What a reader of the folder sees: path -> content, also through links."""
    return {path: (folder / path).read_text() for path in {*OLD, *NEW, *STRANGERS} if (folder / path).exists()}


def prepare(child: Child, root: Path, *, first: bool) -> dict[Path, dict[str, str]]:
    """Two folders that hold OLD and strangers, or nothing at all; returns what is to be written."""
    folders = [root / "compose", root / "k8s"]
    if not first:
        assert child.write(root, dict.fromkeys(folders, OLD))["error"] is None
        for folder in folders:
            for path, text in STRANGERS.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text)
    return dict.fromkeys(folders, NEW)


def number_of_steps(child: Child, root: Path, *, first: bool, exchange: bool) -> int:
    folders = prepare(child, root, first=first)
    steps = child.write(root, folders, exchange=exchange)["steps"]
    assert isinstance(steps, int)
    assert steps > 40
    return steps


@pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "two renames"])
@pytest.mark.parametrize("first", [False, True], ids=["again", "first"])
def test_killed_at_any_step(tmp_path: Path, child: Child, picture: Picture, first: bool, exchange: bool) -> None:
    kept = {} if first else STRANGERS
    old = {} if first else OLD
    seen = set()
    for step in range(number_of_steps(child, tmp_path / "whole", first=first, exchange=exchange)):
        root = tmp_path / str(step)
        folders = prepare(child, root, first=first)
        inodes = {folder: (folder / "data").stat().st_ino for folder in folders if not first}

        assert child.write(root, folders, stop_before=step, exchange=exchange)["killed"]

        for folder in folders:
            found = texts(folder)
            ours = {path: text for path, text in found.items() if path not in kept}
            if exchange:
                assert ours in (old, NEW), (step, folder)
                assert {**ours, **kept} == found, (step, folder)
            else:
                assert ours in (old, NEW, {}), (step, folder)
            seen.add("new" if ours == NEW else "old" if ours == old else "between")

        # The next render may be the same one, or one for another config.
        again = NEW if step % 2 else OTHER
        answer = child.write(root, dict.fromkeys(folders, again), exchange=exchange)
        assert answer["error"] is None, (step, answer)
        for folder in folders:
            assert {path: text for path, text in texts(folder).items() if path not in kept} == again, (step, folder)
            assert {path: text for path, text in texts(folder).items() if path in kept} == kept, (step, folder)
            assert not [path for path, look in picture(folder).items() if look.startswith("->")], (step, folder)
            if not first:
                assert (folder / "data").stat().st_ino == inodes[folder], step
        assert sorted(path.name for path in root.iterdir()) == ["compose", "k8s"], step
    assert seen == {"old", "new"} | ({"between"} if not exchange and not first else set())


@pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "two renames"])
@pytest.mark.parametrize("first", [False, True], ids=["again", "first"])
def test_failing_at_any_step(tmp_path: Path, child: Child, picture: Picture, first: bool, exchange: bool) -> None:
    failed = 0
    for step in range(number_of_steps(child, tmp_path / "whole", first=first, exchange=exchange)):
        root = tmp_path / str(step)
        folders = prepare(child, root, first=first)
        before = picture(root, record=True) if root.exists() else None

        answer = child.write(root, folders, stop_before=step, how="EIO", exchange=exchange)

        assert not answer["killed"]
        if answer["error"] is None:
            assert all(texts(folder) == NEW | ({} if first else STRANGERS) for folder in folders), step
        else:
            failed += 1
            kind, message = answer["error"]
            assert kind == "FileProblem", step
            assert message.startswith(str(root)), message
            assert message.endswith("Input/output error"), message
            assert "staging" not in message
            assert (picture(root, record=True) if root.exists() else None) == before, (step, message)
    assert failed > 20


@pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "two renames"])
def test_interrupted_at_any_step(tmp_path: Path, child: Child, picture: Picture, exchange: bool) -> None:
    """Ctrl-C: there is time to clean up."""
    tidy = 0
    for step in range(number_of_steps(child, tmp_path / "whole", first=False, exchange=exchange)):
        root = tmp_path / str(step)
        folders = prepare(child, root, first=False)
        answer = child.write(root, folders, stop_before=step, how="interrupt", exchange=exchange)
        assert answer["error"] in (None, ["KeyboardInterrupt", ""])
        for folder in folders:
            assert texts(folder) in (OLD | STRANGERS, NEW | STRANGERS), (step, folder)
            assert not [path for path, look in picture(folder).items() if look.startswith("->")], (step, folder)
        tidy += len(list(root.iterdir())) == len(folders)
        assert child.write(root, folders)["error"] is None
        assert sorted(path.name for path in root.iterdir()) == ["compose", "k8s"], step
    assert tidy > 50, "only while cleaning up is something left to the next render"


def test_an_empty_staging_folder_is_ours_and_another_folder_is_not(tmp_path: Path, child: Child) -> None:
    """A kill between creating the folder and its marker; and names that only look like ours."""
    root = tmp_path / "deploy"
    (root / ".compose.staging-1-0123abcd").mkdir(parents=True)
    others = [".compose.staging-2-0123abcd", ".compose.staging-x-0123abcd", ".k8s.staging-1-0123abcd"]
    for name in others:
        (root / name).mkdir()
        (root / name / "mine").write_text("mine\n")
    (root / ".compose.staging-3-0123abcd").symlink_to(tmp_path)
    assert child.write(root, {root / "compose": NEW})["error"] is None
    left = sorted(path.name for path in root.iterdir())
    assert left == sorted([*others, ".compose.staging-3-0123abcd", "compose"])


def test_what_a_kill_left_goes_even_when_nothing_changes(tmp_path: Path, child: Child) -> None:
    root = tmp_path / "deploy"
    folders = prepare(child, root, first=False)
    steps = child.write(root, folders)["steps"]
    folders = dict.fromkeys(folders, OLD)
    assert child.write(root, folders, stop_before=steps - 4)["killed"]
    assert len(list(root.iterdir())) > 2
    assert child.write(root, folders)["error"] is None
    assert sorted(path.name for path in root.iterdir()) == ["compose", "k8s"]


def test_a_link_of_a_killed_render_is_known_by_its_text(tmp_path: Path, child: Child) -> None:
    """Somebody's own link into a staging folder is not taken for one of ours."""
    root = tmp_path / "deploy"
    folders = prepare(child, root, first=False)
    (root / "compose/mine").symlink_to("../.compose.staging-1-0123abcd/tree/other")
    assert child.write(root, folders)["error"] is None
    assert str((root / "compose/mine").readlink()) == "../.compose.staging-1-0123abcd/tree/other"
