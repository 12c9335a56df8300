"""A program called docker that says what a test tells it to, and writes down what it was asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pytest

PROGRAM = """\
#!{python}
import json, sys
with open({asked!r}, "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
words = " ".join(sys.argv[1:])
for part, (code, out, err) in json.load(open({says!r})).items():
    if part in words:
        sys.stdout.write(out)
        sys.stderr.write(err)
        sys.exit(code)
"""


class Said(NamedTuple):
    """How one command ends."""

    code: int = 0
    out: str = ""
    err: str = ""


NO_ENGINE = Said(1, err="Cannot connect to the Docker daemon at unix:///var/run/docker.sock.\n")
# An engine and a Compose that are fine.
FINE = {
    "context inspect": Said(out="unix:///var/run/docker.sock\n"),
    "version --format": Said(out="26.1.5\n"),
    "compose version": Said(out="v2.40.3\n"),
}


@dataclass
class FakeDocker:
    """`says` maps a part of a command to what comes of it; every other command succeeds without a word."""

    folder: Path
    says: dict[str, Said] = field(default_factory=lambda: dict(FINE))

    def write(self) -> None:
        """Puts the program into its folder."""
        program = self.folder / "docker"
        asked, says = str(self.folder / "asked"), str(self.folder / "says")
        Path(says).write_text(json.dumps(self.says))
        program.write_text(PROGRAM.format(python=sys.executable, asked=asked, says=says))
        program.chmod(0o755)

    def asked(self) -> list[str]:
        """The commands, each as one line."""
        file = self.folder / "asked"
        return [" ".join(json.loads(line)) for line in file.read_text().splitlines()] if file.exists() else []


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, changed: Mapping[str, Said] | None = None) -> FakeDocker:
    """The only docker on the PATH. `changed`: what it says to commands that have these words."""
    folder.mkdir(exist_ok=True)
    fake = FakeDocker(folder)
    # The first that fits is taken.
    own = changed or {}
    fake.says = {**own, **{words: said for words, said in FINE.items() if words not in own}}
    fake.write()
    monkeypatch.setenv("PATH", str(folder))
    return fake
