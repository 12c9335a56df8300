from __future__ import annotations

import json as standard
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisearch_deploy.formats import json
from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from tests.formats.hostile import scalars, text

trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4), max_leaves=12
)


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("postgres:18", '"postgres:18"'),
        ("", '""'),
        ('say "hi"\\', '"say \\"hi\\"\\\\"'),
        ("a\nb\t\0", '"a\\nb\\t\\u0000"'),
        ("</script>{{ x }}", '"</script>{{ x }}"'),
        ("\u00e9\u65e5\U0001f600", '"\u00e9\u65e5\U0001f600"'),
        ("\u2028\ufeff\x85\x7f", '"\\u2028\\ufeff\\u0085\\u007f"'),
        ("\U000e0041", '"\\udb40\\udc41"'),
        (8000, "8000"),
        (1e16, "1e+16"),
        (1.0, "1.0"),
        (True, "true"),
        (None, "null"),
    ],
)
def test_encoded(value: Scalar, encoded: str) -> None:
    assert json.encode(value) == encoded
    assert repr(json.parse(encoded)) == repr(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("\udfff", "half a character"),
        (math.nan, "nan is not a number"),
        (-math.inf, "-inf is not a number"),
        ({"a": 1}, "a dict, not one value: dump it"),
        (b"a", "a bytes, not one value"),
    ],
)
def test_refused(value: Scalar, message: str) -> None:
    with pytest.raises(EncodeError, match=message):
        json.encode(value)


@given(scalars)
def test_a_value_comes_back(value: Scalar) -> None:
    encoded = json.encode(value)
    assert repr(json.parse(encoded)) == repr(value)
    assert repr(standard.loads(encoded.encode())) == repr(value)
    assert "\n" not in encoded


@pytest.mark.parametrize(
    ("value", "indent", "dumped"),
    [
        ({}, 0, "{}"),
        ({"a": [1, {"b": None}]}, 0, '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ]\n}'),
        ({"a": "x\ny"}, 4, '{\n      "a": "x\\ny"\n    }'),
        ((1, 2), 0, "[\n  1,\n  2\n]"),
    ],
)
def test_dumped(value: object, indent: int, dumped: str) -> None:
    assert json.dump(value, indent) == dumped


@given(trees, st.sampled_from([0, 4]))
def test_a_tree_comes_back(tree: object, indent: int) -> None:
    dumped = json.dump(tree, indent)
    assert repr(json.parse(f'{{"a": {dumped}}}')) == repr({"a": tree})
    assert json.parse(json.encode_flow(tree)) == tree
    assert "\n" not in json.encode_flow(tree)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({1: "a"}, "1 is a key that is not text"),
        ({"a": {None: 1}}, "None is a key that is not text"),
        ({"\ud800": 1}, "half a character"),
        ([math.nan], "not a number"),
        ({"a": {1}}, "a set, which JSON cannot carry"),
        ([10**5000], "thousands of digits"),
    ],
    ids=range(6),
)
def test_trees_that_json_cannot_carry(value: object, message: str) -> None:
    for dump in (json.dump, json.encode_flow):
        with pytest.raises(EncodeError, match=message):
            dump(value)


@pytest.mark.parametrize(
    ("document", "line", "message"),
    [
        ("", 1, "Expecting value"),
        ('{\n  "a": 1,\n}', 3, "Expecting property name|Illegal trailing comma"),
        ('{\n  "a": 1,\n  "b": 2,\n  "a": 3\n}', 4, "the key 'a' is there twice"),
        ('[\n{"x": {"y": 1, "y": 1}}]', 2, "the key 'y' is there twice"),
        ("[NaN]", 1, "NaN is not JSON"),
        ("[-Infinity]", 1, "-Infinity is not JSON"),
        ('"a\nb"', 1, "Invalid control character"),
        ("{'a': 1}", 1, "Expecting property name"),
        ("1 2", 1, "Extra data"),
        ("9" * 5000, 1, "digits"),
        ("[" * 200_000, 1, "nested too deeply"),
    ],
    ids=range(11),
)
def test_malformed(document: str, line: int, message: str) -> None:
    with pytest.raises(ParseError, match=message) as caught:
        json.parse(document)
    # Python 3.13 places a trailing comma at the comma, earlier ones after it.
    assert caught.value.line in ((2, 3) if "Illegal" in message else (line,))
