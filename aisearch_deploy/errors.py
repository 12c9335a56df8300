"""The errors that end a command, each with its documented exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aisearch_deploy.findings import Finding


class DeployError(Exception):
    """Ends the command with `exit_code`; the text is shown to the person, without a traceback."""

    exit_code: ClassVar[int]

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


class Refused(DeployError):
    """The command worked and its answer is no: findings, drift, edited files."""

    exit_code = 1


class UsageError(DeployError):
    """The command line asks for something that does not exist or does not fit together."""

    exit_code = 2


class ConfigInvalid(DeployError):
    """The config cannot be used; carries every finding, not only the first."""

    exit_code = 2

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"{len(self.findings)} problems in the config")


class FileProblem(DeployError):
    """A file or folder could not be read or written."""

    exit_code = 3


class EngineProblem(DeployError):
    """Docker is not there, or could not do what it was asked."""

    exit_code = 3


class Bug(DeployError):
    """An invariant of ours does not hold; nothing was written."""

    exit_code = 70
