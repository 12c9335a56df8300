"""TLS, names and where certificates come from."""

from __future__ import annotations

import pytest

from tests.targets.parts.edges import CONFIGS, conf, deployment, edge_files
from tests.targets.parts.nginx_blocks import http, server

SIX_SUITES = {
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
}


@pytest.mark.parametrize("name", [name for name in CONFIGS if name != "platform"])
def test_g11_tls_is_mozillas_intermediate(name: str) -> None:
    found = server(conf(**CONFIGS[name]))
    assert found.effective("ssl_protocols") == [["TLSv1.2", "TLSv1.3"]]
    assert set(found.one("ssl_ciphers").split(":")) == SIX_SUITES
    assert found.one("ssl_ecdh_curve").split(":") == ["?X25519MLKEM768", "X25519", "prime256v1", "secp384r1"]
    assert found.one("ssl_prefer_server_ciphers") == "off"
    assert found.one("ssl_session_tickets") == "off"


def test_g11_http_2_is_a_directive_of_its_own() -> None:
    for found in http(conf()).blocks("server"):
        listens = found.args_of("listen")
        assert not [args for args in listens if "http2" in args]
        if any("ssl" in args for args in listens):
            assert found.one("http2") == "on"


@pytest.mark.parametrize("ipv6", [True, False])
def test_it_listens_above_1024_and_on_ipv6_when_asked(ipv6: bool) -> None:
    addresses = {
        args[0] for found in http(conf(network={"ipv6": ipv6})).blocks("server") for args in found.args_of("listen")
    }
    ports = {"8080", "8081", "8443"}
    assert addresses == (ports | {f"[::]:{port}" for port in ports} if ipv6 else ports)


def test_unknown_names_meet_a_default_server_that_gives_nothing() -> None:
    servers = {
        args[0]: found
        for found in http(conf()).blocks("server")
        for args in found.args_of("listen")
        if "default_server" in args
    }
    assert servers["8080"].one("return") == "444"
    assert servers["8443"].one("ssl_reject_handshake") == "on"
    assert not servers["8443"].args_of("ssl_certificate")


def test_challenges_are_files_or_asked_of_a_service() -> None:
    tls = {"from": "letsencrypt", "email": "ops@example.com"}
    redirecting = http(conf(tls=tls)).blocks("server")[-2]
    (challenge, _) = redirecting.blocks("location")
    assert challenge.args == ["/.well-known/acme-challenge/"]
    assert challenge.one("root") == "/acme"
    text = edge_files(deployment(tls=tls), acme_service="acme:8080")["nginx.conf"]
    assert ["acme:8080", "resolve"] in http(text).blocks("upstream")[1].args_of("server")
    assert http(text).blocks("server")[-2].blocks("location")[0].one("proxy_pass") == "http://acme"
    assert "acme" not in conf(tls={"from": "self-signed"})


def test_a_certificate_of_files_is_never_replaced_by_a_self_signed_one() -> None:
    assert "WITHOUT_FILES=refuse" in edge_files(deployment(**CONFIGS["files"]))["20-certificate.sh"]
    assert "WITHOUT_FILES=self-signed" in edge_files(deployment(**CONFIGS["letsencrypt"]))["20-certificate.sh"]
