"""The same config gives the same bytes and modes, whatever the machine is like."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.goldens import EXAMPLES

SETTINGS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "4711", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8"},
]


@pytest.mark.parametrize("example", ["repaired", "large"])
def test_a_render_does_not_depend_on_its_surroundings(example: str, tmp_path: Path) -> None:
    seen = set()
    for number, setting in enumerate(SETTINGS):
        for umask, deep in ((0o000, False), (0o077, True)):
            folder = tmp_path / f"{number}-{umask}" / ("deep/er" if deep else "")
            shutil.copytree(EXAMPLES / example, folder)
            seen.add(_rendered(folder, setting, umask, from_elsewhere=deep))
    assert len(seen) == 1


def _rendered(folder: Path, setting: dict[str, str], umask: int, *, from_elsewhere: bool) -> str:
    where, config = (folder.parent, f"{folder.name}/aisearch.yaml") if from_elsewhere else (folder, "aisearch.yaml")
    output = f"{folder.name}/deploy" if from_elsewhere else "deploy"
    words = [
        sys.executable,
        "-m",
        "aisearch_deploy",
        "render",
        "-t",
        "compose",
        "-t",
        "k8s",
        "-c",
        config,
        "-o",
        output,
    ]
    if folder.joinpath("aisearch.yaml").read_text().count("\nenvironments:"):
        words.append("--all-environments")
    environment = {**os.environ, **setting}
    subprocess.run(words, cwd=where, env=environment, umask=umask, check=True, capture_output=True)
    digest = hashlib.sha256()
    for path in sorted((folder / "deploy").rglob("*")):
        if path.is_file():
            place = path.relative_to(folder).as_posix()
            digest.update(f"{place} {path.stat().st_mode:o}\n".encode() + path.read_bytes())
    return digest.hexdigest()
