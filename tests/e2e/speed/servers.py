"""The servers of a measurement: the app, and the guide's nginx.conf on an nginx of a test's choice."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.e2e.edge.running import certificate, eventually, free_ports
from tests.validators.tools import fetched

GUIDE = Path(__file__).with_name("guide.conf")

# Answers faster than any proxy can ask. One worker: it shares its core with wrk.
APP = """\
worker_processes 1;
pid ROOT/nginx.pid;
error_log ROOT/error.log;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path ROOT/body;
  proxy_temp_path ROOT/proxy;
  fastcgi_temp_path ROOT/fastcgi;
  uwsgi_temp_path ROOT/uwsgi;
  scgi_temp_path ROOT/scgi;
  server {
    listen 127.0.0.1:PORT backlog=4096;
    default_type application/json;
    return 200 '{"answer":"an answer of a hundred bytes, give or take a few, to a question that nobody has asked"}';
  }
}
"""


class Server(NamedTuple):
    """A running nginx. `log` has a line for each request, where it keeps one."""

    port: int
    master: int
    log: Path


def nginx(release: str) -> Path:
    """nginx 1.22, as Debian 12 has it, or 1.30, the one of compose.yaml; .ci/fetch-nginx gets both."""
    return fetched(f"nginx-{release}", "nginx")


def version(program: Path) -> str:
    """Such as 1.22.1."""
    said = subprocess.run([program, "-v"], capture_output=True, text=True, check=True).stderr
    return said.strip().rpartition("/")[2]


@contextmanager
def minimal_app(root: Path) -> Iterator[Server]:
    """A static answer over plain HTTP."""
    (port,) = free_ports(1)
    with _nginx(nginx("1.30"), root, APP.replace("ROOT", str(root)).replace("PORT", str(port)), port) as server:
        yield server


@contextmanager
def guide(root: Path, program: Path, app: int, limit: tuple[str, str]) -> Iterator[Server]:
    """The guide's edge. `limit`: its rate and its burst in place of the guide's."""
    http, https = free_ports(2)
    made = certificate()
    (root / "cert.pem").write_text(made.chain)
    (root / "key.pem").write_text(made.key)
    moves = {
        "server app:8000;": f"server 127.0.0.1:{app};",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen 443 ": f"listen 127.0.0.1:{https} ",
        "/etc/nginx/ssl": str(root),
        "/var/log/nginx/ai-search-access.log": f"{root}/access.log",
        "/var/log/nginx/ai-search-error.log": f"{root}/error.log",
        "rate=30r/m": limit[0],
        "burst=10 ": f"{limit[1]} ",
        "http {": f"http {{\n  {_scratch(root)}",
    }
    with _nginx(program, root, f"pid {root}/nginx.pid;\nerror_log {root}/error.log;\n{_moved(moves)}", https) as server:
        yield server


def _moved(moves: Mapping[str, str]) -> str:
    text = GUIDE.read_text(encoding="utf-8")
    for old, new in moves.items():
        assert old in text, f"guide.conf has no {old!r}"
        text = text.replace(old, new)
    return text


def _scratch(root: Path) -> str:
    kinds = {"client_body": "body", "proxy": "proxy", "fastcgi": "fastcgi", "uwsgi": "uwsgi", "scgi": "scgi"}
    temporary = " ".join(f"{kind}_temp_path {root}/{folder};" for kind, folder in kinds.items())
    return f"access_log {root}/others.log; {temporary}"


@contextmanager
def _nginx(program: Path, root: Path, conf: str, port: int) -> Iterator[Server]:
    # As root, nginx would give its workers to somebody who may not enter the scratch folder.
    (root / "nginx.conf").write_text(f"user root root;\n{conf}" if os.geteuid() == 0 else conf)
    with (root / "stderr").open("wb") as stderr:
        process = subprocess.Popen(
            [program, "-p", root, "-c", root / "nginx.conf", "-g", "daemon off;"], stderr=stderr, stdout=stderr
        )
    try:
        eventually(lambda: _accepts(port) or process.poll() is not None)
        assert process.poll() is None, (root / "stderr").read_text()
        yield Server(port, process.pid, root / "access.log")
    finally:
        process.terminate()
        process.wait(5)


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
