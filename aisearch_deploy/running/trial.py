"""Where a trial lives on this machine, and what of it is there. One a user: its name is its Compose project."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from aisearch_deploy.errors import EngineProblem, FileProblem
from aisearch_deploy.running import docker
from aisearch_deploy.running.https import is_free

NAME = "aisearch-try"
IMAGE = f"{NAME}/app"
TAG = "1.0.0"
PROJECT = f"label=com.docker.compose.project={NAME}"
PACKAGE = Path(__file__).resolve().parent.parent
# What a run in the checkout leaves beside the app's source.
NOT_SOURCE = shutil.ignore_patterns("__pycache__", ".*", "deploy", "data", "*.egg-info")


class Place(NamedTuple):
    """The folder and what is in it."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "aisearch.yaml"

    @property
    def app(self) -> Path:
        """The reference app's source."""
        return self.folder / "app"

    @property
    def deploy(self) -> Path:
        return self.folder / "deploy"

    @property
    def compose(self) -> Path:
        return self.deploy / "compose"

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    @property
    def certificate(self) -> Path:
        """What the edge made for itself, for whoever wants to trust it."""
        return self.folder / "certificate.pem"


def place() -> Place:
    """Below XDG_STATE_HOME, else ~/.local/state (https://specifications.freedesktop.org/basedir-spec/latest/)."""
    state = os.environ.get("XDG_STATE_HOME") or ""
    # The specification: a path that is not absolute is to be ignored.
    base = Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state"
    return Place(base / "aisearch-deploy" / "try")


def app_source() -> Path:
    """The reference app: inside the installed package, or at the top of a checkout."""
    packaged = PACKAGE / "reference_app"
    return packaged if packaged.is_dir() else PACKAGE.parent / "examples" / "reference_app"


def lay_out(where: Place, config: str, secret_names: Iterable[str]) -> None:
    """The config, the app's source and the secrets. A secret that is there stays: the database was made with it.

    The folder of secrets is closed to other users. The files in it are not: Docker hands each to containers that run as
    users of their own. Raises FileProblem.
    """
    try:
        where.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        where.config.write_text(config, encoding="utf-8")
        shutil.rmtree(where.app, ignore_errors=True)
        shutil.copytree(app_source(), where.app, ignore=NOT_SOURCE)
        where.secrets.mkdir(mode=0o700, exist_ok=True)
        where.secrets.chmod(0o700)
        for name in secret_names:
            file = where.secrets / name
            if not file.exists():
                file.write_text(secrets.token_hex(32), encoding="ascii")
                file.chmod(0o444)
    except OSError as error:
        raise FileProblem(
            f"{error.filename} cannot be written: {error.strerror}.", "Choose another folder: XDG_STATE_HOME=..."
        ) from None


def published_ports() -> set[int]:
    """The ports on this machine that the trial's containers hold."""
    said = docker.do("ps", "--filter", PROJECT, "--format", "{{.Ports}}")
    # 0.0.0.0:8443->8443/tcp, :::8443->8443/tcp
    arrows = [part.partition("->")[0] for part in said.replace("\n", ",").split(",") if "->" in part]
    return {int(arrow.rpartition(":")[2]) for arrow in arrows}


def remove(where: Place) -> list[str]:
    """Every container, volume, network and image of the trial, and its folder; what there was, in words."""
    found = [
        _remove("container", ["ps", "--all", "--quiet", "--filter", PROJECT], ["rm", "--force", "--volumes"]),
        _remove("volume", ["volume", "ls", "--quiet", "--filter", PROJECT], ["volume", "rm", "--force"]),
        _remove("network", ["network", "ls", "--quiet", "--filter", PROJECT], ["network", "rm"]),
        _remove("image", ["images", "--quiet", "--no-trunc", IMAGE], ["image", "rm", "--force"]),
    ]
    if where.folder.exists():
        remove_folder(where)
        found.append(str(where.folder))
    return [words for words in found if words]


def remove_folder(where: Place) -> None:
    """Raises FileProblem when something in it cannot be removed."""
    try:
        shutil.rmtree(where.folder)
    except OSError as error:
        raise FileProblem(f"{error.filename} cannot be removed: {error.strerror}.", "Remove it by hand.") from None


def _remove(kind: str, listing: list[str], removing: list[str]) -> str:
    ids = list(dict.fromkeys(docker.do(*listing).split()))
    if not ids:
        return ""
    docker.do(*removing, *ids)
    return f"{len(ids)} {kind}{'s' if len(ids) > 1 else ''}"


def refuse_taken_ports(ports: dict[str, int]) -> None:
    """`ports` by the flag that chooses each. Raises EngineProblem for those that somebody else holds, all at once."""
    ours = published_ports()
    taken = {flag: port for flag, port in ports.items() if port not in ours and not is_free(port)}
    if taken:
        which = " and ".join(str(port) for port in taken.values())
        flags = " ".join(f"{flag} {another(port)}" for flag, port in taken.items())
        raise EngineProblem(
            f"Port{'s' if len(taken) > 1 else ''} {which} of this machine {'are' if len(taken) > 1 else 'is'} taken.",
            f"Choose others: aisearch-deploy try {flags}",
        )


def another(port: int) -> int:
    """One to suggest in its place."""
    return port + 1000 if port + 1000 <= 65_535 else port - 1000
