from __future__ import annotations

import pytest

from aisearch_deploy.formats.base import Scalar
from aisearch_deploy.formats.leaves import Prose, leaves, missing
from aisearch_deploy.formats.nginx import Directive


def test_keys_and_values_in_order() -> None:
    tree = {"a": [1, {"b": None}], 2: (True, ["c", 1.5])}
    assert list(leaves(tree)) == ["a", 1, "b", None, 2, True, "c", 1.5]


@pytest.mark.parametrize("tree", ["a", 1, None, False, 2.5])
def test_a_scalar_is_its_own_leaf(tree: Scalar) -> None:
    assert list(leaves(tree)) == [tree]


def test_named_tuples_are_lists() -> None:
    assert list(leaves([Directive("server", [], [Directive("listen", ["443"])])])) == ["server", "listen", "443", None]


def test_what_no_file_holds() -> None:
    with pytest.raises(TypeError, match="set is not part"):
        list(leaves({"a": {1}}))


@pytest.mark.parametrize(
    ("value", "tree"),
    [
        (30, {"a": "30"}),
        ("30", {"a": 30}),
        (1, {"a": True}),
        (True, {"a": 1}),
        (1.0, {"a": 1}),
        (None, {"a": ""}),
        ("null", {"a": None}),
        ("search", {"a": "search.example.com"}),
        ("a ", {"a": "a"}),
    ],
)
def test_typed_values_that_are_not_there(value: Scalar, tree: object) -> None:
    assert missing([value], tree, typed=True) == [value]


@pytest.mark.parametrize("value", ["a", 1, 2.5, None, True])
def test_typed_values_that_are_there(value: Scalar) -> None:
    assert missing([value], {"a": [1, 2.5, {"k": None}, True]}, typed=True) == []


def test_elsewhere_a_number_is_its_text() -> None:
    assert missing([30, True, "on"], ["30", "true", "on"], typed=False) == []
    assert missing([30, True], ["300", "True"], typed=False) == [30, True]


def test_each_missing_value_once() -> None:
    assert missing(["a", "b", "a"], ["c"], typed=False) == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "value", "holds"),
    [
        ("open https://search.example.com/health", "search.example.com", True),
        ("Owner: Search Operations.", "Search Operations", True),
        ("research", "search", False),
        ("searches", "search", False),
        ("research then search", "search", True),
        ("a_search", "search", False),
        ("port 80800", "8080", False),
        ("port 8080.", "8080", True),
        ("x--y", "--", True),
        ("anything", "", True),
        ("", "a", False),
    ],
)
def test_prose(line: str, value: str, holds: bool) -> None:
    assert Prose(line).holds(value) is holds
    assert (missing([value], [Prose(line)], typed=False) == []) is holds
