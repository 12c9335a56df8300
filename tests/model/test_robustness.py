"""Whatever stands where in a config, resolve ends in a deployment or in findings that can be acted upon."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisearch_deploy.checks.registry import check
from aisearch_deploy.config.load import ConfigPath, parse
from aisearch_deploy.errors import ConfigInvalid, DeployError, UsageError
from aisearch_deploy.findings import Severity
from aisearch_deploy.formats.yaml import dump
from aisearch_deploy.model.named import environment_names, named_targets
from aisearch_deploy.model.resolve import findings_beside, resolve
from aisearch_deploy.model.traits import Traits
from tests.model.deployments import COMPOSE, EXAMPLES, K8S, deployment

TREES = {path.parent.name: parse(path.read_bytes(), "f").data for path in sorted(EXAMPLES.glob("*/aisearch.yaml"))}


def paths(tree: Any, path: ConfigPath = ()) -> Iterator[ConfigPath]:
    yield path
    below = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in below:
        yield from paths(value, (*path, key))


PLACES = [(name, path) for name, tree in TREES.items() for path in paths(tree) if path]
WORDS = st.sampled_from(
    ["", "x", "auto", "6Gi", "30s", "compose", "k8s", "extends", "small", "override", "a.b/c", "\u00fc"]
)
SCALARS = st.none() | st.booleans() | st.integers(-(10**18) + 1, 10**18 - 1) | st.floats(-1e6, 1e6) | WORDS
VALUES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(WORDS, below, max_size=3), max_leaves=6
)


def changed(name: str, path: ConfigPath, value: Any, *, key: str | None) -> dict[str, Any]:
    """The example with `value` at `path`, or beside it under `key`."""
    tree: dict[str, Any] = deepcopy(TREES[name])
    below: Any = tree
    for part in path[:-1]:
        below = below[part]
    below[path[-1] if key is None or isinstance(below, list) else key] = value
    return tree


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), VALUES, st.none() | WORDS, st.booleans())
def test_any_value_anywhere(place: tuple[str, ConfigPath], value: Any, key: str | None, on_k8s: bool) -> None:
    name, path = place
    tree = changed(name, path, value, key=key)
    document = parse(dump(tree).encode(), str(EXAMPLES / name / "aisearch.yaml"))
    for environment in [*environment_names(document), None]:
        try:
            resolve(document, environment, K8S if on_k8s else COMPOSE)
        except ConfigInvalid as error:
            assert error.findings
            for finding in error.findings:
                assert finding.message
                assert finding.fix, finding
                assert finding.position is not None
        except UsageError:
            assert environment is None
        except DeployError as error:
            assert error.exit_code == 3  # a certificate authority that is not there
    named_targets(document, None)
    findings_beside(document, [])


@pytest.mark.parametrize("traits", [COMPOSE, K8S], ids=lambda traits: traits.name)
@pytest.mark.parametrize("contract", ["shared-state", "local-state"])
@pytest.mark.parametrize("preset", ["small", "medium", "large"])
def test_every_preset_stands_with_every_contract_on_every_target(preset: str, contract: str, traits: Traits) -> None:
    found = check(deployment(f"preset: {preset}\ncontract: {contract}\n", traits))
    assert [finding for finding in found if finding.severity is Severity.ERROR] == []
