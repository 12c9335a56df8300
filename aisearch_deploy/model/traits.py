"""What a target changes in the arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from aisearch_deploy.config.schema import Config


def one_more(config: Config) -> int:
    """An update starts one new replica before an old one stops."""
    del config
    return 1


class Traits(NamedTuple):
    """`name` is the target's. `autoscales` says whether replicas move between scaling.min and scaling.max; `surge` how
    many replicas an update runs on top."""

    name: str
    autoscales: bool
    surge: Callable[[Config], int] = one_more
