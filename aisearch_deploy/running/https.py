"""One request over HTTPS to a server on this machine whose self-signed certificate is known."""

from __future__ import annotations

import hashlib
import http.client
import socket
import ssl
from typing import NamedTuple

from aisearch_deploy.errors import EngineProblem


class Answer(NamedTuple):
    """Its status and its body."""

    status: int
    body: str


def get(certificate: str, port: int, path: str, *, name: str = "localhost", seconds: float = 10) -> Answer:
    """The answer of https://`name`:`port``path`. Raises EngineProblem when there is none, or from somebody else.

    `certificate` (PEM) is the only one that is trusted, and it has to be for `name`.
    """
    context = ssl.create_default_context(cadata=certificate)
    connection = http.client.HTTPConnection(name, port, timeout=seconds)
    try:
        plain = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        connection.sock = plain
        connection.sock = context.wrap_socket(plain, server_hostname=name)
        connection.request("GET", path)
        response = connection.getresponse()
        return Answer(response.status, response.read().decode("utf-8", "replace"))
    except ssl.SSLCertVerificationError as error:
        raise EngineProblem(
            f"Something else answers on port {port}: {error.verify_message}.", "Choose another port: --https-port"
        ) from None
    except (OSError, http.client.HTTPException) as error:
        raise EngineProblem(f"https://{name}:{port}{path} does not answer: {error}.") from None
    finally:
        connection.close()


def fingerprint(certificate: str) -> str:
    """SHA-256, as browsers show it."""
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest().upper()
    return ":".join(digest[place : place + 2] for place in range(0, len(digest), 2))


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of every address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("0.0.0.0", port))  # noqa: S104 - as Docker would
            tried.listen(1)
        except OSError:
            return False
    return True
