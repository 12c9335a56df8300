"""A server with a rendered folder on it, where `docker` is the fake one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.targets.composed import Object, lay_out

NEW = "ghcr.io/example/ai-search:1.4.2"
OLD = "ghcr.io/example/ai-search:1.4.1"
FAKE = Path(__file__).with_name("fake-docker.sh")


class Server:
    """The folder is `place`; what the fake engine holds is in `engine`, see fake-docker.sh."""

    def __init__(self, folder: Path, *overlays: Object) -> None:
        self.place = lay_out(folder / "opt" / "ai-search", *overlays)
        self.backups = folder / "backups"
        self.engine = folder / "engine"
        (self.engine / "containers").mkdir(parents=True)
        self.holds(
            images=[f"{OLD} sha256:old"],
            registry=[f"{NEW} sha256:new"],
            made=["0"],
            broken=[],
            ending=[],
            failing=[],
            bucket=[],
            calls=[],
            events=[],
        )
        self._bin = folder / "bin"
        self._bin.mkdir()
        self.program("docker", f'exec bash "{FAKE}" "$@"')
        self.program("sleep", "exit 0")
        self.program("sync", "exit 0")

    def holds(self, **files: list[str]) -> None:
        """Sets what the engine holds, a line each."""
        for name, lines in files.items():
            (self.engine / name).write_text("".join(f"{line}\n" for line in lines))

    def lines(self, name: str) -> list[str]:
        """What the engine holds, or has seen, under a name."""
        return (self.engine / name).read_text().splitlines()

    @property
    def events(self) -> list[str]:
        """What happened, in order."""
        return self.lines("events")

    def runs(self, image: str, replicas: int) -> list[str]:
        """Containers of the app that run already; their ids."""
        identity = dict(line.split() for line in self.lines("images"))[image]
        for number in range(1, replicas + 1):
            lines = [image, identity, f"172.20.0.{number}", "healthy"]
            self.holds(**{f"containers/{number:064d}": lines, "made": [str(number)]})
        return self.containers

    @property
    def containers(self) -> list[str]:
        """The ids of the replicas."""
        return sorted(file.name for file in (self.engine / "containers").iterdir())

    @property
    def images(self) -> list[str]:
        """What the replicas run."""
        return [self.lines(f"containers/{name}")[0] for name in self.containers]

    def program(self, name: str, body: str) -> None:
        """Puts a shell script on the PATH."""
        file = self._bin / name
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)

    def run(self, script: str, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Runs a script of the folder from somewhere else, as a person or a timer would."""
        environment = {
            "PATH": f"{self._bin}:{os.environ['PATH']}",
            "FAKE_DOCKER": str(self.engine),
            "FAKE_PYTHON": sys.executable,
            "AISEARCH_BACKUPS": str(self.backups),
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.run(
            [self.place / script, *words],
            cwd="/",
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
