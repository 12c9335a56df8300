"""Templates own structure only: nothing in them prints a composite, a constant, or text that was not encoded."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from aisearch_deploy.render.environment import BRACES, BRACKETS
from aisearch_deploy.render.templates import in_brackets, template_folder

TEMPLATES = sorted(template_folder().rglob("*.j2"))
FILTERS = {"dump", "comment"}
PRINTED = (nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Filter)
FORBIDDEN = (
    nodes.Macro,
    nodes.CallBlock,
    nodes.FilterBlock,
    nodes.AssignBlock,
    nodes.Import,
    nodes.FromImport,
    nodes.Extends,
    nodes.Block,
    nodes.Call,
    nodes.ScopedEvalContextModifier,
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(template_folder()).as_posix())
def test_a_template_prints_only_encoded_values(path: Path) -> None:
    name = path.relative_to(template_folder()).as_posix()
    problems = list(forbidden(path.read_text(), brackets=in_brackets(name)))
    assert not problems


@pytest.mark.parametrize(
    "text",
    [
        "{{ a ~ b }}",
        "{{ a + b }}",
        "{{ 'constant' }}",
        "{{ a | safe }}",
        "{{ a | join(',') }}",
        "{{ f(a) }}",
        "{{ 'x' if a else b }}",
        "{% macro m() %}{% endmacro %}",
        "{% set x %}text{% endset %}",
        "{% filter upper %}x{% endfilter %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% autoescape true %}{{ a }}{% endautoescape %}",
    ],
)
def test_the_walk_finds_what_is_forbidden(text: str) -> None:
    assert list(forbidden(text))


def forbidden(text: str, *, brackets: bool = False) -> list[str]:
    """What is forbidden in a template, with its line."""
    tree = Environment(*(BRACKETS if brackets else BRACES)).parse(text)
    found = [f"line {node.lineno}: {type(node).__name__}" for node in tree.find_all(FORBIDDEN)]
    found += [
        f"line {node.lineno}: the filter {node.name}"
        for node in tree.find_all(nodes.Filter)
        if node.name not in FILTERS
    ]
    for output in tree.find_all(nodes.Output):
        found += [
            f"line {node.lineno}: prints {type(node).__name__}"
            for node in output.nodes
            if not isinstance(node, (nodes.TemplateData, *PRINTED))
        ]
    return found
