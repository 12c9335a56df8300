"""Rules on who can reach and read what."""

from __future__ import annotations

from tests.checks.cases.sound import OUTSIDE, Case
from tests.rendering.configs import overlaid

CASES: tuple[Case, ...] = (
    Case("AID501", "image.tag", "main", "1.4.2", severity="warning", says=("main",)),
    Case(
        "AID501",
        "image.digest",
        None,
        "sha256:" + "ab" * 32,
        {"environments": {"production": {}}},
        severity="warning",
        environment="production",
    ),
    Case(
        "AID502",
        "app.volumes",
        [{"name": "engine", "host_path": "/var/run/docker.sock", "mount": "/var/run/docker.sock"}],
        [{"name": "corpus", "host_path": "/srv/corpus", "mount": "/srv/corpus"}],
        target="compose",
        says=("/var/run/docker.sock",),
    ),
    Case(
        "AID502",
        "app.volumes",
        [{"name": "engine", "host_path": "/run", "mount": "/engine"}],
        [],
        target="compose",
        says=("/run",),
    ),
    Case("AID503", "app.cors_origins", ["*"], ["https://search.example.com"], severity="warning"),
    Case("AID504", "database.tls", "disable", "require", OUTSIDE),
    Case(
        "AID504",
        "database.tls",
        "require",
        "verify-full",
        overlaid(OUTSIDE, {"database": {"ca": "./ca.pem"}}),
        severity="warning",
    ),
)
