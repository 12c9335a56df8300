"""Which environments and targets a command line means."""

from __future__ import annotations

import difflib

from aisearch_deploy.config.load import Document
from aisearch_deploy.config.scalars import shown
from aisearch_deploy.errors import UsageError
from aisearch_deploy.model.named import environment_names, named_targets
from aisearch_deploy.targets.registry import TARGETS


def selected_environments(document: Document, name: str | None, all_environments: bool) -> list[str | None]:
    """One environment or all; None stands for a config that has none. Raises UsageError."""
    if name is not None and all_environments:
        raise UsageError("-e and --all-environments exclude each other.", "Use one of them.")
    if all_environments:
        return [*environment_names(document)] or [None]
    return [name]


def selected_targets(
    document: Document, environment: str | None, asked: tuple[str, ...], all_targets: bool
) -> list[str]:
    """The targets to render, in the registry's order for --all, else as asked. Raises UsageError."""
    if asked and all_targets:
        raise UsageError("-t and --all exclude each other.", "Use one of them.")
    if all_targets:
        return list(TARGETS)
    names = list(dict.fromkeys(asked)) or [name for name in named_targets(document, environment) if name in TARGETS]
    for name in names:
        known_target(name)
    if not names:
        raise UsageError(
            f"{document.file} names no targets.",
            f"Choose with -t {next(iter(TARGETS))}, or add targets: {{compose: {{}}}}.",
        )
    return names


def known_target(name: str) -> None:
    """Raises UsageError with the nearest name when there is no such target."""
    if name in TARGETS:
        return
    near = difflib.get_close_matches(name, TARGETS, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(TARGETS)}."
    raise UsageError(f"There is no target {shown(name) or '(empty)'}. {hint}", "aisearch-deploy targets compares them.")
