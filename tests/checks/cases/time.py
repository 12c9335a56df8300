"""Rules on time-outs, silences and graces."""

from __future__ import annotations

from tests.checks.cases.sound import Case

HOUR = {"app": {"longest_request": "1h"}}

CASES: tuple[Case, ...] = (
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
    Case("AID304", "app.longest_request", "2h", "1h", target="ecs", says=("7,215 s", "4,000 s")),
    Case("AID304", "app.token_gap", "40m", "30m", target="ecs", says=("4,815 s", "4,000 s")),
    Case("AID305", "app.token_gap", "90s", "60s", target="lambda", says=("90 s", "60 s")),
    Case("AID306", "app.startup", "3m", "60s", target="lambda", says=("170 s", "120 s")),
    Case("AID306", "app.startup", "2m", "70s", target="lambda", severity="warning", says=("110 s", "60 s")),
    Case("AID307", "app.drain", "10m", "5m", severity="warning", says=("615 s", "600 s")),
    Case("AID307", "app.drain", "586s", "585s", target="helm", severity="warning", says=("601 s",)),
    Case("AID308", "app.streaming_paths", [], ["/query/stream"], severity="warning", says=("100",)),
    Case("AID308", "load.streams", 1, 0, {"app": {"streaming_paths": []}}, target="compose", severity="warning"),
    Case("AID309", "app.longest_request", "5m", "30s", severity="warning", says=("30 s (preset medium)", "300 s")),
    Case("AID309", "app.drain", "60s", "120s", target="compose", severity="info", says=("60 s", "120 s")),
    Case("AID309", "app.drain", "114s", "115s", HOUR, target="ecs", severity="warning", says=("114 s",)),
    Case("AID309", "app.drain", "584s", "585s", HOUR, severity="warning"),
)
