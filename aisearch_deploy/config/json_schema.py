"""The schema of aisearch.yaml as a person writes it: what presets give is optional, shorthand is allowed."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.config.schema import Config

REQUIRED = ["version", "edition", "name", "domains", "image"]


def json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the whole file, environments included."""
    schema = Config.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs")
    for definition in definitions.values():
        definition.pop("required", None)
    quantity = {"type": ["string", "number"]}
    for name in ("cpu", "memory"):
        both = definitions["App"]["properties"][name]
        definitions["App"]["properties"][name] = {
            "description": both.pop("description"),
            "anyOf": [quantity if name == "cpu" else {"type": "string"}, both],
        }
    names = ["shared-state", "local-state"]
    contract = schema["properties"]["contract"]
    schema["properties"]["contract"] = {
        "description": contract.pop("description"),
        "anyOf": [{"enum": names}, contract],
    }
    overlay = {key: value for key, value in schema["properties"].items() if key not in ("version", "edition")}
    definitions["Environment"] = {
        "type": "object",
        "description": "What differs in one environment.",
        "properties": _without_defaults(overlay),
        "additionalProperties": False,
    }
    schema["properties"]["environments"] = {
        "type": "object",
        "description": "Named overlays: dev, staging, production.",
        "additionalProperties": {"$ref": "#/$defs/Environment"},
    }
    schema["properties"]["image"]["required"] = ["repository"]
    schema["required"] = REQUIRED
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "aisearch.yaml",
        **schema,
        "$defs": definitions,
    }


def _without_defaults(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {key: value for key, value in entry.items() if key != "default"} for name, entry in properties.items()
    }
