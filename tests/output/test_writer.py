from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from aisearch_deploy.errors import Bug, FileProblem, Refused
from aisearch_deploy.output import swap
from aisearch_deploy.output.drift import Change, FileChange, compare
from aisearch_deploy.output.record import NAME, read
from aisearch_deploy.output.rendered import RenderedFile, RenderedFolder, record_of
from aisearch_deploy.output.writer import write_folder, write_folders

if TYPE_CHECKING:
    from pathlib import Path

    from tests.output.conftest import Child, Picture, Render

OLD = {"compose.yaml": "old\n", "nginx/nginx.conf": "old\n", "verify.sh": "old\n"}
OLD_PICTURE = {
    "compose.yaml": "644 old\n",
    "nginx/": "755",
    "nginx/nginx.conf": "644 old\n",
    "verify.sh": "755 old\n",
}


def write(folder: Path, content: RenderedFolder, *, overwrite: bool = False) -> dict[str, Change]:
    changes = write_folder(folder, content.files, content.record, overwrite=overwrite)
    return {change.path: change.change for change in changes}


def times(root: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.lstat().st_mtime_ns, path.lstat().st_ino) for path in [root, *root.rglob("*")]}


def test_a_first_render(tmp_path: Path, render: Render, picture: Picture) -> None:
    folder = tmp_path / "deploy/production/compose"
    content = render(OLD)
    changes = write_folders(tmp_path / "deploy", {folder: content}, overwrite=False)
    assert {change.change for change in changes[folder]} == {Change.MISSING}
    assert picture(folder) == OLD_PICTURE
    assert read(folder) == content.record
    assert sorted(path.name for path in folder.parent.iterdir()) == ["compose"]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_modes_do_not_depend_on_the_umask(tmp_path: Path, picture: Picture, child: Child, umask: int) -> None:
    root = tmp_path / "deploy"
    answer = child.write(root, {root / "compose": OLD}, umask=umask)
    assert answer["error"] is None
    assert picture(tmp_path) == {"deploy/": "755", "deploy/compose/": "755"} | {
        f"deploy/compose/{path}": look for path, look in OLD_PICTURE.items()
    }
    assert (root / "compose" / NAME).stat().st_mode & 0o777 == 0o644


def test_what_is_there_already_is_not_touched(tmp_path: Path, render: Render) -> None:
    write(tmp_path / "compose", render(OLD))
    before = times(tmp_path)
    assert write(tmp_path / "compose", render(OLD)) == {}
    assert times(tmp_path) == before


def test_the_right_files_without_a_record_are_adopted(tmp_path: Path, render: Render) -> None:
    write(tmp_path / "compose", render(OLD))
    (tmp_path / "compose" / NAME).unlink()
    assert write(tmp_path / "compose", render(OLD)) == {NAME: Change.MISSING}
    assert compare(tmp_path / "compose", render(OLD).files) == ()


def test_a_new_version_only_renews_the_record(tmp_path: Path, render: Render) -> None:
    folder = tmp_path / "compose"
    write(folder, render(OLD))
    before = {path: times(folder)[folder / path] for path in OLD}
    assert write(folder, render(OLD, tool="1.0.1")) == {}
    assert (record := read(folder)) is not None
    assert record.tool == "1.0.1"
    assert {path: times(folder)[folder / path] for path in OLD} == before


def test_only_changed_files_are_new(tmp_path: Path, render: Render, picture: Picture) -> None:
    folder = tmp_path / "compose"
    write(folder, render(OLD))
    before = times(folder)
    assert write(folder, render(OLD | {"compose.yaml": "new\n"})) == {"compose.yaml": Change.STALE}
    after = times(folder)
    assert [path for path in OLD if before[folder / path] != after[folder / path]] == ["compose.yaml"]
    assert picture(folder) == OLD_PICTURE | {"compose.yaml": "644 new\n"}


def test_a_file_with_another_mode_is_written_again_when_something_else_changes(
    tmp_path: Path, render: Render, picture: Picture
) -> None:
    folder = tmp_path / "compose"
    write(folder, render(OLD))
    (folder / "nginx/nginx.conf").chmod(0o600)
    write(folder, render(OLD | {"compose.yaml": "new\n"}))
    assert picture(folder)["nginx/nginx.conf"] == "644 old\n"


def test_deleted_files_come_back(tmp_path: Path, render: Render, picture: Picture) -> None:
    folder = tmp_path / "compose"
    write(folder, render(OLD))
    shutil.rmtree(folder / "nginx")
    assert write(folder, render(OLD)) == {"nginx/nginx.conf": Change.MISSING}
    assert picture(folder) == OLD_PICTURE


def test_obsolete_files_go_with_their_folder(tmp_path: Path, render: Render, picture: Picture) -> None:
    folder = tmp_path / "compose"
    write(folder, render(OLD | {"certs/a/b.sh": "old\n"}))
    assert write(folder, render(OLD)) == {"certs/a/b.sh": Change.OBSOLETE}
    assert picture(folder) == OLD_PICTURE


@pytest.mark.parametrize("overwrite", [False, True])
def test_an_edited_obsolete_file_stays_and_is_reported_once(
    tmp_path: Path, render: Render, picture: Picture, overwrite: bool
) -> None:
    folder = tmp_path / "compose"
    write(folder, render(OLD | {"certs/a.yaml": "old\n", "certs/b.yaml": "old\n"}))
    (folder / "certs/a.yaml").write_text("mine\n")
    changes = write(folder, render(OLD), overwrite=overwrite)
    assert changes == {"certs/a.yaml": Change.ORPHANED, "certs/b.yaml": Change.OBSOLETE}
    assert picture(folder) == OLD_PICTURE | {"certs/": "755", "certs/a.yaml": "644 mine\n"}
    assert write(folder, render(OLD)) == {}


def test_edits_are_refused_by_name_with_two_ways_out(tmp_path: Path, render: Render, picture: Picture) -> None:
    compose, k8s = tmp_path / "compose", tmp_path / "k8s"
    content = render(OLD)
    write_folders(tmp_path, {compose: content, k8s: content}, overwrite=False)
    (compose / "compose.yaml").write_text("edit\n")
    (k8s / "extra.yaml").write_text("mine\n")
    before, seen = picture(tmp_path), times(tmp_path / "compose")
    new = render(dict.fromkeys(OLD, "new\n") | {"extra.yaml": "new\n"})
    with pytest.raises(Refused) as refused:
        write_folders(tmp_path, {compose: new, k8s: new}, overwrite=False)
    assert refused.value.message.splitlines()[1:] == [
        f"  {compose / 'compose.yaml'}  edited since it was rendered",
        f"  {k8s / 'extra.yaml'}        not written by aisearch-deploy",
    ]
    assert "--overwrite" in refused.value.fix
    assert "Undo the edit" in refused.value.fix
    assert picture(tmp_path) == before
    assert times(compose) == seen


def test_overwrite_replaces_edits(tmp_path: Path, render: Render, picture: Picture) -> None:
    folder = tmp_path / "compose"
    write(folder, render(OLD))
    (folder / "compose.yaml").write_text("edit\n")
    (folder / "verify.sh").chmod(0o644)
    (folder / "extra.yaml").write_text("mine\n")
    changes = write(folder, render(OLD | {"extra.yaml": "new\n"}), overwrite=True)
    assert changes == {
        "compose.yaml": Change.EDITED,
        "verify.sh": Change.EDITED,
        "extra.yaml": Change.UNRECORDED,
    }
    assert picture(folder) == OLD_PICTURE | {"extra.yaml": "644 new\n"}


def test_undoing_the_edit_is_the_other_way_out(tmp_path: Path, render: Render) -> None:
    folder = tmp_path / "compose"
    write(folder, render(OLD))
    (folder / "compose.yaml").write_text("edit\n")
    new = render(OLD | {"compose.yaml": "new\n"})
    with pytest.raises(Refused):
        write(folder, new)
    (folder / "compose.yaml").write_text("old\n")
    assert write(folder, new) == {"compose.yaml": Change.STALE}


@pytest.mark.parametrize("text", ["", "damaged\n"])
def test_a_damaged_record_is_refused(tmp_path: Path, render: Render, text: str) -> None:
    folder = tmp_path / "compose"
    write(folder, render(OLD))
    (folder / NAME).write_text(text)
    with pytest.raises(Refused, match=NAME):
        write(folder, render(OLD))
    assert (folder / NAME).read_text() == text
    assert write(folder, render(OLD), overwrite=True) == {NAME: Change.EDITED}
    assert read(folder) == render(OLD).record


def test_a_link_in_place_of_a_file_is_replaced_and_not_followed(
    tmp_path: Path, render: Render, picture: Picture
) -> None:
    folder = tmp_path / "compose"
    write(folder, render(OLD))
    (tmp_path / "precious").write_text("old\n")
    for path in ("compose.yaml", NAME):
        (folder / path).unlink()
        (folder / path).symlink_to(tmp_path / "precious")
    with pytest.raises(Refused, match=r"compose\.yaml"):
        write(folder, render(OLD))
    write(folder, render(OLD), overwrite=True)
    assert (tmp_path / "precious").read_text() == "old\n"
    assert picture(folder) == OLD_PICTURE
    assert read(folder) == render(OLD).record


def test_all_folders_are_checked_before_any_is_written(tmp_path: Path, render: Render, picture: Picture) -> None:
    write(tmp_path / "a", render(OLD))
    write(tmp_path / "k8s", render(OLD))
    (tmp_path / "k8s/compose.yaml").write_text("edit\n")
    before = picture(tmp_path)
    new = render({"compose.yaml": "new\n"})
    with pytest.raises(Refused):
        write_folders(tmp_path, dict.fromkeys([tmp_path / "a", tmp_path / "k8s", tmp_path / "z"], new), overwrite=False)
    assert picture(tmp_path) == before


def test_a_folder_becomes_a_file_and_a_file_a_folder(tmp_path: Path, render: Render, picture: Picture) -> None:
    folder = tmp_path / "compose"
    write(folder, render({"a": "old\n", "b/c": "old\n"}))
    write(folder, render({"a/c": "new\n", "b": "new\n"}))
    assert picture(folder) == {"a/": "755", "a/c": "644 new\n", "b": "644 new\n"}


def test_two_pull_requests_merge(tmp_path: Path, render: Render) -> None:
    """Each changes another file and, with the config, its own line of the record: rendering again settles that."""

    def git(*words: str, check: bool = True) -> None:
        settings = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(["git", *settings, *words], cwd=tmp_path, check=check, capture_output=True, env=environment)

    def render_and_commit(branch: str, files: dict[str, str], config: str) -> None:
        git("checkout", "-q", "-B", branch, "main")
        write(tmp_path / "compose", render(base | files, config=config * 64))
        git("add", ".")
        git("commit", "-q", "-m", branch)

    base = {f"{name}.yaml": "old\n" for name in "abcdefg"}
    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "start")
    render_and_commit("start", {}, "0")
    git("branch", "-f", "main", "start")
    render_and_commit("one", {"b.yaml": "one\n"}, "1")
    render_and_commit("two", {"f.yaml": "two\n"}, "2")
    git("merge", "one", check=False)
    text = (tmp_path / "compose" / NAME).read_text()
    assert text.count("<<<<<<<") == 1, "only the config line is in conflict"
    merged = render(base | {"b.yaml": "one\n", "f.yaml": "two\n"}, config="3" * 64)
    assert write(tmp_path / "compose", merged) == {NAME: Change.STALE}
    assert read(tmp_path / "compose") == merged.record


@pytest.mark.parametrize(
    "paths", [["../a"], ["/a"], ["a/../../b"], [""], ["a\nb"], [NAME], ["a", "a/b"], ["a/b", "a/b/c"]]
)
def test_a_plan_that_makes_no_sense_is_a_bug(tmp_path: Path, render: Render, paths: list[str]) -> None:
    with pytest.raises(Bug):
        write(tmp_path / "compose", render(dict.fromkeys(paths, "")))
    assert list(tmp_path.iterdir()) == []


def test_a_record_of_other_files_is_a_bug(tmp_path: Path, render: Render) -> None:
    with pytest.raises(Bug, match="record"):
        write(tmp_path / "compose", RenderedFolder(render({"a": "1"}).files, render({"a": "2"}).record))


def test_the_record_of_rendered_files() -> None:
    files = {"a.sh": RenderedFile(b"", executable=True), "b": RenderedFile(b"")}
    record = record_of(files, tool="1", edition="2", config="3", inputs={"p": "4"})
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert record.files == {"a.sh": empty, "b": empty}
    assert record.executable == {"a.sh"}
    assert (record.tool, record.edition, record.config, record.inputs) == ("1", "2", "3", {"p": "4"})


@pytest.mark.parametrize("change", ["edit", "new file"])
def test_a_change_while_rendering_is_not_lost(
    tmp_path: Path, render: Render, picture: Picture, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Somebody saves a file after the comparison: the swap is taken back."""
    folder = tmp_path / "compose"
    write(folder, render(OLD))
    real = os.chmod

    def save_then_chmod(*args: Any, **kwargs: Any) -> None:
        (folder / ("compose.yaml" if change == "edit" else "nginx/new.conf")).write_text("mine!\n")
        real(*args, **kwargs)

    monkeypatch.setattr(os, "chmod", save_then_chmod)
    with pytest.raises(FileProblem, match="changed while it was being rendered"):
        write(folder, render(OLD | {"compose.yaml": "new\n"}))
    mine = {"compose.yaml": "644 mine!\n"} if change == "edit" else {"nginx/new.conf": "644 mine!\n"}
    assert picture(tmp_path) == {"compose/": "755"} | {
        f"compose/{path}": look for path, look in (OLD_PICTURE | mine).items()
    }


def test_changes_are_sorted(tmp_path: Path, render: Render) -> None:
    changes = write_folder(
        tmp_path / "x", render({"b": "", "a": ""}).files, render({"b": "", "a": ""}).record, overwrite=False
    )
    assert changes == tuple(FileChange(path, Change.MISSING) for path in (NAME, "a", "b"))


def test_everything_is_on_the_disk_before_the_swap(
    tmp_path: Path, render: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the swap itself before the render is done."""
    folder = tmp_path / "compose"
    write(folder, render(OLD))
    events: list[int | str] = []
    real_fsync, real_exchange = os.fsync, swap.exchange

    def fsync(descriptor: int) -> None:
        events.append(os.fstat(descriptor).st_ino)
        real_fsync(descriptor)

    def exchange(one: Path, other: Path) -> bool:
        events.append("swap")
        return real_exchange(one, other)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(swap, "exchange", exchange)
    write(folder, render(dict.fromkeys(OLD, "new\n")))
    before, after = events[: events.index("swap")], events[events.index("swap") :]
    assert {path.stat().st_ino for path in (folder, *folder.rglob("*"))} <= set(before)
    assert tmp_path.stat().st_ino in after
