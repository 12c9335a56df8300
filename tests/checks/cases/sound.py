"""A small sound config, and what a case lays over it."""

from __future__ import annotations

from typing import Any, NamedTuple

Tree = dict[str, Any]

SOUND: Tree = {
    "version": 1,
    "edition": "2026.11",
    "name": "ai-search",
    "preset": "medium",
    "domains": ["search.example.com"],
    "image": {"repository": "ghcr.io/example/ai-search", "tag": "1.4.2"},
    "tls": {"from": "self-signed"},
    "targets": {"compose": {}, "k8s": {}},
}
LOCAL: Tree = {"contract": "local-state", "scaling": {"min": 1, "max": 1}, "app": {"workers": 1}}
OUTSIDE: Tree = {"database": {"mode": "external", "host": "db.example.com"}}
RECIPIENT = "age1" + "q" * 58
OTHER = "age1" + "p" * 58


class Case(NamedTuple):
    """`path` is the one setting: `fails` is refused there, `passes` is not; `given` is laid over the sound config.

    `says` are numbers that the finding has to show.
    """

    rule: str
    path: str
    fails: Any
    passes: Any
    given: Tree = {}
    target: str = "k8s"
    severity: str = "error"
    says: tuple[str, ...] = ()
    environment: str | None = None
