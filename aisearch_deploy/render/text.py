"""One text from one template, parsed back and compared like any rendered file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aisearch_deploy.render.environment import FormatEnvironment
from aisearch_deploy.render.pipeline import compare


def render_text(template: str, fmt: str, values: Mapping[str, Any]) -> str:
    """The text of `template` (a path below templates/) in one format. Raises Bug."""
    environment = FormatEnvironment(fmt)
    text = environment.get_template(template).render(values)
    compare(template, environment.printer.format, text, environment.printer.printed)
    return text
