"""Values that look like secrets do not belong in a config."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from aisearch_deploy.config.load import ConfigPath, Document, dotted
from aisearch_deploy.findings import Finding, Severity

# Prefixes as their issuers publish them; a private key by its PEM header; a password inside a URL.
_LOOKS_LIKE = (
    ("an API key", re.compile(r"\bsk-[A-Za-z0-9_-]{16,}")),
    ("an AWS access key", re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("a GitHub token", re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})")),
    ("a Google API key", re.compile(r"\bAIza[A-Za-z0-9_-]{30,}")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/")),
    ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{16,}")),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAGE-SECRET-KEY-1")),
    ("a password in a URL", re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@")),
)


def credentials(document: Document) -> list[Finding]:
    """One finding for each value that looks like a credential; the value itself is never repeated."""
    found = []
    for path, value in _texts(document.data, ()):
        kind = next((kind for kind, pattern in _LOOKS_LIKE if pattern.search(value)), None)
        if kind:
            found.append(
                Finding(
                    "config",
                    Severity.ERROR,
                    dotted(path),
                    document.values.get(path),
                    f"looks like {kind}. Secrets never stand in the config.",
                    "Revoke it if it was shared, and name it under secrets.names instead.",
                )
            )
    return found


def _texts(value: object, path: ConfigPath) -> Iterator[tuple[ConfigPath, str]]:
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _texts(below, (*path, key))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _texts(below, (*path, number))
    elif isinstance(value, str):
        yield path, value
