"""The YAML templates of a Helm chart: what Helm computes stands in {{ }}, and no text of ours is ever read as that.

https://helm.sh/docs/chart_template_guide/ and https://pkg.go.dev/text/template
"""

from __future__ import annotations

import json
import re
from typing import Any

from aisearch_deploy.formats import yaml
from aisearch_deploy.formats.base import EncodeError, Scalar
from aisearch_deploy.formats.leaves import Prose

NAME = "helm"

# Unicode keeps these for the inside of programs.
_START, _END = "\ufdd0", "\ufdd1"
_ACTION = re.compile(f"{_START}([^{_START}{_END}]*){_END}")
# `"{{"` is how Helm is made to print two braces.
_BRACES = '{{ "{{" }}'
_WHOLE_LINE = re.compile(r"^ *\{\{-? (.*?) -?\}\}$", re.MULTILINE)
_COMPUTED = re.compile(
    r"""\{\{[ ](?:
        (?P<braces>"\{\{")
      | (?:printf[ ](?P<format>"(?:[^"\\]|\\.)*")[ ])?(?P<rest>.*?)(?:[ ]\|[ ](?:quote|int))?
    )[ ]\}\}""",
    re.VERBOSE,
)
_INDENT = re.compile(r"INDENT(\+[0-9]+)?")
_IN_PARENTHESES = re.compile(r"\((?P<expression>(?:[^()]|\([^()]*\))*)\)")


class Action(str):
    """A text that Helm computes, `.Values.image.tag`; it may be joined with others like any text."""

    __slots__ = ()

    def __new__(cls, expression: str) -> Action:
        return super().__new__(cls, f"{_START}{expression}{_END}")


class Number(Action):
    """A whole number that Helm computes."""

    __slots__ = ()


class Block(list[Any]):
    """Entries of a map or items of a list as Helm prints them: those of `first`, then `lines`.

    INDENT in a line stands for the column at which the block is placed, INDENT+2 for two more.
    """

    def __init__(self, *lines: str, first: dict[str, Any] | list[Any] | None = None) -> None:
        super().__init__([first] if first else [])
        self.lines = lines

    def __bool__(self) -> bool:
        return True


def encode(value: Scalar) -> str:
    """As YAML, with the actions of Helm in their place and every other {{ made harmless."""
    if isinstance(value, str) and _START in value:
        return _computed(value)
    return yaml.encode(value).replace("{{", _BRACES)


def dump(value: object, indent: int = 0) -> str:
    """As YAML, a Block in Helm's own words; to be placed at column `indent`."""
    if not isinstance(value, Block):
        return yaml.dump(value, indent, encode)
    first = [yaml.dump(entries, indent, encode) for entries in value]
    lines = [_INDENT.sub(lambda match: str(indent + int(match[1] or 0)), line) for line in value.lines]
    return f"\n{' ' * indent}".join([*first, *lines])


def comment(text: str) -> str:
    """A text inside a comment, which Helm reads like everything else."""
    return text.replace("{{", _BRACES)


def parse(text: str) -> list[object]:
    """[document, actions]: the YAML around what Helm computes, and each line that is an action alone as Prose.

    A text that Helm computes comes back as the Action, so that it can be found again. Raises ParseError.
    """
    actions = [Prose(match[1]) for match in _WHOLE_LINE.finditer(text)]
    return [yaml.parse(_COMPUTED.sub(_read, _WHOLE_LINE.sub("", text))), actions]


def _computed(text: str) -> str:
    whole = _ACTION.fullmatch(text)
    if whole and isinstance(text, Number):
        return f"{{{{ {whole[1]} | int }}}}"
    if whole:
        return f"{{{{ {whole[1]} | quote }}}}"
    pieces = _ACTION.split(text)
    fixed, expressions = pieces[::2], pieces[1::2]
    if any(_START in piece or _END in piece for piece in fixed) or not expressions:
        raise EncodeError("a text with characters that Unicode keeps for the inside of programs")
    form = json.dumps("%s".join(piece.replace("%", "%%") for piece in fixed))
    return f"{{{{ printf {form} {' '.join(f'({expression})' for expression in expressions)} | quote }}}}"


def _read(match: re.Match[str]) -> str:
    """What stands between {{ }} as YAML: two braces, or the text with its actions."""
    if match["braces"]:
        return "{{"
    if match["format"] is None:
        return json.dumps(Action(match["rest"]))
    expressions = iter(Action(found["expression"]) for found in _IN_PARENTHESES.finditer(match["rest"]))
    return json.dumps(
        re.sub("%([%s])", lambda one: "%" if one[1] == "%" else next(expressions), json.loads(match["format"]))
    )
