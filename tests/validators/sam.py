"""SAM templates through AWS's own translator, and what comes out of it through cfn-lint."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import yaml
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from tests.validators import cloudformation

REGION = "eu-central-1"


def problems(path: Path) -> list[str]:
    """What cfn-lint says about the template, and the translator; ours about the template that it becomes."""
    found = cloudformation.lint(path)
    try:
        template = translated(path)
    except InvalidDocumentException as error:
        return [*found, *(str(cause.message) for cause in error.causes)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.json"
        file.write_text(json.dumps(template))
        # cfn-lint does not look into SAM's own resources. How the translator writes is its business: errors count.
        errors = [line for line in cloudformation.lint(file) if ": E" in line]
    return [*found, *errors, *cloudformation.unresolved(template)]


def translated(path: Path) -> dict[str, Any]:
    """The plain CloudFormation template. Raises InvalidDocumentException."""
    template = yaml.safe_load(path.read_text())
    session = Mock(region_name=REGION)
    result: dict[str, Any] = Translator({}, Parser(), boto_session=session).translate(copy.deepcopy(template), {})
    return result
