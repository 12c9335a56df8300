"""What a target is: a plain module that plans files. Planning is pure; writing happens elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.traits import Traits


class File(NamedTuple):
    """One file of a target's folder.

    `path` is relative to the folder, POSIX. `about` is what a person reads beside it after `render`. The template is
    `templates/<target>/<path>.j2`, or `templates/<template>.j2`, filled with `values` and printed in `format`;
    `content` is copied as it is.
    """

    path: str
    about: str
    format: str = "yaml"
    values: Mapping[str, Any] = MappingProxyType({})
    executable: bool = False
    content: bytes | None = None
    template: str | None = None


class GapKind(StrEnum):
    """How far a target falls short of a setting."""

    APPROXIMATED = "approximated"
    NOT_EXPRESSED = "not expressed"


class Gap(NamedTuple):
    """A setting that this target does not render as it is meant, and why."""

    kind: GapKind
    reason: str


class Plan(NamedTuple):
    """Everything that one target's folder holds, and the commands that a person runs next (from inside the folder)."""

    files: tuple[File, ...]
    next_steps: tuple[str, ...]


class Tier(StrEnum):
    """How far a target is proven."""

    RUN = "run on its engine"
    CONTRACT = "run under its contract"
    VALIDATED = "validated only"


class Comparison(NamedTuple):
    """One column of the guide's comparison table; stars from 1 to 5."""

    ease: int
    scalability: int
    cost: str
    autoscaling: bool
    load_balancing: str
    best_for: str


class Target(Protocol):
    """A module of this package. Registered in registry.py, with templates/<name>/ and goldens to go with it."""

    TRAITS: Traits
    ABOUT: str
    TIER: Tier
    COMPARISON: Comparison
    # Config paths (a prefix counts for all below it) that this target does not render as they are meant.
    GAPS: Mapping[str, Gap]

    def refuses(self, deployment: Deployment) -> str | None:
        """Why this target cannot carry this deployment at all, or None."""
        ...

    def plan(self, deployment: Deployment) -> Plan:
        """The folder's files and their values."""
        ...
