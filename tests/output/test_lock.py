from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from aisearch_deploy.errors import FileProblem
from aisearch_deploy.output import lock
from aisearch_deploy.output.writer import write_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.output.conftest import Render

FILES = {f"{name}.yaml": "old\n" for name in "abcdefgh"}


@pytest.fixture
def held(tmp_path: Path) -> Iterator[int]:
    """The lock of `compose`, as another process would hold it."""
    descriptor = os.open(tmp_path / ".compose.lock", os.O_RDWR | os.O_CREAT, 0o644)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield descriptor
    os.close(descriptor)


@pytest.mark.usefixtures("held")
def test_a_render_that_goes_on_too_long_is_named(
    tmp_path: Path, render: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lock.PATIENCE == 10
    monkeypatch.setattr(lock, "PATIENCE", 0.1)
    content = render(FILES)
    with pytest.raises(FileProblem, match=rf"another render is writing {tmp_path}/compose \(waited 0.1 s\)"):
        write_folder(tmp_path / "compose", content.files, content.record, overwrite=False)
    assert not (tmp_path / "compose").exists()


def test_another_render_is_waited_for(tmp_path: Path, render: Render, held: int) -> None:
    content = render(FILES)
    thread = threading.Thread(
        target=write_folder, args=(tmp_path / "compose", content.files, content.record), kwargs={"overwrite": False}
    )
    thread.start()
    time.sleep(0.1)
    assert not (tmp_path / "compose").exists()
    fcntl.flock(held, fcntl.LOCK_UN)
    thread.join(5)
    assert (tmp_path / "compose/a.yaml").exists()
    assert not (tmp_path / ".compose.lock").exists()


@pytest.mark.usefixtures("held")
def test_another_target_need_not_wait(tmp_path: Path, render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0)
    content = render(FILES)
    write_folder(tmp_path / "k8s", content.files, content.record, overwrite=False)
    assert (tmp_path / "k8s/a.yaml").exists()


def test_the_lock_is_released_after_a_failure(tmp_path: Path) -> None:
    def fail() -> None:
        with lock.locked(tmp_path / "compose"):
            assert (tmp_path / ".compose.lock").exists()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []
    with lock.locked(tmp_path / "compose"):
        pass


def test_a_system_without_locks(tmp_path: Path, render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    content = render(FILES)
    for _ in range(2):
        write_folder(tmp_path / "compose", content.files, content.record, overwrite=False)
    assert (tmp_path / "compose/a.yaml").exists()
    assert not (tmp_path / ".compose.lock").exists()


WRITE_MANY = """
import sys
from pathlib import Path
from aisearch_deploy.output.writer import write_folder
from aisearch_deploy.output.rendered import RenderedFile, record_of
folder = Path(sys.argv[1])
for turn in range(25):
    content = f"{sys.argv[2]} {turn}".encode()
    files = {f"{name}.yaml": RenderedFile(content) for name in "abcdefgh"}
    record = record_of(files, tool="1", edition="1", config="0" * 64, inputs={})
    write_folder(folder, files, record, overwrite=False)
"""


def test_two_renders_at_once_and_a_reader(tmp_path: Path, render: Render) -> None:
    """Whoever opens the folder finds one render's files, all of them."""
    folder = tmp_path / "compose"
    content = render(FILES)
    write_folder(folder, content.files, content.record, overwrite=False)
    (folder / "mine").write_text("mine\n")
    writers = [subprocess.Popen([sys.executable, "-c", WRITE_MANY, folder, name]) for name in ("one", "two")]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        contents = read_all(folder)
        if contents is not None:
            assert len(contents) == 1, contents
            seen |= contents
    assert [writer.returncode for writer in writers] == [0, 0]
    assert {text.split()[0] for text in seen} >= {"one", "two"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["compose"]
    assert (folder / "mine").read_text() == "mine\n"
    assert {(folder / name).read_text() for name in FILES} in ({"one 24"}, {"two 24"})


def read_all(folder: Path) -> set[str] | None:
    """The distinct contents of the folder as it was when it was opened; None if it was removed while reading."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        contents = set()
        for name in FILES:
            with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=opened)) as file:
                contents.add(file.read())
        return contents
    except FileNotFoundError:
        return None
    finally:
        os.close(opened)
