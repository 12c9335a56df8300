from __future__ import annotations

import math
from io import StringIO

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from aisearch_deploy.formats import yaml
from aisearch_deploy.formats.base import EncodeError, Scalar
from tests.formats.hostile import line, scalars, text, trees


def pyyaml_reads(document: str) -> object:
    return pyyaml.safe_load(document)


def ruamel_reads(document: str) -> object:
    return YAML(typ="safe", pure=True).load(StringIO(document))


READERS = [yaml.parse, pyyaml_reads, ruamel_reads]  # strict, YAML 1.1, YAML 1.2


def same(left: object, right: object) -> bool:
    """Equal, and of the same types: 1, 1.0 and True differ."""
    return repr(left) == repr(right)


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("postgres:18", "postgres:18"),
        ("ghcr.io/a/b:1.4.2", "ghcr.io/a/b:1.4.2"),
        ("/health", "/health"),
        ("/var/lib/postgresql:/data:ro", "/var/lib/postgresql:/data:ro"),
        ("a@b", "a@b"),
        ("src.web.app:app", "src.web.app:app"),
        ("INFO", "INFO"),
        ("_x", "_x"),
        ("https://search.example.com", "https://search.example.com"),
        ("a:", '"a:"'),
        ("a::b", '"a::b"'),
        (":a", '":a"'),
        ("a: b", '"a: b"'),
        ("a b", '"a b"'),
        ("", '""'),
        (" ", '" "'),
        ("-", '"-"'),
        ("- a", '"- a"'),
        ("#a", '"#a"'),
        ("a#b", '"a#b"'),
        ("{{ x }}", '"{{ x }}"'),
        ("*a", '"*a"'),
        ("!a", '"!a"'),
        ("%H", '"%H"'),
        ("$HOME", '"$HOME"'),
        ("a,b", '"a,b"'),
        ("a]", '"a]"'),
        ("'", '"\'"'),
        ('"', '"\\""'),
        ("\\", '"\\\\"'),
        ("a\nb", '"a\\nb"'),
        ("a\tb\r", '"a\\tb\\r"'),
        ("\0\x1b\x7f\x85", '"\\x00\\x1B\\x7F\\x85"'),
        ("\u2028\ufeff\u200b", '"\\u2028\\uFEFF\\u200B"'),
        ("\U000e0041", '"\\U000E0041"'),
        ("\u00e9\u65e5\U0001f600", '"\u00e9\u65e5\U0001f600"'),
        ("y", '"y"'),
        ("No", '"No"'),
        ("oFF", '"oFF"'),
        ("TRUE", '"TRUE"'),
        ("null", '"null"'),
        ("~", '"~"'),
        (".nan", '".nan"'),
        ("1.10", '"1.10"'),
        ("0644", '"0644"'),
        ("22:22", '"22:22"'),
        ("0x1F", '"0x1F"'),
        ("1e3", '"1e3"'),
        ("2026-11-24", '"2026-11-24"'),
        ("18", '"18"'),
        ("6Gi", '"6Gi"'),
        ("<<", '"<<"'),
        ("=", '"="'),
        ("---", '"---"'),
        ("...", '"..."'),
        (0, "0"),
        (-8000, "-8000"),
        (10**30, "1000000000000000000000000000000"),
        (1.5, "1.5"),
        (2.0, "2.0"),
        (-0.0, "-0.0"),
        (1e16, "1.0e+16"),
        (1e-7, "1.0e-07"),
        (1.5e300, "1.5e+300"),
        (True, "true"),
        (False, "false"),
        (None, "null"),
    ],
)
def test_encoded(value: Scalar, encoded: str) -> None:
    assert yaml.encode(value) == encoded
    for read in READERS:
        assert same(read(f"k: {encoded}\n"), {"k": value}), read


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("\ud83d", "half a character"),
        (math.nan, "nan is not a number"),
        (math.inf, "inf is not a number"),
        ({"a": 1}, "a dict, not one value: dump it"),
        ([1], "a list, not one value: dump it"),
        (b"a", "a bytes, not one value"),
    ],
)
def test_refused(value: Scalar, message: str) -> None:
    with pytest.raises(EncodeError, match=message):
        yaml.encode(value)


@given(scalars)
def test_every_reader_gets_the_value_back_wherever_it_stands(value: Scalar) -> None:
    encoded = yaml.encode(value)
    block = f"a: {encoded}\nb:\n  - {encoded}\n  - c: {encoded} # comment\n"
    flow = f"a: [{encoded}, {{c: {encoded}}}, {encoded}]\n"
    for read in READERS:
        assert same(read(block), {"a": value, "b": [value, {"c": value}]}), read
        assert same(read(flow), {"a": [value, {"c": value}, value]}), read
        assert same(read(f"{encoded}\n"), value), read


@given(text.filter(lambda t: len(t) < 100))
def test_every_reader_gets_a_key_back(key: str) -> None:
    for read in READERS:
        assert same(read(f"{yaml.encode(key)}: 1\n"), {key: 1}), read
        assert same(read(f"[{{{yaml.encode(key)}: 1}}]\n"), [{key: 1}]), read


@pytest.mark.parametrize(
    ("value", "indent", "lines"),
    [
        ({}, 0, ["{}"]),
        ([], 4, ["[]"]),
        ("a b", 4, ['"a b"']),
        (
            {"image": "postgres:18", "ports": [8000, "443"], "limits": {"cpu": "2", "none": {}, "empty": []}},
            0,
            [
                "image: postgres:18",
                "ports:",
                "  - 8000",
                '  - "443"',
                "limits:",
                '  cpu: "2"',
                "  none: {}",
                "  empty: []",
            ],
        ),
        (
            [{"name": "app", "env": [{"name": "A"}]}, [1, [2, 3]], "x"],
            0,
            ["- name: app", "  env:", "    - name: A", "- - 1", "  - - 2", "    - 3", "- x"],
        ),
        ({"a": {"b": 1}, "c": 2}, 6, ["a:", "        b: 1", "      c: 2"]),
        ({"on": {"no": None}}, 0, ['"on":', '  "no": null']),
        ({1: True, None: "x"}, 0, ["1: true", "null: x"]),
        ("one\ntwo\n", 4, ["|", "    one", "    two"]),
        ("one\n\ntwo", 0, ["|-", "  one", "", "  two"]),
        (
            {"script": '#!/bin/sh\nset -eu\n\n  echo "$1"\n', "after": 1},
            2,
            ["script: |", "    #!/bin/sh", "    set -eu", "", '      echo "$1"', "  after: 1"],
        ),
        (["a\nb"], 0, ["- |-", "  a", "  b"]),
        ([["a\nb\n"]], 2, ["- - |", "      a", "      b"]),
        ("a\n", 0, ["|", "  a"]),
        ("a\n\n", 0, ['"a\\n\\n"']),
        ("\na", 0, ['"\\na"']),
        (" a\nb", 0, ['" a\\nb"']),
        ("a\n  \nb", 0, ['"a\\n  \\nb"']),
        ("a\r\nb", 0, ['"a\\r\\nb"']),
        ("a\n\u2028", 0, ['"a\\n\\u2028"']),
        ("\n", 0, ['"\\n"']),
        ("a\n\tb\n", 0, ["|", "  a", "  \tb"]),
    ],
)
def test_dumped(value: object, indent: int, lines: list[str]) -> None:
    dumped = yaml.dump(value, indent)
    assert dumped.split("\n") == lines
    document = f"top:\n{' ' * indent}{dumped}\n" if indent else f"{dumped}\n"
    for read in READERS:
        assert same(read(document), {"top": value} if indent else value), read


@given(trees, st.sampled_from([0, 2, 6]))
def test_every_reader_gets_a_dumped_tree_back(tree: object, indent: int) -> None:
    dumped = yaml.dump(tree, indent)
    nested = f"top:\n{' ' * indent}{dumped}\nnext: 1\n" if indent else f"{dumped}\n"
    for read in READERS:
        assert same(read(nested), {"top": tree, "next": 1} if indent else tree), read


@given(st.lists(line, min_size=2, max_size=5), st.booleans())
def test_every_reader_gets_lines_back(lines: list[str], ended: bool) -> None:
    value = "\n".join(lines) + "\n" * ended
    document = f"a: {yaml.dump(value, 2)}\nb:\n    {yaml.dump({'c': [value, [value]]}, 4)}\nd: 1\n"
    for read in READERS:
        assert read(document) == {"a": value, "b": {"c": [value, [value]]}, "d": 1}, read


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"k" * 1100: 1}, "a key of 1100 characters"),
        ({(1, 2): 1}, "cannot be a key"),
        ({"a": {1, 2}}, "a set, which YAML cannot carry"),
        ([math.inf], "not a number"),
        ({"a": "\udc00"}, "half a character"),
        (["a\n\udc00"], "half a character"),
    ],
)
def test_trees_that_yaml_cannot_carry(value: object, message: str) -> None:
    with pytest.raises(EncodeError, match=message):
        yaml.dump(value)
