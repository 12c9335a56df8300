"""The app's image, built from the reference app by the Dockerfile that we render."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from tests.e2e.compose.config import deployment, files, repaired
from tests.e2e.engine.docker import Docker
from tests.e2e.images.keys import LABEL, folder_key, key_of
from tests.goldens import EXAMPLES

SOURCE = EXAMPLES / "reference_app"
# The version of the source, and the one that it is updated to.
VERSION, NEXT = "1.0.0", "1.1.0"
TRIES = 3


def name(version: str = VERSION) -> str:
    """As compose.yaml asks for it."""
    return deployment(repaired({"image": {"tag": version}})).images["app"]


def make(docker: Docker, version: str = VERSION) -> None:
    """Builds it unless it is there. image/build.sh also pulls the base anew, which a stand-in cannot be."""
    rendered = {
        path: content for path, (content, _) in files(repaired()).items() if path.startswith("image/Dockerfile")
    }
    key = folder_key(SOURCE, *(rendered[path].decode() for path in sorted(rendered)), version)
    if key_of(docker, name(version)) == key:
        return
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aisearch-image-") as folder:
        for path, content in rendered.items():
            (Path(folder) / Path(path).name).write_bytes(content)
        source = Path(folder) / "source"
        shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        (source / "src" / "version.txt").write_text(f"{version}\n")
        command = ["docker", "build", "--network=host", "--file", f"{folder}/Dockerfile", "--tag", name(version)]
        command += [f"--label={LABEL}={key}", str(source)]
        for left in reversed(range(TRIES)):
            if docker.run(*command, check=not left, variables={"DOCKER_BUILDKIT": "1"}).returncode == 0:
                break
    print(f"app image {version}, from the rendered Dockerfile: {time.monotonic() - began:.0f} s")
