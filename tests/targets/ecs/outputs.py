"""What a stack's outputs would be, made up from the stack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ACCOUNT = "111122223333"
_REGISTRY = f"{ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/ai-search"


def outputs(stack: Path) -> dict[str, str]:
    """A plausible value for each output, by its name."""
    template: dict[str, Any] = yaml.safe_load(stack.read_text())
    return {name: _plausible(name) for name in template["Outputs"]}


def _plausible(name: str) -> str:
    if name.startswith("Secret") or name == "DatabaseSecret":
        return f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:ai-search/{name}-AbCdEf"
    if name.endswith("Role"):
        return f"arn:aws:iam::{ACCOUNT}:role/{name}"
    if name.endswith("Image"):
        return f"{_REGISTRY}:{name.lower()}"
    if name.endswith("Access"):
        return "fsap-0a1b2c3d4e5f67890"
    return {"FileSystem": "fs-0a1b2c3d4e5f67890"}.get(name, f"{name.lower()}.example.internal")
