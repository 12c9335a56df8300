"""Everything that a backup has to bring back: each row and each file, so that two states can be compared one by one."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.e2e.compose.faults.loaded import sql
from tests.e2e.compose.stack import Stack

UPLOADS = "/app/src/web/uploads"
DATA = "/app/data"
TABLES = ("documents", "history", "uploads")

# Runs where the app's volumes are. Files on their way begin with a dot and are nobody's yet.
FILES = """
import hashlib, json, os, sys
found = {}
for folder in sys.argv[1:]:
    for place, _, names in os.walk(folder):
        for name in names:
            if not name.startswith(".") and ".db" not in name:
                path = os.path.join(place, name)
                with open(path, "rb") as file:
                    digest = hashlib.sha256(file.read()).hexdigest()
                found[path] = f"{os.stat(path).st_uid} {os.stat(path).st_mode:o} {digest}"
print(json.dumps(found))
"""
# PostgreSQL's.
ROW = "SELECT '{table} ' || id || '=' || md5({table}::text) FROM {table}"
# SQLite's.
ROWS = """
import contextlib, hashlib, json, sqlite3, sys
with contextlib.closing(sqlite3.connect(sys.argv[1])) as connection:
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = {
        f"{table} {row[0]}": hashlib.sha256(repr(row).encode()).hexdigest()
        for table in sys.argv[2:] for row in connection.execute(f"SELECT * FROM {table}")
    }
print(json.dumps(found))
"""


@dataclass(frozen=True)
class State:
    """The content of each row by table and id; owner, mode and SHA-256 of each file by its path."""

    rows: dict[str, str]
    files: dict[str, str]

    def has(self, other: State) -> bool:
        """Whether every row and every file of the other is here, just as it is there."""
        return other.rows.items() <= self.rows.items() and other.files.items() <= self.files.items()


def shared_state(stack: Stack) -> State:
    """With PostgreSQL."""
    each = " UNION ALL ".join(ROW.format(table=table) for table in TABLES)
    rows = dict(line.split("=") for line in sql(stack, each).splitlines())
    return State(rows, json.loads(python(stack, FILES, UPLOADS)))


def local_state(stack: Stack) -> State:
    """With SQLite and a vector store."""
    rows = json.loads(python(stack, ROWS, f"{DATA}/history.db", *TABLES))
    return State(rows, json.loads(python(stack, FILES, UPLOADS, DATA)))


def python(stack: Stack, program: str, *arguments: str) -> str:
    """What a program says that runs beside the app, with the app's volumes."""
    beside = ("run", "--rm", "-T", "--no-deps", "--entrypoint", "python", "app")
    return stack.compose(*beside, "-c", program, *arguments).stdout
