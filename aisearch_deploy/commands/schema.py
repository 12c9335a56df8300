"""`schema`: the JSON Schema that editors read."""

from __future__ import annotations

import json

from aisearch_deploy.config.json_schema import json_schema


def run() -> None:
    """Prints the schema."""
    print(json.dumps(json_schema(), indent=2))
