"""The content policy stops a script that somebody smuggled into a page.

What it does: reads what edge.csp says of scripts (script-src, else default-src), and warns of 'unsafe-inline' and
'unsafe-eval', of * and whole schemes, and of a policy that says nothing of scripts. 'unsafe-inline' beside a nonce or a
hash is left alone: browsers ignore it there. Styles are not looked at.

Why it matters: answers are text from language models and other people's pages. Where one reaches a page unescaped, the
policy is what keeps it from running in a visitor's name.

Example: edge: {csp: "default-src 'self' 'unsafe-inline'"}.

Fix: scripts in files of their own, from 'self'; 'strict-dynamic' with nonces, which the app has to make, where a
framework needs inline ones.

References: https://developer.mozilla.org/docs/Web/HTTP/Headers/Content-Security-Policy/script-src and
https://content-security-policy.com/unsafe-inline/
"""

from __future__ import annotations

from collections.abc import Iterator

from aisearch_deploy.checks.found import found
from aisearch_deploy.findings import Change, Finding, Proof, Severity
from aisearch_deploy.model.deployment import Deployment

ID = "AID507"
SLUG = "injected-scripts"
SEVERITY = Severity.WARNING
TARGETS = None
READS = ("edge.csp",)
EVERYWHERE = ("*", "http:", "https:", "data:", "blob:")
HASHED = ("'nonce-", "'sha256-", "'sha384-", "'sha512-")


def check(deployment: Deployment) -> Iterator[Finding]:
    """Scripts come from named places only."""
    policy = deployment.config.edge.csp
    directives = parsed(policy)
    name = next((name for name in ("script-src", "default-src") if name in directives), None)
    unsafe = [] if name is None else _unsafe(directives[name])
    if name is not None and not unsafe:
        return
    sources = " ".join(unsafe)
    yield found(
        ID,
        Severity.WARNING,
        deployment,
        "edge.csp",
        f"{name} lets {sources} run." if name else "scripts may come from anywhere: there is no script-src.",
        proof=(Proof("scripts", " ".join([name, *directives[name]]) if name else "no script-src, no default-src"),),
        changes=(Change("edge.csp", _mended(policy, directives, name, unsafe)),),
        fix="Then try the pages: what they load inline has to move into files.",
    )


def parsed(policy: str) -> dict[str, list[str]]:
    """The sources of each directive; of two with one name the first counts, as in browsers."""
    directives: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        name, *sources = directive.lower().split() or [""]
        if name:
            directives.setdefault(name, sources)
    return directives


def _unsafe(sources: list[str]) -> list[str]:
    hashed = any(source.startswith(HASHED) for source in sources)
    ignored = {"'unsafe-inline'"} if hashed else set()
    # With strict-dynamic browsers look at nonces and hashes alone.
    places = () if "'strict-dynamic'" in sources else EVERYWHERE
    return [source for source in sources if source in {"'unsafe-inline'", "'unsafe-eval'", *places} - ignored]


def _mended(policy: str, directives: dict[str, list[str]], name: str | None, unsafe: list[str]) -> str:
    if name is None:
        return f"script-src 'self'; {policy}".rstrip("; ")
    kept = [source for source in directives[name] if source not in unsafe] or ["'self'"]
    rest = [piece.strip() for piece in policy.split(";") if (piece.lower().split() or [""])[0] not in ("", name)]
    return "; ".join([" ".join([name, *kept]), *rest])
