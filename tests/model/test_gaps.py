"""What a person wrote and a target does not render as it is meant: named, once, with the reason."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import ModuleType

import pytest

from aisearch_deploy.targets.base import Gap, GapKind
from aisearch_deploy.targets.gaps import gap_at, gaps_report, written_paths
from aisearch_deploy.targets.registry import TARGETS
from tests.model.deployments import COMPOSE, K8S, deployment

APPROXIMATED = Gap(GapKind.APPROXIMATED, "there is one node.")
MISSING = Gap(GapKind.NOT_EXPRESSED, "there is no such thing.")
GAPS = {"scheduling": MISSING, "scheduling.zones": APPROXIMATED, "scaling.max": APPROXIMATED, "labels": MISSING}


class Stand(ModuleType):
    """A target that has nothing but gaps."""

    GAPS: Mapping[str, Gap] = GAPS


@pytest.fixture(autouse=True)
def _compose_has_these_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, TARGETS["compose"], Stand("compose"))


@pytest.mark.parametrize(
    ("path", "gap"),
    [
        ("scheduling", MISSING),
        ("scheduling.priority_class", MISSING),
        ("scheduling.zones", APPROXIMATED),
        ("scheduling.tolerations[0].key", MISSING),
        ('labels["example.com/team"]', MISSING),
        ("labels.team", MISSING),
        ("scaling.max", APPROXIMATED),
        ("scaling.min", None),
        ("scheduling_too", None),
        ("scaling", None),
    ],
)
def test_a_gap_covers_what_is_below_it(path: str, gap: Gap | None) -> None:
    assert gap_at(GAPS, path) is gap


def test_every_written_setting_in_a_gap_is_named_once_with_the_reason() -> None:
    found = deployment(
        """\
scaling: {min: 2, max: 4}
scheduling: {zones: any, priority_class: high}
labels: {example.com/team: search}
"""
    )
    assert gaps_report(found) == [
        "compose: scaling.max is approximated: there is one node.",
        "compose: scheduling.zones is approximated: there is one node.",
        "compose: scheduling.priority_class is not expressed: there is no such thing.",
        'compose: labels["example.com/team"] is not expressed: there is no such thing.',
    ]


def test_what_nobody_wrote_is_no_gap() -> None:
    """The preset sets scaling.max too, and that is no broken promise."""
    assert gaps_report(deployment("preset: large\n")) == []


def test_an_environments_setting_counts_when_it_is_the_chosen_one() -> None:
    more = "environments: {dev: {scaling: {max: 2}}, qa: {}}\n"
    assert len(gaps_report(deployment(more, environment="dev"))) == 1
    assert gaps_report(deployment(more, environment="qa")) == []


def test_the_block_of_another_target_does_not_reach_this_one() -> None:
    more = "targets: {compose: {http_port: 8080}, k8s: {namespace: search}}\n"
    assert "targets.k8s.namespace" not in written_paths(deployment(more, COMPOSE))
    assert "targets.compose.http_port" in written_paths(deployment(more, COMPOSE))
    assert "targets.k8s.namespace" in written_paths(deployment(more, K8S))


def test_written_paths_are_leaves() -> None:
    paths = written_paths(deployment("app: {memory: 6Gi, env: {A: x}, streaming_paths: [/a]}\nnetwork: {}\n"))
    assert paths[-5:] == [
        "image.tag",
        "app.memory.request",
        "app.memory.limit",
        "app.env.A",
        "app.streaming_paths",
    ]
