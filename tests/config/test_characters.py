"""Size, encoding and characters of a config file."""

from __future__ import annotations

import pytest

from aisearch_deploy.config.load import parse

MIB = 1 << 20
BAD_UTF8 = "is not UTF-8. | Save the file as UTF-8."
NO_BOM = "1:1 : the file starts with a byte order mark (BOM). | Save it as UTF-8 without BOM."
NUL = "a NUL byte: this is not a text file in UTF-8. | Save it as UTF-8."

# What is wrong with the characters, before any YAML is read.
CHARACTERS = {
    "Latin-1": (b"a: 1\nb: caf\xe9\n", [f"2:7 : the byte 0xE9 {BAD_UTF8}"]),
    "Latin-1 after UTF-8": (b"a: \xc3\xa9\xe9\n", [f"1:5 : the byte 0xE9 {BAD_UTF8}"]),
    "cut off": (b"a: \xf0\x9f\x98", [f"1:4 : the byte 0xF0 {BAD_UTF8}"]),
    "a surrogate in UTF-8": (b"a: \xed\xa0\x80\n", [f"1:4 : the byte 0xED {BAD_UTF8}"]),
    "only the first bad byte, and the rest is read": (
        b"a: \xe9\xe9\nb: no\n",
        [
            f"1:4 : the byte 0xE9 {BAD_UTF8}",
            '2:4 b: no reads as the boolean false in YAML 1.1. | Write "no" for the text, false for the boolean.',
        ],
    ),
    "byte order mark": (b"\xef\xbb\xbfa: 1\n", [NO_BOM]),
    "byte order mark and a problem on its line": (
        b"\xef\xbb\xbfa: !x 1\n",
        [NO_BOM, "1:4 a: !x is a tag, and those are not read. | Remove it; double quotes make a value text."],
    ),
    "UTF-16": ("a: 1\n".encode("utf-16"), ["1:1 : the file is UTF-16 or UTF-32. | Save it as UTF-8."]),
    "UTF-16, big-endian": (b"\xfe\xff\0a", ["1:1 : the file is UTF-16 or UTF-32. | Save it as UTF-8."]),
    "UTF-16 without a mark": ("a: 1\n".encode("utf-16-le"), [f"1:2 : {NUL}"]),
    "NUL": (b"a: 1\nb: x\0\n", [f"2:5 : {NUL}"]),
    "control characters": (
        "a: \a\nb: 'x\x1b[31m'\nc: \x7f\n",
        [
            "1:4 : the control character U+0007. | Remove it, or write it as \\x07 in double quotes.",
            "2:6 : the control character U+001B. | Remove it, or write it as \\x1b in double quotes.",
            "3:4 : the control character U+007F. | Remove it, or write it as \\x7f in double quotes.",
        ],
    ),
    "control character in a comment": (
        "a: 1  # \b\n",
        ["1:9 : the control character U+0008. | Remove it, or write it as \\x08 in double quotes."],
    ),
    "line breaks of some YAML versions": (
        "a: \x85\nb: x\u2028c\n",
        [
            "1:4 : the character U+0085 ends a line in some YAML versions only. | "
            "Remove it, or write it as \\x85 in double quotes.",
            "2:5 : the character U+2028 ends a line in some YAML versions only. | "
            "Remove it, or write it as \\u2028 in double quotes.",
        ],
    ),
    "reordered text": (
        "a: '\u202e'\n",
        [
            "1:5 : the invisible character U+202E changes the order in which text is shown. | "
            "Remove it, or write it as \\u202e in double quotes."
        ],
    ),
    "byte order mark inside": (
        "a: x\ufeff\n",
        ["1:5 : a byte order mark (U+FEFF) inside the text. | Remove it, or write it as \\ufeff in double quotes."],
    ),
    "no character": (
        "a: x\ufffe\n",
        ["1:5 : the character U+FFFE is not allowed in YAML. | Remove it, or write it as \\ufffe in double quotes."],
    ),
    "old Macintosh lines": (
        "a: 1\rb: no\r",
        [
            "1:5 : a carriage return (U+000D) without a line feed. | End each line with a line feed.",
            '2:4 b: no reads as the boolean false in YAML 1.1. | Write "no" for the text, false for the boolean.',
        ],
    ),
}


@pytest.mark.usefixtures("either_loader")
@pytest.mark.parametrize(("text", "expected"), CHARACTERS.values(), ids=CHARACTERS.keys())
def test_characters(text, expected, problems):
    assert problems(text) == expected


def test_findings_about_characters_stop_after_a_thousand(problems):
    assert len(problems(2000 * b"\x01")) == 1001


def test_one_mebibyte_is_read_and_one_byte_more_is_not(problems):
    most = b'a: "' + (MIB - 5) * b"x" + b'"'
    assert len(parse(most, "f").data["a"]) == MIB - 5
    assert problems(most + b"\n") == [
        "1:1 : the file is larger than 1 MiB. | A config is a few hundred lines long: is this the right file?"
    ]
