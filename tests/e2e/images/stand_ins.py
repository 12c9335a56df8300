"""Which stand-in is made for which image, and the making."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aisearch_deploy.config.editions.e2026_11 import IMAGES
from tests.e2e.engine.docker import Docker
from tests.e2e.images import base
from tests.e2e.images.keys import LABEL, folder_key, key_of

FOLDER = Path(__file__).parent
TRIES = 3
# By their folders here, the parts of the edition's table that they stand in for.
STAND_INS = {
    "python": ("build",),
    "nginx": ("nginx",),
    "postgresql": ("postgresql", "pgvector"),
    "valkey": ("valkey",),
    "pgbouncer": ("pgbouncer",),
    "certbot": ("certbot",),
    "rclone": ("rclone",),
}


def names(stand_in: str) -> list[str]:
    """The images, as rendered files name them, that a stand-in is made for."""
    return [IMAGES[part].format(version=18) for part in STAND_INS[stand_in]]


def make(docker: Docker) -> None:
    """Every stand-in that is missing or out of date, two at once. Prints how long it took."""
    began = time.monotonic()
    base.make(docker)
    made_base = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        made = [name for name in pool.map(lambda name: _make(docker, name), STAND_INS) if name]
    print(
        f"\nstand-in images: base {made_base - began:.0f} s, {len(made)} of {len(STAND_INS)} built in "
        f"{time.monotonic() - made_base:.0f} s"
    )


def _make(docker: Docker, stand_in: str) -> str | None:
    key = folder_key(FOLDER / stand_in, base.key())
    if all(key_of(docker, name) == key for name in names(stand_in)):
        return None
    tags = [part for name in names(stand_in) for part in ("--tag", name)]
    command = ["docker", "build", "--quiet", "--network=host", f"--label={LABEL}={key}", *tags, str(FOLDER / stand_in)]
    # What it downloads is tried three times, as everywhere in CI; nothing is asserted in it.
    for left in reversed(range(TRIES)):
        finished = docker.run(*command, check=not left, variables={"DOCKER_BUILDKIT": "1"})
        if finished.returncode == 0:
            break
        time.sleep(5)
    return stand_in
