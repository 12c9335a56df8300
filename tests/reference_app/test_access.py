"""Keys, and where secrets come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reference_app.multipart import multipart
from tests.reference_app.running import Running, running

pytestmark = pytest.mark.e2e

KEYS = "# name key\nalice alices-key/1+=\n\nbob bobs-key\n"
OPEN = ["/health", "/ready", "/metrics", "/", "/static/search.js"]
CLOSED = ["/documents", "/history", "/uploads", f"/uploads/{'0' * 64}", "/stream", "/chat/stream", "/whoami"]


@pytest.fixture(params=["env", "NAME_FILE", "file"])
def handed(request: pytest.FixtureRequest, tmp_path: Path, told: dict[str, str]) -> dict[str, str]:
    """Two secrets, handed over in each of the contract's ways."""
    secrets = {"APP_API_KEYS": KEYS, "DATABASE_URL": told["DATABASE_URL"]}
    if request.param == "env":
        return secrets
    folder = tmp_path / ("secrets" if request.param == "file" else "elsewhere")
    folder.mkdir()
    for name, value in secrets.items():
        (folder / name).write_text(value + "\n")
    return {} if request.param == "file" else {f"{name}_FILE": str(folder / name) for name in secrets}


def test_secrets_come_in_all_three_ways(handed: dict[str, str], tmp_path: Path) -> None:
    with running(tmp_path, handed) as app:
        assert app.ask("GET", "/ready").status == 200
        assert app.ask("GET", "/history").status == 401
        assert app.ask("GET", "/history", headers={"X-API-Key": "bobs-key"}).status == 200


def test_keys_guard_everything_but_what_watches_it(tmp_path: Path, told: dict[str, str]) -> None:
    with running(tmp_path, told | {"APP_API_KEYS": KEYS}) as app:
        assert {path: app.ask("GET", path).status for path in OPEN} == dict.fromkeys(OPEN, 200)
        assert {path: app.ask("GET", path).status for path in CLOSED} == dict.fromkeys(CLOSED, 401)
        document = {"documents": [{"title": "x", "body": "x"}]}
        for path, content in {"/query": {"query": "x"}, "/chat/stream": {"query": "x"}, "/documents": document}.items():
            assert app.ask("POST", path, content).status == 401
        headers, form = multipart("file", "a.txt", b"x")
        assert app.ask("POST", "/upload", form, headers).status == 401
        assert app.ask("POST", "/query", {"query": "x"}, {"X-API-Key": "alices-key/1+="}).status == 200
        for wrong in ("", "alice", "alices-key/1+", "alices-key/1+=,", "\xff"):
            assert app.ask("GET", "/history", headers={"X-API-Key": wrong}).status == 401
        caller = [line["caller"] for line in app.lines() if line.get("path") == "/query" and line.get("status") == 200]
        assert caller == ["alice"]
        assert "alices-key" not in app.log.read_text()


def test_the_header_can_have_another_name(tmp_path: Path, told: dict[str, str]) -> None:
    with running(tmp_path, told | {"APP_API_KEYS": "a k", "API_KEY_HEADER": "Authorization"}) as app:
        assert app.ask("GET", "/history", headers={"X-API-Key": "k"}).status == 401
        assert app.ask("GET", "/history", headers={"Authorization": "k"}).status == 200


def fails_to_start(app: Running) -> str:
    assert app.process.wait(20) != 0
    return app.log.read_text()


def test_without_a_database_url_it_says_so_and_ends(tmp_path: Path) -> None:
    """It does not fall back to files that nobody asked for."""
    with running(tmp_path, {}, wait=0) as app:
        assert "DATABASE_URL is not set" in fails_to_start(app)


def test_a_wrong_line_of_keys_ends_it_without_showing_the_key(tmp_path: Path, told: dict[str, str]) -> None:
    with running(tmp_path, told | {"APP_API_KEYS": "only-a-k3y"}, wait=0) as app:
        text = fails_to_start(app)
        assert "each line is a name, a space and a key" in text
        assert "only-a-k3y" not in text
