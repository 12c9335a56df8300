"""From what the person wrote to a Deployment: layers laid over each other, checked, computed."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from aisearch_deploy.config.editions import NEWEST, Edition, edition_named
from aisearch_deploy.config.layering import NOT_IN_AN_ENVIRONMENT, NOT_IN_AN_OVERRIDE, OF_THE_CHART
from aisearch_deploy.config.load import ConfigPath, Document
from aisearch_deploy.config.scalars import shown
from aisearch_deploy.errors import ConfigInvalid, UsageError
from aisearch_deploy.findings import Finding
from aisearch_deploy.model.consistency import inconsistencies
from aisearch_deploy.model.credentials import credentials, redacted
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.environments import environment_findings
from aisearch_deploy.model.fargate import fitted
from aisearch_deploy.model.formulas import compute
from aisearch_deploy.model.inputs import read_inputs
from aisearch_deploy.model.layers import Layer, Origin, expand_shorthand, merge
from aisearch_deploy.model.named import environment_names, named_targets, overlay_of
from aisearch_deploy.model.places import written_place
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.model.validation import validated

# Sections whose every field has a default, so that nobody has to write them. Were they left to the schema's own
# defaults, pydantic would build a validator of its own for each: a tenth of a whole render.
_SECTIONS = Layer(
    Origin.DEFAULT,
    "schema",
    {
        "app": {"gpu": {}},
        "network": {"proxy": {}},
        **{
            name: {}
            for name in (
                "rate_limit",
                "edge",
                "secrets",
                "sandbox",
                "logs",
                "monitoring",
                "backup",
                "scheduling",
                "targets",
            )
        },
    },
)


def resolve(document: Document, environment: str | None, traits: Traits) -> Deployment:
    """The deployment for one environment and target. Raises ConfigInvalid with every finding, UsageError."""
    _require_environment(document, environment)
    leaked = credentials(document)
    early = [*environment_findings(document), *leaked]
    merged = merge(layers(document, environment, traits.name))
    config, wrong = validated(document, merged)
    if config is None or early:
        raise ConfigInvalid(_distinct([*early, *_without(wrong, leaked)]))
    config, shares = fitted(config, traits.name)
    place = partial(written_place, document, merged)
    findings = inconsistencies(config, traits.name, place)
    if findings:
        raise ConfigInvalid(_distinct(findings))
    sizes, sources = compute(config, traits)
    images = edition_named(config.edition).images
    inputs = read_inputs(Path(document.file).parent, config, traits.name, place)
    return Deployment(config, environment, traits.name, sizes, images, document, merged, sources | shares, inputs)


def findings_beside(document: Document, known: list[Finding]) -> list[Finding]:
    """`known` problems of the YAML, and what is wrong with the settings where those do not stand in the way."""
    leaked = credentials(document)
    found = environment_findings(document)
    environments: list[str | None] = [*environment_names(document)]
    for environment in environments or [None]:
        for target in named_targets(document, environment) or [""]:
            _, wrong = validated(document, merge(layers(document, environment, target)))
            found += wrong
    beside = [finding for finding in found if not any(_follows(finding, problem) for problem in known)]
    return _distinct([*leaked, *_without([*known, *beside], leaked)])


def _follows(finding: Finding, problem: Finding) -> bool:
    """Whether a finding is about what a problem of the YAML left behind: on its line, at its path or below."""
    if finding.position is None or problem.position is None or finding.position.line != problem.position.line:
        return False
    return finding.position == problem.position or finding.path.startswith(problem.path)


def layers(document: Document, environment: str | None, target: str) -> list[Layer]:
    """What is laid over each other, lowest first: presets, contract, base, environment, target."""
    base = {key: value for key, value in document.data.items() if key != "environments"}
    overlay = overlay_of(document, environment)
    written = [Layer(Origin.BASE, "", base, ())]
    if environment is not None:
        changes = {key: value for key, value in overlay.items() if key not in NOT_IN_AN_ENVIRONMENT}
        written.append(Layer(Origin.ENVIRONMENT, environment, changes, ("environments", environment)))
    written += _target_layers(written, target)
    edition = edition_named(str(base.get("edition", NEWEST)))
    return [_SECTIONS, *_presets(edition, base, overlay), *_contract(edition, written), *_outside(written), *written]


def _target_layers(written: list[Layer], target: str) -> list[Layer]:
    """What a target's block changes for it alone. A chart is for a cluster: helm's block is laid over that of k8s."""
    if target != "helm":
        return _overrides(written, target)
    over = [
        Layer(Origin.TARGET, target, block, root, ("targets", "k8s"))
        for block, root in _blocks(written, ("targets", target), (*OF_THE_CHART, "override"))
    ]
    return [*over, *_overrides(written, "k8s"), *_overrides(written, target)]


def _overrides(written: list[Layer], target: str) -> list[Layer]:
    found = _blocks(written, ("targets", target, "override"), NOT_IN_AN_OVERRIDE)
    return [Layer(Origin.TARGET, target, block, root) for block, root in found]


def _blocks(
    written: list[Layer], path: tuple[str, ...], without: Collection[str]
) -> Iterator[tuple[dict[str, Any], ConfigPath]]:
    """The block at `path` of each layer that has one, and where it stands in the person's file."""
    for layer in written:
        block: Any = layer.content
        for key in path:
            block = block.get(key) if isinstance(block, Mapping) else None
        if isinstance(block, Mapping) and layer.root is not None:
            yield {key: value for key, value in block.items() if key not in without}, (*layer.root, *path)


def _presets(edition: Edition, base: Mapping[str, Any], overlay: Mapping[str, Any]) -> list[Layer]:
    names = [base.get("preset", "small"), overlay.get("preset")]
    return [
        Layer(Origin.PRESET, str(name), edition.presets[name])
        for name in names
        if isinstance(name, str) and name in edition.presets
    ] or [Layer(Origin.PRESET, "small", edition.presets["small"])]


def _contract(edition: Edition, written: list[Layer]) -> list[Layer]:
    name = "shared-state"
    for layer in written:
        block = expand_shorthand(layer.content).get("contract")
        if isinstance(block, Mapping):
            name = str(block.get("extends", name))
    return [Layer(Origin.CONTRACT, name, edition.contracts.get(name, edition.contracts["shared-state"]))]


def _outside(written: list[Layer]) -> list[Layer]:
    """A database outside is reached over somebody else's network: with TLS, unless the config says no."""
    mode = None
    for layer in written:
        block = layer.content.get("database")
        mode = block.get("mode", mode) if isinstance(block, Mapping) else mode
    outside = mode in ("external", "managed")
    return [Layer(Origin.PRESET, "database outside", {"database": {"tls": "require"}})] if outside else []


def _require_environment(document: Document, environment: str | None) -> None:
    names = environment_names(document)
    if environment is None and names:
        raise UsageError(
            f"{document.file} has environments: {', '.join(names)}.",
            f"Choose one with -e {names[0]}, or --all-environments.",
        )
    if environment is not None and environment not in names:
        if not names:
            raise UsageError(
                f"{document.file} has no environments.", "Leave -e out, or add environments to the config."
            )
        near = difflib.get_close_matches(environment, names, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(names)}."
        raise UsageError(
            f"{document.file} has no environment {shown(environment) or '(empty)'}. {hint}",
            f"Choose one with -e {(near or names)[0]}, or --all-environments.",
        )


def _without(findings: list[Finding], leaked: list[Finding]) -> list[Finding]:
    """The findings that are not about a credential, whose text they might repeat."""
    places = {finding.position for finding in leaked}
    return [redacted(finding) for finding in findings if finding.position not in places]


def _distinct(findings: list[Finding]) -> list[Finding]:
    def place(finding: Finding) -> tuple[int, int, str]:
        return (
            (finding.position.line, finding.position.column, finding.path) if finding.position else (0, 0, finding.path)
        )

    return sorted(dict.fromkeys(findings), key=place)
