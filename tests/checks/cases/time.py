"""Rules on time-outs, silences and graces."""

from __future__ import annotations

from tests.checks.cases.sound import Case

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
)
