"""Single steps on the disk that never follow a symbolic link and name the path when they fail."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aisearch_deploy.errors import FileProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Found:
    """A file: `digest` is the SHA-256 in hex, "" for a link or anything else that is not a regular file."""

    digest: str
    executable: bool

    def holds(self, digest: str, *, executable: bool) -> bool:
        """Whether this is that file. A mode bit too many is no difference: some file systems set them all."""
        return self.digest == digest and (self.executable or not executable)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turns an OSError into a FileProblem about `path`."""
    try:
        yield
    except OSError as error:
        raise FileProblem(f"{path}: {error.strerror or error}") from error


def look(path: Path) -> Found | None:
    """The file at `path`; None when there is nothing, or a folder. Raises FileProblem when it cannot be read."""
    with naming(path):
        try:
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                return None
            if not stat.S_ISREG(mode):
                return Found("", executable=False)
            content = read(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
    # Windows has no executable bit that could be lost.
    return Found(hashlib.sha256(content).hexdigest(), executable=os.name == "nt" or bool(mode & stat.S_IXUSR))


def read(path: Path) -> bytes:
    """The bytes of a regular file. Raises OSError, also for a symbolic link."""
    with os.fdopen(os.open(path, os.O_RDONLY | _NO_FOLLOW), "rb") as file:
        return file.read()


def open_or_create(path: Path) -> int:
    """The descriptor of a file to lock, open for writing (NFS asks for that). Raises OSError."""
    return os.open(path, os.O_RDWR | os.O_CREAT | _NO_FOLLOW, 0o666)


def write(path: Path, content: bytes, mode: int) -> None:
    """Creates a file that does not exist yet, with exactly this mode. Raises OSError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, mode), "wb") as file:
        path.chmod(mode)
        file.write(content)


def make_folder(path: Path, like: Path | None = None) -> None:
    """Creates a folder with the mode (and for root, the owner) of another one; without that, 0755 on any umask."""
    path.mkdir()
    if like is None or not like.is_dir():
        path.chmod(0o755)
        return
    status = like.lstat()
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.chown(path, status.st_uid, status.st_gid)
    path.chmod(stat.S_IMODE(status.st_mode))


def sync(path: Path) -> None:
    """Makes a file's content, or the names in a folder, durable, on systems that can. Raises OSError."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # network file systems that sync on their own
            raise
    finally:
        os.close(descriptor)


def remove(folder: Path) -> None:
    """Removes a folder with everything in it; of a link only the link. Raises OSError."""
    for entry in list(os.scandir(folder)):
        if entry.is_dir(follow_symlinks=False):
            remove(folder / entry.name)
        else:
            (folder / entry.name).unlink()
    folder.rmdir()


def parents(paths: Iterable[str]) -> set[str]:
    """Every folder on the way to these paths: `a/b/c` gives `a` and `a/b`."""
    found: set[str] = set()
    for path in paths:
        parts = path.split("/")
        found.update("/".join(parts[:end]) for end in range(1, len(parts)))
    return found


def scan(folder: Path, below: Collection[str]) -> Mapping[str, os.stat_result]:
    """lstat of everything in `folder`, also inside the sub-folders in `below`; nothing if it does not exist."""
    found: dict[str, os.stat_result] = {}
    waiting = [""] if os.path.lexists(folder) else []
    while waiting:
        prefix = waiting.pop()
        with naming(folder / prefix):
            for entry in sorted(os.scandir(folder / prefix), key=lambda entry: entry.name):
                path = prefix + entry.name
                found[path] = entry.stat(follow_symlinks=False)
                if path in below and entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{path}/")
    return found


def refuse_link(path: Path) -> None:
    """Raises FileProblem when `path` is a symbolic link."""
    with naming(path):
        is_link = path.is_symlink()
    if is_link:
        raise FileProblem(
            f"{path} is a symbolic link, and nothing is read or written through one",
            fix="Replace the link with a folder, or name the folder that it points to.",
        )


def refuse_detour(root: Path, folder: Path) -> None:
    """Raises FileProblem unless everything from `root` down to `folder` is a real folder or does not exist yet."""
    path = root
    for part in ("", *folder.relative_to(root).parts):
        path = path / part
        refuse_link(path)
        with naming(path):
            is_file = path.exists() and not path.is_dir()
        if is_file:
            raise FileProblem(f"{path} is a file, and a folder is to be written there", fix="Move it away.")
