"""A rendered folder on a server: laid out, given its secrets and started as its own RUNBOOK.md says."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.compose.client import Client
from tests.e2e.compose.config import Object, files
from tests.e2e.compose.runbook import commands
from tests.e2e.engine.docker import Docker
from tests.e2e.net.internet import Internet, Machine
from tests.rendering.configs import overlaid

# What is put where a person would paste something.
PASTED = "pasted-0123456789abcdef"
RCLONE = "[backup]\ntype = local\n"


@dataclass(frozen=True)
class Stack:
    """`folder` is /opt/NAME of a server, and beside it is what the config names. Commands run where the ports are."""

    docker: Docker
    world: Internet
    config: Object
    folder: Path
    secrets: Path

    @property
    def name(self) -> str:
        found: str = self.config["name"]
        return found

    @property
    def domain(self) -> str:
        found: str = self.config["domains"][0]
        return found

    @property
    def port(self) -> int:
        """Where HTTPS is published."""
        return int(self.config["targets"]["compose"].get("https_port", 443))

    @property
    def http_port(self) -> int:
        return int(self.config["targets"]["compose"].get("http_port", 80))

    def run(self, *command: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        """A command in the folder, on the server; `variables` are for it alone."""
        return self.docker.run(*command, cwd=self.folder, **more)

    def compose(self, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        return self.run("docker", "compose", *arguments, **more)

    def script(self, name: str, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """One of the rendered scripts, such as update.sh, with this stack's own place for backups."""
        own = {"AISEARCH_BACKUPS": str(self.backups), "CURL_CA_BUNDLE": str(self.folder.parent / "edge.pem")}
        variables = own | dict(more.pop("variables", {}))
        return self.run(f"./{name}", *arguments, variables=variables, **more)

    @property
    def backups(self) -> Path:
        return self.folder.parent / "backups"

    def lay_out(self, config: Object | None = None) -> None:
        """What rsync of a rendered folder does; `config` instead of the stack's own to change a setting."""
        for path, (content, runnable) in files(config or self.config, self.folder.parent).items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            # In the old one's place, as rsync does: where the file itself is mounted, the old one stays.
            new = file.with_name(f"{file.name}.new")
            new.write_bytes(content)
            new.chmod(0o755 if runnable else 0o644)
            new.replace(file)

    def make_secrets(self, values: Mapping[str, str]) -> None:
        """The runbook's own commands, in their order; `values` are pasted by name."""
        (self.folder / "rclone.conf").write_text(RCLONE)
        for command in commands((self.folder / "RUNBOOK.md").read_text(), "Secrets"):
            name = command.partition("#")[0].split()[-1].rpartition("/")[2]
            pasted = values.get(name, PASTED) if "/dev/stdin /" in command and "|" not in command else None
            more: Any = {"input": f"{pasted}\n", "stdin": None} if pasted else {}
            self.run("bash", "-euo", "pipefail", "-c", command, **more)

    def up(self) -> float:
        """Starts everything and waits for its health; seconds that it took."""
        began = time.monotonic()
        finished = self.compose("up", "--detach", "--wait", check=False)
        if finished.returncode:
            raise AssertionError(f"it did not start:\n{finished.stderr[-4000:]}\n{self.logs('--tail', '30')}")
        (self.folder.parent / "edge.pem").write_text(self.certificate())
        return time.monotonic() - began

    def down(self) -> None:
        """Everything goes, volumes too."""
        self.compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "5", check=False)

    def exec(self, service: str, *command: str, **more: Any) -> str:
        """What a command says in a service's first container."""
        return self.compose("exec", "-T", service, *command, **more).stdout

    def logs(self, *arguments: str) -> str:
        return self.compose("logs", "--no-color", *arguments).stdout

    def containers(self, service: str | None = None) -> list[dict[str, Any]]:
        """`docker inspect` of the running containers, of one service or of all."""
        return self.docker.inspect(*self.compose("ps", "--quiet", *([service] if service else [])).stdout.split())

    def address(self, service: str, network: str) -> str:
        """A service's first address in one of the project's networks."""
        networks = self.containers(service)[0]["NetworkSettings"]["Networks"]
        found: str = networks[f"{self.name}_{network}"]["IPAddress"]
        return found

    def certificate(self) -> str:
        """What the edge shows, in PEM."""
        return self.exec("edge", "cat", "/tmp/tls/fullchain.pem")

    def client(self, machine: Machine) -> Client:
        """A caller on `machine` who trusts the edge's certificate."""
        return Client(machine, self.domain, self.world.server.address, self.port, self.http_port, self.certificate())


@contextmanager
def stack(
    docker: Docker, world: Internet, place: Path, config: Object, secrets: Mapping[str, str] | None = None
) -> Iterator[Stack]:
    """A stack that is laid out and has its secrets; `up()` starts it. Gone at the end, with its volumes."""
    # /etc and /opt are this machine's own; beside a person's projects the name says whose this one is.
    own: Object = {"secrets": {"path": str(place / "secrets")}}
    if not docker.own:
        own["name"] = f"aisearch-e2e-{config['name']}"
    made = Stack(docker, world, overlaid(config, own), place / "opt", place / "secrets")
    made.folder.mkdir()
    made.lay_out()
    made.make_secrets(secrets or {})
    try:
        yield made
    finally:
        made.down()
        shutil.rmtree(place, ignore_errors=True)
