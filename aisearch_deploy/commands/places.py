"""The rendered places that a setting decides: found by rendering once as it is, and once with another value."""

from __future__ import annotations

from typing import Any, NamedTuple

from aisearch_deploy.checks.in_force import in_force
from aisearch_deploy.config.edit import changed
from aisearch_deploy.config.load import parse
from aisearch_deploy.config.other_values import other_values
from aisearch_deploy.config.paths import parts_of
from aisearch_deploy.errors import DeployError
from aisearch_deploy.findings import Change
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.places import value_at
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.render.differences import differences
from aisearch_deploy.render.pipeline import render
from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.registry import target_named

# Each costs a rendering; one that changes nothing or is refused is followed by the next.
MOST_TRIED = 8


class Places(NamedTuple):
    """`places` are (file, JSON pointer); empty where no value tried changes any. `tried` is the value that did it."""

    tried: Any
    places: tuple[tuple[str, str], ...]


def changed_places(deployment: Deployment, path: str, default: Any = None) -> Places:
    """Where `path` shows in the files of this deployment's target, which has to carry the deployment.

    `default` is its value where nobody wrote one.
    """
    before, parts = _rendered(deployment), tuple(parts_of(path))
    written = value_at(deployment.merged.tree, parts)
    for value in other_values(parts, default if written is None else written)[:MOST_TRIED]:
        other = _with(deployment, Change(path, value))
        if other is None:
            continue
        after = _rendered(other)
        files = {name: file for name, (file, _) in {**before, **after}.items()}
        texts = [{name: text for name, (_, text) in rendered.items()} for rendered in (before, after)]
        places = tuple(differences(texts[0], texts[1], files))
        if places:
            return Places(value, places)
    return Places(None, ())


def _with(deployment: Deployment, change: Change) -> Deployment | None:
    """The same deployment with one setting changed; None where that is wrong or the target cannot carry it."""
    target = target_named(deployment.target)
    try:
        text = changed(deployment.document.content.decode(), in_force(deployment, (change,)))
        document = parse(text.encode(), deployment.document.file)
        found = resolve(document, deployment.environment, target.TRAITS)
    except DeployError:
        return None
    return found if target.refuses(found) is None else None


def _rendered(deployment: Deployment) -> dict[str, tuple[File, bytes]]:
    plan = target_named(deployment.target).plan(deployment)
    texts = render(deployment.target, plan)
    return {file.path: (file, texts[file.path]) for file in plan.files}
