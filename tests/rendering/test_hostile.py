"""What a person may write freely arrives whole, at its own place, and changes nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import pytest

from aisearch_deploy.errors import ConfigInvalid
from aisearch_deploy.render.pipeline import render
from aisearch_deploy.targets.gaps import gap_at
from aisearch_deploy.targets.registry import TARGETS, target_named
from tests.rendering.alternatives import SIDECARS, standard
from tests.rendering.configs import deployment_of, overlaid, with_leaf
from tests.rendering.trees import trees

HARMLESS = "harmless"
# Where Kubernetes expands $(NAME).
EXPANDED = frozenset({"command", "args", "value"})
# A chart is for a cluster: what helm does not say, k8s does.
BELOW = {"helm": ("k8s",)}
HASHED = re.compile(r"[-\"][0-9a-f]{8}\b")

# Where a free line of text may stand, as (leaf, value made from the text, what must be set for it).
FREE: list[tuple[str, Any, dict[str, Any]]] = [
    ("app.env", lambda text: {"NOTE": text}, {}),
    ("app.migrate", lambda text: ["echo", text], {}),
    ("edge.csp", lambda text: text, {}),
    ("edge.extra_headers", lambda text: {"X-Note": text}, {}),
    ("app.sidecars[].command", lambda text: [text], SIDECARS),
    ("app.sidecars[].env", lambda text: {"NOTE": text}, SIDECARS),
    ("targets.compose.env", lambda text: {"ONLY_HERE": text}, {}),
    ("targets.compose.labels", lambda text: {"com.example.note": text}, {}),
    ("targets.aci.env", lambda text: {"ONLY_HERE": text}, {}),
    ("targets.cloudrun.env", lambda text: {"ONLY_HERE": text}, {}),
    ("targets.cloudrun.annotations", lambda text: {"example.com/note": text}, {}),
    ("targets.systemd.env", lambda text: {"ONLY_HERE": text}, {}),
    ("targets.lambda.env", lambda text: {"ONLY_HERE": text}, {}),
    ("targets.ecs.env", lambda text: {"ONLY_HERE": text}, {}),
    ("targets.k8s.env", lambda text: {"ONLY_HERE": text}, {}),
    ("targets.k8s.annotations", lambda text: {"example.com/note": text}, {}),
    ("targets.k8s.service_annotations", lambda text: {"example.com/note": text}, {}),
    ("targets.helm.env", lambda text: {"ONLY_HERE": text}, {}),
    ("targets.helm.annotations", lambda text: {"example.com/note": text}, {}),
    ("targets.helm.service_annotations", lambda text: {"example.com/note": text}, {}),
    ("tls.server", lambda text: text, {}),
]

HOSTILE = [
    "no",
    "1.10",
    "0644",
    "22:22",
    "2026-11-24",
    "~",
    "null",
    "- item",
    "key: value",
    "# comment",
    "a # b",
    "'single'",
    '"double"',
    "both ' and \"",
    "back\\slash",
    "trailing\\",
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{# note #}",
    "[[ .Values.x ]]",
    "${HOME}",
    "$HOME",
    "$$",
    "$(id)",
    "`id`",
    "%H %n",
    "a; b",
    "a } b {",
    "&anchor",
    "*alias",
    "!tag",
    "|",
    ">",
    "@at",
    "<script>alert(1)</script>",
    " leading and trailing ",
    "",
    "\\n",
    "'; DROP TABLE x; --",
    "x" * 900,
]

REFUSED = [
    "line\nbreak",
    "carriage\rreturn",
    "nul\0",
    "bell\a",
    "tab\t",
    "\u202eright to left",
    "ｆｕｌｌ",
    "x" * 1001,
    "é",
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_arrives_whole_and_changes_nothing_else(text: str, target: str) -> None:
    """In all places at once that take it, next to the same config with a harmless word of its own in each."""
    words = _words_by_leaf(target, text)
    harmless = _trees(_with(words, target), target)
    hostile = _trees(_with(dict.fromkeys(words, text), target), target)
    assert hostile == _substituted(harmless, words.values(), text)


@pytest.mark.parametrize("target", TARGETS)
def test_each_place_shows_its_word(target: str) -> None:
    """Else the test above would compare nothing."""
    words = _words_by_leaf(target, "plain")
    assert words.keys() == {leaf for leaf, _, _ in _own_or_common(target)}
    shown = str(_trees(_with(words, target), target))
    silent = [leaf for leaf, word in words.items() if word not in shown]
    assert [leaf for leaf in silent if gap_at(target_named(target).GAPS, leaf.replace("[]", "")) is None] == []


@pytest.mark.parametrize("target", TARGETS)
def test_text_for_another_target_changes_nothing(target: str) -> None:
    base = standard(target)
    foreign = [
        (leaf, make)
        for leaf, make, _ in FREE
        if leaf.startswith("targets.") and leaf.split(".")[1] not in (target, *BELOW.get(target, ()))
    ]
    assert foreign
    before = _trees(base, target)
    for leaf, make in foreign:
        assert _trees(with_leaf(base, leaf, make("$(id)")), target) == before, leaf


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize(("leaf", "make", "given"), FREE, ids=[leaf for leaf, _, _ in FREE])
def test_what_no_line_may_hold_is_refused_at_its_place(leaf: str, make: Any, given: dict[str, Any], text: str) -> None:
    target = leaf.split(".")[1] if leaf.startswith("targets.") else "compose"
    with pytest.raises(ConfigInvalid) as refusal:
        deployment_of(with_leaf(overlaid(standard(target), given), leaf, make(text)), target)
    assert any(finding.position and finding.position.line > 1 for finding in refusal.value.findings)


def test_most_hostile_text_is_carried_not_refused() -> None:
    """A tool that refuses everything would pass the tests above."""
    for text in HOSTILE:
        for leaf in ("app.env", "app.migrate"):
            make = next(make for name, make, _ in FREE if name == leaf)
            for target in TARGETS:
                deployment_of(with_leaf(standard(target), leaf, make(text)), target)


@cache
def _own_or_common(target: str) -> list[tuple[str, Any, dict[str, Any]]]:
    """Of the free places those that the target can carry: not another target's, and not what it refuses."""
    return [
        (leaf, make, given)
        for leaf, make, given in FREE
        if not leaf.startswith("targets.") or leaf.startswith(f"targets.{target}.")
        if target_named(target).refuses(deployment_of(overlaid(standard(target), given), target)) is None
    ]


def _words_by_leaf(target: str, text: str) -> dict[str, str]:
    """A harmless word for each leaf that takes the text; a refusal names the leaf, and where and how to mend it."""
    leaves = [leaf for leaf, _, _ in _own_or_common(target)]
    while leaves:
        try:
            deployment_of(_with(dict.fromkeys(leaves, text), target), target)
        except ConfigInvalid as refusal:
            assert all(finding.position and finding.fix for finding in refusal.findings)
            paths = [re.sub(r"\[\d+\]", "[]", finding.path) for finding in refusal.findings]
            refused = [leaf for leaf in leaves if any(path.startswith(leaf) for path in paths)]
            assert refused, paths
            leaves = [leaf for leaf in leaves if leaf not in refused]
        else:
            break
    assert leaves, f"nothing takes {text!r}"
    return {leaf: f"{HARMLESS}{chr(ord('a') + number)}" for number, leaf in enumerate(leaves)}


def _with(texts: Mapping[str, str], target: str) -> dict[str, Any]:
    """The standard config with these texts at these leaves."""
    free = _own_or_common(target)
    config = overlaid(standard(target), *(given for _, _, given in free))
    for leaf, make, _ in free:
        if leaf in texts:
            config = with_leaf(config, leaf, make(texts[leaf]))
    return config


def _trees(config: dict[str, Any], target: str) -> dict[str, Any]:
    deployment = deployment_of(config, target)
    plan = target_named(target).plan(deployment)
    found = trees(plan, render(target, plan))
    expanded = {"k8s": EXPANDED, "helm": EXPANDED, "systemd": frozenset({"ExecStart"})}.get(target, frozenset())
    return {path: _read_by_platform(tree, expanded, escaped=path == "compose.yaml") for path, tree in found.items()}


def _read_by_platform(tree: Any, expanded: frozenset[str], *, escaped: bool) -> Any:
    """Compose turns `$$` into `$` everywhere, Kubernetes in commands and the values of variables (`expanded` keys).

    A name that was made from a hash is any name.
    """
    if isinstance(tree, dict):
        return {
            _read_by_platform(key, expanded, escaped=escaped): _read_by_platform(
                value, expanded, escaped=escaped or key in expanded
            )
            for key, value in tree.items()
        }
    if isinstance(tree, list):
        return [_read_by_platform(value, expanded, escaped=escaped) for value in tree]
    if isinstance(tree, str):
        return HASHED.sub("-HASH", tree.replace("$$", "$") if escaped else tree)
    return tree


def _substituted(tree: Any, words: Collection[str], text: str) -> Any:
    if isinstance(tree, dict):
        return {_substituted(key, words, text): _substituted(value, words, text) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_substituted(value, words, text) for value in tree]
    if isinstance(tree, tuple):  # a directive of nginx
        return type(tree)(*(_substituted(value, words, text) for value in tree))
    if isinstance(tree, str):
        for word in words:
            tree = tree.replace(word, text)
    return tree
