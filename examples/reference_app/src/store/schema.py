"""PostgreSQL's tables: the files of migrations/, each applied once, in the order of their names."""

from __future__ import annotations

from pathlib import Path

import asyncpg

MIGRATIONS = Path(__file__).parent.parent / "migrations"
LOCK = 0x5EA4C4  # a number that no other program on this database takes


async def migrate(url: str) -> list[str]:
    """Apply what the database lacks; the names. Any number may run at once, through a pooler too.

    One transaction holds the lock, finds what is missing, and applies all of it or nothing.
    """
    connection = await asyncpg.connect(url, timeout=5)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            # From here on: while we wait for a table that somebody holds, everybody else would queue behind us.
            await connection.execute("SET LOCAL lock_timeout = '5s'")
            await connection.execute(
                "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at timestamptz)"
            )
            known = {row["name"] for row in await connection.fetch("SELECT name FROM migrations")}
            missing = [path for path in sorted(MIGRATIONS.glob("*.sql")) if path.stem not in known]
            for path in missing:
                await connection.execute(path.read_text())
                await connection.execute("INSERT INTO migrations VALUES ($1, now())", path.stem)
        return [path.stem for path in missing]
    finally:
        await connection.close(timeout=5)
