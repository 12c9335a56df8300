"""Who answers to which name, over what."""

from __future__ import annotations

import ssl
import threading
import time
import warnings
from pathlib import Path

import pytest

from tests.e2e.edge.conftest import ALICE
from tests.e2e.edge.names import Names
from tests.e2e.edge.running import RELOAD_EVERY, Answer, Edge, answer_of, certificate, eventually, running
from tests.e2e.edge.stub import TOKENS, Stub

pytestmark = pytest.mark.e2e


def only(version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    # Else the client itself would refuse what the edge is asked to refuse.
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_g11_modern_tls(edge: Edge, version: ssl.TLSVersion) -> None:
    with edge.tls(only(version)) as connection:
        name, _, bits = connection.cipher() or ("", "", 0)
        print(f"{version.name}: {name}")
        assert bits >= 128
        assert "GCM" in name or "CHACHA20" in name


def test_g11_old_tls_is_refused_by_the_edge(edge: Edge) -> None:
    with pytest.raises(ssl.SSLError) as refusal:
        edge.tls(only(ssl.TLSVersion.TLSv1_1))
    assert refusal.value.reason == "TLSV1_ALERT_PROTOCOL_VERSION"


@pytest.mark.parametrize("cipher", ["AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-GCM-SHA256"])
def test_g11_no_forward_secrecy_no_aead_or_dhe_is_refused(edge: Edge, cipher: str) -> None:
    context = only(ssl.TLSVersion.TLSv1_2)
    context.set_ciphers(f"{cipher}:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError) as refusal:
        edge.tls(context)
    assert refusal.value.reason == "SSLV3_ALERT_HANDSHAKE_FAILURE"


def test_g11_http_2_is_offered(edge: Edge) -> None:
    context = edge.trusting()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with edge.tls(context) as connection:
        assert connection.selected_alpn_protocol() == "h2"


def test_plain_http_is_sent_to_https_on_the_same_name(edge: Edge) -> None:
    answer = edge.ask_plainly("GET", "/search?q=1", host="www.example.com")
    assert (answer.status, answer.header("Location")) == (301, ["https://www.example.com/search?q=1"])


@pytest.mark.parametrize("host", ["evil.example.net", "127.0.0.1", "search.example.com.evil.net"])
def test_an_unknown_name_is_sent_nowhere(edge: Edge, host: str) -> None:
    with pytest.raises(ConnectionResetError):
        edge.ask_plainly("GET", "/", host=host)


def test_an_unknown_name_gets_no_certificate(edge: Edge) -> None:
    with pytest.raises(ssl.SSLError) as refusal:
        edge.tls(name="evil.example.net")
    assert refusal.value.reason == "TLSV1_UNRECOGNIZED_NAME"


def test_challenges_are_answered_over_plain_http(edge: Edge) -> None:
    folder = edge.root / "acme/.well-known/acme-challenge"
    folder.mkdir(parents=True)
    (folder / "token").write_text("token.thumbprint")
    assert edge.ask_plainly("GET", "/.well-known/acme-challenge/token").body == b"token.thumbprint"
    assert edge.ask_plainly("GET", "/.well-known/acme-challenge/other").status == 404


def test_a_platform_that_ends_tls_is_taken_at_its_word(tmp_path: Path, names: Names, app: Stub) -> None:
    with running(tmp_path, names, app.port, tls={"from": "platform"}) as edge:
        secure = edge.ask_plainly("GET", "/", headers={"X-Forwarded-Proto": "https"})
        assert secure.status == 200
        assert secure.header("Strict-Transport-Security") == ["max-age=63072000; includeSubDomains"]
        assert app.on("/")[0].header("X-Forwarded-Proto") == ["https"]
        plain = edge.ask_plainly("GET", "/", headers={"X-Forwarded-Proto": "http"})
        assert (plain.status, plain.header("Location")) == (301, ["https://search.example.com/"])
        assert not plain.header("Strict-Transport-Security")
        assert not (edge.root / "tls").exists()


def test_without_the_files_that_the_config_promises_nothing_starts(tmp_path: Path, names: Names) -> None:
    files = {"from": "files", "path": "/etc/ai-search/tls"}
    with (
        pytest.raises(RuntimeError, match=r"fullchain\.pem and privkey\.pem are not both in"),
        running(tmp_path, names, 9, tls=files),
    ):
        pass


def test_another_port_is_part_of_the_redirect(tmp_path: Path, names: Names, app: Stub) -> None:
    with running(tmp_path, names, app.port, arguments={"https_port": 9443}) as edge:
        assert edge.ask_plainly("GET", "/x").header("Location") == ["https://search.example.com:9443/x"]
        edge.ask("GET", "/")
        assert app.on("/")[0].header("X-Forwarded-Port") == ["9443"]


def test_a_new_certificate_is_served_without_losing_a_stream(own_edge: Edge) -> None:
    edge, folder = own_edge, own_edge.root / "certificates"
    self_signed = edge.serial()
    new, other = certificate(), certificate()

    # A renewal that is half written: no key yet, then one that belongs to another certificate.
    (folder / "fullchain.pem").write_text(new.chain)
    (folder / "privkey.pem").write_text(other.key)
    eventually(lambda: "privkey.pem does not belong to fullchain.pem" in edge.errors())
    assert edge.serial() == self_signed

    connection = edge.connect()
    streamed: list[Answer] = []
    stream = threading.Thread(
        target=lambda: streamed.append(answer_of(connection, "GET", "/chat/stream", headers=ALICE))
    )
    stream.start()
    started = time.monotonic()
    (folder / "privkey.pem").write_text(new.key)
    eventually(lambda: edge.serial() == new.serial)
    print(f"a new certificate was served after {time.monotonic() - started:.1f} s (looked for every {RELOAD_EVERY} s)")
    stream.join(10)
    connection.close()
    assert streamed[0].body.count(b"data:") == TOKENS

    # Certificates that vanish (a volume that is not mounted for a moment) change nothing.
    for file in folder.iterdir():
        file.unlink()
    time.sleep(3 * RELOAD_EVERY)
    assert edge.serial() == new.serial
    assert edge.errors().count("reloaded") == 1
