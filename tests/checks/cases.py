"""For each rule: a config that it refuses and one that it accepts, one setting apart, over a small sound config."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.rendering.configs import overlaid

Tree = dict[str, Any]

SOUND: Tree = {
    "version": 1,
    "edition": "2026.11",
    "name": "ai-search",
    "preset": "medium",
    "domains": ["search.example.com"],
    "image": {"repository": "ghcr.io/example/ai-search", "tag": "1.4.2"},
    "tls": {"from": "self-signed"},
    "targets": {"compose": {}, "k8s": {}},
}
LOCAL: Tree = {"contract": "local-state", "scaling": {"min": 1, "max": 1}, "app": {"workers": 1}}
OUTSIDE: Tree = {"database": {"mode": "external", "host": "db.example.com"}}
RECIPIENT = "age1" + "q" * 58
OTHER = "age1" + "p" * 58


class Case(NamedTuple):
    """`path` is the one setting: `fails` is refused there, `passes` is not; `given` is laid over the sound config.

    `says` are numbers that the finding has to show.
    """

    rule: str
    path: str
    fails: Any
    passes: Any
    given: Tree = {}
    target: str = "k8s"
    severity: str = "error"
    says: tuple[str, ...] = ()
    environment: str | None = None


CASES = (
    Case(
        "AID101",
        "database.pooler",
        "none",
        "pgbouncer",
        {
            "app": {"workers": 4, "memory": "8Gi"},
            "scaling": {"min": 3, "max": 10},
            "database": {"max_connections": 100},
        },
        says=("4 workers x (", "x 10 replicas", "97"),
    ),
    Case(
        "AID101",
        "database.max_connections",
        31,
        38,
        {
            "app": {"workers": 1},
            "scaling": {"min": 2, "max": 2},
            "database": {"pool": {"size": 5, "overflow": 5}, "pooler": "none"},
        },
        severity="warning",
        says=("2 + 1 surging", "= 35", "28"),
    ),
    Case("AID102", "app.workers", 4, 1, {"app": {"memory": "4Gi"}}, says=("4 workers x 1100Mi", "4.0 GiB")),
    Case(
        "AID102",
        "app.memory",
        "2600Mi",
        "4Gi",
        {"app": {"workers": 1}, "scaling": {"min": 3, "max": 3}},
        severity="warning",
        says=("1 workers x 1100Mi",),
    ),
    Case(
        "AID103",
        "scaling.memory",
        "80%",
        None,
        {"app": {"workers": 2, "memory": {"request": "2Gi", "limit": "6Gi"}}},
        says=("107 %",),
    ),
    Case("AID201", "scaling.max", 3, 1, {**LOCAL}, says=("3 writers",)),
    Case("AID201", "app.workers", 2, 1, {**LOCAL}, target="compose", says=("2 writers",)),
    Case("AID202", "database.version", 14, 18, says=("2026-11-12", "2026-11-24")),
    Case("AID202", "database.version", 14, 18, OUTSIDE, severity="warning", says=("2026-11-12",)),
    Case(
        "AID301",
        "app.token_gap",
        "150s",
        "90s",
        {"cdn": "cloudflare", "app": {"longest_request": "90s"}},
        says=("150 s", "100 s"),
    ),
    Case("AID301", "app.longest_request", "150s", "90s", {"cdn": "cloudflare"}, severity="info", says=("150 s",)),
    Case("AID302", "app.upload_limit", "200Mi", "100Mi", {"cdn": "cloudflare"}, severity="warning", says=("200Mi",)),
    Case("AID303", "app.startup", "15m", "5m", says=("15m", "10m")),
    Case("AID303", "app.startup", "15m", "5m", target="helm", says=("15m", "10m")),
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
    Case("AID701", "backup.schedule", "0 2 * * *", "0 2,14 * * *", says=("1d",)),
    Case("AID701", "backup.rpo", "6h", "24h", says=("12h", "6h")),
    Case("AID702", "backup.encrypt_to", [RECIPIENT], [RECIPIENT, OTHER], target="compose", severity="warning"),
)
