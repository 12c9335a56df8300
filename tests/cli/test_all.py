"""`render --all`: on every example each target is rendered or named with its reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aisearch_deploy.targets.registry import TARGETS
from tests.cli.conftest import Cli
from tests.goldens import EXAMPLES, cases, document, environment_names, examples

# The guide's own numbers break rules on purpose.
FLAGS = {"seed": ["--ignore-errors"]}


@pytest.mark.parametrize("example", examples())
def test_each_target_is_rendered_or_named_with_its_reason(cli: Cli, tmp_path: Path, example: str) -> None:
    shutil.copytree(EXAMPLES / example, tmp_path, dirs_exist_ok=True)
    environments = environment_names(document(example))
    ran = cli("render", "--all", *(["--all-environments"] if environments else []), *FLAGS.get(example, []))
    assert ran.code == 0, ran.err
    carried = {(case.environment, case.target) for case in cases([example])}
    for environment in environments or [None]:
        folder = tmp_path / "deploy" / (environment or "")
        rendered = {path.name for path in folder.iterdir()}
        assert rendered == {target for place, target in carried if place == environment}
    for target in TARGETS:
        everywhere = all((environment, target) in carried for environment in environments or [None])
        reasons = [line for line in ran.err.splitlines() if line.startswith(f"{target}: not rendered: ")]
        assert bool(reasons) != everywhere, target
        assert all(len(reason.split()) > 5 for reason in reasons)


def test_every_target_is_carried_by_some_example() -> None:
    assert {case.target for case in cases()} == set(TARGETS)
