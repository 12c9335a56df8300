#!/bin/sh
# Makes one backup of the local databases, reads all of it again, and only then gives it its name.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.
set -eu

KEEP_MINUTES=20160
UPLOADS_STAY_HERE=true

backups=${BACKUP_FOLDER:-/backups}
uploads=${BACKUP_UPLOADS:-/uploads}
state=${BACKUP_STATE:-/state}

umask 077
name=$backups/state-$(date -u +%Y%m%dT%H%M%SZ).tar.gz
find "$backups" -maxdepth 1 -name '*.partial' -exec rm -rf {} +
copy=$backups/state.partial
mkdir "$copy"

# A copy of a SQLite file that is in use is torn: SQLite's own backup is not.
STATE=$state COPY=$copy python - <<'PYTHON'
import contextlib
import os
import pathlib
import shutil
import sqlite3
import sys

state, copy = pathlib.Path(os.environ["STATE"]), pathlib.Path(os.environ["COPY"])


def is_database(path):
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


files = sorted(path for path in state.rglob("*") if path.is_file() and not path.is_symlink())
databases = [path for path in files if is_database(path)]
beside = {f"{path}{ending}" for path in databases for ending in ("-wal", "-shm", "-journal")}
for path in files:
    target = copy / path.relative_to(state)
    target.parent.mkdir(parents=True, exist_ok=True)
    if path in databases:
        with contextlib.closing(sqlite3.connect(path)) as live, contextlib.closing(sqlite3.connect(target)) as still:
            live.backup(still)
            answer = still.execute("PRAGMA integrity_check").fetchone()[0]
            if answer != "ok":
                sys.exit(f"{path}: {answer}")
    elif str(path) not in beside:
        shutil.copy2(path, target)
print(f"copied {len(databases)} databases and {len(files) - len(databases)} other files")
PYTHON

tar -czf "$name.partial" -C "$copy" .
tar -tzf "$name.partial" >/dev/null
rm -rf "$copy"
sync "$name.partial"
mv "$name.partial" "$name"
echo "made $name, $(wc -c <"$name") bytes"

if [ "$UPLOADS_STAY_HERE" = true ]; then
  # New and changed files; what was deleted by mistake stays.
  mkdir -p "$backups/uploads"
  cp -Rpu "$uploads/." "$backups/uploads/"
fi

# The one just made is never among them, however short the time.
find "$backups" -maxdepth 1 -name 'state-*.tar.gz' -mmin "+$KEEP_MINUTES" ! -path "$name" -print -delete
