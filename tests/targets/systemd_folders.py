"""Golden folders of the systemd target, and units under the names that they are installed with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from aisearch_deploy.formats import systemd
from tests.goldens import EXAMPLES, GOLDENS

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = sorted(GOLDENS.glob("*/*/systemd"))
NAME = "ai-search"
KINDS = frozenset({".service", ".socket", ".timer", ".path"})


def folder_id(folder: Path) -> str:
    """`repaired-base` for a test's name."""
    return "-".join(folder.parts[-3:-1])


def name_of(folder: Path) -> str:
    """What everything is called: the deployment's name and, where there is one, its environment."""
    example, environment = folder.parts[-3:-1]
    name = yaml.safe_load((EXAMPLES / example / "aisearch.yaml").read_text())["name"]
    return str(name) if environment == "base" else f"{name}-{environment}"


def units(folder: Path) -> dict[str, str]:
    """Texts by installed name; `app` is the deployment itself."""
    name = name_of(folder)
    return {
        f"{name}{file.suffix}" if file.stem == "app" else f"{name}-{file.name}": file.read_text()
        for file in sorted(folder.joinpath("units").iterdir())
        if file.suffix in KINDS
    }


def parsed_units(folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """The same, parsed."""
    return {name: systemd.parse(text) for name, text in units(folder).items()}
