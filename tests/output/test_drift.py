from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from aisearch_deploy.errors import FileProblem
from aisearch_deploy.output.drift import Change, FileChange, compare
from aisearch_deploy.output.record import NAME
from aisearch_deploy.output.rendered import RenderedFile
from aisearch_deploy.output.writer import write_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.output.conftest import Render

OLD = {"compose.yaml": "old\n", "nginx/nginx.conf": "old\n", "verify.sh": "old\n"}


@pytest.fixture
def folder(tmp_path: Path, render: Render) -> Path:
    folder = tmp_path / "compose"
    content = render(OLD)
    write_folder(folder, content.files, content.record, overwrite=False)
    return folder


def differences(folder: Path, render: Render, files: dict[str, str]) -> dict[str, Change]:
    return {found.path: found.change for found in compare(folder, render(files).files)}


def test_what_was_just_rendered_does_not_differ(folder: Path, render: Render) -> None:
    assert compare(folder, render(OLD).files) == ()


def test_a_folder_that_does_not_exist_misses_everything(tmp_path: Path, render: Render) -> None:
    found = compare(tmp_path / "compose", render({"b": "", "a/c": ""}).files)
    assert found == tuple(FileChange(path, Change.MISSING) for path in (NAME, "a/c", "b"))


@pytest.mark.parametrize("path", OLD)
@pytest.mark.parametrize(
    ("on_disk", "rendered", "change"),
    [
        ("old\n", "old\n", None),
        ("old\n", "new\n", Change.STALE),
        ("old\n", None, Change.OBSOLETE),
        ("edit\n", "old\n", Change.EDITED),
        ("edit\n", "new\n", Change.EDITED),
        ("edit\n", None, Change.ORPHANED),
        ("new\n", "new\n", None),
        ("", "old\n", Change.EDITED),
        (None, "old\n", Change.MISSING),
        (None, "new\n", Change.MISSING),
        (None, None, None),
    ],
)
def test_a_recorded_file(
    folder: Path, render: Render, path: str, on_disk: str | None, rendered: str | None, change: Change | None
) -> None:
    if on_disk is None:
        (folder / path).unlink()
    else:
        (folder / path).write_text(on_disk)
    files = OLD | {path: rendered or ""}
    if rendered is None:
        del files[path]
    assert differences(folder, render, files) == ({path: change} if change else {})


@pytest.mark.parametrize(("rendered", "change"), [("mine\n", None), ("other\n", Change.UNRECORDED)])
def test_a_file_that_was_never_written_by_us(
    folder: Path, render: Render, rendered: str, change: Change | None
) -> None:
    (folder / "override.yaml").write_text("mine\n")
    assert differences(folder, render, OLD) == {}
    found = differences(folder, render, OLD | {"override.yaml": rendered})
    assert found == ({"override.yaml": change} if change else {})


def test_a_lost_executable_bit_is_an_edit(folder: Path, render: Render) -> None:
    (folder / "verify.sh").chmod(0o644)
    assert differences(folder, render, OLD) == {"verify.sh": Change.EDITED}
    assert differences(folder, render, OLD | {"verify.sh": "new\n"}) == {"verify.sh": Change.EDITED}


def test_other_mode_bits_are_no_edit(folder: Path, render: Render) -> None:
    (folder / "verify.sh").chmod(0o700)
    (folder / "compose.yaml").chmod(0o777)
    (folder / "nginx/nginx.conf").chmod(0o600)
    assert differences(folder, render, OLD) == {}


def test_a_file_that_becomes_executable_is_stale(folder: Path, render: Render) -> None:
    files = {**render(OLD).files, "compose.yaml": RenderedFile(b"old\n", executable=True)}
    assert compare(folder, files) == (FileChange("compose.yaml", Change.STALE),)


@pytest.mark.parametrize(("path", "change"), [("compose.yaml", Change.EDITED), ("extra.yaml", Change.UNRECORDED)])
@pytest.mark.parametrize("what", ["link", "dangling link", "pipe"])
def test_something_else_in_place_of_a_file(folder: Path, render: Render, path: str, change: Change, what: str) -> None:
    place = folder / path
    place.unlink(missing_ok=True)
    (folder / "same").write_text("old\n")
    if what == "link":
        place.symlink_to("same")
    elif what == "dangling link":
        place.symlink_to("nowhere")
    else:
        os.mkfifo(place)
    assert differences(folder, render, OLD | {path: "old\n"}) == {path: change}


@pytest.mark.parametrize("path", ["compose.yaml", "extra.yaml"])
def test_a_folder_in_place_of_a_file_is_no_file(folder: Path, render: Render, path: str) -> None:
    (folder / path).unlink(missing_ok=True)
    (folder / path).mkdir()
    assert differences(folder, render, OLD | {path: "old\n"}) == {path: Change.MISSING}


def test_without_a_record_what_differs_is_not_ours(folder: Path, render: Render) -> None:
    (folder / NAME).unlink()
    assert differences(folder, render, OLD) == {NAME: Change.MISSING}
    found = differences(folder, render, OLD | {"compose.yaml": "new\n"})
    assert found == {NAME: Change.MISSING, "compose.yaml": Change.UNRECORDED}


@pytest.mark.parametrize("text", [b"", b"not a record\n", b"\xff\xfe"])
def test_a_damaged_record_is_an_edit(folder: Path, render: Render, text: bytes) -> None:
    (folder / NAME).write_bytes(text)
    assert differences(folder, render, OLD) == {NAME: Change.EDITED}


def test_a_merge_conflict_in_the_record_is_stale(folder: Path, render: Render) -> None:
    text = (folder / NAME).read_text()
    config = f"config {'0' * 64}\n"
    conflict = f"<<<<<<< HEAD\n{config}=======\nconfig {'1' * 64}\n>>>>>>> other\n"
    (folder / NAME).write_text(text.replace(config, conflict))
    assert differences(folder, render, OLD) == {NAME: Change.STALE}
    found = differences(folder, render, OLD | {"compose.yaml": "new\n"})
    assert found == {NAME: Change.STALE, "compose.yaml": Change.STALE}


def test_a_record_of_another_version_is_no_difference(folder: Path, render: Render) -> None:
    text = (folder / NAME).read_text()
    (folder / NAME).write_text(text.replace("tool 1.0.0", "tool 9.9.9").replace("# ", "# Another comment. "))
    assert differences(folder, render, OLD) == {}


def test_a_file_where_a_folder_was_is_missing_what_it_held(folder: Path, render: Render) -> None:
    shutil.rmtree(folder / "nginx")
    (folder / "nginx").write_text("")
    assert differences(folder, render, OLD) == {"nginx/nginx.conf": Change.MISSING}


@pytest.mark.parametrize("link", ["", "nginx"])
def test_nothing_is_read_through_a_link(folder: Path, render: Render, link: str) -> None:
    (folder / link).rename(folder.parent / "real")
    (folder / link).symlink_to(folder.parent / "real")
    with pytest.raises(FileProblem, match=f"{folder / link} is a symbolic link"):
        compare(folder, render(OLD).files)


def test_a_file_instead_of_the_folder(tmp_path: Path, render: Render) -> None:
    (tmp_path / "compose").write_text("")
    with pytest.raises(FileProblem, match="compose is a file"):
        compare(tmp_path / "compose", render(OLD).files)
