"""What a target changes in the arithmetic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traits:
    """`name` is the target's; `autoscales` says whether replicas can move between scaling.min and scaling.max."""

    name: str
    autoscales: bool
