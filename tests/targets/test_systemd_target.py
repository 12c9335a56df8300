"""What the target refuses, and what its folder holds."""

from __future__ import annotations

from typing import Any

import pytest

from aisearch_deploy.targets import systemd as target
from tests.rendering.alternatives import EXTERNAL_CACHE, EXTERNAL_DATABASE, LOCAL, STANDARD
from tests.rendering.configs import deployment_of, overlaid, rendered_from


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"targets": {"systemd": None}}, "package: {path: ../app}"),
        ({"name": "nginx"}, "a user or a service of the distribution"),
        ({"name": "a" * 32}, "31 characters"),
        ({"database": {"tls": "verify-full", "ca": "./ca.pem"}}, "verify-full cannot be kept"),
        ({"database": {"user": "postgres"}}, "database.user postgres is the server's own"),
        ({"database": {"name": "template1"}}, "database.name template1 is the server's own"),
    ],
)
def test_what_a_server_cannot_carry_is_refused_with_what_to_write(changes: dict[str, Any], words: str) -> None:
    reason = target.refuses(deployment_of(overlaid(STANDARD, changes), "systemd"))
    assert reason is not None
    assert words in reason


def test_the_standard_is_carried() -> None:
    assert target.refuses(deployment_of(STANDARD, "systemd")) is None


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        (EXTERNAL_DATABASE, {"database.sh", "units/postgresql.conf"}),
        (EXTERNAL_CACHE, {"units/cache.service"}),
        ({"database": {"pooler": "none"}}, {"units/pooler.service", "lib/pooler.sh"}),
        ({"app": {"migrate": []}}, {"units/migrate.service"}),
        (
            LOCAL | {"vector_store": {"engine": "chroma"}},
            {"database.sh", "units/cache.service", "units/pooler.service"},
        ),
        ({"tls": {"from": "platform"}}, {"lib/certificate.sh", "lib/edge.sh", "units/edge.timer"}),
    ],
)
def test_what_is_not_needed_is_not_there(changes: dict[str, Any], gone: set[str]) -> None:
    assert gone <= set(rendered_from(STANDARD, "systemd"))
    assert not gone & set(rendered_from(overlaid(STANDARD, changes), "systemd"))


def test_a_release_is_named_by_the_tag_else_by_the_digest() -> None:
    image = {"repository": "ghcr.io/example/ai-search", "digest": "sha256:" + "ab" * 32}
    assert b"VERSION=1.4.2\n" in rendered_from(STANDARD, "systemd")["release.sh"]
    assert b"VERSION=abababababab\n" in rendered_from({**STANDARD, "image": image}, "systemd")["release.sh"]


def test_code_execution_is_off_and_said_so() -> None:
    config = overlaid(STANDARD, {"sandbox": {"mode": "gvisor"}})
    assert b"Environment=SANDBOX_ENABLED=false\n" in rendered_from(config, "systemd")["units/app.service"]
    assert "sandbox" in target.GAPS
