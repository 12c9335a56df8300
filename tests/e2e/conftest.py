"""What tests in several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.compose import app_image
from tests.e2e.engine.docker import Docker
from tests.e2e.engine.fixture import engine as running
from tests.e2e.images import stand_ins


@pytest.fixture(scope="session")
def engine() -> Iterator[Docker]:
    """A Docker Engine with the images that rendered files name, the app's among them."""
    with running(_images) as docker:
        yield docker


def _images(docker: Docker) -> None:
    if docker.own:
        stand_ins.make(docker)
    for version in (app_image.VERSION, app_image.NEXT):
        app_image.make(docker, version)
