"""The other files that a deployment reads: certificate authorities and a target's patches. All beside the config."""

from __future__ import annotations

from pathlib import Path

from aisearch_deploy.config.schema import Config
from aisearch_deploy.errors import FileProblem

LARGEST = 2**20


def read_inputs(folder: Path, config: Config, target: str) -> dict[str, bytes]:
    """Contents by path relative to the config's folder, POSIX. Raises FileProblem."""
    named = [path for path in (config.network.ca_bundle, config.database.ca) if path is not None]
    patches = folder / "patches" / target
    found = sorted(path for path in patches.rglob("*") if path.is_file()) if patches.is_dir() else []
    paths = {name: folder / name for name in named} | {path.relative_to(folder).as_posix(): path for path in found}
    return {name: _read(path) for name, path in paths.items()}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise FileProblem(
            f"{path} cannot be read: {error.strerror}", "The config names it; paths are relative to the config."
        ) from None
    if len(content) > LARGEST:
        raise FileProblem(f"{path} is over 1 MiB", "Only certificates and patches are read from beside the config.")
    return content
