"""Compiles the templates into the wheel: one Python module a template, which Python itself keeps as bytecode."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledTemplates(BuildHookInterface):  # type: ignore[type-arg]
    """Adds aisearch_deploy/compiled_templates/ to the wheel; an editable install does without."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        # pydantic is no build dependency: only the render environment is imported, which needs jinja2 and the formats.
        from aisearch_deploy.render.compiled import compile_all

        folder = Path(tempfile.mkdtemp(prefix="compiled-templates-"))
        compile_all(root / "templates", folder)
        for path in sorted(folder.iterdir()):
            os.utime(path, (0, 0))
            build_data["force_include"][str(path)] = f"aisearch_deploy/compiled_templates/{path.name}"
