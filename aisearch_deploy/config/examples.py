"""What a setting looks like when it is right: examples out of the schema, printed as a person would write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from aisearch_deploy.config.scalars import quoted, resolve
from aisearch_deploy.config.schema import Config

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from aisearch_deploy.config.paths import ConfigPath

_PLAIN = re.compile(r"[A-Za-z0-9._/][A-Za-z0-9._/@+%-]*(:[A-Za-z0-9._/@+%-]+)*")


def section_at(path: ConfigPath) -> type[BaseModel] | None:
    """The schema of the block at `path`; list items and optional blocks count as the block they hold."""
    section: type[BaseModel] = Config
    for part in path:
        if isinstance(part, int):
            continue
        field = fields_of(section).get(part)
        below = section_in(field.annotation) if field is not None else None
        if below is None:
            return None
        section = below
    return section


def section_in(annotation: Any) -> type[BaseModel] | None:
    """The block that a field holds, directly, optionally or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for argument in get_args(annotation) if (found := section_in(argument))), None)


def fields_of(section: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields by the keys that a person writes."""
    return {field.alias or name: field for name, field in section.model_fields.items()}


def field_at(path: ConfigPath) -> FieldInfo | None:
    """The field that the nearest key of `path` names; an item of a list belongs to the list's field."""
    keys = [part for part in path if isinstance(part, str)]
    section = section_at(tuple(keys[:-1]))
    return fields_of(section).get(keys[-1]) if keys and section is not None else None


def example_of(field: FieldInfo) -> Any:
    """A right value; of a block, what it cannot be without."""
    if field.examples:
        return field.examples[0]
    section = section_in(field.annotation)
    if section is None:
        return None
    fields = fields_of(section)
    required = {key: below for key, below in fields.items() if below.is_required()}
    block = {key: example_of(below) for key, below in (required or dict([next(iter(fields.items()))])).items()}
    return [block] if field.annotation is not section and "list" in str(field.annotation) else block


def flow(value: Any) -> str:
    """`value` on one line of YAML: `{size: 20, overflow: 10}`, `[/chat/stream]`, `"1.4.2"`."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{flow(key)}: {flow(below)}' for key, below in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(flow(item) for item in value)}]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if not isinstance(value, str):
        return str(value)
    is_plain = _PLAIN.fullmatch(value) is not None and isinstance(resolve(value), str)
    return value if is_plain else quoted(value)
