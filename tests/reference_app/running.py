"""The app as it is deployed: the command and the environment that we render, in the app's own virtual environment."""

from __future__ import annotations

import http.client
import json
import os
import signal
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from aisearch_deploy.config.load import parse
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.targets.compose import TRAITS
from aisearch_deploy.targets.parts.app import command, environment
from tests.reference_app.environment import APP, python
from tests.reference_app.servers import PASSWORD, eventually, free_port

CONFIG = APP / "aisearch.yaml"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Running:
    """The app behind a port; `process` is the one that a deployment would signal."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    ca: Path | None

    def ask(self, method: str, target: str, content: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request on a connection of its own; `content` is sent as JSON."""
        sent = dict(headers or {})
        if content is None or isinstance(content, bytes):
            body = content
        else:
            body, sent = json.dumps(content).encode(), {"Content-Type": "application/json"} | sent
        with closing(self.connect()) as connection:
            connection.request(method, target, body, sent)
            with connection.getresponse() as answer:
                return Answer(answer.status, answer.headers, answer.read())

    @contextmanager
    def opened(self, target: str) -> Iterator[http.client.HTTPResponse]:
        """An answer whose head is here and whose body may still come."""
        with closing(self.connect()) as connection:
            connection.request("GET", target)
            with connection.getresponse() as answer:
                yield answer

    def connect(self) -> http.client.HTTPConnection:
        if self.ca:
            context = ssl.create_default_context(cafile=self.ca)
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def alive(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            return self.ask("GET", "/health").status == 200
        return False

    def terminate(self) -> None:
        """What every platform does first."""
        self.process.send_signal(signal.SIGTERM)

    def lines(self) -> list[dict[str, Any]]:
        """The log's JSON lines; those of uvicorn's own parent process are none."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


def deployment(workers: int, drain: int) -> Deployment:
    """The example's own, with another number of workers and seconds to drain."""
    config = yaml.safe_load(CONFIG.read_bytes())
    config["app"] |= {"workers": workers, "drain": f"{drain}s"}
    return resolve(parse(yaml.safe_dump(config).encode(), str(CONFIG)), None, TRAITS)


def database_url(port: int, name: str = "postgres") -> str:
    """As start.sh makes it: the password quoted."""
    return f"postgresql://aisearch:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/{name}?sslmode=disable"


@contextmanager
def running(
    folder: Path,
    told: Mapping[str, str],
    *,
    workers: int = 1,
    drain: int = 10,
    options: tuple[str, ...] = (),
    ca: Path | None = None,
    wait: float = 30,
) -> Iterator[Running]:
    """The app, alive, with its state and its log in `folder`.

    `told` is its environment on top of what we render; `options` more of uvicorn's, whose certificate `ca` signs.
    """
    rendered, port = deployment(workers, drain), free_port()
    here = {"--host": "--host=127.0.0.1", "--port": f"--port={port}"}
    program, *words = (here.get(word.partition("=")[0], word) for word in command(rendered))
    variables = {"PATH": os.environ["PATH"], "SECRETS_PATH": str(folder / "secrets")}
    variables |= {"DATA_PATH": str(folder / "data"), "UPLOADS_PATH": str(folder / "uploads")}
    variables |= environment(rendered, "127.0.0.1", {})
    # There is a cache where a test says so.
    del variables["REDIS_URL"]
    log = folder / "log"
    with log.open("ab") as file:
        process = subprocess.Popen(
            [python().with_name(program), *words, *options],
            cwd=APP,
            stdout=file,
            stderr=file,
            env=variables | dict(told) | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
    found = Running(port, process, log, ca)
    try:
        if wait:
            eventually(lambda: found.alive() or process.poll() is not None, wait, log.read_text)
            assert process.poll() is None, log.read_text()
        yield found
    finally:
        if process.poll() is None:
            found.terminate()
            try:
                process.wait(drain + 5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
