"""Every file format by name. A format's module is imported when it is first used: importing this one costs nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from aisearch_deploy.errors import Bug

if TYPE_CHECKING:
    from aisearch_deploy.formats import (
        dockerfile,
        dotenv,
        gotemplate,
        helm,
        ignore,
        ini,
        json,
        markdown,
        nginx,
        shell,
        systemd,
        tmpfiles,
        yaml,
    )
    from aisearch_deploy.formats.base import Format

    # The type checker holds each module to the protocol here.
    _TEXT: tuple[Format, ...] = (dockerfile, dotenv, gotemplate, ignore, ini, markdown, nginx, shell, systemd, tmpfiles)
    _TYPED: tuple[Format, ...] = (helm, json, yaml)

FORMATS = {
    "dockerfile": "aisearch_deploy.formats.dockerfile",
    "dotenv": "aisearch_deploy.formats.dotenv",
    "gotemplate": "aisearch_deploy.formats.gotemplate",
    "helm": "aisearch_deploy.formats.helm",
    "ignore": "aisearch_deploy.formats.ignore",
    "ini": "aisearch_deploy.formats.ini",
    "json": "aisearch_deploy.formats.json",
    "markdown": "aisearch_deploy.formats.markdown",
    "nginx": "aisearch_deploy.formats.nginx",
    "shell": "aisearch_deploy.formats.shell",
    "systemd": "aisearch_deploy.formats.systemd",
    "tmpfiles": "aisearch_deploy.formats.tmpfiles",
    "yaml": "aisearch_deploy.formats.yaml",
}

# Where a number comes back as a number; in the others every leaf is text.
TYPED = frozenset({"helm", "json", "yaml"})


def format_named(name: str) -> Format:
    """The format's module. Raises Bug for a name that no format has."""
    if name not in FORMATS:
        raise Bug(f"no format is named {name!r}; there are {', '.join(FORMATS)}")
    return cast("Format", import_module(FORMATS[name]))
