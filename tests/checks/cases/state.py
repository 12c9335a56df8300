"""Rules on where data is kept."""

from __future__ import annotations

from tests.checks.cases.sound import LOCAL, OUTSIDE, Case

CASES: tuple[Case, ...] = (
    Case("AID201", "scaling.max", 3, 1, {**LOCAL}, says=("3 writers",)),
    Case("AID201", "app.workers", 2, 1, {**LOCAL}, target="compose", says=("2 writers",)),
    Case("AID202", "database.version", 14, 18, says=("2026-11-12", "2026-11-24")),
    Case("AID202", "database.version", 14, 18, OUTSIDE, severity="warning", says=("2026-11-12",)),
    Case("AID203", "uploads.storage_class", "gp3", "efs", target="helm", says=("gp3", "10")),
    Case("AID203", "uploads.storage_class", None, "nfs", severity="info", says=("10",)),
    Case("AID203", "scaling.max", 2, 1, {"uploads": {"storage_class": "gp2"}, "scaling": {"min": 1}}, says=("2",)),
    Case("AID204", "uploads.storage_class", "nfs-client", "gp3", LOCAL, severity="warning", says=("nfs-client",)),
)
