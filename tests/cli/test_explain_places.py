"""`explain PATH`: the places of a setting in each target."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aisearch_deploy.commands.places import changed_places
from aisearch_deploy.commands.reading import read_config
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.targets.base import GapKind
from aisearch_deploy.targets.gaps import gap_at
from aisearch_deploy.targets.registry import target_named
from tests.cli.conftest import Cli
from tests.goldens import EXAMPLES
from tests.rendering.leaves import leaves

REPAIRED = EXAMPLES / "repaired/aisearch.yaml"
NOT_EXPRESSED = [
    (leaf, target)
    for target in ("compose", "k8s")
    for leaf in leaves()
    if "[]" not in leaf
    and not leaf.startswith("targets.")
    and (gap := gap_at(target_named(target).GAPS, leaf)) is not None
    and gap.kind is GapKind.NOT_EXPRESSED
]


@pytest.fixture
def repaired(tmp_path: Path) -> None:
    shutil.copy(REPAIRED, tmp_path / "aisearch.yaml")


@pytest.mark.usefixtures("repaired")
def test_each_target_of_the_config_has_its_places(cli: Cli) -> None:
    said = cli("explain", "scaling.max").out
    assert "  changes   compose   not expressed: there is no autoscaler: scaling.min replicas run.\n" in said
    assert "            k8s       app/autoscaler.yaml:/spec/maxReplicas, " in said
    assert "(seen with 11)" in said


@pytest.mark.usefixtures("repaired")
def test_one_target_may_be_asked_for(cli: Cli) -> None:
    said = cli("explain", "scaling.max", "-t", "k8s").out
    assert "  changes   k8s  app/autoscaler.yaml:/spec/maxReplicas" in said
    assert "compose" not in said


@pytest.mark.usefixtures("repaired")
@pytest.mark.parametrize("path", ["version", "database.host"])
def test_what_changes_nothing_says_so(cli: Cli, path: str) -> None:
    assert "  changes   k8s  nothing, as the rest of the config is\n" in cli("explain", path, "-t", "k8s").out


@pytest.mark.usefixtures("repaired")
def test_a_block_has_no_places_of_its_own(cli: Cli) -> None:
    assert "changes" not in cli("explain", "scaling").out


@pytest.mark.usefixtures("repaired")
def test_an_item_of_a_list_is_read_by_who_reads_the_list(cli: Cli) -> None:
    assert "AID503 open-cors" in cli("explain", "domains[0]", "-t", "k8s").out


def test_an_environment_that_sets_a_value_is_where_it_is_changed(cli: Cli, tmp_path: Path) -> None:
    text = REPAIRED.read_text() + "\nenvironments:\n  staging:\n    scaling: {min: 1, max: 2}\n"
    (tmp_path / "aisearch.yaml").write_text(text)
    assert "/spec/maxReplicas" in cli("explain", "scaling.max", "-t", "k8s", "-e", "staging").out


@pytest.mark.parametrize(("leaf", "target"), NOT_EXPRESSED)
def test_what_is_not_expressed_has_no_places(leaf: str, target: str) -> None:
    deployment = resolve(read_config(str(REPAIRED)), None, target_named(target).TRAITS)
    assert changed_places(deployment, leaf).places == ()
