"""The person who follows the rendered runbook: its commands, word by word, on the own machine and on the server."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt

from tests.e2e.systemd.machine import Machine
from tests.rendering.configs import overlaid

NAME = "ai-search"
DOMAIN = "search.example.com"
THERE = f"/root/{NAME}"
LIB = f"/usr/local/lib/{NAME}"
SECRETS = f"/etc/{NAME}/secrets"
PASTED = "pasted-by-a-person"
SETTINGS: dict[str, Any] = {
    "version": 1,
    "edition": "2026.11",
    "name": NAME,
    "domains": [DOMAIN],
    "image": {"repository": "ghcr.io/example/ai-search", "tag": "1.0.0"},
    "tls": {"from": "self-signed"},
    "secrets": {"names": ["DASHSCOPE_API_KEY"]},
    "backup": {"schedule": "0 2,14 * * *", "to": "/var/backups/elsewhere"},
    "targets": {"systemd": {"package": {"path": "app"}}},
}


class Operator:
    """Keeps the config and the app in `desk`, and looks after one server."""

    def __init__(self, desk: Path, machine: Machine, *changes: dict[str, Any]) -> None:
        self.desk = desk
        self.machine = machine
        self.settings = overlaid(SETTINGS, *changes)
        desk.mkdir(parents=True, exist_ok=True)

    @property
    def app(self) -> Path:
        """The app's source on the own machine."""
        return self.desk / "app"

    def follow(self, section: str) -> str:
        """Every command of a section, on the server; what they printed."""
        return "".join(self.machine.run(script, given=self._typed(script)).stdout for script in self.blocks(section))

    def bring(self) -> None:
        """Step 1 of the deployment, and the beginning of every update: render, then copy the folder and the app."""
        self.render()
        self._here(self.blocks("Deploy")[0])

    def render(self) -> None:
        (self.desk / "aisearch.yaml").write_text(yaml.safe_dump(self.settings, sort_keys=False))
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
        text = (self.desk / "deploy/systemd/RUNBOOK.md").read_text(encoding="utf-8")
        tokens = MarkdownIt().parse(text)
        found, inside = [], False
        for token, following in pairwise(tokens):
            if token.type == "heading_open" and token.tag == "h2":
                inside = following.content == section
            elif inside and token.type == "fence":
                found.append(token.content)
        assert found, f'the runbook has no commands below "{section}"'
        return found

    def _typed(self, script: str) -> str:
        return {"restore.sh": "yes\n", "uninstall.sh": f"{NAME}\n"}.get(Path(script.split()[-1]).name, "yes\n")

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
            ["bash", "-euc", commands], cwd=self.desk, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
