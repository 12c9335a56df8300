"""Small deployments to write, exact pictures of what is on the disk, and a child process that may be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from aisearch_deploy.output.record import NAME
from aisearch_deploy.output.rendered import RenderedFile, RenderedFolder, record_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Render(Protocol):
    def __call__(self, files: dict[str, str], *, tool: str = ..., config: str = ...) -> RenderedFolder: ...


class Picture(Protocol):
    def __call__(self, folder: Path, *, record: bool = ...) -> dict[str, str]: ...


@pytest.fixture
def render() -> Render:
    """A rendered folder from path -> text; `*.sh` is executable."""

    def rendered(files: dict[str, str], *, tool: str = "1.0.0", config: str = "0" * 64) -> RenderedFolder:
        made = {path: RenderedFile(text.encode(), path.endswith(".sh")) for path, text in files.items()}
        return RenderedFolder(made, record_of(made, tool=tool, edition="2026.11", config=config, inputs={}))

    return rendered


@pytest.fixture
def picture() -> Picture:
    """Everything in a folder: path -> "mode content" ("-> target" for a link); the records only when asked for."""

    def taken(folder: Path, *, record: bool = False) -> dict[str, str]:
        found = {}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink():
                found[name] = f"-> {path.readlink()}"
            elif path.is_dir():
                found[f"{name}/"] = f"{path.stat().st_mode & 0o7777:o}"
            elif record or path.name != NAME:
                found[name] = f"{path.stat().st_mode & 0o7777:o} {path.read_text()}"
        return found

    return taken


@dataclass
class Child:
    """Runs write_folders in a fork of a small process: see child.py for the order's fields and the answer."""

    process: subprocess.Popen[str]

    def write(self, root: Path, folders: dict[Path, dict[str, str]], **order: Any) -> dict[str, Any]:
        """Orders one render, and waits for its end, natural or not."""
        assert self.process.stdin
        assert self.process.stdout
        named = {str(folder): files for folder, files in folders.items()}
        self.process.stdin.write(json.dumps({"root": str(root), "folders": named, **order}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@pytest.fixture(scope="session")
def child() -> Iterator[Child]:
    script = Path(__file__).with_name("child.py")
    process = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        yield Child(process)
        assert process.stdin
        process.stdin.close()


@pytest.fixture
def strangers_uid() -> int:
    """A user id that is not ours, to write as; root is needed to become somebody else."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    return 65534
