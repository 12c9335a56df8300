"""Every leaf of the config's schema, as dotted patterns: `app.cpu.limit`, `app.volumes[].mount`, `app.env`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from aisearch_deploy.config.schema import Config


def leaves(model: type[BaseModel] = Config, above: str = "") -> Iterator[str]:
    """Leaves in the order of the schema; a free mapping or a list of texts is one leaf."""
    for name, field in model.model_fields.items():
        path = f"{above}{field.alias or name}"
        section, listed = _section(field.annotation)
        if section is None:
            yield path
        else:
            yield from leaves(section, f"{path}[]." if listed else f"{path}.")


def _section(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    listed = get_origin(annotation) is list
    for argument in get_args(annotation):
        found, inner = _section(argument)
        if found is not None:
            return found, listed or inner
    return None, False
