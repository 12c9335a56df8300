"""Stand-ins have what rendered files use of the images whose names they bear."""

from __future__ import annotations

import pytest

from aisearch_deploy.config.editions.e2026_11 import IMAGES
from tests.e2e.engine.docker import Docker
from tests.e2e.images.stand_ins import STAND_INS, names

pytestmark = pytest.mark.e2e

# What rendered files start in each, the user they start it as, and that user's name where the image has one.
USED = {
    "python": (["python", "sh"], "10001", None),
    "nginx": (["nginx", "openssl", "curl", "awk", "cksum", "sh"], "101", "nginx"),
    "postgresql": (
        ["postgres", "psql", "pg_isready", "pg_dump", "pg_restore", "pg_dumpall", "bash"],
        "999",
        "postgres",
    ),
    "valkey": (["valkey-server", "valkey-cli", "sh"], "999", "valkey"),
    "pgbouncer": (["pgbouncer", "pg_isready", "sh"], "70", "postgres"),
    "certbot": (["certbot", "openssl", "sh"], "101", None),
    "rclone": (["rclone"], "0", "root"),
}
VERSIONS = {
    "python": (["python", "--version"], "3.14."),
    "nginx": (["nginx", "-v"], "1.30."),
    "postgresql": (["postgres", "--version"], " 18."),
    "valkey": (["valkey-server", "--version"], "v=9.1."),
}


# Redis differs from Valkey in its name and licence; CloudNativePG runs its own on a cluster alone.
WITHOUT = {"redis", "cloudnative-pg"}


def test_every_image_of_the_edition_has_one_that_an_engine_is_asked_for() -> None:
    assert {part for parts in STAND_INS.values() for part in parts} == set(IMAGES) - WITHOUT


@pytest.mark.parametrize("stand_in", STAND_INS)
def test_programs_and_users_are_there(engine: Docker, stand_in: str) -> None:
    programs, user, name = USED[stand_in]
    script = (
        f"for each in {' '.join(programs)}; do command -v $each >/dev/null || echo no $each; done; id -un 2>/dev/null"
    )
    for image in names(stand_in):
        said = engine.says(
            "run", "--rm", "--network=none", f"--user={user}", "--entrypoint=sh", image, "-c", f"{script} || true"
        )
        assert said == (name or user)


@pytest.mark.parametrize("stand_in", VERSIONS)
def test_versions_are_those_that_the_names_say(engine: Docker, stand_in: str) -> None:
    command, expected = VERSIONS[stand_in]
    found = engine.run(
        "docker", "run", "--rm", "--network=none", f"--entrypoint={command[0]}", names(stand_in)[0], *command[1:]
    )
    print(f"\n{stand_in}: {(found.stdout + found.stderr).strip()}")
    assert expected in found.stdout + found.stderr
