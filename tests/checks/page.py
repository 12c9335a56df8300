"""docs/rules.md, made from the rules themselves; `python -m tests.checks.page` writes it anew."""

from __future__ import annotations

from pathlib import Path

from aisearch_deploy.checks.documentation import SECTIONS, sections, title
from aisearch_deploy.checks.registry import RULES, rule_named

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"


def page() -> str:
    """The whole page."""
    rules = [rule_named(rule) for rule in RULES]
    rows = [
        f"| [{rule.ID}](#{rule.ID.lower()}-{rule.SLUG}) | {rule.SLUG} | {rule.SEVERITY} | {title(rule)} |"
        for rule in rules
    ]
    parts = [
        "# The rules of `check`",
        "Made from the rules themselves (`python -m tests.checks.page`). An id is never given to another rule.",
        "\n".join(["| rule | name | at most | what holds |", "|---|---|---|---|", *rows]),
    ]
    for rule in rules:
        found = sections(rule)
        targets = ", ".join(sorted(rule.TARGETS)) if rule.TARGETS is not None else "all"
        parts += [f"## {rule.ID} {rule.SLUG}", title(rule)]
        parts += [f"**{name}.** {_sentence(found[name])}" for name in SECTIONS]
        parts += [f"Targets: {targets}. Reads: {', '.join(f'`{path}`' for path in rule.READS)}."]
    return "\n\n".join(parts) + "\n"


def _sentence(text: str) -> str:
    words = " ".join(text.split())
    return words if words.startswith("http") else words[:1].upper() + words[1:]


if __name__ == "__main__":
    PAGE.write_text(page())
