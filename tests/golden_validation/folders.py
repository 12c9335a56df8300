"""The rendered folders that the validators see: every golden, and what `examples/seed` renders."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.goldens import WITHOUT_GOLDENS, Case, cases, executable, rendered

RUN_TIME_INCLUDES = {
    "/tmp/nginx/resolver.conf": "resolver 127.0.0.11 valid=5s;\n",
    "/tmp/nginx/replicas.conf": "server app:8000 resolve max_fails=3 fail_timeout=5s;\n",
    "/tmp/nginx/api-keys.conf": 'map $http_x_api_key $api_client {\n  default "";\n}\n',
}


def cases_of(target: str) -> list[Case]:
    """Every case of one target, the seed's among them."""
    return [case for case in cases() if case.target == target]


def copied(case: Case, folder: Path) -> Path:
    """A copy of the case's folder that a test may edit."""
    if case.example not in WITHOUT_GOLDENS:
        return Path(shutil.copytree(case.folder, folder / case.target))
    runnable = executable(case)
    for path, content in rendered(case).items():
        place = folder / case.target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        place.chmod(0o755 if path in runnable else 0o644)
    return folder / case.target


def edited(path: Path, old: str, new: str) -> None:
    """One edit, which must apply."""
    text = path.read_text()
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1))


def manifests(folder: Path) -> Iterator[Path]:
    """Every YAML file with Kubernetes objects; kustomization.yaml is kustomize's own."""
    for path in sorted(folder.rglob("*.yaml")):
        if path.name != "kustomization.yaml":
            yield path


def edge_files(folder: Path) -> dict[str, str]:
    """nginx's files by their path in the container, with what its start scripts write at run time."""
    text = next(folder.rglob("nginx.conf")).read_text()
    included = {path: content for path, content in RUN_TIME_INCLUDES.items() if f"include {path};" in text}
    return {"/etc/nginx/nginx.conf": text, **included}
