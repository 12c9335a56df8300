from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.leaves import leaves, missing
from aisearch_deploy.formats.markdown import dump, encode, parse
from tests.formats.hostile import line, text, unseen


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("search.example.com", "search.example.com"),
        ("ghcr.io/a/b:1.4.2@sha256", "ghcr.io/a/b:1.4.2@sha256"),
        ("A B_c-d+e=f,~g%", "A B_c-d+e=f,~g%"),
        ("<b>", "\\<b\\>"),
        ("[x](javascript:y)", "\\[x\\]\\(javascript:y\\)"),
        ("`id`", "\\`id\\`"),
        ("a|b", "a\\|b"),
        ("*x* # ![", "\\*x\\* \\# \\!\\["),
        ("&lt;", "\\&lt\\;"),
        ("\\", "\\\\"),
        ("\u00e9\u65e5", "\u00e9\u65e5"),
        ("", ""),
        (30, "30"),
        (True, "true"),
    ],
)
def test_encoded(value: Scalar, encoded: str) -> None:
    assert encode(value) == encoded


@pytest.mark.parametrize("value", ["a\nb", "a\0", "\u202eevil", "\ufeff", None])
def test_refused(value: Scalar) -> None:
    with pytest.raises(EncodeError):
        encode(value)


@given(text)
def test_a_value_is_found_whole_in_running_text(value: str) -> None:
    try:
        encoded = encode(value)
    except EncodeError:
        assert unseen(value)
        return
    tree = parse(f"# Runbook\n\nIt is ({encoded}), as said.\n\n| a | {encoded} |\n\n```sh\nls\n```\n")
    assert missing([value], tree, typed=False) == []


@given(line)
def test_to_a_reader_it_is_text_and_nothing_else(value: str) -> None:
    assume("_" not in value)  # stands as it is: `_x_` in a value comes out in italics
    inline = MarkdownIt("commonmark").parse(f"x {encode(value)} x")[1].children or []
    assert {token.type for token in inline} <= {"text", "text_special"}
    assert "".join(token.content for token in inline) == f"x {value} x"


@pytest.mark.parametrize(
    ("document", "found", "lost"),
    [
        ("`search.example.com` and `a'b`", ["search.example.com", "a'b"], ["a\\'b"]),
        ("```sh\nssh a\\'b\n```", ["a\\'b"], ["a'b"]),
        ("prose a\\'b", ["a'b"], ["a\\'b"]),
        ("`code a\\'b`", ["a\\'b"], ["a'b"]),
        ("\\`a\\'b\\`", ["`a'b`", "a'b"], ["a\\'b"]),
        ("``a`b``", ["a`b"], ["a``b"]),
        ("- `--host` 0.0.0.0", ["--host", "0.0.0.0"], ["host0"]),
        ("   ```sh\n   x \\# y\n   ```\n\\# z", ["x \\# y", "# z"], ["\\# z"]),
        ("~~~\n```\n\\#\n~~~", ["\\#"], ["##"]),
        ("````\n```\n\\#\n````\n\\#x", ["\\#", "#x"], ["##"]),
    ],
)
def test_what_is_found_where(document: str, found: list[str], lost: list[str]) -> None:
    assert missing(found + lost, parse(document), typed=False) == lost


def test_leaves_are_lines_and_words() -> None:
    assert list(leaves(parse("# The `a b`\n\nsays \\*hi\\*"))) == [
        "# The `a b`",
        "",
        "says *hi*",
        "#",
        "The",
        "a",
        "b",
        "says",
        "*hi*",
    ]


@pytest.mark.parametrize(
    ("value", "indent", "lines"),
    [
        ("ls -l", 0, ["```sh", "ls -l", "```"]),
        (["a 'b'", 'c "$d"'], 3, ["```sh", "   a 'b'", '   c "$d"', "   ```"]),
        (["echo ```"], 0, ["````sh", "echo ```", "````"]),
        ([], 0, ["```sh", "```"]),
    ],
)
def test_dumped(value: object, indent: int, lines: list[str]) -> None:
    assert dump(value, indent).split("\n") == lines


@pytest.mark.parametrize("value", [3, None, [1], {"a": "b"}, "a\nb", ["a\nb"], ["\ud800"]])
def test_what_is_no_command(value: object) -> None:
    with pytest.raises(EncodeError):
        dump(value)


@given(st.lists(line, max_size=4), st.sampled_from([0, 3]))
def test_commands_come_back_exactly(commands: list[str], indent: int) -> None:
    document = f"{'1. x' if indent else ''}\n{' ' * indent}{dump(commands, indent)}\n\nafter \\#\n"
    assert missing([*commands, "after #"], parse(document), typed=False) == []
    fences = [token for token in MarkdownIt("commonmark").parse(document) if token.type == "fence"]
    assert [token.content for token in fences] == ["".join(f"{command}\n" for command in commands)]


@pytest.mark.parametrize(("document", "line"), [("a\n```sh\nb\n", 2), ("```\n~~~\n", 1), ("````\n```\n", 1)])
def test_malformed(document: str, line: int) -> None:
    with pytest.raises(ParseError, match="a code block that is never closed") as caught:
        parse(document)
    assert caught.value.line == line
