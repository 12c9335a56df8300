"""YAML that Helm reads first: what it computes, and what it must never take for its own."""

from __future__ import annotations

import pytest
from hypothesis import given

from aisearch_deploy.formats import helm, yaml
from aisearch_deploy.formats.base import EncodeError, ParseError
from aisearch_deploy.formats.helm import Action, Block, Number
from tests.formats.hostile import line, scalars, trees


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Action(".Values.image.tag"), "{{ .Values.image.tag | quote }}"),
        (Number(".Values.app.replicas"), "{{ .Values.app.replicas | int }}"),
        (f"{Action('.Release.Namespace')}-x@y", '{{ printf "%s-x@y" (.Release.Namespace) | quote }}'),
        (f'5% "{Action(".Values.a")}"', '{{ printf "5%% \\"%s\\"" (.Values.a) | quote }}'),
        ("{{ .Values.a }}", '"{{ "{{" }} .Values.a }}"'),
        ("plain", "plain"),
        (3, "3"),
        (None, "null"),
    ],
)
def test_a_value_is_printed(value: object, printed: str) -> None:
    assert helm.encode(value) == printed


@pytest.mark.parametrize(
    "value",
    [
        Action(".Values.image.tag"),
        Action('include "ai-search.image" .'),
        Number(".Values.app.replicas"),
        f"a-{Action('.A')}-{Action('.B')}",
        f"100%s {Action('.A')} %% (b)",
        "x-" + Action('printf "a%s" (toYaml .Values) | sha256sum | trunc 8'),
        "{{ {{ }}",
        '{{ "{{" }}',
    ],
)
def test_what_is_printed_is_found_again(value: str) -> None:
    document, _ = helm.parse(f"key: {helm.encode(value)}\n")
    assert document == {"key": value}


@given(scalars)
def test_any_scalar_comes_back(value: object) -> None:
    assert repr(helm.parse(f"- {helm.encode(value)}\n")[0]) == repr([value])


@given(trees)
def test_any_tree_comes_back(tree: object) -> None:
    assert repr(helm.parse(f"key:\n  {helm.dump(tree, 2)}\n" if tree else "key: {}\n")[0]["key"]) == repr(tree or {})


@given(line)
def test_no_text_holds_an_action(text: str) -> None:
    """Each pair of braces that is printed is the one that prints two braces."""
    assert "{{" not in helm.encode(text).replace('{{ "{{" }}', "")
    assert "{{" not in helm.comment(text).replace('{{ "{{" }}', "")


def test_what_marks_an_action_cannot_be_forged() -> None:
    with pytest.raises(EncodeError):
        helm.encode("\ufdd0.Values.secret")


def test_a_block_stands_at_its_column() -> None:
    block = Block("{{- with .Values.labels }}", "{{- toYaml . | nindent INDENT }}", "more: {{ . }}", "{{- end }}")
    assert helm.dump(block, 4) == (
        "{{- with .Values.labels }}\n    {{- toYaml . | nindent 4 }}\n    more: {{ . }}\n    {{- end }}"
    )
    nested = Block("  {{- toYaml .Values.more | nindent INDENT+2 }}", first={"annotations": {"a": "b"}})
    assert helm.dump(nested, 2) == "annotations:\n    a: b\n    {{- toYaml .Values.more | nindent 4 }}"


def test_without_actions_it_is_yaml() -> None:
    tree = {"a": [1, "two", {"b": "c\nd\n"}], "e": None}
    assert helm.dump(tree, 2) == yaml.dump(tree, 2)


def test_lines_of_actions_are_prose() -> None:
    _, actions = helm.parse('{{- include "ai-search.labels" $ }}\nkey: value\n')
    assert actions[0].holds("ai-search.labels")


def test_what_is_not_yaml_around_the_actions_is_refused() -> None:
    with pytest.raises(ParseError):
        helm.parse("key: {{ .Values.a | quote }}\n  other: x\n")
