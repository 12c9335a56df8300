"""What a value may be, as JSON Schema of draft 7: the newest that Helm 3 and 4 both read."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 1, "maximum": 1000}
SHARE: Schema = {"type": "integer", "minimum": 1, "maximum": 1000, "description": "in percent"}
# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
QUANTITY: Schema = {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?([EPTGMk]i?|Ki|m)?$"}
OBJECT: Schema = {"type": "object"}
STRINGS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
# A ConfigMap holds text; Helm takes an entry away that is set to null.
SETTINGS: Schema = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
}
NAMES: Schema = {"type": "array", "items": {"type": "string", "minLength": 1}}
OBJECTS: Schema = {"type": "array", "items": {"type": ["object", "string"]}}
NONEMPTY: Schema = {**TEXT, "minLength": 1}
DIGEST: Schema = {"type": "string", "pattern": "^(sha256:[a-f0-9]{64})?$"}


def closed(properties: dict[str, Schema]) -> Schema:
    """An object with these entries and no others."""
    return {"type": "object", "additionalProperties": False, "properties": properties}


SCHEDULING = closed(
    {"nodeSelector": STRINGS, "tolerations": {"type": "array", "items": OBJECT}, "priorityClassName": TEXT}
)
