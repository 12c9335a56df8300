"""When software ends."""

from __future__ import annotations

from datetime import date

# https://www.postgresql.org/support/versioning/
POSTGRESQL = {
    14: date(2026, 11, 12),
    15: date(2027, 11, 11),
    16: date(2028, 11, 9),
    17: date(2029, 11, 8),
    18: date(2030, 11, 14),
}
