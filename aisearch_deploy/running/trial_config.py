"""The config of a trial: the reference app's own, for localhost and with nothing that it would need from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml

from aisearch_deploy.formats.yaml import dump
from aisearch_deploy.running.trial import IMAGE, NAME, TAG, Place, app_source

HEADER = """\
# The trial that `aisearch-deploy try` started. Play with it: change something here, then
#   aisearch-deploy render -c {config} -o {output}
#   cd {compose} && docker compose up -d --wait
# The next `aisearch-deploy try` writes this file anew.
"""


class Ports(NamedTuple):
    """Published on this machine."""

    http: int = 8080
    https: int = 8443


def config_text(where: Place, ports: Ports) -> str:
    """The config as text."""
    reference: dict[str, Any] = yaml.safe_load((app_source() / "aisearch.yaml").read_text(encoding="utf-8"))
    settings: dict[str, Any] = {
        "version": reference["version"],
        "edition": reference["edition"],
        "name": NAME,
        "domains": ["localhost"],
        "preset": "small",
        "image": {"repository": IMAGE, "tag": TAG, "build": {"context": where.app.name}},
        "contract": reference["contract"],
        # One core is what every machine has.
        "app": {**reference["app"], "cpu": {"request": "1", "limit": "1"}},
        "tls": {"from": "self-signed"},
        "secrets": {"path": str(where.secrets)},
        "targets": {"compose": {"http_port": ports.http, "https_port": ports.https}},
    }
    header = HEADER.format(config=where.config, output=where.deploy, compose=where.compose)
    return f"{header}{dump(settings).strip()}\n"


def earlier_ports(config: Path) -> Ports:
    """Those of the trial that is there, else the usual ones."""
    try:
        found = yaml.safe_load(config.read_text(encoding="utf-8"))["targets"]["compose"]
        return Ports(int(found["http_port"]), int(found["https_port"]))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError):
        return Ports()
