"""The day that rules about dates go by."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

VARIABLE = "SOURCE_DATE_EPOCH"


def today() -> date:
    """In UTC: SOURCE_DATE_EPOCH, as --today sets it too, else the clock. Raises ValueError for what is no number."""
    given = os.environ.get(VARIABLE)
    return (datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC)).date()
