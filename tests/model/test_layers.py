"""Laying partial configs over each other."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisearch_deploy.model.layers import Layer, Origin, expand_shorthand, merge

KEYS = st.sampled_from(["a", "b", "c"])
TREES: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    KEYS,
    st.recursive(
        st.none() | st.integers(0, 9), lambda below: st.dictionaries(KEYS, below) | st.lists(below), max_leaves=8
    ),
)


def layer(content: dict[str, Any], detail: str = "") -> Layer:
    return Layer(Origin.BASE, detail, content, ())


@settings(deadline=None)
@given(TREES, TREES)
def test_what_the_upper_layer_says_stands_and_the_rest_stays(lower: dict[str, Any], upper: dict[str, Any]) -> None:
    merged = merge([layer(lower), layer(upper)]).tree

    def check(low: Any, up: Any, result: Any) -> None:
        if isinstance(up, dict):
            low = low if isinstance(low, dict) else {}
            assert set(result) == set(low) | set(up)
            for key in result:
                check(low.get(key), up[key], result[key]) if key in up else check(None, low[key], result[key])
        else:
            assert result == up

    check(lower, upper, merged)


@settings(deadline=None)
@given(TREES, TREES)
def test_the_layers_themselves_are_not_changed(lower: dict[str, Any], upper: dict[str, Any]) -> None:
    before = deepcopy((lower, upper))
    merge([layer(lower), layer(upper)])
    assert (lower, upper) == before


@settings(deadline=None)
@given(TREES, TREES)
def test_each_leaf_knows_the_last_layer_that_set_it(lower: dict[str, Any], upper: dict[str, Any]) -> None:
    merged = merge([layer(lower, "lower"), layer(upper, "upper")])

    def check(tree: Any, path: tuple[str, ...]) -> None:
        if isinstance(tree, dict):
            for key, below in tree.items():
                check(below, (*path, key))
        elif path:
            origin = merged.origin_of(path)
            assert origin is not None
            said: Any = upper
            for part in path:
                said = said.get(part, ...) if isinstance(said, dict) else ...
            assert origin.detail == ("lower" if said is ... else "upper")

    check(merged.tree, ())


def test_origins_inside_lists_and_beside_them() -> None:
    merged = merge([layer({"a": {"list": [{"x": 1}]}})])
    assert merged.origin_of(("a", "list", 0, "x")) is not None
    assert merged.origin_of(("a", "other")) is None
    assert merged.nearest_origin(("a", "other")) is not None
    assert merged.nearest_origin(("b",)) is None


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ({"contract": "local-state"}, {"contract": {"extends": "local-state"}}),
        ({"contract": {"port": 1}}, {"contract": {"port": 1}}),
        ({"app": {"memory": "6Gi"}}, {"app": {"memory": {"request": "6Gi", "limit": "6Gi"}}}),
        ({"app": {"cpu": 2}}, {"app": {"cpu": {"request": 2, "limit": 2}}}),
        ({"app": {"cpu": {"limit": "2"}}}, {"app": {"cpu": {"limit": "2"}}}),
        ({"app": {"memory": None}}, {"app": {"memory": None}}),
        ({"app": [1]}, {"app": [1]}),
        ({"database": {"memory": "1Gi"}}, {"database": {"memory": "1Gi"}}),
    ],
)
def test_shorthand(short: dict[str, Any], long: dict[str, Any]) -> None:
    assert expand_shorthand(short) == long
