"""CloudFormation: cfn-lint at every level, and that each reference leads somewhere and each parameter is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

_NAMES = re.compile(r"\$\{([^!}][^}]*)\}")


def problems(path: Path) -> list[str]:
    """cfn-lint's errors, warnings and hints, then ours."""
    return lint(path) + unresolved(yaml.safe_load(path.read_text()))


def lint(path: Path) -> list[str]:
    """cfn-lint alone, every level."""
    matches = lint_file(path, config=ManualArgs(include_checks=["I"], regions=["eu-central-1", "us-east-1"]))
    return [f"line {match.linenumber}: {match.rule.id}: {match.message}" for match in matches]


def unresolved(template: dict[str, Any]) -> list[str]:
    """References to what the template does not have, and parameters and conditions that nothing uses."""
    resources, parameters = template.get("Resources", {}), template.get("Parameters", {})
    conditions = template.get("Conditions", {})
    names = [name for part in ("Conditions", "Resources", "Outputs") for name in _names(template.get(part, {}))]
    used = {name.partition(".")[0] for name in names}
    found = [f"{name} is not there" for name in sorted(used - set(resources) - set(parameters)) if "::" not in name]
    used_conditions = {
        name for part in ("Conditions", "Resources", "Outputs") for name in _conditions(template.get(part))
    }
    used_conditions |= {
        one["Condition"]
        for part in ("Resources", "Outputs")
        for one in template.get(part, {}).values()
        if "Condition" in one
    }
    found += [f"the condition {name} is not there" for name in sorted(used_conditions - set(conditions))]
    found += [f"the condition {name} decides nothing" for name in sorted(set(conditions) - used_conditions)]
    return found + [f"the parameter {name} is not used" for name in parameters if name not in used]


def _names(value: Any) -> Iterator[str]:
    """What Ref, Fn::GetAtt, Fn::Sub and DependsOn name, with the attribute after a dot."""
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key == "Ref":
            yield item
        elif key == "Fn::GetAtt":
            yield ".".join(item) if isinstance(item, list) else item
        elif key == "Fn::Sub" and isinstance(item, str):
            yield from _NAMES.findall(item)
        elif key == "DependsOn" and isinstance(item, str):
            yield item
        else:
            # A task's containers have a DependsOn of their own, with mappings in it.
            if key == "DependsOn":
                yield from (name for name in item if isinstance(name, str))
            yield from _names(item)


def _conditions(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _conditions(item)
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key == "Fn::If":
            yield item[0]
            yield from _conditions(item[1:])
        else:
            yield from _conditions(item)
