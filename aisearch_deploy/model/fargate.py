"""Fargate sells CPU and memory in pairs; what a pair leaves for the app, and which pair an app needs.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
"""

from __future__ import annotations

from typing import NamedTuple

from aisearch_deploy.config.app import Cpu, Memory
from aisearch_deploy.config.schema import Config
from aisearch_deploy.model.layers import Origin, Source

MIB = 2**20

# CPU units (1024 a core): the memory that goes with them, in MiB.
PAIRS: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
}
# Beside the app in each task: nginx, and PgBouncer where there is one.
EDGE_MEMORY = 256 * MIB
POOLER_MEMORY = 64 * MIB


class Pair(NamedTuple):
    """`cpu` in units, `memory` in MiB."""

    cpu: int
    memory: int


def units(millicores: int) -> int:
    """1024 for 1000; rounded up."""
    return -(-millicores * 1024 // 1000)


def beside_app(config: Config) -> int:
    """Memory of a task that the app does not have, in bytes."""
    return EDGE_MEMORY + POOLER_MEMORY + sum(sidecar.memory for sidecar in config.app.sidecars)


def pair_for(config: Config) -> Pair | None:
    """The pair that the config names, else the smallest that holds the app; None when none is large enough."""
    chosen, app = config.targets.ecs, config.app
    named_cpu = units(chosen.cpu) if chosen and chosen.cpu else None
    named_memory = chosen.memory // MIB if chosen and chosen.memory else None
    if named_cpu is not None and named_memory is not None:
        return Pair(named_cpu, named_memory)
    cpu = named_cpu or units(app.cpu.limit)
    memory = named_memory or -(-(app.memory.limit + beside_app(config)) // MIB)
    found = (Pair(size, each) for size, sold in PAIRS.items() if size >= cpu for each in sold if each >= memory)
    return next(found, None)


def nearest(cpu: int, memory: int) -> Pair:
    """The pair that is sold and nearest to what was asked for; more CPU only where the memory needs it."""
    size = min(PAIRS, key=lambda sold: (abs(sold - cpu), sold))
    while memory > PAIRS[size][-1] and size < max(PAIRS):
        size = min(sold for sold in PAIRS if sold > size)
    return Pair(size, min(PAIRS[size], key=lambda sold: (abs(sold - memory), -sold)))


def update_percent(least: int) -> int:
    """Of the tasks that run, while an update does: room for one more when the fewest run."""
    return 100 + -(-100 // least)


def fitted(config: Config, target: str) -> tuple[Config, dict[str, Source]]:
    """The config with the app's share of the pair that targets.ecs names, and where it comes from."""
    chosen = config.targets.ecs
    if target != "ecs" or chosen is None:
        return config, {}
    changes: dict[str, object] = {}
    sources: dict[str, Source] = {}
    if chosen.cpu is not None:
        changes["cpu"] = Cpu.model_construct(request=chosen.cpu, limit=chosen.cpu)
        source = Source(Origin.FORMULA, "what the Fargate task has", inputs=("targets.ecs.cpu",))
        sources |= {"app.cpu.request": source, "app.cpu.limit": source}
    if chosen.memory is not None:
        left = chosen.memory - beside_app(config)
        changes["memory"] = Memory.model_construct(request=left, limit=left)
        source = Source(
            Origin.FORMULA,
            "the Fargate task's memory - edge - pooler - sidecars",
            inputs=("targets.ecs.memory", "app.sidecars"),
        )
        sources |= {"app.memory.request": source, "app.memory.limit": source}
    if not changes:
        return config, {}
    return config.model_copy(update={"app": config.app.model_copy(update=changes)}), sources
