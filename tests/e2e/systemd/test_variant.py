"""The other ways: PgBouncer in front, Redis, pgvector, secrets as files. Deployed, updated, restarted, restored."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.systemd.asking import ask
from tests.e2e.systemd.conftest import started
from tests.e2e.systemd.loaded import during
from tests.e2e.systemd.operator import LIB, NAME, THERE

pytestmark = pytest.mark.e2e
OTHERWISE: dict[str, Any] = {
    "database": {"pooler": "pgbouncer"},
    "cache": {"engine": "redis"},
    "vector_store": {"engine": "pgvector"},
    "contract": {"secrets_as": "file"},
}


def test_a_server_with_everything_else_works_as_well(bare_layers: list[Path], tmp_path: Path) -> None:
    with started(tmp_path, bare_layers, OTHERWISE) as server:
        machine = server.machine
        server.operator.deploy()
        server.operator.release("1.1.0")
        record, seconds = during(server, lambda: machine.run(f"{THERE}/update.sh"))
        assert not record.lost, record.summary()
        assert not record.slower_than(2), record.summary()
        print(f"\nwith PgBouncer, update ({seconds:.0f} s): {record.summary()}")

        # The migration has ended, and the secrets of the app are still there.
        secrets = machine.says(f"ls /run/{NAME}-secrets").split()
        assert {"DATABASE_URL", "DASHSCOPE_API_KEY"} <= set(secrets)
        connections = (
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '%asyncpg%' OR usename = 'aisearch'"
        )
        assert int(machine.says(f'cd / && runuser -u postgres -- psql -Atc "{connections}"')) > 0

        began = time.monotonic()
        machine.run(f"systemctl restart {NAME}-pooler")
        seconds = time.monotonic() - began
        assert seconds < 5
        print(f"PgBouncer restarted in {seconds:.1f} s while the app was connected")

        with server.internet.machine("customer", "198.51.100.7") as client:
            heron = {"documents": [{"title": "Herons", "body": "Herons wade."}]}
            assert ask(client, "POST", "/documents", heron).status == 201
            machine.run(f"systemctl start {NAME}-backup")
            machine.run(f"{LIB}/restore.sh --yes --without-backup --newest")
            assert ask(client, "POST", "/query", {"query": "herons"}).json()["results"]
        extension = "SELECT count(*) FROM pg_extension WHERE extname = 'vector'"
        assert machine.says(f'cd / && runuser -u postgres -- psql -d aisearch -Atc "{extension}"') == "1"
