"""A new image that is broken: update.sh goes back by itself, and no customer notices."""

from __future__ import annotations

import pytest

from tests.e2e.compose import app_image
from tests.e2e.compose.app_image import VERSION
from tests.e2e.compose.updates.service import Service, assert_unnoticed, tell
from tests.e2e.engine.docker import Docker

pytestmark = pytest.mark.drill


def broken_image(docker: Docker, broken: str) -> str:
    """The tag of a new version that is only `broken`, as the reference app understands it."""
    tag = f"2.0.0-{broken}"
    dockerfile = f"FROM {app_image.name()}\nENV BROKEN={broken}\n"
    # The classic builder asks no registry for a base that is here.
    docker.run(
        "docker", "build", "--quiet", "--tag", app_image.name(tag), "-",
        input=dockerfile, stdin=None, variables={"DOCKER_BUILDKIT": "0"},
    )  # fmt: skip
    return tag


@pytest.mark.parametrize("broken", ["start", "health"])
def test_a_broken_version_answers_nobody(service: Service, broken: str) -> None:
    """One that does not start, and one that starts and is not well."""
    tag = broken_image(service.stack.docker, broken)
    old = service.replicas()
    service.render({"image": {"tag": tag}})
    done = []
    record, seconds = service.during(lambda: done.append(service.update()))
    tell(f"update to one with BROKEN={broken}", record, seconds)
    print(f"it says:\n{done[0].stderr}")
    assert done[0].returncode == 1
    assert f"The update failed; {app_image.name()} runs as before." in done[0].stderr
    assert ("this version does not start" if broken == "start" else "500") in done[0].stderr
    assert_unnoticed(record)
    assert list(record.versions) == [VERSION]
    assert service.replicas() == old
