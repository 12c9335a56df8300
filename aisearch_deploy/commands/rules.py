"""`rules`: every rule, in a table or for a program."""

from __future__ import annotations

import json

from aisearch_deploy.checks.documentation import sections, title
from aisearch_deploy.checks.registry import RULES, Rule, rule_named


def run(format: str) -> None:
    """Prints ids, names, severities and what each rule holds."""
    rules = [rule_named(rule) for rule in RULES]
    if format == "json":
        print(json.dumps({"version": 1, "rules": [_plain(rule) for rule in rules]}, indent=2))
        return
    width = max(len(rule.SLUG) for rule in rules)
    for rule in rules:
        print(f"{rule.ID}  {rule.SLUG:<{width}}  {rule.SEVERITY:<7}  {title(rule)}")
    print("\nNext:  aisearch-deploy check, or aisearch-deploy explain RULE")


def _plain(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.ID,
        "slug": rule.SLUG,
        "severity": str(rule.SEVERITY),
        "targets": sorted(rule.TARGETS) if rule.TARGETS is not None else None,
        "reads": list(rule.READS),
        "title": title(rule),
        **{name.lower().replace(" ", "_"): " ".join(text.split()) for name, text in sections(rule).items()},
    }
