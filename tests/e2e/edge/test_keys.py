"""Who may call."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.edge.conftest import KEYS
from tests.e2e.edge.names import Names
from tests.e2e.edge.running import Edge, environment, eventually, running
from tests.e2e.edge.stub import Stub
from tests.targets.parts.edges import deployment, edge_files

pytestmark = pytest.mark.e2e

ALICE = "alice-key.of+sixteen/AND-more="
OLD, NEW = "bobs-key-0123456789", "bobs-next-key-9876543210"


@pytest.mark.parametrize("key", [ALICE, OLD, NEW])
def test_a_key_opens_the_door_and_stays_there(keyed: Edge, app: Stub, key: str) -> None:
    answer = keyed.ask("GET", "/", headers={"X-API-Key": key, "X-API-Client": "root"})
    assert answer.status == 200
    asked = app.on("/")[0]
    assert asked.header("X-API-Key") == []
    assert asked.header("X-API-Client") == ["alice" if key == ALICE else "bob"]


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "wrong-key-of-some-length",
        ALICE.upper(),
        ALICE.replace(".", "x"),
        ALICE[:-1],
        f"{ALICE}x",
        f"x{ALICE}",
        f"{OLD} ",
        "default",
        ".*",
    ],
)
@pytest.mark.parametrize("target", ["/", "/query", "/chat/stream", "/static/../query", "/health/../query"])
def test_anything_else_does_not(keyed: Edge, app: Stub, key: str | None, target: str) -> None:
    headers = {} if key is None else {"X-API-Key": key}
    answer = keyed.ask("POST", target, headers=headers, body=b"{}")
    if key == f"{OLD} ":
        assert answer.status in (200, 404), "spaces around a header's value are not part of it"
        return
    assert answer.status == (404 if ".." in target else 401)
    assert app.asked == []
    if answer.status == 401:
        assert answer.header("Content-Type") == ["application/json"]
        assert answer.json()["detail"] == "A valid API key is needed."
        assert answer.header("WWW-Authenticate") == ["ApiKey"]


def test_probes_static_files_and_preflights_need_none(keyed: Edge) -> None:
    assert keyed.ask("GET", "/health").status == 200
    assert keyed.ask("GET", "/static/app.css").status == 200
    assert keyed.ask("OPTIONS", "/query").status == 200


def test_metrics_stay_inside_even_with_a_key(keyed: Edge, app: Stub) -> None:
    for target in (
        "/metrics",
        "/metrics/",
        "/metrics/x",
        "//metrics",
        "/%6detrics",
        "/metrics?x=1",
        "/x%2f..%2fmetrics",
    ):
        assert keyed.ask("GET", target, headers={"X-API-Key": ALICE}).status == 404, target
    assert app.asked == []


def test_other_networks_are_refused(keyed: Edge, app: Stub) -> None:
    for target in ("/", "/health", "/metrics"):
        answer = keyed.ask("GET", target, source="127.0.0.70", headers={"X-API-Key": ALICE})
        assert (answer.status, answer.json()["detail"]) == (403, "Not from this network.")
    assert app.asked == []


def test_keys_change_without_a_restart(own_edge: Edge) -> None:
    secret = own_edge.root / "secrets/API_KEYS"
    assert own_edge.ask("GET", "/", headers={"X-API-Key": OLD}).status == 200
    secret.write_text(KEYS.replace(f"bob {OLD}\n", "carol carols-key-0123456789\n"))
    # For a moment after a reload a worker with the old keys may still take a connection, and answers by those.
    eventually(lambda: own_edge.ask("GET", "/", headers={"X-API-Key": OLD}).status == 401)
    eventually(lambda: own_edge.ask("GET", "/", headers={"X-API-Key": "carols-key-0123456789"}).status == 200)
    assert own_edge.ask("GET", "/", headers={"X-API-Key": NEW}).status == 200

    secret.write_text("broken\n")
    eventually(lambda: "API_KEYS, line 1: not a name and a key" in own_edge.errors())
    assert own_edge.ask("GET", "/", headers={"X-API-Key": NEW}).status == 200, "the last good keys stay"


def test_the_authorization_header_carries_bearer_tokens(tmp_path: Path, names: Names, app: Stub) -> None:
    api_keys = {"header": "Authorization", "secret": "CALLERS"}
    with running(tmp_path, names, app.port, {"CALLERS": KEYS}, api_keys=api_keys) as edge:
        statuses = {
            given: edge.ask("GET", "/", headers={"Authorization": given}).status
            for given in (f"Bearer {NEW}", f"bearer {NEW}", f"Bearer {NEW.upper()}", f"Basic {NEW}", NEW)
        }
    assert list(statuses.values()) == [200, 200, 401, 401, 401]
    assert [asked.header("Authorization") for asked in app.on("/")] == [[], []]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("alone-without-a-name\n", "line 1: not a name and a key"),
        ("# fine\na b c-d-e-f-g-h-i-j-k\n", "line 2: not a name and a key"),
        ("a/b 0123456789abcdef\n", "line 1: the name is not of"),
        ('a 0123456789"abcdef\n', "line 1: the key is not of"),
        ("a 0123456789\\Eabcdef\n", "line 1: the key is not of"),
        ("a 0123456789;}abcdef\n", "line 1: the key is not of"),
        ("a 0123456789$abcdef\n", "line 1: the key is not of"),
        ("a 0123456789abcde\n", "line 1: the key has fewer than 16"),
        (f"a {'x' * 257}\n", "line 1: the key is not of"),
        ("a 0123456789abcdef\nb 0123456789abcdef\n", "line 2: the same key as in line 1"),
        ("# nobody\n\n", "no key at all"),
        (None, "cannot read"),
    ],
)
def test_a_malformed_secret_is_refused_without_showing_it(tmp_path: Path, text: str | None, complaint: str) -> None:
    finished = build(tmp_path, text)
    assert finished.returncode != 0
    assert complaint in finished.stderr
    assert "0123456789" not in finished.stderr + finished.stdout
    assert not (tmp_path / "nginx/api-keys.conf").exists()
    assert list((tmp_path / "nginx").glob("*")) == []


def test_windows_line_ends_tabs_and_a_missing_last_one_are_fine(tmp_path: Path) -> None:
    assert build(tmp_path, "a\t0123456789abcdef\r\n\r\n  b  fedcba9876543210").returncode == 0
    built = tmp_path / "nginx/api-keys.conf"
    assert built.read_text() == (
        'map $http_x_api_key $api_client {\n  "~^\\Q0123456789abcdef\\E\\z" a;\n  "~^\\Qfedcba9876543210\\E\\z" b;\n}\n'
    )
    assert built.stat().st_mode & 0o077 == 0


def build(root: Path, text: str | None, **api_keys: str) -> subprocess.CompletedProcess[str]:
    """Runs 30-api-keys.sh."""
    for folder in ("secrets", "nginx"):
        (root / folder).mkdir()
    if text is not None:
        (root / "secrets/API_KEYS").write_text(text)
    script = root / "30-api-keys.sh"
    script.write_text(edge_files(deployment(api_keys=api_keys))["30-api-keys.sh"])
    return subprocess.run(["sh", script], env=environment(root), capture_output=True, text=True, check=False)
