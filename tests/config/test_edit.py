"""Settings changed in a person's own file."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aisearch_deploy.config.edit import changed, parts_of
from aisearch_deploy.findings import Change

TEXT = """\
# The whole thing.
version: 1
app:
    workers: 4   # measured
    memory: 6Gi

    env:
        A:   "1"
    # Nothing else.
scaling: {min:  3, max: 10, memory: 80%}
rate_limit: null
contract: local-state
domains: ["search.example.com"]   # the main one
secrets:
    names:
    - OPENAI_API_KEY   # billed
    - SERPAPI_API_KEY
backup: {
  keep: 30d,  # by contract
  to: "s3://backups"
}
edge:
    csp: >-
        default-src 'self';
        img-src data:
database:
cache: {}
volumes:
- name: one
  mount: /one
- {name: two, mount: /two}
"""

CHANGES = [
    ("app.workers", "auto", "workers: 4 ", "workers: auto "),
    ("app.memory", "8Gi", "6Gi", "8Gi"),
    ("app.env.A", "2", '"1"', '"2"'),
    ("app.env", None, '    env:\n        A:   "1"\n', ""),
    ("app.env.A", None, 'env:\n        A:   "1"', "env: {}"),
    ("app.gpu.count", 1, '        A:   "1"\n', '        A:   "1"\n    gpu:\n        count: 1\n'),
    ("app.memory.limit", "8Gi", "memory: 6Gi", "memory: {request: 6Gi, limit: 8Gi}"),
    ("contract.port", 9000, "contract: local-state", "contract: {extends: local-state, port: 9000}"),
    ("scaling.max", 1, "max: 10", "max: 1"),
    ("scaling.memory", None, ", memory: 80%", ""),
    ("scaling.min", None, "min:  3, ", ""),
    ("scaling.cpu", "70%", "80%}", "80%, cpu: 70%}"),
    ("rate_limit.burst", 5, "rate_limit: null", "rate_limit: {burst: 5}"),
    ("domains", ["a.example"], '["search.example.com"]', "[a.example]"),
    ("domains[0]", "a.example", '"search.example.com"', '"a.example"'),
    ("domains[1]", "b.example", '"search.example.com"]', '"search.example.com", b.example]'),
    ("domains[0]", None, '["search.example.com"]', "[]"),
    ("secrets.names[0]", None, "    - OPENAI_API_KEY   # billed\n", ""),
    ("secrets.names[1]", "KEY", "SERPAPI_API_KEY", "KEY"),
    ("secrets.names[2]", "KEY", "    - SERPAPI_API_KEY\n", "    - SERPAPI_API_KEY\n    - KEY\n"),
    ("secrets.names", ["A", "B"], "OPENAI_API_KEY   # billed\n    - SERPAPI_API_KEY", "A\n    - B"),
    ("backup.to", None, 'to: "s3://backups"', ""),
    ("backup.rpo", "6h", '"s3://backups"', '"s3://backups", rpo: 6h'),
    (
        "edge.csp",
        "default-src 'self'",
        ">-\n        default-src 'self';\n        img-src data:",
        "\"default-src 'self'\"",
    ),
    ("edge.brotli", True, "        img-src data:\n", "        img-src data:\n    brotli: true\n"),
    ("database.pooler", "pgbouncer", "database:\n", "database: {pooler: pgbouncer}\n"),
    ("cache.memory", "1Gi", "cache: {}", "cache: {memory: 1Gi}"),
    ("volumes[0].name", None, "name: one\n  mount", "mount"),
    ("volumes[0].mount", None, "  mount: /one\n", ""),
    ("volumes[1].name", "second", "name: two", "name: second"),
    ("tls.from", "files", "- {name: two, mount: /two}\n", "- {name: two, mount: /two}\ntls:\n    from: files\n"),
    ("scaling.gone", None, "", ""),
    ("contract.port", None, "", ""),
]


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize(("path", "value", "old", "new"), CHANGES)
def test_one_setting_changes_and_no_other_character(path: str, value: Any, old: str, new: str, line_break: str) -> None:
    assert TEXT.count(old) == 1 or not old
    wanted = TEXT.replace(old, new) if old else TEXT
    text = changed(TEXT.replace("\n", line_break), [Change(path, value)])
    assert text.replace("\r\n", "\n") == wanted
    assert text.count("\n") == text.count(line_break)


def test_several_changes_follow_each_other() -> None:
    text = changed("name: x", [Change("app.workers", 1), Change("app.drain", 30), Change("name", None)])
    assert text == "app:\n  workers: 1\n  drain: 30"


@pytest.mark.parametrize(("text", "wanted"), [("", "app:\n  workers: 1\n"), ("# none yet\n", None), ("{}", None)])
def test_an_empty_file_is_filled(text: str, wanted: str | None) -> None:
    edited = changed(text, [Change("app.workers", 1)])
    assert yaml.safe_load(edited) == {"app": {"workers": 1}}
    assert wanted in (None, edited)


_KEYS = st.sampled_from(["a", "b", "c"])
_SCALARS = st.sampled_from([1, True, None, "x", "1.10", "# no comment", "0 2 * * *", "it's", "a: b", ""])
_TREES = st.recursive(
    _SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(_KEYS, below, max_size=3),
    max_leaves=8,
)


@given(
    tree=st.dictionaries(_KEYS, _TREES, max_size=3),
    value=_SCALARS | st.lists(_SCALARS, max_size=2),
    flow=st.sampled_from([True, False, None]),
    indent=st.sampled_from([2, 4]),
    draw=st.data(),
)
def test_any_setting_of_any_file_can_be_changed(
    tree: dict[str, Any], value: Any, flow: bool | None, indent: int, draw: st.DataObject
) -> None:
    """`changed` compares its result with the tree that is wanted, and is never in doubt here."""
    text = yaml.safe_dump(tree, default_flow_style=flow, indent=indent, sort_keys=False)
    paths = ["new", "a.new.block", *_paths(tree)]
    changed(text, [Change(draw.draw(st.sampled_from(paths)), value)] if _is_open(tree) else [])


def _is_open(tree: dict[str, Any]) -> bool:
    return not isinstance(tree.get("a"), list)


def _paths(tree: Any, above: str = "") -> list[str]:
    if isinstance(tree, dict):
        below = [(f"{above}.{key}" if above else key, value) for key, value in tree.items()]
    elif isinstance(tree, list):
        below = [(f"{above}[{number}]", value) for number, value in enumerate(tree)]
    else:
        return []
    return [path for here, value in below for path in (here, *_paths(value, here))]


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("app.workers", ["app", "workers"]),
        ("app.volumes[0].host_path", ["app", "volumes", 0, "host_path"]),
        ('labels["example.com/team"]', ["labels", "example.com/team"]),
    ],
)
def test_a_path_has_parts(path: str, parts: list[str | int]) -> None:
    assert parts_of(path) == parts
