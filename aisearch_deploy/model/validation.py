"""The merged tree against the schema, with every error put into words and at its place in the file."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from aisearch_deploy.config.load import ConfigPath, Document, dotted
from aisearch_deploy.config.schema import Config
from aisearch_deploy.config.shapes import SHAPES
from aisearch_deploy.findings import Finding, Position, Severity
from aisearch_deploy.model.layers import Merged


def validated(document: Document, merged: Merged) -> tuple[Config | None, list[Finding]]:
    """The config, or None and what is wrong with it."""
    try:
        return Config.model_validate(merged.tree), []
    except ValidationError as error:
        # include_input=False: a wrong value may be a secret in the wrong place.
        errors = error.errors(include_url=False, include_input=False)
    found: dict[ConfigPath, Finding] = {}
    for entry in errors:
        path = _real_path(merged.tree, entry["loc"])
        found.setdefault(path, _finding(document, merged, path, entry))
    return None, _once(list(found.values()))


def _once(findings: list[Finding]) -> list[Finding]:
    """What a person wrote once (`memory: 6` for request and limit) is one error, at what they wrote."""
    once: dict[tuple[Position | None, str], Finding] = {}
    for finding in findings:
        key = (finding.position, finding.message)
        once[key] = replace(finding, path=finding.path.rpartition(".")[0]) if key in once else finding
    return list(once.values())


def written_position(document: Document, merged: Merged, path: ConfigPath, *, key: bool = False) -> Position | None:
    """Where the person wrote `path`, or the nearest thing above it; the first line for what they did not write."""
    layer = merged.origin_of(path)
    root = layer.root if layer is not None and layer.root is not None else ()
    full = (*root, *path)
    exact = (document.keys if key else document.values).get(full)
    if exact is not None:
        return exact
    for length in range(len(full), 0, -1):
        above = document.keys.get(full[:length]) or document.values.get(full[:length])
        if above is not None:
            return above
    return Position(document.file, 1, 1)


def _real_path(tree: Any, location: tuple[int | str, ...]) -> ConfigPath:
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


def _finding(document: Document, merged: Merged, path: ConfigPath, entry: Any) -> Finding:
    message, fix = _words(document, merged, path, entry)
    is_about_key = entry["type"] in ("extra_forbidden", "missing") or entry["loc"][-1] == "[key]"
    position = written_position(document, merged, path, key=is_about_key)
    return Finding("config", Severity.ERROR, dotted(path), position, message, fix)


def _words(document: Document, merged: Merged, path: ConfigPath, entry: Any) -> tuple[str, str]:
    kind, context = entry["type"], entry.get("ctx", {})
    match kind:
        case "extra_forbidden":
            return "unknown key.", _did_you_mean(path)
        case "missing":
            return "missing.", _example(path)
        case "string_type":
            return _not_a_text(document, merged, path)
        case "string_pattern_mismatch":
            shape = SHAPES.get(context["pattern"])
            what, example = shape or ("of the right form", "")
            return f"not {what}.", f"Write something like {example}" if example else ""
        case "literal_error" if _is_misread(document, merged, path):
            return _not_a_text(document, merged, path)
        case "literal_error":
            return f"not one of {context['expected']}.", _nearest(merged, path, context["expected"])
        case "int_type" | "int_parsing":
            return "not a whole number.", _example(path)
        case "bool_type":
            return "not true or false.", "Write true or false, without quotes."
        case "list_type":
            return "not a list.", _example(path)
        case "dict_type" | "model_type" | "model_attributes_type":
            return "not a block of keys and values.", _example(path)
        case "string_too_long":
            return f"longer than {context['max_length']} characters.", "Shorten it."
        case "too_short":
            return "empty.", _example(path)
        case "greater_than_equal":
            return f"less than {context['ge']}.", f"Write at least {context['ge']}."
        case "less_than_equal":
            return f"more than {context['le']}.", f"Write at most {context['le']}."
    message, _, fix = str(entry["msg"]).partition(". Write ")
    return f"{message}." if not message.endswith(".") else message, f"Write {fix}" if fix else ""


def _is_misread(document: Document, merged: Merged, path: ConfigPath) -> bool:
    return _written(document, merged, path) is not None and not isinstance(_value(merged, path), str)


def _written(document: Document, merged: Merged, path: ConfigPath) -> str | None:
    """The unquoted text of a value, as the person wrote it."""
    layer = merged.origin_of(path)
    return document.plain.get((*(layer.root or ()), *path) if layer else path)


def _value(merged: Merged, path: ConfigPath) -> Any:
    value: Any = merged.tree
    for part in path:
        value = value[part]
    return value


def _not_a_text(document: Document, merged: Merged, path: ConfigPath) -> tuple[str, str]:
    written = _written(document, merged, path)
    if written is None:
        return "not a text.", _example(path)
    value = _value(merged, path)
    kind = (
        "nothing"
        if value is None
        else f"the truth value {str(value).lower()}"
        if isinstance(value, bool)
        else f"the number {value}"
    )
    return f"{written or 'an empty value'} reads as {kind}.", f'Write "{written}".'


def _did_you_mean(path: ConfigPath) -> str:
    section = section_at(path[:-1])
    if section is None:
        return "Remove it."
    names = [field.alias or name for name, field in section.model_fields.items()]
    names += ["environments"] if section is Config else []
    near = difflib.get_close_matches(str(path[-1]), names, n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else f"Known keys: {', '.join(names)}."


def _nearest(merged: Merged, path: ConfigPath, expected: str) -> str:
    value = _value(merged, path)
    choices = expected.replace("'", "").replace(" or ", ", ").split(", ")
    near = difflib.get_close_matches(str(value), choices, n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else ""


def _example(path: ConfigPath) -> str:
    section = section_at(path[:-1])
    field = None
    if section is not None:
        field = next((f for name, f in section.model_fields.items() if (f.alias or name) == path[-1]), None)
    if field is None:
        return ""
    if field.examples:
        return f"{field.description} For example {path[-1]}: {json.dumps(field.examples[0])}"
    return field.description or ""


def section_at(path: ConfigPath) -> type[BaseModel] | None:
    """The schema of the block at `path`; list items and optional blocks count as the block they hold."""
    section: type[BaseModel] = Config
    for part in path:
        if isinstance(part, int):
            continue
        field = next((f for name, f in section.model_fields.items() if (f.alias or name) == part), None)
        below = _section_in(field.annotation) if field is not None else None
        if below is None:
            return None
        section = below
    return section


def _section_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for argument in get_args(annotation) if (found := _section_in(argument))), None)
