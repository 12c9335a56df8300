"""`explain`: a rule with its reasons, or a setting with its value, its source and who reads it."""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from aisearch_deploy.checks.documentation import SECTIONS, sections, title
from aisearch_deploy.checks.provenance import MEASURED
from aisearch_deploy.checks.registry import RULES, Rule, rule_named
from aisearch_deploy.commands.places import Places, changed_places
from aisearch_deploy.commands.reading import read_config
from aisearch_deploy.commands.selection import selected_targets
from aisearch_deploy.config.examples import flow
from aisearch_deploy.config.paths import parts_of
from aisearch_deploy.errors import UsageError
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.layers import Origin
from aisearch_deploy.model.places import value_at
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.targets.gaps import gap_at
from aisearch_deploy.targets.registry import target_named

WIDTH = 100
MOST_SHOWN = 4
_PLACE = re.compile(r"\[\d+\]")


def run(what: str, config: str, environment: str | None, target: str | None) -> None:
    """Prints what is known of a rule (by id or name) or of a config path. Raises UsageError, ConfigInvalid."""
    rule = _rule(what)
    if rule:
        print("\n".join(_about_rule(rule)))
        return
    deployments = _deployments(config, environment, target)
    print("\n".join([*_about_path(what, deployments[0]), *_about_places(what, deployments)]))


def _rule(what: str) -> Rule | None:
    if what.upper() in RULES:
        return rule_named(what.upper())
    return next((rule for rule in map(rule_named, RULES) if what == rule.SLUG), None)


def _about_rule(rule: Rule) -> Iterator[str]:
    yield f"{rule.ID} {rule.SLUG} ({rule.SEVERITY})"
    yield title(rule)
    found = sections(rule)
    for name in SECTIONS:
        yield ""
        yield _wrapped(f"{name}: {found[name]}")
    yield ""
    yield _wrapped(f"Targets: {', '.join(sorted(rule.TARGETS)) if rule.TARGETS is not None else 'all'}.")
    yield _wrapped(f"Reads: {', '.join(rule.READS)}.")


def _wrapped(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, break_long_words=False, break_on_hyphens=False)


def _deployments(config: str, environment: str | None, target: str | None) -> list[Deployment]:
    """One for each target that is asked for; what is said of values is said of the first."""
    document = read_config(config)
    names = selected_targets(document, environment, (target,) if target else (), False)
    return [resolve(document, environment, target_named(name).TRAITS) for name in names]


def _about_path(path: str, deployment: Deployment) -> Iterator[str]:
    value = _value(path, deployment)
    source = deployment.source(tuple(parts_of(path)))
    yield f"{path} = {_resolved(path, deployment) if source.origin is Origin.FORMULA else _shown(value)}"
    if source.origin is Origin.FORMULA:
        yield f"  formula   {source.detail}"
        for name in source.inputs:
            yield f"            {name} = {_shown(_value(name, deployment))}   {_from(name, deployment)}"
    else:
        yield f"  from      {_from(path, deployment)}"
    if path in MEASURED:
        yield f"  measure   {MEASURED[path]}: nobody knows it but your image; presets assume it"
    readers = [rule for rule in map(rule_named, RULES) if any(_covers(read, path) for read in rule.READS)]
    yield f"  read by   {', '.join(f'{rule.ID} {rule.SLUG}' for rule in readers) or 'no rule'}"


def _about_places(path: str, deployments: list[Deployment]) -> Iterator[str]:
    """Where the setting shows in the files of each target, as far as another value of it shows that."""
    if _entries(_read(path, deployments[0])):
        return  # a block: each of its settings has places of its own
    label, width = "changes", max(len(deployment.target) for deployment in deployments)
    for deployment in deployments:
        yield f"  {label:<8}  {deployment.target:<{width}}  {_places(path, deployment)}"
        label = ""


def _places(path: str, deployment: Deployment) -> str:
    target = target_named(deployment.target)
    refusal = target.refuses(deployment)
    if refusal is not None:
        return f"nothing: {refusal}"
    read = _read(path, deployment)
    found = changed_places(deployment, path, read if isinstance(read, str | int) else None)
    gap = gap_at(target.GAPS, path)
    if gap is not None:
        said = f"{gap.kind}: {gap.reason}"
        return f"{said} ({_listed(found)})" if found.places else said
    return _listed(found) if found.places else "nothing, as the rest of the config is"


def _listed(found: Places) -> str:
    """`pooler/start.sh:/CLIENTS, app.yaml:/spec/replicas and 2 more (seen with 5)`: the first place of each file."""
    first = {file: f"{file}:{pointer}" for file, pointer in reversed(found.places)}
    shown = list(reversed(first.values()))[:MOST_SHOWN]
    more = len(found.places) - len(shown)
    return f"{', '.join(shown)}{f' and {more} more' if more else ''} (seen with {flow(found.tried)})"


def _from(path: str, deployment: Deployment) -> str:
    source = deployment.source(tuple(parts_of(path)))
    place = f" {source.position}" if source.position else ""
    return f"{source.origin} {source.detail}".strip() + place


def _covers(read: str, path: str) -> bool:
    """`read` is a pattern (`app.volumes[].mount`); `path` may be of one item, of a block, or inside a free mapping."""
    path = _PLACE.sub("[]", path).removesuffix("[]")
    return path == read or path.startswith((f"{read}.", f"{read}[")) or read.startswith((f"{path}.", f"{path}["))


def _value(path: str, deployment: Deployment) -> Any:
    """As it is written, where somebody wrote it or a preset says it; else as it was read. Raises UsageError."""
    read = _read(path, deployment)
    written = value_at(deployment.merged.tree, tuple(parts_of(path)))
    return written if isinstance(written, str | int | float) else read


def _read(path: str, deployment: Deployment) -> Any:
    value: Any = deployment.config
    for part in parts_of(path):
        if isinstance(part, int) and isinstance(value, list) and part < len(value):
            value = value[part]
            continue
        known = _entries(value)
        if str(part) not in known:
            near = difflib.get_close_matches(str(part), known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}." if known else ""
            raise UsageError(f"Neither a rule nor a setting: {path}.", hint or "aisearch-deploy rules lists the rules.")
        value = known[str(part)]
    return value


def _entries(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {str(key): entry for key, entry in value.items()}
    fields = getattr(type(value), "model_fields", {})
    return {field.alias or name: getattr(value, name) for name, field in fields.items()}


def _resolved(path: str, deployment: Deployment) -> str:
    sizes = deployment.sizes
    known = {"app.workers": str(sizes.workers), "database.pooler": "pgbouncer" if sizes.pooler else "none"}
    return f"{known[path]} (auto)"


def _shown(value: Any) -> str:
    entries = _entries(value)
    if entries and not isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_shown(entry)}" for name, entry in entries.items()) + "}"
    return "none" if value is None else str(value)
