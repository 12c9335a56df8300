"""A process that writes folders on request, each time in a fork that can be prepared to fail at any step.

One JSON object a line on standard input:
    root, folders: {folder: {path: text}}, overwrite
    stop_before: n       at the nth call that changes the disk ...
    how: "kill" | "EIO" | "interrupt"  ... die at once, let that call fail, or be interrupted by Ctrl-C
    exchange: false      a system that cannot exchange two paths
    uid, umask, file_size
and one on standard output: steps (calls that were made), killed, changes, error: [class, message].
Nothing is really synced: a kill does not lose what the kernel has, and the tests are many.
"""

from __future__ import annotations

import ctypes  # noqa: F401 - imported while we may still read the standard library
import errno
import fcntl  # noqa: F401
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from aisearch_deploy.errors import DeployError
from aisearch_deploy.output import swap
from aisearch_deploy.output.rendered import RenderedFile, RenderedFolder, record_of
from aisearch_deploy.output.writer import write_folders

STEPS = ["open", "mkdir", "chmod", "chown", "link", "symlink", "rename", "unlink", "rmdir", "fsync"]


class Steps:
    """Counts the calls that change the disk, and stops before one of them."""

    def __init__(self, stop_before: int | None, how: str) -> None:
        self.made = 0
        self.stop_before = stop_before
        self.how = how

    def watch(self, module: Any, name: str) -> None:
        real = getattr(module, name)

        def step(*args: Any, **kwargs: Any) -> Any:
            is_reading = name == "open" and not args[1] & os.O_CREAT
            if not is_reading:
                if self.made == self.stop_before and self.how == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                self.made += 1
                if self.made - 1 == self.stop_before:
                    raise KeyboardInterrupt if self.how == "interrupt" else OSError(errno.EIO, os.strerror(errno.EIO))
            return None if name == "fsync" else real(*args, **kwargs)

        setattr(module, name, step)


def write(order: dict[str, Any]) -> dict[str, Any]:
    steps = Steps(order.get("stop_before"), order.get("how", "kill"))
    if not order.get("exchange", True):
        swap.exchange = lambda _one, _other: False  # type: ignore[assignment]
    for name in STEPS:
        steps.watch(os, name)
    steps.watch(swap, "exchange")
    if "file_size" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_size"], order["file_size"]))
    if "umask" in order:
        os.umask(order["umask"])
    if "uid" in order:
        os.setgroups([])
        os.setgid(order["uid"])
        os.setuid(order["uid"])
    folders = {}
    for folder, texts in order["folders"].items():
        files = {path: RenderedFile(text.encode(), path.endswith(".sh")) for path, text in texts.items()}
        record = record_of(files, tool="1.0.0", edition="2026.11", config="0" * 64, inputs={})
        folders[Path(folder)] = RenderedFolder(files, record)
    try:
        changes = write_folders(Path(order["root"]), folders, overwrite=order.get("overwrite", False))
    except DeployError as error:
        return {"steps": steps.made, "error": [type(error).__name__, error.message]}
    except KeyboardInterrupt:
        return {"steps": steps.made, "error": ["KeyboardInterrupt", ""]}
    named = {str(folder): [[change.path, change.change] for change in found] for folder, found in changes.items()}
    return {"steps": steps.made, "changes": named, "error": None}


def main() -> None:
    for line in sys.stdin:
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            with os.fdopen(writer, "w") as answer:
                json.dump(write(json.loads(line)), answer)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as answer:
            text = answer.read()
        killed = os.WIFSIGNALED(os.waitpid(pid, 0)[1])
        sys.stdout.write(json.dumps({"killed": killed} | (json.loads(text) if text else {})) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
