"""The place away from the server where backups are copied to: WebDAV stands in for a bucket, as rclone speaks both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.compose.stack import Stack

PORT = 9000
IMAGE = "docker.io/rclone/rclone:1.72"
NAME = "aisearch-e2e-away"


@contextmanager
def away(stack: Stack) -> Iterator[Path]:
    """Serves a folder, and gives the stack's rclone its address; the folder."""
    folder = stack.folder.parent / "away"
    folder.mkdir()
    docker, address = stack.docker, f"{stack.world.server.address}:{PORT}"
    volume = f"--volume={folder}:/away"
    docker.says("run", "--detach", f"--name={NAME}", "--network=host", volume, IMAGE, *serving(address))
    try:
        # Written into, not replaced, as the runbook says of secrets.
        (stack.secrets / "BACKUP_CREDENTIALS").write_text(
            f"[backup]\ntype = webdav\nurl = http://{address}\nvendor = other\n"
        )
        yield folder
    finally:
        docker.says("rm", "--force", "--volumes", NAME)


def serving(address: str) -> list[str]:
    return ["serve", "webdav", "/away", f"--addr={address}"]
