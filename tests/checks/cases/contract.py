"""Rules on the contract of the image."""

from __future__ import annotations

from tests.checks.cases.sound import Case

CASES: tuple[Case, ...] = (
    Case("AID601", "contract.metrics_path", "/health", "/metrics", says=("/health", "contract.ready_path")),
    Case("AID601", "contract.static_path", "/chat/stream/", "/static", says=("app.streaming_paths",)),
    Case("AID601", "rate_limit.paths", ["/metrics"], ["/metrics/query"], says=("rate_limit.paths",)),
    Case("AID602", "contract.user", 1000, 10000, severity="info", says=("1000", "10,000")),
)
