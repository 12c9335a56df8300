"""What builds the app's image, for those who do not pull it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aisearch_deploy.config.app import Build
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.compose.app import probe
from aisearch_deploy.targets.compose.project import Project
from aisearch_deploy.targets.parts.app import command

# Where the app's source is in its image, and so where its state is below.
CODE = "/app/"


def image_files(project: Project) -> Iterator[File]:
    """A Dockerfile, what stays out of the image, and the script that builds it; nothing without image.build."""
    build = project.deployment.config.image.build
    if build is None:
        return
    folders = _state_folders(project)
    state = sorted(folder.removeprefix(CODE) for folder in folders if folder.startswith(CODE))
    yield File("image/Dockerfile", "the app's image, from its source", "dockerfile", _dockerfile(project, build))
    yield File("image/Dockerfile.dockerignore", "what stays out of it", "ignore", project.values(state=state))
    yield File("image/build.sh", "builds it", "shell", _build(project, build), executable=True)


def _dockerfile(project: Project, build: Build) -> dict[str, Any]:
    config = project.deployment.config
    return project.values(
        multi=build.stages == "multi",
        base=build.base,
        requirements=build.requirements,
        user=config.contract.user,
        owner=f"{config.contract.user}:{config.contract.user}",
        state_folders=" ".join(_state_folders(project)),
        port=config.contract.port,
        startup=f"{config.app.startup}s",
        health=probe(config.contract),
        command=command(project.deployment),
    )


def _build(project: Project, build: Build) -> dict[str, Any]:
    # From image/ in deploy/[environment/]compose, where `render` writes when it is not told otherwise.
    levels = 4 if project.deployment.environment else 3
    return project.values(
        image=project.deployment.images["app"].partition("@")[0],
        source="../" * levels + build.context.removeprefix("./"),
        requirements=build.requirements,
    )


def _state_folders(project: Project) -> list[str]:
    state = project.deployment.config.contract.state
    return [folder for folder in (state.uploads, state.models, state.data) if folder]
