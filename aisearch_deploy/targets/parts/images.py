"""Images in a registry of the platform's: it cannot log in to others, or should not depend on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Copy(NamedTuple):
    """An image that images.sh copies: from, to (with a tag, which is what can be pushed), and as it is then named."""

    source: str
    pushed: str
    named: str


def copied(reference: str, registry: str, stays: Callable[[str], bool]) -> Copy:
    """The image below `registry`; one on a host that `stays` is true for is used as it is."""
    name, _, digest = reference.partition("@")
    host, slash, path = name.partition("/")
    if slash and stays(host):
        return Copy(reference, reference, f"{_without_tag(name)}@{digest}" if digest else reference)
    has_registry = slash and ("." in host or ":" in host or host == "localhost")
    path = path if has_registry else name
    pushed = f"{registry}/{path}"
    if not digest:
        return Copy(reference, pushed, pushed)
    if ":" not in path:
        pushed = f"{pushed}:{digest.replace(':', '-')[:19]}"
    return Copy(reference, pushed, f"{_without_tag(pushed)}@{digest}")


def moved(copies: Iterable[Copy]) -> list[Copy]:
    """Those that have to be copied, each once."""
    return [copy for copy in dict.fromkeys(copies) if copy.source != copy.pushed]


def _without_tag(name: str) -> str:
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"
