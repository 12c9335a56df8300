"""The merged tree against the schema, with every error put into words and at its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from aisearch_deploy.config.load import ConfigPath, Document, dotted
from aisearch_deploy.config.schema import Config
from aisearch_deploy.findings import Finding, Severity
from aisearch_deploy.model.layers import Merged
from aisearch_deploy.model.places import value_at, written_place

MOST_FINDINGS = 200  # wording costs time, and nobody reads more


def validated(document: Document, merged: Merged) -> tuple[Config | None, list[Finding]]:
    """The config, or None and what is wrong with it."""
    try:
        return Config.model_validate(merged.tree), []
    except ValidationError as error:
        # include_input=False: a wrong value may be a secret in the wrong place.
        errors = error.errors(include_url=False, include_input=False)
    found = [_finding(document, merged, entry) for entry in errors[:MOST_FINDINGS]]
    # What a person wrote once (`memory: 6` for request and limit) is one error.
    return None, list(dict.fromkeys(found))


def _real_path(tree: Any, location: tuple[Any, ...]) -> ConfigPath:
    """Pydantic's location without the names of union branches, which are no part of the file; `source` is `from`."""
    path: list[int | str] = []
    for part in location:
        if (isinstance(tree, Mapping) and part in tree) or (
            isinstance(tree, list) and isinstance(part, int) and part < len(tree)
        ):
            tree = tree[part]
        elif not isinstance(tree, Mapping) or (part is location[-1] and part == "[key]"):
            continue
        else:
            tree = None
        path.append(part)
    return tuple(path)


def _finding(document: Document, merged: Merged, entry: Any) -> Finding:
    from aisearch_deploy.model.wording import Wrong, words  # not loaded for a config that is right

    path, is_key = _real_path(merged.tree, entry["loc"]), entry["loc"][-1] == "[key]"
    layer = merged.origin_of(path)
    plain = document.plain.get(layer.written_path(path)) if layer is not None else None
    value = path[-1] if is_key else value_at(merged.tree, path)
    message, fix = words(Wrong(entry["type"], entry.get("ctx", {}), str(entry["msg"]), path, value, plain, is_key))
    is_about_key = is_key or entry["type"] in ("extra_forbidden", "missing")
    written, position = written_place(document, merged, path, key=is_about_key)
    return Finding("config", Severity.ERROR, dotted(written), position, message, fix)
