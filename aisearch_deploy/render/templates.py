"""Where the templates are: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def template_folder() -> Path:
    """The packaged folder first, then the checkout's; an editable install has only the latter."""
    packaged = PACKAGE / "templates"
    return packaged if packaged.is_dir() else PACKAGE.parent / "templates"


def in_brackets(name: str) -> bool:
    """Whether a template is written with [[ ]] and [% %]: those of the chart, where {{ }} is Helm's."""
    return name.startswith("helm/")
