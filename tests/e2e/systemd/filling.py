"""Files in the app, by its own door."""

from __future__ import annotations

from tests.e2e.systemd.machine import Machine
from tests.e2e.systemd.operator import DOMAIN


def upload_files(machine: Machine, count: int) -> None:
    """Uploads `count` files; one says that it is an SQLite database and is none, as anybody may."""
    door = (
        f"curl --silent --fail --insecure --resolve {DOMAIN}:443:127.0.0.1 --output /dev/null https://{DOMAIN}/upload"
    )
    machine.run(
        f"set -e; for number in $(seq {count}); do\n"
        "  printf 'SQLite format 3\\0' >file; [[ $number == 1 ]] || : >file\n"
        f"  head -c $((number * 5000)) /dev/urandom >>file; {door} --form file=@file\n"
        "done; rm file"
    )
