"""The schema of aisearch.yaml as a person writes it: what presets give is optional, shorthand is allowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aisearch_deploy.config.base import BYTES, MILLICORES, PERCENT, SECONDS
from aisearch_deploy.config.layering import NOT_IN_AN_ENVIRONMENT, NOT_IN_AN_OVERRIDE
from aisearch_deploy.config.schema import Config
from aisearch_deploy.config.shapes import NAME
from aisearch_deploy.formats import quantities

REQUIRED = ["version", "edition", "name", "domains", "image"]

# How a default, a plain number inside the program, is written in the file.
_WRITTEN: dict[str, Callable[[int], str]] = {
    BYTES: quantities.written_bytes,
    SECONDS: quantities.duration,
    PERCENT: lambda value: f"{value}%",
    MILLICORES: quantities.kubernetes_cpu,
}


def json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the whole file, environments and overrides included."""
    schema = Config.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs")
    for place in (schema, *list(definitions.values())):
        _name_blocks(place["properties"], definitions)
    for definition in (schema, *definitions.values()):
        definition.pop("required", None)
        definition.pop("title", None)
        for entry in definition["properties"].values():
            _as_written(entry)
    _allow_shorthand(schema["properties"], definitions)
    properties = schema["properties"]
    definitions["Environment"] = _overlay("What differs in one environment.", properties, NOT_IN_AN_ENVIRONMENT)
    definitions["Override"] = _overlay("What differs for one target.", properties, NOT_IN_AN_OVERRIDE)
    for definition in definitions.values():
        override = definition["properties"].get("override")
        if override is not None:
            definition["properties"]["override"] = {
                "$ref": "#/$defs/Override",
                "description": override["description"],
                "examples": override["examples"],
            }
    properties["environments"] = {
        "type": "object",
        "description": "Named overlays: dev, staging, production.",
        "propertyNames": {"pattern": NAME},
        "additionalProperties": {"$ref": "#/$defs/Environment"},
    }
    properties["image"] = properties["image"] | {"required": ["repository"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "aisearch.yaml",
        **schema,
        "required": REQUIRED,
        "$defs": definitions,
    }


def _name_blocks(place: Any, definitions: dict[str, Any]) -> None:
    """Makes a block that stands in its place (see WhenGiven) a definition, as all others are."""
    for key, below in place.items() if isinstance(place, dict) else enumerate(place):
        if isinstance(below, dict | list):
            _name_blocks(below, definitions)
        if isinstance(below, dict) and "properties" in below and "title" in below:
            definitions[below["title"]] = below
            place[key] = {"$ref": f"#/$defs/{below['title']}"}


def _as_written(entry: dict[str, Any]) -> None:
    """Defaults in the file's own spelling, and without pydantic's titles."""
    entry.pop("title", None)
    written = _WRITTEN.get(entry.get("pattern", ""))
    if written is not None and "default" in entry:
        entry["default"] = written(entry["default"])


def _allow_shorthand(properties: dict[str, Any], definitions: dict[str, Any]) -> None:
    """`contract: local-state`, `app.memory: 6Gi`, `app.cpu: "2"`."""
    names = {"enum": ["shared-state", "local-state"]}
    properties["contract"] = _either(names, properties["contract"])
    app, cpu, memory = (definitions[name]["properties"] for name in ("App", "Cpu", "Memory"))
    app["cpu"] = _either(_bare(cpu["limit"]), app["cpu"])
    app["memory"] = _either(_bare(memory["limit"]), app["memory"])


def _bare(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key in ("type", "pattern")}


def _either(short: dict[str, Any], block: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": block["description"],
        "examples": block["examples"],
        "anyOf": [short, {"$ref": block["$ref"]}],
    }


def _overlay(description: str, properties: dict[str, Any], without: tuple[str, ...]) -> dict[str, Any]:
    """The same settings, none of them required and none with a default: what is not said is as it was."""
    kept = {name: entry for name, entry in properties.items() if name not in without}
    return {
        "type": "object",
        "description": description,
        "properties": {
            name: {key: value for key, value in entry.items() if key != "default"} for name, entry in kept.items()
        },
        "additionalProperties": False,
    }
