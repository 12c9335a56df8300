"""The parser's errors in the words of somebody who writes configs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aisearch_deploy.config.paths import problem
from aisearch_deploy.config.scalars import shown
from aisearch_deploy.config.tree import NEST_LESS, TOO_DEEP
from aisearch_deploy.findings import Position

if TYPE_CHECKING:
    import yaml

    from aisearch_deploy.config.tree import Tree
    from aisearch_deploy.findings import Finding


class _Meaning(NamedTuple):
    """What a parser error means.

    It applies when one of `words` is in the parser's sentence and, if `char` is given, the parser stopped at that
    character ("" is the end of the file). `message` may name {char} and {start}, the place where the broken thing
    begins. The finding stands where the parser stopped, there (`at_start`) or at the bracket around it (`at_bracket`).
    """

    words: tuple[str, ...]
    message: str
    fix: str
    char: str | None = None
    at_start: bool = False
    at_bracket: bool = False


# libyaml and PyYAML's own parser word the same problem differently; the first row that applies wins.
_MEANINGS = (
    # libyaml 0.2.6 and newer stop by themselves, and far ahead of what has been read.
    _Meaning(("nesting depth",), TOO_DEEP, NEST_LESS),
    _Meaning(
        ("scanning an alias",),
        "a value that starts with * would be an alias, and those are not read.",
        "Write the whole value in double quotes.",
        at_start=True,
    ),
    _Meaning(
        ("scanning an anchor",),
        "a value that starts with & would be an anchor, and those are not read.",
        "Write the whole value in double quotes.",
        at_start=True,
    ),
    _Meaning(
        ("a tag", "tag handle"),
        "a value that starts with ! has a tag, and those are not read.",
        "Remove the tag, or write the whole value in double quotes.",
        at_start=True,
    ),
    _Meaning(
        ("directive", "incompatible YAML document"),
        "a line that starts with % is a directive, and this one is not read.",
        "Remove the line.",
        at_start=True,
    ),
    _Meaning(("tab character", "cannot start any token"), "a tab indents this line.", "Indent with spaces.", char="\t"),
    _Meaning(("cannot start any token",), "a value cannot start with {char}.", "Write the value in double quotes."),
    _Meaning(
        ("unexpected end of stream", "unexpected document"),
        "the quote that opens here is never closed.",
        "Close it with the same kind of quote.",
        at_start=True,
    ),
    _Meaning(
        ("escape character", "hexadecimal", "hexdecimal", "Unicode character escape"),
        "a backslash in double quotes starts an escape, and this is none.",
        "Write two backslashes, or use single quotes.",
    ),
    _Meaning(
        ("scanning a block scalar",),
        "text after | or > starts on the next line.",
        "Start it there, or write a value that begins with | or > in double quotes.",
    ),
    _Meaning(
        ("mapping values are not allowed",),
        "a second colon in one value, or a line that is indented too far.",
        'Write a value that contains ": " in double quotes; start a key in the column of its neighbours.',
    ),
    _Meaning(
        ("sequence entries are not allowed",),
        "a list cannot start on the line of its key.",
        'Start it on the next line, or write [a, b]; write text that starts with "- " in double quotes.',
    ),
    _Meaning(("',' or ",), "the bracket that opens here is never closed.", "Close it.", char="", at_start=True),
    _Meaning(("node content",), "the bracket that opens here is never closed.", "Close it.", char="", at_bracket=True),
    _Meaning(
        ("',' or ']'",),
        "the list that opens at {start} is not closed before this.",
        "Close it with ], and put a comma between its entries.",
    ),
    _Meaning(
        ("',' or '}'",),
        "the mapping that opens at {start} is not closed before this.",
        "Close it with }, and put a comma between its entries.",
    ),
    _Meaning(
        ("expected ':'",),
        "a line without a colon between lines of the form key: value.",
        "Put a colon and a space after the key, or indent the line if it continues a text.",
        at_start=True,
    ),
    _Meaning(
        ("node content", "parsing a block mapping"), "the key before the colon is missing.", "Write the key.", char=":"
    ),
    _Meaning(
        ("parsing a block mapping",),
        "this belongs to no key: the indentation differs, or a value ended before it.",
        "Start each key in the column of its neighbours; write text that contains quotes in double quotes.",
    ),
    _Meaning(
        ("parsing a block collection",),
        "this belongs to no entry of the list at {start}.",
        "Start each entry with a dash in the column of its neighbours.",
    ),
    _Meaning(
        ("document start>",),
        "there is text after the end of the document.",
        "Remove the line with the three dots, or what follows it.",
    ),
    _Meaning(
        ("node content",),
        'a value is missing before "{char}".',
        "Write one, in double quotes if this character belongs to it.",
    ),
)

_LOOK = "Check the quotes, brackets and indentation here."


def explain(error: yaml.YAMLError, text: str, tree: Tree) -> Finding:
    """The finding for a parser error in `text`, after `tree` took what comes before it."""
    mark = getattr(error, "problem_mark", None)
    said = f"{getattr(error, 'context', None) or ''} {getattr(error, 'problem', None) or error}".strip()
    if mark is None:
        return _unexplained(tree, Position(tree.file, 1, 1), said)
    here = Position(tree.file, mark.line + 1, mark.column + 1)
    begin = getattr(error, "context_mark", None) or mark
    start = Position(tree.file, begin.line + 1, begin.column + 1)
    char = text[mark.index : mark.index + 1]
    for meaning in _MEANINGS:
        if any(words in said for words in meaning.words) and meaning.char in (None, char):
            message = meaning.message.format(char=shown(char), start=start)
            bracket = tree.innermost() if meaning.at_bracket else None
            return problem(tree.current(), bracket or (start if meaning.at_start else here), message, meaning.fix)
    return _unexplained(tree, here, said)


def _unexplained(tree: Tree, position: Position, said: str) -> Finding:
    return problem(tree.current(), position, f"not valid YAML: {shown(said)}.", _LOOK)
