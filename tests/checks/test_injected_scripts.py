"""A content policy as browsers read it, and mended so that nothing but scripts changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisearch_deploy.checks.rules.security.injected_scripts import check, parsed
from tests.checks.test_waivers import deployment

SOURCES = (
    "'self'",
    "'none'",
    "'unsafe-inline'",
    "'unsafe-eval'",
    "'strict-dynamic'",
    "'nonce-abc'",
    "*",
    "https:",
    "a.example",
)
NAMES = ("default-src", "script-src", "style-src", "img-src", "Script-Src")


@st.composite
def policies(draw: st.DrawFn) -> str:
    directives = draw(
        st.lists(st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from(SOURCES), max_size=4)), max_size=4)
    )
    return "; ".join(" ".join([name, *sources]) for name, sources in directives)


def run_scripts_of(policy: str) -> set[str]:
    """What lets strangers' scripts run, by the words of the specification."""
    directives: dict[str, list[str]] = {}
    for name, *sources in (piece.lower().split() for piece in policy.split(";") if piece.strip()):
        directives[name] = directives.get(name, sources)
    if "script-src" not in directives and "default-src" not in directives:
        return {"anything"}
    sources = directives["script-src"] if "script-src" in directives else directives["default-src"]
    found = {"'unsafe-eval'"} & set(sources)
    if "'nonce-abc'" not in sources:
        found |= {"'unsafe-inline'"} & set(sources)
    if "'strict-dynamic'" not in sources:
        found |= {"*", "https:"} & set(sources)
    return found


@given(policies())
def test_the_verdict_is_the_specifications_and_one_change_mends_it(policy: str) -> None:
    findings = list(check(deployment({"edge": {"csp": policy}})))
    assert bool(findings) is bool(run_scripts_of(policy))
    for finding in findings:
        (change,) = finding.changes
        assert change.path == "edge.csp"
        assert run_scripts_of(change.value) == set()
        others = {
            name: sources for name, sources in parsed(policy).items() if not name.startswith(("script", "default"))
        }
        assert others.items() <= parsed(change.value).items()


@pytest.mark.parametrize("policy", ["default-src 'self'", "script-src 'self' 'sha256-abc' 'unsafe-inline'; img-src *"])
def test_what_browsers_are_strict_about_is_left_alone(policy: str) -> None:
    assert list(check(deployment({"edge": {"csp": policy}}))) == []
