"""Rules on backups and restores."""

from __future__ import annotations

from tests.checks.cases.sound import LOCAL, OTHER, RECIPIENT, Case

CASES: tuple[Case, ...] = (
    Case("AID701", "backup.schedule", "0 2 * * *", "0 2,14 * * *", says=("1d",)),
    Case("AID701", "backup.rpo", "6h", "24h", says=("12h", "6h")),
    Case("AID702", "backup.encrypt_to", [RECIPIENT], [RECIPIENT, OTHER], target="compose", severity="warning"),
    Case("AID703", "backup.to", None, "s3://example-backups/search", target="compose", severity="info"),
    Case("AID703", "backup.to", None, "gs://example-backups/search", LOCAL, severity="info"),
    Case(
        "AID704",
        "backup.encrypt_to",
        None,
        [RECIPIENT, OTHER],
        {"backup": {"to": "s3://example-backups/search"}},
        target="compose",
        severity="info",
        says=("s3://example-backups/search",),
    ),
    Case("AID705", "backup.keep", "2d", "7d", severity="warning", says=("2d", "3d")),
    Case("AID705", "backup.keep", "6d", "7d", severity="info", says=("6d",)),
    Case("AID706", "uploads.storage", "1Gi", "2Gi", {"app": {"upload_limit": "2Gi"}}, says=("1Gi", "2Gi")),
    Case("AID707", "backup.storage", "20Gi", "60Gi", severity="info", says=("61 copies = 335 MiB", "70Gi")),
    Case("AID707", "backup.keep", "30d", "7d", {"backup": {"storage": "20Gi"}}, severity="info", says=("61 copies",)),
)
