"""The certificate's scripts: when Let's Encrypt is asked, and what is written into the Secret."""

from __future__ import annotations

import base64
import datetime
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.targets.k8s_scripts import calls, program, run, written

# certbot, as far as it matters here: leaves a certificate and a key where it says.
CERTBOT = r"""
while (($#)); do
  [[ $1 == --config-dir ]] && config=$2
  shift
done
mkdir -p "$config/live/edge"
echo new-certificate >"$config/live/edge/fullchain.pem"
echo new-key >"$config/live/edge/privkey.pem"
"""


class Api(HTTPServer):
    """The Kubernetes API, one Secret of it."""

    secret: bytes | None = None
    status = 200
    patches: list[tuple[str, Any]]


class Handler(BaseHTTPRequestHandler):
    """Answers GET and PATCH of the Secret."""

    server: Api

    def do_GET(self) -> None:
        found = self.server.secret is not None and self.server.status == 200
        self._answer(self.server.status if self.server.status != 200 else 200 if found else 404)

    def do_PATCH(self) -> None:
        assert self.headers["Authorization"] == "Bearer token"
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.patches.append((self.path, body))
        self._answer(200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.end_headers()
        certificate = base64.b64encode(self.server.secret or b"").decode()
        self.wfile.write(json.dumps({"data": {"tls.crt": certificate}}).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def api() -> Iterator[Api]:
    server = Api(("127.0.0.1", 0), Handler)
    server.patches = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def certificate(names: list[str], lived: int, left: int) -> bytes:
    """A certificate that has lived some days and has some left."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=lived))
        .not_valid_after(now + datetime.timedelta(days=left, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def issue(place: Path, api: Api) -> Any:
    """Runs issue.sh against the API."""
    account = place / "account"
    account.mkdir()
    (account / "token").write_text("token")
    (account / "ca.crt").write_bytes(certificate(["api"], 0, 1))
    program(place / "bin", "certbot", CERTBOT)
    return run(
        written("guide", place / "k8s") / "certificates" / "issue.sh",
        programs=place / "bin",
        ACME_WORK=str(place / "work"),
        ACME_ACCOUNT=str(account),
        ACME_API=f"http://127.0.0.1:{api.server_address[1]}",
        HTTPS_PROXY="http://proxy.invalid:1",
    )


@pytest.mark.parametrize(
    ("names", "lived", "left", "due"),
    [
        (["search.example.com"], 10, 80, False),
        (["search.example.com"], 61, 29, True),
        (["search.example.com"], 31, 15, True),
        (["search.example.com"], 29, 17, False),
        (["other.example.com"], 1, 89, True),
        (["search.example.com", "www.search.example.com"], 1, 89, True),
    ],
)
def test_lets_encrypt_is_asked_when_a_third_of_the_life_is_left(
    names: list[str], lived: int, left: int, due: bool, tmp_path: Path, api: Api
) -> None:
    api.secret = certificate(names, lived, left)
    result = issue(tmp_path, api)
    assert result.returncode == 0, result.stderr
    assert ("certbot" in calls(tmp_path / "bin")) is due
    assert bool(api.patches) is due


def test_the_first_certificate_is_asked_for_and_written(tmp_path: Path, api: Api) -> None:
    result = issue(tmp_path, api)
    assert result.returncode == 0, result.stderr
    ((path, body),) = api.patches
    assert path == "/api/v1/namespaces/ai-search/secrets/ai-search-tls?fieldManager=certificate&force=true"
    assert body["type"] == "kubernetes.io/tls"
    assert {key: base64.b64decode(value) for key, value in body["data"].items()} == {
        "tls.crt": b"new-certificate\n",
        "tls.key": b"new-key\n",
    }
    asked = calls(tmp_path / "bin").splitlines()
    assert asked[asked.index("--domain") + 1] == "search.example.com"
    assert asked[asked.index("--email") + 1] == "ops@example.com"
    assert asked[asked.index("--http-01-port") + 1] == "8080"


def test_an_api_that_refuses_is_no_reason_to_ask_again(tmp_path: Path, api: Api) -> None:
    api.status = 403
    result = issue(tmp_path, api)
    assert result.returncode not in (0, 3)
    assert calls(tmp_path / "bin") == ""


def test_files_of_yours_are_compared_before_they_are_applied(tmp_path: Path) -> None:
    program(tmp_path / "bin", "kubectl", "[[ $1 == apply ]] && cat >/dev/null; true\n")
    folder = tmp_path / "tls"
    folder.mkdir()
    script = written("tls-files", tmp_path / "k8s") / "certificate.sh"
    missing = run(script, str(folder), programs=tmp_path / "bin")
    assert missing.returncode == 1
    assert "fullchain.pem is not there" in missing.stderr
    (folder / "fullchain.pem").write_bytes(certificate(["search.example.com"], 0, 1))
    (folder / "privkey.pem").write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    wrong = run(script, str(folder), programs=tmp_path / "bin")
    assert wrong.returncode == 1
    assert "does not belong" in wrong.stderr
    assert calls(tmp_path / "bin") == ""


def test_a_self_signed_certificate_is_made_and_applied(tmp_path: Path) -> None:
    program(tmp_path / "bin", "kubectl", "[[ $1 == apply && $* == *'-f -'* ]] && cat >/dev/null; true\n")
    script = written("ingress-self-signed", tmp_path / "k8s") / "certificate.sh"
    result = run(script, programs=tmp_path / "bin")
    assert result.returncode == 0, result.stderr
    assert "ai-search-tls" in calls(tmp_path / "bin")
    assert "--server-side" in calls(tmp_path / "bin")
