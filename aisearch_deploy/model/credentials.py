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
    ("a password in a URL", re.compile(r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@")),
)
_WORTH_A_LOOK = re.compile("sk-|AKIA|ASIA|gh[pousr]_|github_pat_|AIza|xox|hooks|glpat|BEGIN|SECRET|://")
_FIX = "Take it out, revoke it if anybody else saw it, and write only a name under secrets.names."


def credentials(document: Document) -> list[Finding]:
    """One finding for each value or key that looks like a credential; the text itself is never repeated."""
    return list(_below(document, document.data, ()))


def redacted(finding: Finding) -> Finding:
    """The finding without what looks like a credential in it: a key is part of every path below it."""
    path, message, fix = (_without_credentials(text) for text in (finding.path, finding.message, finding.fix))
    return finding._replace(path=path, message=message, fix=fix)


def _without_credentials(text: str) -> str:
    for _, pattern in _LOOKS_LIKE:
        text = pattern.sub("***", text)
    return text


def _below(document: Document, value: object, path: ConfigPath) -> Iterator[Finding]:
    if isinstance(value, Mapping):
        for key, below in value.items():
            here = (*path, key)
            kind = _kind(key)
            if kind:
                message = f"a key here looks like {kind}; secrets never stand in the config."
                yield Finding("config", Severity.ERROR, dotted(path), document.keys.get(here), message, _FIX)
            else:
                yield from _below(document, below, here)
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _below(document, below, (*path, number))
    elif isinstance(value, str):
        kind = _kind(value)
        if kind:
            message = f"looks like {kind}; secrets never stand in the config."
            yield Finding("config", Severity.ERROR, dotted(path), document.values.get(path), message, _FIX)


def _kind(text: str) -> str | None:
    if _WORTH_A_LOOK.search(text) is None:
        return None
    return next((kind for kind, pattern in _LOOKS_LIKE if pattern.search(text)), None)
