"""The structure of a config: what is refused, where, and what is allowed."""

from __future__ import annotations

import pytest

from aisearch_deploy.config.load import parse

EMPTY = "the file is empty. | Start from what aisearch-deploy init writes."
NOT_SETTINGS = "not settings. | Write key: value lines, such as name: ai-search."
SECOND_DOCUMENT = "a second document starts here. | Keep one document in the file."
KEY_IS_COLLECTION = "Write text as the key; put a value that starts with { or [ in double quotes."
NO_TAG = "is a tag, and those are not read. | Remove it; double quotes make a value text."
DEEP = "nested more than 50 levels deep. | Nest less: is a bracket missing before this?"

# What is wrong with the structure: (text, findings), in the order of the lines.
STRUCTURE = {
    "empty": ("", [f"1:1 : {EMPTY}"]),
    "blank": (" \n\n", [f"1:1 : {EMPTY}"]),
    "comments only": ("# name: x\n", [f"1:1 : {EMPTY}"]),
    "an empty document": ("---\n", [f"2:1 : {EMPTY}"]),
    "two documents": ("a: 1\n---\nb: 2\n", [f"2:1 : {SECOND_DOCUMENT}"]),
    "two documents, the second empty": ("a: 1\n---\n", [f"2:1 : {SECOND_DOCUMENT}"]),
    "problems before the second document": (
        "a: no\n---\nb: no\n",
        [
            '1:4 a: no reads as the boolean false in YAML 1.1. | Write "no" for the text, false for the boolean.',
            f"2:1 : {SECOND_DOCUMENT}",
        ],
    ),
    "root is a list": ("- a\n", [f"1:1 : the file holds a list, {NOT_SETTINGS}"]),
    "root is text": ("# x\n\n  hello\n", [f"3:3 : the file holds a single value, {NOT_SETTINGS}"]),
    "root is null": ("~", [f"1:1 : the file holds a single value, {NOT_SETTINGS}"]),
    "root is empty quotes": ('""', [f"1:1 : the file holds a single value, {NOT_SETTINGS}"]),
    "duplicate key": (
        "a: 1\nb: 2\na: 3\n",
        ["3:1 a: duplicate key, first set at f:1:1. | Keep one of the two."],
    ),
    "duplicate key, quoted once": (
        'a: 1\n"a": 2\n',
        ["2:1 a: duplicate key, first set at f:1:1. | Keep one of the two."],
    ),
    "three times the same key, nested in flow": (
        "x: {z: [{a: 1, a: 2,\n  a: 3}]}\n",
        [
            "1:16 x.z[0].a: duplicate key, first set at f:1:10. | Keep one of the two.",
            "2:3 x.z[0].a: duplicate key, first set at f:1:10. | Keep one of the two.",
        ],
    ),
    "what a duplicate holds is no duplicate": (
        "a: {b: 1}\na: {b: 2}\n",
        ["2:1 a: duplicate key, first set at f:1:1. | Keep one of the two."],
    ),
    "anchor on a value": (
        "a: &x 5\n",
        ["1:4 a: &x is an anchor, and those are not read. | Remove &x and repeat the value where it is needed."],
    ),
    "anchor on a list, a mapping and a key": (
        "a: &x [1]\nb: &y {c: 1}\n&z d: 1\n",
        [
            "1:4 a: &x is an anchor, and those are not read. | Remove &x and repeat the value where it is needed.",
            "2:4 b: &y is an anchor, and those are not read. | Remove &y and repeat the value where it is needed.",
            "3:1 d: &z is an anchor, and those are not read. | Remove &z and repeat the value where it is needed.",
        ],
    ),
    "alias": (
        "a: [b, *x]\n",
        ['1:8 a[1]: *x is an alias, and those are not read. | Repeat the value, or write "*x" for the text.'],
    ),
    "alias as a key": ("*x : 1\n", ['1:1 ["*x"]: the key *x is an alias, and those are not read. | Write the key.']),
    "alias as the file": (
        "*x\n",
        [
            '1:1 : *x is an alias, and those are not read. | Repeat the value, or write "*x" for the text.',
            f"1:1 : the file holds a single value, {NOT_SETTINGS}",
        ],
    ),
    "merge key": (
        "a:\n  <<: {b: 1}\n",
        ['2:3 a["<<"]: << is a merge key, and those are not read. | Write the keys that it brings.'],
    ),
    "merge key with an alias": (
        "a: {<<: *x}\n",
        [
            '1:5 a["<<"]: << is a merge key, and those are not read. | Write the keys that it brings.',
            '1:9 a["<<"]: *x is an alias, and those are not read. | Repeat the value, or write "*x" for the text.',
        ],
    ),
    "tag on text": ("a: !!str no\n", [f"1:4 a: !!str {NO_TAG}"]),
    "tag on a mapping and its key": ("a: !x {!y b: 1}\n", [f"1:4 a: !x {NO_TAG}", f"1:8 a.b: !y {NO_TAG}"]),
    "tag on a list": ("a: !!set [b]\n", [f"1:4 a: !!set {NO_TAG}"]),
    "the tag that says nothing": ('a: ! "b"\n', [f"1:4 a: ! {NO_TAG}"]),
    "tag alone": ("a: !!null\n", [f"1:4 a: !!null {NO_TAG}"]),
    "verbatim tag with a control character": ("a: !<x%1B> b\n", [f"1:4 a: x\\x1b {NO_TAG}"]),
    "tag that constructs": ("a: !!python/object:os.system x\n", [f"1:4 a: !!python/object:os.system {NO_TAG}"]),
    "tag with an undeclared handle": (
        "a: !e!x 1\n",
        [
            "1:4 a: a value that starts with ! has a tag, and those are not read. | "
            "Remove the tag, or write the whole value in double quotes."
        ],
    ),
    "tag directive": (
        "%TAG !e! x\n---\na: !e!b 1\n",
        [
            "1:1 : a %TAG directive: tags are not read. | Remove the line.",
            "3:4 a: a value that starts with ! has a tag, and those are not read. | "
            "Remove the tag, or write the whole value in double quotes.",
        ],
    ),
    "keys that are no text": (
        "1: a\n1.50: b\ntrue: c\n~: d\n",
        [
            '1:1 ["1"]: the key 1 reads as the number 1. | Write "1".',
            '2:1 ["1.50"]: the key 1.50 reads as the number 1.5. | Write "1.50".',
            '3:1 true: the key true reads as the boolean true. | Write "true".',
            '4:1 ["~"]: the key ~ reads as null. | Write "~".',
        ],
    ),
    "keys that are traps": (
        "on: 1\n2026-11-24: 2\n22:22: 3\n=: 4\n",
        [
            '1:1 on: the key on reads as the boolean true in YAML 1.1. | Write "on".',
            '2:1 ["2026-11-24"]: the key 2026-11-24 reads as a date in YAML 1.1. | Write "2026-11-24".',
            '3:1 ["22:22"]: the key 22:22 reads as the number 1342 in YAML 1.1, as text in YAML 1.2. | Write "22:22".',
            '4:1 ["="]: the key = reads as the default value of a mapping in YAML 1.1. | Write "=".',
        ],
    ),
    "empty key": ("a:\n  ?\n  : 1\n", ['2:4 a[""]: the key before the colon is missing. | Write the key.']),
    "no key": (": 1\n", ["1:1 : the key before the colon is missing. | Write the key."]),
    "list as a key": (
        "a: 1\n? [no, &x b]\n: no\n",
        [
            f"2:3 : a list as a key. | {KEY_IS_COLLECTION}",
            '3:3 ["?"]: no reads as the boolean false in YAML 1.1. | Write "no" for the text, false for the boolean.',
        ],
    ),
    "mapping as a key, as in a template": (
        "a: {{ version }}\nb: [1, {c: 2}]\n",
        [f"1:5 a: a mapping as a key. | {KEY_IS_COLLECTION}"],
    ),
    "two collections as keys": (
        "{[a]: 1, [b]: 2, '?': 3}\n",
        [f"1:2 : a list as a key. | {KEY_IS_COLLECTION}", f"1:10 : a list as a key. | {KEY_IS_COLLECTION}"],
    ),
    "key of 1,025 characters": (
        "? " + 1025 * "k" + "\n: 1\n",
        [f"1:3 {1024 * 'k'}: a key of 1025 characters. | Use at most 1024."],
    ),
    "51 brackets": ("a: " + 50 * "[" + 50 * "]", [f"1:53 a{48 * '[0]'}: {DEEP}"]),
    "51 levels of indentation": (
        "".join(f"{level * ' '}k:\n" for level in range(50)) + 50 * " " + "k: 1\n",
        [f"51:51 {'.'.join(49 * 'k')}: {DEEP}"],
    ),
    "51 levels inside a key": (
        "? " + 50 * "[",
        [f"1:3 : a list as a key. | {KEY_IS_COLLECTION}", f"1:52 : {DEEP}"],
    ),
    "all at once": (
        'name: &n no\nname: "x"\nport: !!int 0644\n1: {<<: *n}\nat: [22:22, "ok", .inf]\n',
        [
            '1:7 name: no reads as the boolean false in YAML 1.1. | Write "no" for the text, false for the boolean.',
            "1:7 name: &n is an anchor, and those are not read. | Remove &n and repeat the value where it is needed.",
            "2:1 name: duplicate key, first set at f:1:1. | Keep one of the two.",
            f"3:7 port: !!int {NO_TAG}",
            '4:1 ["1"]: the key 1 reads as the number 1. | Write "1".',
            '4:5 ["1"]["<<"]: << is a merge key, and those are not read. | Write the keys that it brings.',
            '4:9 ["1"]["<<"]: *n is an alias, and those are not read. | Repeat the value, or write "*n" for the text.',
            "5:6 at[0]: 22:22 reads as the number 1342 in YAML 1.1, as text in YAML 1.2. | "
            'Write "22:22" for the text, 1342 for the number.',
            '5:19 at[2]: .inf is not a finite number. | Write a number, or ".inf" for the text.',
        ],
    ),
}


@pytest.mark.usefixtures("either_loader")
@pytest.mark.parametrize(("text", "expected"), STRUCTURE.values(), ids=STRUCTURE.keys())
def test_structure(text, expected, problems):
    assert problems(text) == expected


def test_findings_stop_after_a_thousand(problems):
    found = problems("a: [" + 2000 * "no, " + "]\n")
    assert len(found) == 1001
    assert found[-1] == "1:4001 : 1000 problems so far: reading stops here. | Fix those first."


def test_values_stop_after_a_hundred_thousand(problems):
    document = parse(b"a: [" + 99_997 * b"1," + b"1]", "f")
    assert len(document.values) == 100_000
    found = problems("a: [" + 100_000 * "1," + "1]")
    assert found == ["1:200001 : more than 100,000 values. | A config has a few hundred: is this the right file?"]


@pytest.mark.usefixtures("either_loader")
@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("{}", {}),
        ("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}),
        ("a: 1\r\nb: [\r\n 2]\r\n", {"a": 1, "b": [2]}),
        ("a: one\n  two\n\n  three\n", {"a": "one two\nthree"}),
        ("a: >-\n  one\n  two\n", {"a": "one two"}),
        ("é: \U0001f600\n", {"é": "\U0001f600"}),
        ('"\\x85\\u202e": "\\e[0m\\0"\n', {"\x85\u202e": "\x1b[0m\0"}),
        ("? a\n: 1\n", {"a": 1}),
        ("? " + 1024 * "k" + "\n: 1\n", {1024 * "k": 1}),
        ("a: " + 49 * "[" + 49 * "]", None),
        ("a: {b:1}\n", {"a": {"b:1": None}}),
        ('"<<": 1\n"=": 2\n"": 3\n', {"<<": 1, "=": 2, "": 3}),
        ("a: [b: 1]\n", {"a": [{"b": 1}]}),
        ("a: x*.b\n", {"a": "x*.b"}),
    ],
)
def test_what_is_allowed(text, data):
    document = parse(text.encode(), "f")
    assert data is None or document.data == data
