"""What the app answers, with two workers behind one port."""

from __future__ import annotations

import hashlib
import itertools
import json
import time
import uuid

import pytest

from tests.reference_app.multipart import multipart
from tests.reference_app.running import Running
from tests.reference_app.servers import eventually

pytestmark = pytest.mark.e2e


def add(app: Running, *documents: dict[str, str]) -> list[int]:
    answer = app.ask("POST", "/documents", {"documents": documents})
    assert answer.status == 201, answer.body
    ids: list[int] = answer.json()["ids"]
    return ids


def test_it_is_alive_and_ready_and_says_its_version(app: Running) -> None:
    health = app.ask("GET", "/health").json()
    assert (health["status"], health["version"]) == ("healthy", "1.0.0")
    assert app.ask("GET", "/ready").json() == {"status": "ready"}


def test_it_finds_what_was_added_by_the_words_stem_and_shows_what_matched(app: Running) -> None:
    word = f"zq{uuid.uuid4().hex}"
    wanted, _ = add(
        app,
        {"title": "About frogs", "body": f"{word} frogs jumped high"},
        {"title": "About toads", "body": f"{word} toads sat still"},
    )
    found = app.ask("POST", "/query", {"query": f"{word} jumping frog"}).json()["results"]
    assert [one["id"] for one in found] == [wanted]
    assert "<b>frogs</b>" in found[0]["snippet"]


def test_a_mode_searches_one_kind(app: Running) -> None:
    word = f"zq{uuid.uuid4().hex}"
    web, paper = add(app, {"title": word, "body": "x"}, {"title": word, "body": "x", "kind": "paper"})
    every = app.ask("POST", "/query", {"query": word}).json()["results"]
    papers = app.ask("POST", "/query", {"query": word, "mode": "paper"}).json()["results"]
    assert {one["id"] for one in every} == {web, paper}
    assert [one["id"] for one in papers] == [paper]


def test_history_holds_what_was_searched_the_latest_first_by_mode(app: Running) -> None:
    mode = f"m{uuid.uuid4().hex[:20]}"
    for query in ("first", "second"):
        app.ask("POST", "/query", {"query": query, "mode": mode})
    asked = app.ask("GET", f"/history?mode={mode}").json()
    assert [(one["query"], one["mode"], one["results"]) for one in asked] == [("second", mode, 0), ("first", mode, 0)]


def test_documents_come_in_pages_in_the_order_of_their_ids(app: Running) -> None:
    ids = add(app, *({"title": f"page {number}", "body": "leaf"} for number in range(5)))
    page = app.ask("GET", f"/documents?after={ids[0]}&limit=3").json()
    assert [one["id"] for one in page] == ids[1:4]
    assert page[0] == {"id": ids[1], "title": "page 1", "body": "leaf", "kind": "web"}


def test_ten_thousand_documents_at_once(app: Running) -> None:
    ids = add(app, *({"title": f"many {number}", "body": "of them"} for number in range(10_000)))
    assert len(set(ids)) == 10_000
    assert len(app.ask("GET", f"/documents?after={min(ids) - 1}&limit=10000").json()) == 10_000


def test_an_upload_is_kept_under_its_hash_once(app: Running) -> None:
    content = uuid.uuid4().bytes * 200_000
    digest = hashlib.sha256(content).hexdigest()
    for name in ("a.pdf", "b.pdf"):
        headers, body = multipart("file", name, content)
        answer = app.ask("POST", "/upload", body, headers)
        assert answer.status == 201
        assert answer.json() == {"name": name, "file_hash": digest, "size": len(content)}
    assert app.ask("GET", f"/uploads/{digest}").body == content
    listed = [one for one in app.ask("GET", "/uploads").json() if one["file_hash"] == digest]
    assert [one["name"] for one in listed] == ["b.pdf", "a.pdf"]


@pytest.mark.parametrize("name", ["0" * 64, "..%2f..%2fsettings.py", "A" * 64])
def test_what_is_no_upload_is_not_found(app: Running, name: str) -> None:
    assert app.ask("GET", f"/uploads/{name}").status == 404


@pytest.mark.parametrize("path", ["/stream", "/chat/stream"])
def test_tokens_arrive_one_by_one(app: Running, path: str) -> None:
    gap = 0.3
    with app.opened(f"{path}?gap={gap}&number=4") as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        arrivals = [time.monotonic() for line in answer if line.startswith(b"data: ")]
    gaps = [later - earlier for earlier, later in itertools.pairwise(arrivals)]
    print(f"gaps of a stream that was asked for {gap} s: {[round(found, 3) for found in gaps]}")
    assert len(arrivals) == 5
    assert all(gap * 0.8 < found < gap + 1 for found in gaps[:3])


def test_a_chat_streams_the_words_of_what_it_finds(app: Running) -> None:
    word = f"zq{uuid.uuid4().hex}"
    add(app, {"title": "Chat", "body": f"{word} is a word"})
    answer = app.ask("POST", "/chat/stream?gap=0&number=3", {"query": word})
    tokens = [json.loads(line[6:])["token"] for line in answer.body.splitlines() if line.startswith(b'data: {"token"')]
    assert tokens == ["Chat:", f"<b>{word}</b>", "is"]
    assert answer.body.rstrip().endswith(b'event: done\ndata: {"tokens": 3}')


def test_it_sees_the_client_that_the_edge_names(app: Running) -> None:
    """uvicorn takes it from X-Forwarded-For: whoever is in front has to overwrite that."""
    headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "Host": "search.example.com"}
    seen = app.ask("GET", "/whoami", headers=headers).json()
    assert (seen["client"], seen["scheme"], seen["host"]) == ("203.0.113.7", "https", "search.example.com")
    assert app.ask("GET", "/whoami").json()["client"] == "127.0.0.1"


@pytest.mark.parametrize(("origin", "allowed"), [("https://app.example.com", True), ("https://evil.example", False)])
def test_only_the_configured_origins_may_call(app: Running, origin: str, allowed: bool) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "X-API-Key"}
    preflight = app.ask("OPTIONS", "/query", headers=headers)
    assert (preflight.status == 200) is allowed
    assert preflight.headers["Access-Control-Allow-Origin"] == (origin if allowed else None)


def test_each_answer_and_its_line_in_the_log_carry_the_requests_id(app: Running) -> None:
    known = app.ask("GET", "/whoami?secret=1", headers={"X-Request-ID": "edge-42.a", "X-Forwarded-For": "203.0.113.9"})
    assert known.headers["X-Request-ID"] == "edge-42.a"
    eventually(lambda: any(line.get("request_id") == "edge-42.a" for line in app.lines()))
    line = next(line for line in app.lines() if line.get("request_id") == "edge-42.a")
    assert (line["method"], line["path"], line["status"], line["client"]) == ("GET", "/whoami", 200, "203.0.113.9")
    assert "secret=1" not in json.dumps(line)
    made = app.ask("GET", "/whoami", headers={"X-Request-ID": 'bad"\tone'}).headers["X-Request-ID"]
    assert len(made) == 32
    assert made != app.ask("GET", "/whoami").headers["X-Request-ID"]


def test_it_has_a_page_and_static_files(app: Running) -> None:
    page = app.ask("GET", "/")
    assert page.headers["Content-Type"].startswith("text/html")
    for path in ("/static/search.js", "/static/search.css"):
        assert path.encode() in page.body
        assert app.ask("GET", path).status == 200


@pytest.mark.parametrize(
    "content", [{}, {"query": ""}, {"query": "x", "mode": "Not a kind"}, {"query": "x", "limit": 0}, b"no json"]
)
def test_a_wrong_question_is_refused(app: Running, content: object) -> None:
    headers = {"Content-Type": "application/json"}
    assert app.ask("POST", "/query", content, headers).status == 422
