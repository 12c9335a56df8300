"""A target is four things that belong together: module, templates, goldens, registry line."""

from __future__ import annotations

from pathlib import Path

import pytest

from aisearch_deploy.render.templates import template_folder
from aisearch_deploy.targets.base import Gap
from aisearch_deploy.targets.registry import TARGETS, target_named
from tests.goldens import GOLDENS, cases
from tests.rendering.alternatives import CHANGES, standard
from tests.rendering.configs import deployment_of, overlaid, with_leaf
from tests.rendering.leaves import leaves


def test_every_template_folder_is_a_target() -> None:
    folders = {path.name for path in template_folder().iterdir() if not path.name.startswith("_")}
    assert folders == set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_complete(target: str) -> None:
    module = target_named(target)
    assert module.TRAITS.name == target
    assert module.ABOUT
    assert module.COMPARISON
    assert list(GOLDENS.glob(f"*/*/{target}/RUNBOOK.md"))


@pytest.mark.parametrize("target", TARGETS)
def test_a_gap_is_about_something_that_exists(target: str) -> None:
    known = {leaf.replace("[]", "") for leaf in leaves()}
    for path, gap in target_named(target).GAPS.items():
        assert any(leaf == path or leaf.startswith(f"{path}.") for leaf in known), path
        assert isinstance(gap, Gap)
        assert len(gap.reason) > 10


@pytest.mark.parametrize("target", TARGETS)
def test_every_template_is_used_and_every_file_has_one(target: str) -> None:
    used = set()
    for plan in _plans(target):
        paths = [file.path for file in plan.files]
        assert len(paths) == len(set(paths))
        assert all(file.about for file in plan.files)
        assert plan.next_steps
        used |= {file.template or f"{target}/{file.path}" for file in plan.files if file.content is None}
    own = {_name(path) for path in (template_folder() / target).rglob("*.j2")}
    assert {name for name in used if name.startswith(f"{target}/")} == own
    assert used <= {_name(path) for path in template_folder().rglob("*.j2")}


def _name(path: Path) -> str:
    return path.relative_to(template_folder()).as_posix().removesuffix(".j2")


def _plans(target: str):  # type: ignore[no-untyped-def]
    module = target_named(target)
    for case in cases():
        if case.target == target:
            from tests.goldens import deployment

            yield module.plan(deployment(case))
    for leaf, change in CHANGES.items():
        changed = with_leaf(overlaid(standard(target), change.given, change.also), leaf, change.to)
        deployment_ = deployment_of(changed, target)
        if module.refuses(deployment_) is None:
            yield module.plan(deployment_)
