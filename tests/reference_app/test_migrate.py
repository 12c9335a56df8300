"""`python -m src.migrate`: once, again, and several at the same moment."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.reference_app.environment import APP, python
from tests.reference_app.running import database_url, running
from tests.reference_app.servers import Postgres, free_port

pytestmark = pytest.mark.e2e

INDEXES = {
    "documents": {"words", "created_at", "kind"},
    "history": {"created_at", "mode_created_at"},
    "uploads": {"file_hash", "created_at"},
}


def start(told: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [python(), "-m", "src.migrate"],
        cwd=APP,
        env={"PYTHONDONTWRITEBYTECODE": "1"} | told,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, (out + err).strip()


def test_the_second_one_has_nothing_to_do(database: Postgres) -> None:
    name = database.create("migrated_twice")
    told = {"DATABASE_URL": database_url(database.port, name)}
    assert ended(start(told)) == (0, "migrate: applied 0001_tables, 0002_indexes")
    found = database.run("SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'", name)
    expected = {f"{table}|{table}_{index}" for table, indexes in INDEXES.items() for index in indexes}
    assert expected <= set(found)
    before = database.run("SELECT * FROM migrations", name)
    assert ended(start(told)) == (0, "migrate: nothing to do")
    assert database.run("SELECT * FROM migrations", name) == before


def test_of_four_at_once_one_does_it_and_all_succeed(database: Postgres) -> None:
    name = database.create("migrated_at_once")
    told = {"DATABASE_URL": database_url(database.port, name)}
    done = [ended(process) for process in [start(told) for _ in range(4)]]
    assert sorted(done) == [
        (0, "migrate: applied 0001_tables, 0002_indexes"),
        *[(0, "migrate: nothing to do")] * 3,
    ]


def test_a_search_uses_its_index(database: Postgres) -> None:
    name = database.create("explained")
    ended(start({"DATABASE_URL": database_url(database.port, name)}))
    database.run(
        "INSERT INTO documents (title, body, kind) SELECT 'title', 'word' || n, 'web' FROM generate_series(1, 5000) n;"
        "ANALYZE documents",
        name,
    )
    plan = "\n".join(
        database.run("EXPLAIN SELECT id FROM documents WHERE words @@ websearch_to_tsquery('word7')", name)
    )
    assert "documents_words" in plan


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": f"postgresql://u:s3cret@127.0.0.1:{free_port()}/x"}, "ConnectionRefusedError"),
    ],
    ids=["no address", "nobody there"],
)
def test_it_fails_with_the_reason_and_without_the_password(told: dict[str, str], why: str) -> None:
    code, text = ended(start(told | {"SECRETS_PATH": "/nowhere"}))
    assert code == 1
    assert text.startswith("migrate: ")
    assert why in text
    assert "s3cret" not in text


def test_the_app_migrates_when_it_starts_unless_it_is_told_not_to(tmp_path: Path, told: dict[str, str]) -> None:
    with running(tmp_path, told | {"AUTO_MIGRATE": "false"}) as app:
        assert app.ask("GET", "/ready").status == 503
        assert ended(start(told))[0] == 0
        assert app.ask("GET", "/ready").status == 200
