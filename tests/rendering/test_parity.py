"""Nothing in the config is silently ignored: each leaf changes a place in each target, or the gap table says why not.

The places are kept in parity.txt, to be read in a review; `python -m tests.rendering.test_parity` writes it anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aisearch_deploy.render.pipeline import render
from aisearch_deploy.targets.base import GapKind
from aisearch_deploy.targets.gaps import gap_at
from aisearch_deploy.targets.registry import TARGETS, target_named
from tests.rendering.alternatives import CHANGES, FIXED, standard
from tests.rendering.configs import deployment_of, overlaid, with_leaf
from tests.rendering.leaves import leaves
from tests.rendering.trees import first_difference, trees

TABLE = Path(__file__).with_name("parity.txt")
# A target's own block is not for the others.
PAIRS = [
    (leaf, target)
    for leaf in CHANGES
    for target in TARGETS
    if not leaf.startswith("targets.") or leaf.startswith(f"targets.{target}.")
]


def test_every_leaf_has_an_alternative() -> None:
    assert set(leaves()) == set(CHANGES) | FIXED


@pytest.mark.parametrize(("leaf", "target"), PAIRS)
def test_a_leaf_changes_a_place_or_the_gap_table_says_why_not(leaf: str, target: str) -> None:
    gap = gap_at(target_named(target).GAPS, leaf.replace("[]", ""))
    place = changed_place(leaf, target)
    assert place or gap, f"{leaf} changes nothing on {target}, and its GAPS does not say why"
    if gap is not None and gap.kind is GapKind.NOT_EXPRESSED:
        assert place is None, f"{target} says that it does not express {leaf}, yet it changes {place}"
    assert row(leaf, target, place) in TABLE.read_text().splitlines(), "parity.txt is not current"


def test_the_table_holds_nothing_else() -> None:
    assert len(TABLE.read_text().splitlines()) == len(PAIRS)


def changed_place(leaf: str, target: str) -> str | None:
    """`file pointer` of the first place that differs, or `refused` where the target cannot carry one of the two."""
    change = CHANGES[leaf]
    before = overlaid(standard(target), change.given)
    after = with_leaf(overlaid(before, change.also), leaf, change.to)
    one, other = _trees(before, target), _trees(after, target)
    if one is None or other is None:
        return "refused"
    for path in sorted({*one, *other}):
        if path not in one or path not in other:
            return path
        pointer = first_difference(one[path], other[path])
        if pointer is not None:
            return f"{path} {pointer}"
    return None


def _trees(config: dict[str, Any], target: str) -> dict[str, Any] | None:
    """None where the target refuses the config, which nobody can overlook."""
    deployment = deployment_of(config, target)
    if target_named(target).refuses(deployment) is not None:
        return None
    plan = target_named(target).plan(deployment)
    return trees(plan, render(target, plan))


def row(leaf: str, target: str, place: str | None) -> str:
    """One line of the table."""
    gap = gap_at(target_named(target).GAPS, leaf.replace("[]", ""))
    return f"{leaf}  {target}  {place or f'{gap.kind}: {gap.reason}' if gap else place}"


if __name__ == "__main__":
    TABLE.write_text("".join(f"{row(leaf, target, changed_place(leaf, target))}\n" for leaf, target in PAIRS))
