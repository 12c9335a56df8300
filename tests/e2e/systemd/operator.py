"""The person who follows the rendered runbook: its commands, word by word, on the own machine and on the server."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt

from tests.e2e.systemd.debian import REPOSITORY
from tests.e2e.systemd.machine import Machine
from tests.rendering.configs import overlaid

EXAMPLE = REPOSITORY / "examples" / "reference_app"
OWN: dict[str, Any] = yaml.safe_load((EXAMPLE / "aisearch.yaml").read_text(encoding="utf-8"))
NAME = str(OWN["name"])
DOMAIN = str(OWN["domains"][0])
THERE = f"/root/{NAME}"
LIB = f"/usr/local/lib/{NAME}"
SECRETS = f"/etc/{NAME}/secrets"
BACKUPS = f"/var/backups/{NAME}"
RELEASES = f"/opt/{NAME}"
PASTED = "sk-pasted-by-a-person"
# Besides what the example says: a secret that somebody else gave, so many requests that a load test is not limited.
CHANGES: dict[str, Any] = {
    "secrets": {"names": ["DASHSCOPE_API_KEY"]},
    "rate_limit": {"requests": 1_000_000},
}


class Operator:
    """Keeps the config and the app's source on a `desk`, and looks after one server."""

    def __init__(self, desk: Path, machine: Machine, *changes: dict[str, Any]) -> None:
        self.desk = desk
        self.machine = machine
        self.settings = overlaid(OWN, CHANGES, *changes)
        # Side by side, as the example's config expects them.
        self.app = desk / EXAMPLE.name
        self.config = desk / "deployment"
        if not self.app.exists():
            shutil.copytree(EXAMPLE, self.app, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        self.config.mkdir(exist_ok=True)

    def change(self, **changes: Any) -> None:
        """Another config from here on."""
        self.settings = overlaid(self.settings, changes)

    def release(self, version: str, **settings: str) -> None:
        """The app's source becomes another version, with these settings of its environment; both are brought over."""
        (self.app / "src/version.txt").write_text(f"{version}\n")
        self.change(image={"tag": version}, targets={"systemd": {"env": settings}})
        self.bring()

    def follow(self, section: str, typed: str = "") -> str:
        """The commands of a section, on the server; `typed` answers what they ask. What they said."""
        done = self.machine.run("\n".join(["set -e", *self.blocks(section)]), given=typed)
        return done.stdout + done.stderr

    def bring(self) -> None:
        """Step 1 of the deployment, and the beginning of every update: render, then copy the folder and the app."""
        self.render()
        self._here(self.blocks("Deploy")[0])

    def render(self) -> None:
        (self.config / "aisearch.yaml").write_text(yaml.safe_dump(self.settings, sort_keys=False))
        self._here("aisearch-deploy render -t systemd")

    def deploy(self) -> str:
        """The whole section "Deploy" on an empty server; what install.sh said."""
        self.bring()
        _, secrets, install = self.blocks("Deploy")
        for line in secrets.splitlines():
            self.machine.run(line, given=PASTED if "paste it" in line else "")
        return self.machine.run(install, given="yes\n").stderr

    def blocks(self, section: str) -> list[str]:
        """The blocks of commands below a heading of the runbook."""
        text = (self.config / "deploy/systemd/RUNBOOK.md").read_text(encoding="utf-8")
        tokens = MarkdownIt().parse(text)
        found, inside = [], False
        for token, following in pairwise(tokens):
            if token.type == "heading_open" and token.tag == "h2":
                inside = following.content == section
            elif inside and token.type == "fence":
                found.append(token.content)
        assert found, f'the runbook has no commands below "{section}"'
        return found

    def _here(self, commands: str) -> None:
        """On the own machine. What rsync would reach over SSH it reaches over nsenter."""
        shell = self.desk / "shell"
        words = shlex.join(self.machine.command())
        shell.write_text(f'#!/bin/bash\nwhile [[ "$1" != rsync ]]; do shift; done\nexec {words} "$@"\n')
        shell.chmod(0o755)
        environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "RSYNC_RSH": str(shell),
        }
        done = subprocess.run(
            ["bash", "-euc", commands], cwd=self.config, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
