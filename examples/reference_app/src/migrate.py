"""`python -m src.migrate` makes the database what this version needs. Run it before a new version takes traffic."""

from __future__ import annotations

import asyncio
import sys

from src.opening import open_store
from src.settings import Missing, read
from src.store import Unavailable


async def main() -> int:
    """0: it is what it should be; 1: the database cannot be reached, or refuses."""
    try:
        store = open_store(read())
        applied = await store.migrate()
        await store.close()
    except (Missing, Unavailable) as error:
        print(f"migrate: {error}", file=sys.stderr)
        return 1
    print(f"migrate: applied {', '.join(applied)}" if applied else "migrate: nothing to do")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
