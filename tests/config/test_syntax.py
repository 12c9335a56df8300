"""What the parser refuses, in our words."""

from __future__ import annotations

import pytest
import yaml

from aisearch_deploy.config import load as load_module

QUOTE_ALL = "Write the whole value in double quotes."
BELONGS_TO_NO_KEY = (
    "this belongs to no key: the indentation differs, or a value ended before it. | "
    "Start each key in the column of its neighbours; write text that contains quotes in double quotes."
)
SECOND_COLON = (
    "a second colon in one value, or a line that is indented too far. | "
    'Write a value that contains ": " in double quotes; start a key in the column of its neighbours.'
)
UNCLOSED_QUOTE = "the quote that opens here is never closed. | Close it with the same kind of quote."
LIST_ON_KEY_LINE = (
    "a list cannot start on the line of its key. | "
    'Start it on the next line, or write [a, b]; write text that starts with "- " in double quotes.'
)
NO_ESCAPE = (
    "a backslash in double quotes starts an escape, and this is none. | Write two backslashes, or use single quotes."
)
DIRECTIVE = "a line that starts with % is a directive, and this one is not read. | Remove the line."

# What the parser itself refuses; it ends the reading, after what was found before it.
SYNTAX = {
    "cron without quotes": (
        "a:\n  b: */5 * * * *\n",
        [f"2:6 a.b: a value that starts with * would be an alias, and those are not read. | {QUOTE_ALL}"],
    ),
    "wildcard without quotes": (
        "a: [*.example.com]\n",
        [f"1:5 a: a value that starts with * would be an alias, and those are not read. | {QUOTE_ALL}"],
    ),
    "ampersand without quotes": (
        "a: & b\n",
        [f"1:4 a: a value that starts with & would be an anchor, and those are not read. | {QUOTE_ALL}"],
    ),
    "tab": ("a:\n\tb: 1\n", ["2:1 a: a tab indents this line. | Indent with spaces."]),
    "tab in a text block": ("a: |\n  b\n\tc\n", ["3:1 a: a tab indents this line. | Indent with spaces."]),
    "at sign": ("a: @b\n", ["1:4 a: a value cannot start with @. | Write the value in double quotes."]),
    "per cent": ("a: %b\n", ["1:4 a: a value cannot start with %. | Write the value in double quotes."]),
    "backtick": ("a: `b`\n", ["1:4 a: a value cannot start with `. | Write the value in double quotes."]),
    "bracket that closes nothing": (
        "a: ]\n",
        ['1:4 a: a value is missing before "]". | Write one, in double quotes if this character belongs to it.'],
    ),
    "unclosed double quote": ('a: "b\n\nc: d\n', [f"1:4 a: {UNCLOSED_QUOTE}"]),
    "unclosed single quote before a document": ("a: 'b\n---\nc: d\n", [f"1:4 a: {UNCLOSED_QUOTE}"]),
    "quote inside single quotes": ("a: 'it's'\n", [f"1:8 : {BELONGS_TO_NO_KEY}"]),
    "unknown escape": ('a: "\\q"\n', [f"1:5 a: {NO_ESCAPE}"]),
    "half an escape": ('a: "\\x1"\n', [f"1:7 a: {NO_ESCAPE}"]),
    "unclosed list": (
        "a: [1, 2\nb: 3\n",
        [
            "2:2 a: the list that opens at f:1:4 is not closed before this. | "
            "Close it with ], and put a comma between its entries."
        ],
    ),
    "unclosed mapping": (
        "a: {b: 1\nc: 2\n",
        [
            "2:2 a: the mapping that opens at f:1:4 is not closed before this. | "
            "Close it with }, and put a comma between its entries."
        ],
    ),
    "file ends after a comma": ("a: {b: [1,", ["1:8 a.b: the bracket that opens here is never closed. | Close it."]),
    "file ends after an entry": ("a: [{b: 1", ["1:5 a[0]: the bracket that opens here is never closed. | Close it."]),
    "two colons": ("a: b: c\n", [f"1:5 : {SECOND_COLON}"]),
    "indented too far": ("a: 1\n  b: 2\n", [f"2:4 : {SECOND_COLON}"]),
    "indented between": ("a:\n    b: 1\n  c: 2\n", [f"3:3 : {BELONGS_TO_NO_KEY}"]),
    "text after a quoted value": ('a: "b" c\n', [f"1:8 : {BELONGS_TO_NO_KEY}"]),
    "line without a colon": (
        "a: 1\nb\nc: 2\n",
        [
            "2:1 : a line without a colon between lines of the form key: value. | "
            "Put a colon and a space after the key, or indent the line if it continues a text."
        ],
    ),
    "list on the line of its key": ("a: - b\n", [f"1:4 a: {LIST_ON_KEY_LINE}"]),
    "key among list entries": (
        "a:\n  - b\n  c: 1\n",
        [
            "3:3 a: this belongs to no entry of the list at f:2:3. | "
            "Start each entry with a dash in the column of its neighbours."
        ],
    ),
    "text on the line of a block": (
        "a: |b\n",
        [
            "1:5 a: text after | or > starts on the next line. | "
            "Start it there, or write a value that begins with | or > in double quotes."
        ],
    ),
    "text after the end": (
        "a: 1\n...\nb\n",
        [
            "3:1 : there is text after the end of the document. | "
            "Remove the line with the three dots, or what follows it."
        ],
    ),
    "YAML 3": ("%YAML 3.1\n---\na: 1\n", [f"1:1 : {DIRECTIVE}"]),
    "findings before it": (
        "a: no\nb: @\n",
        [
            '1:4 a: no reads as the boolean false in YAML 1.1. | Write "no" for the text, false for the boolean.',
            "2:4 b: a value cannot start with @. | Write the value in double quotes.",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), SYNTAX.values(), ids=SYNTAX.keys())
def test_syntax(text, expected, problems):
    assert problems(text) == expected


@pytest.mark.parametrize(("text", "expected"), SYNTAX.values(), ids=SYNTAX.keys())
def test_syntax_without_libyaml(text, expected, problems, monkeypatch):
    """The same lines and words; the columns and paths that PyYAML's own parser knows differ now and then."""
    monkeypatch.setattr(load_module, "LOADER", yaml.SafeLoader)
    assert list(map(without_place, problems(text))) == list(map(without_place, expected))


def without_place(finding: str) -> tuple[str, str]:
    return finding.partition(":")[0], finding.partition(": ")[2]
