"""CONTRACT=local-state: SQLite, vectors and uploads in folders."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.reference_app.multipart import multipart
from tests.reference_app.running import running

pytestmark = pytest.mark.e2e

LOCAL = {"CONTRACT": "local-state"}
DOCUMENTS = [
    {"title": "Frogs", "body": "A frog jumped into the old pond"},
    {"title": "Toads", "body": "The toad sat in the garden", "kind": "paper"},
    {"title": 'Quotes "and" NEAR(1)', "body": "AND OR NOT * ^ : -"},
]


def test_it_does_what_the_other_contract_does_and_keeps_it(tmp_path: Path) -> None:
    headers, form = multipart("file", "a.txt", b"kept")
    with running(tmp_path, LOCAL) as app:
        ids = app.ask("POST", "/documents", {"documents": DOCUMENTS}).json()["ids"]
        upload = app.ask("POST", "/upload", form, headers).json()
        found = app.ask("POST", "/query", {"query": "jumping frogs"}).json()["results"]
        assert found[0]["id"] == ids[0]
        assert "<b>frog</b>" in found[0]["snippet"]
    with running(tmp_path, LOCAL) as app:
        assert app.ask("GET", "/ready").status == 200
        assert [one["title"] for one in app.ask("GET", "/documents").json()] == [one["title"] for one in DOCUMENTS]
        assert app.ask("GET", f"/uploads/{upload['file_hash']}").body == b"kept"
        assert [one["query"] for one in app.ask("GET", "/history").json()] == ["jumping frogs"]
        assert app.ask("POST", "/query", {"query": "toad", "mode": "web"}).json()["results"] == []
        papers = app.ask("POST", "/query", {"query": "toad", "mode": "paper"}).json()["results"]
        assert [one["id"] for one in papers] == [ids[1]]
    assert sorted(path.name for path in (tmp_path / "data" / "vector_store").iterdir()) == ["1.f32", "2.f32", "3.f32"]


def test_what_is_similar_is_found_though_not_every_word_matches(tmp_path: Path) -> None:
    with running(tmp_path, LOCAL) as app:
        first, *_ = app.ask("POST", "/documents", {"documents": DOCUMENTS}).json()["ids"]
        found = app.ask("POST", "/query", {"query": "frog pond elephant"}).json()["results"]
        assert found[0]["id"] == first


@pytest.mark.parametrize("query", ['"', "NEAR(", "a AND", "*", "' OR 1=1", "title:x", "😀"])
def test_a_question_is_never_the_databases_syntax(tmp_path: Path, query: str) -> None:
    with running(tmp_path, LOCAL) as app:
        assert app.ask("POST", "/query", {"query": query}).status == 200


def test_lost_vectors_come_back(tmp_path: Path) -> None:
    with running(tmp_path, LOCAL) as app:
        app.ask("POST", "/documents", {"documents": DOCUMENTS})
    vector = tmp_path / "data" / "vector_store" / "2.f32"
    before = vector.read_bytes()
    vector.unlink()
    with running(tmp_path, LOCAL):
        assert vector.read_bytes() == before
    with closing(sqlite3.connect(tmp_path / "data" / "history.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
