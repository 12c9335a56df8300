"""Where nothing can or may be written: links, files in the way, permissions, full and read-only disks."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aisearch_deploy.errors import FileProblem
from aisearch_deploy.output.writer import write_folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.output.conftest import Child, Picture, Render

OLD = {"compose.yaml": "old\n", "nginx/nginx.conf": "old\n"}
NEW = {"compose.yaml": "new\n", "nginx/nginx.conf": "new\n"}


@pytest.mark.parametrize("target", ["real", "nowhere"])
@pytest.mark.parametrize("link", ["deploy", "deploy/production", "deploy/production/compose"])
def test_a_link_on_the_way_is_named(tmp_path: Path, render: Render, picture: Picture, link: str, target: str) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / link).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / link).symlink_to(tmp_path / target)
    before = picture(tmp_path)
    with pytest.raises(FileProblem, match=f"{tmp_path / link} is a symbolic link"):
        write_folders(tmp_path / "deploy", {tmp_path / "deploy/production/compose": render(OLD)}, overwrite=True)
    assert picture(tmp_path) == before


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_link_in_place_of_a_folder_inside_is_named(
    tmp_path: Path, render: Render, picture: Picture, overwrite: bool
) -> None:
    folder = tmp_path / "compose"
    write_folders(tmp_path, {folder: render(OLD)}, overwrite=False)
    (folder / "nginx").rename(tmp_path / "real")
    (folder / "nginx").symlink_to("../real")
    before = picture(tmp_path)
    with pytest.raises(FileProblem, match=f"{folder / 'nginx'} is a symbolic link"):
        write_folders(tmp_path, {folder: render(NEW)}, overwrite=overwrite)
    assert picture(tmp_path) == before


def test_links_above_the_named_folder_are_the_users_business(tmp_path: Path, render: Render) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "home").symlink_to("real")
    root = tmp_path / "home/deploy"
    write_folders(root, {root / "compose": render(OLD)}, overwrite=False)
    assert (tmp_path / "real/deploy/compose/compose.yaml").read_text() == "old\n"


def test_a_relative_folder(tmp_path: Path, render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for root in (Path("deploy"), Path()):
        for files in (OLD, NEW):
            write_folders(root, {root / "compose": render(files)}, overwrite=False)
            assert (tmp_path / root / "compose/compose.yaml").read_text() == files["compose.yaml"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["compose", "deploy"]


@pytest.mark.parametrize("name", ["above", "above/deploy", "above/deploy/compose"])
def test_a_file_on_the_way_is_named(tmp_path: Path, render: Render, picture: Picture, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("")
    root = tmp_path / "above/deploy"
    with pytest.raises(FileProblem) as refused:
        write_folders(root, {root / "compose": render(OLD)}, overwrite=True)
    assert str(tmp_path / name) in refused.value.message
    assert picture(tmp_path)[name] == "644 "


@pytest.mark.parametrize("place", ["lock", "lock folder"])
def test_a_lock_that_cannot_be_taken(tmp_path: Path, render: Render, place: str) -> None:
    (tmp_path / "elsewhere").write_text("mine\n")
    lock = tmp_path / ".compose.lock"
    if place == "lock":
        lock.symlink_to("elsewhere")
    else:
        lock.mkdir()
    with pytest.raises(FileProblem, match=r"\.compose\.lock is a symbolic link|Is a directory"):
        write_folders(tmp_path, {tmp_path / "compose": render(OLD)}, overwrite=True)
    assert (tmp_path / "elsewhere").read_text() == "mine\n"


@contextmanager
def somebodys_folder(uid: int) -> Iterator[Path]:
    """A folder below /tmp, since pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        os.chown(name, uid, uid)
        yield Path(name)


@pytest.mark.parametrize(
    ("ours", "named"),
    [
        ("", "deploy"),
        ("deploy", "deploy"),
        ("deploy/compose", "deploy/compose"),
        ("deploy/compose/nginx", "deploy/compose/nginx"),
        ("deploy/compose/data", "deploy/compose/data"),
    ],
)
def test_a_folder_of_somebody_else(child: Child, picture: Picture, strangers_uid: int, ours: str, named: str) -> None:
    with somebodys_folder(strangers_uid) as place:
        root = place / "deploy"
        if ours:
            assert child.write(root, {root / "compose": OLD}, uid=strangers_uid)["error"] is None
            (root / "compose/data").mkdir()
            os.chown(root / "compose/data", strangers_uid, strangers_uid)
        os.chown(place / ours, 0, 0)
        before = picture(place)
        answer = child.write(root, {root / "compose": NEW, root / "k8s": NEW}, uid=strangers_uid)
        assert answer["error"] == ["FileProblem", f"{place / named}: Permission denied"]
        assert picture(place) == before


def test_an_unreadable_file(child: Child, picture: Picture, strangers_uid: int) -> None:
    with somebodys_folder(strangers_uid) as root:
        assert child.write(root, {root / "compose": OLD}, uid=strangers_uid)["error"] is None
        (root / "compose/compose.yaml").chmod(0)
        before = picture(root)
        answer = child.write(root, {root / "compose": NEW}, uid=strangers_uid, overwrite=True)
        assert answer["error"] == ["FileProblem", f"{root}/compose/compose.yaml: Permission denied"]
        assert picture(root) == before


def test_an_unreadable_folder_of_our_own_stays(child: Child, strangers_uid: int) -> None:
    """Only what is rendered is read: a stranger's secrets need not be readable."""
    with somebodys_folder(strangers_uid) as root:
        assert child.write(root, {root / "compose": OLD}, uid=strangers_uid)["error"] is None
        secret = root / "compose/secret"
        secret.write_text("mine\n")
        secret.chmod(0)
        os.chown(secret, 0, 0)
        assert child.write(root, {root / "compose": NEW}, uid=strangers_uid)["error"] is None
        assert secret.read_text() == "mine\n"
        assert (root / "compose/compose.yaml").read_text() == "new\n"
        assert sorted(path.name for path in root.iterdir()) == ["compose"]


def test_a_folder_keeps_its_owner_when_root_renders(render: Render, strangers_uid: int) -> None:
    with somebodys_folder(strangers_uid) as root:
        for files in (OLD, NEW):
            write_folders(root, {root / "compose": render(files)}, overwrite=False)
            os.chown(root / "compose", strangers_uid, strangers_uid)
        write_folders(root, {root / "compose": render(OLD)}, overwrite=False)
        assert (root / "compose").stat().st_uid == strangers_uid


@pytest.mark.parametrize("first", [True, False])
def test_a_file_that_may_not_grow(tmp_path: Path, child: Child, picture: Picture, first: bool) -> None:
    root = tmp_path / "deploy"
    if not first:
        assert child.write(root, {root / "compose": OLD})["error"] is None
    before = picture(tmp_path)
    big = NEW | {"big.yaml": "x" * 100_000}
    answer = child.write(root, {root / "compose": NEW, root / "k8s": big}, file_size=50_000)
    assert answer["error"] == ["FileProblem", f"{root}/k8s/big.yaml: File too large"]
    assert picture(tmp_path) == before


@contextmanager
def mounted(place: Path, *options: str) -> Iterator[None]:
    if subprocess.run(["mount", *options, place], check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.mark.e2e
@pytest.mark.parametrize("first", [True, False])
def test_a_full_disk(tmp_path: Path, render: Render, picture: Picture, first: bool) -> None:
    with mounted(tmp_path, "-t", "tmpfs", "-o", "size=64k", "none"):
        root = tmp_path / "deploy"
        if not first:
            write_folders(root, {root / "compose": render(OLD)}, overwrite=False)
        before = picture(tmp_path)
        big = render(NEW | {"big.yaml": "x" * 100_000})
        with pytest.raises(FileProblem, match=r"k8s/.*: No space left on device"):
            write_folders(root, {root / "compose": render(NEW), root / "k8s": big}, overwrite=False)
        assert picture(tmp_path) == before


@pytest.mark.e2e
def test_a_read_only_disk(tmp_path: Path, render: Render, picture: Picture) -> None:
    with mounted(tmp_path, "-t", "tmpfs", "none"):
        write_folders(tmp_path, {tmp_path / "compose": render(OLD)}, overwrite=False)
        subprocess.run(["mount", "-o", "remount,ro", tmp_path], check=True)
        before = picture(tmp_path)
        with pytest.raises(FileProblem, match=f"^{tmp_path}: Read-only file system$"):
            write_folders(tmp_path, {tmp_path / "compose": render(NEW)}, overwrite=False)
        assert write_folders(tmp_path, {tmp_path / "compose": render(OLD)}, overwrite=False)
        assert picture(tmp_path) == before


@pytest.mark.e2e
@pytest.mark.parametrize("place", ["data", "nginx/data", "nginx/extra.conf"])
def test_a_mounted_stranger_is_never_emptied(tmp_path: Path, render: Render, picture: Picture, place: str) -> None:
    folder = tmp_path / "compose"
    write_folders(tmp_path, {folder: render(OLD)}, overwrite=False)
    outside = tmp_path / "volume"
    if place.endswith(".conf"):
        outside.write_text("precious\n")
        (folder / place).write_text("")
    else:
        outside.mkdir()
        (outside / "file").write_text("precious\n")
        (folder / place).mkdir()
    with mounted(folder / place, "--bind", str(outside)):
        before = picture(tmp_path)
        with pytest.raises(FileProblem, match=f"{folder / place}: "):
            write_folders(tmp_path, {folder: render(NEW), tmp_path / "a": render(NEW)}, overwrite=False)
        assert picture(tmp_path) == before


@pytest.mark.e2e
def test_a_folder_from_a_container_images_layer(tmp_path: Path, render: Render, picture: Picture) -> None:
    """Overlay file systems cannot rename a lower layer's folder: rename(2), EXDEV."""
    for name in ("lower", "upper", "work", "merged"):
        (tmp_path / name).mkdir()
    write_folders(tmp_path, {tmp_path / "lower/compose": render(OLD)}, overwrite=False)
    layers = ",".join(f"{name}dir={tmp_path / name}" for name in ("lower", "upper", "work"))
    root = tmp_path / "merged"
    with mounted(root, "-t", "overlay", "overlay", "-o", f"{layers},redirect_dir=off"):
        before = picture(root)
        with pytest.raises(FileProblem, match="compose: Invalid cross-device link") as refused:
            write_folders(root, {root / "compose": render(NEW), root / "a": render(NEW)}, overwrite=False)
        assert "name another folder with -o" in refused.value.fix
        assert picture(root) == before
        write_folders(root / "new", {root / "new/compose": render(NEW)}, overwrite=False)
        assert (root / "new/compose/compose.yaml").read_text() == "new\n"
