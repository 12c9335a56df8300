"""`targets`: the guide's comparison table, for the targets there are."""

from __future__ import annotations

import json

from aisearch_deploy.targets.registry import TARGETS, target_named


def run(format: str) -> None:
    """Prints a table, or JSON with the same content."""
    if format == "json":
        print(json.dumps({"version": 1, "targets": [_plain(name) for name in TARGETS]}, indent=2))
        return
    rows = [("", *TARGETS)]
    columns = [target_named(name) for name in TARGETS]
    rows.append(("What it is", *(target.ABOUT for target in columns)))
    rows.append(("Ease of setup", *(_stars(target.COMPARISON.ease) for target in columns)))
    rows.append(("Scalability", *(_stars(target.COMPARISON.scalability) for target in columns)))
    rows.append(("Cost", *(target.COMPARISON.cost for target in columns)))
    rows.append(("Auto-scaling", *("yes" if target.COMPARISON.autoscaling else "no" for target in columns)))
    rows.append(("Load balancing", *(target.COMPARISON.load_balancing for target in columns)))
    rows.append(("Best for", *(target.COMPARISON.best_for for target in columns)))
    rows.append(("Proven", *(str(target.TIER) for target in columns)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
    print("\nNext:  aisearch-deploy render -t TARGET")


def _stars(number: int) -> str:
    return "*" * number


def _plain(name: str) -> dict[str, object]:
    target = target_named(name)
    return {"name": name, "about": target.ABOUT, "proven": str(target.TIER), **target.COMPARISON._asdict()}
