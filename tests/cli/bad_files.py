"""Files that are no config at all, as bytes: where the finding points, what it says and what it proposes."""

from __future__ import annotations

from typing import NamedTuple

from tests.cli.folders import MINIMAL


class Raw(NamedTuple):
    """`findings` is how many there are; the first is described."""

    id: str
    content: bytes
    place: str
    message: str
    fix: str
    findings: int = 1


def after(text: str) -> bytes:
    """The smallest config with `text` from line 7 on."""
    return (MINIMAL + text).encode()


FILES = [
    Raw("empty", b"", "1:1", "the file is empty.", "aisearch-deploy init"),
    Raw("blank", b" \n\n", "1:1", "the file is empty.", "aisearch-deploy init"),
    Raw("comments only", b"# nothing yet\n", "1:1", "the file is empty.", "aisearch-deploy init"),
    Raw("a list", b"- name: x\n", "1:1", "the file holds a list, not settings.", "key: value"),
    Raw("a word", b"hello\n", "1:1", "the file holds a single value, not settings.", "key: value"),
    Raw("JSON that breaks off", b'{"version": 1,', "1:", "", "Close"),
    Raw("not UTF-8", b"name: \xff\xfe\n", "1:7", "not UTF-8", "Save the file as UTF-8."),
    Raw("Latin-1", "name: b\u00fccher\n".encode("latin-1"), "1:8", "not UTF-8", "Save the file as UTF-8."),
    Raw("UTF-16", MINIMAL.encode("utf-16"), "1:1", "the file is UTF-16 or UTF-32.", "Save it as UTF-8."),
    Raw("byte order mark", b"\xef\xbb\xbf" + MINIMAL.encode(), "1:1", "a byte order mark (BOM).", "UTF-8 without BOM."),
    Raw("NUL", MINIMAL.encode() + b"\0", "7:1", "a NUL byte", "Save it as UTF-8."),
    Raw("2 MiB", MINIMAL.encode() + b"# " + b"x" * (2 << 20), "1:1", "larger than 1 MiB.", "is this the right file?"),
    Raw("deep flow", after("labels: " + "[" * 5000), "7:", "nested more than 50 levels deep.", "Nest less"),
    Raw("deep blocks", after("".join(f"{' ' * n}a:\n" for n in range(200))), "5", "nested more than 50", "Nest less"),
    Raw("second document", after("---\nname: b\n"), "7:1", "a second document starts here.", "Keep one document"),
    Raw("duplicate key", after("name: b\n"), "7:1", "name: duplicate key, first set at aisearch.yaml:3:1.", "Keep one"),
    Raw(
        "duplicate in a block",
        after("logs:\n  level: INFO\n  level: DEBUG\n"),
        "9:3",
        "logs.level: duplicate key, first set at aisearch.yaml:8:3.",
        "Keep one",
    ),
    Raw("anchor", after("labels: &x {a: b}\n"), "7:9", "&x is an anchor, and those are not read.", "Remove &x"),
    Raw("alias", after("labels: {a: *x}\n"), "7:13", "*x is an alias, and those are not read.", "Repeat the value"),
    Raw("bomb", after("labels: {a: &a [x, x], b: [*a, *a, *a]}\n"), "7:13", "&a is an anchor", "Remove &a", 5),
    Raw("merge key", after("labels: {<<: {a: b}}\n"), "7:10", "<< is a merge key", "Write the keys that it brings."),
    Raw("tag", after("labels: {a: !!str 5}\n"), "7:13", "!!str is a tag, and those are not read.", "Remove it"),
    Raw("tag that would run something", after("labels: !!python/object:os.system x\n"), "7:9", "is a tag", "Remove it"),
    Raw(
        "tag directive", b"%TAG ! tag:x,2000:\n---\n" + MINIMAL.encode(), "1:1", "a %TAG directive", "Remove the line."
    ),
    Raw("tab", after("logs:\n\tlevel: INFO\n"), "8:1", "a tab indents this line.", "Indent with spaces."),
    Raw(
        "bad indentation",
        after("logs:\n  level: INFO\n max_files: 3\n"),
        "9:2",
        "belongs to no key",
        "in the column of",
    ),
    Raw(
        "open quote",
        after('name2: "a\n'),
        "7:8",
        "the quote that opens here is never closed.",
        "the same kind of quote.",
    ),
    Raw("open bracket", after("labels: {a: b\n"), "7:9", "", "Close it"),
    Raw("two colons", after("labels: a: b\n"), "7:10", "a second colon in one value", "in double quotes"),
    Raw("no space after the colon", after("preset:small\n"), "7:1", "a line without a colon", "a colon and a space"),
    Raw("template", after("labels: {{ labels }}\n"), "7:10", "a mapping as a key.", "in double quotes."),
    Raw("escape character", after("labels: {a: \x1bx}\n"), "7:13", "control character U+001B", "double quotes."),
    Raw("right to left", after("# \u202e\n"), "7:3", "changes the order in which text is shown.", "Remove it"),
    Raw("line separator", after("# a\u2028b\n"), "7:4", "ends a line in some YAML versions only.", "Remove it"),
    Raw("lone carriage return", b"name: a\rversion: 1\n", "1:8", "without a line feed.", "End each line"),
    Raw("key that is a number", after("1: a\n"), "7:1", "the key 1 reads as the number 1.", 'Write "1".'),
    Raw("key that is a boolean", after("on: a\n"), "7:1", "the key on reads as the boolean true", 'Write "on".'),
    Raw("empty key", after(": a\n"), "7:1", "the key before the colon is missing.", "Write the key."),
    Raw("surrogate", after('labels: {a: "\\ud800"}\n'), "7:", "", "Write"),
]
