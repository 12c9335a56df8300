"""Templates compiled when the wheel is built and shipped ready to load; in a checkout, compiled on first use.

A compiled template fits the Jinja that compiled it, so the version is kept beside it and another one is not used.
"""

from __future__ import annotations

import os
from pathlib import Path

import jinja2
from jinja2 import BaseLoader, BytecodeCache, FileSystemBytecodeCache, FileSystemLoader, ModuleLoader

from aisearch_deploy.render.templates import PACKAGE, in_brackets, template_folder

VERSION_FILE = "jinja-version"


def compile_all(templates: Path, into: Path) -> None:
    """Writes one module for each template below `templates` into `into`."""
    from aisearch_deploy.render.environment import Printing

    for brackets in (False, True):
        environment = Printing(FileSystemLoader(templates), None, _unprintable, brackets=brackets)
        names = {name for name in environment.list_templates(["j2"]) if in_brackets(name) is brackets}
        environment.compile_templates(str(into), filter_func=names.__contains__, zip=None, ignore_errors=False)
    (into / VERSION_FILE).write_text(jinja2.__version__)


def loader_and_cache() -> tuple[BaseLoader, BytecodeCache | None]:
    """The shipped modules when they fit, else the sources with a bytecode cache in the person's cache folder."""
    shipped = PACKAGE / "compiled_templates"
    version = shipped / VERSION_FILE
    if version.is_file() and version.read_text() == jinja2.__version__:
        return ModuleLoader(shipped), None
    return FileSystemLoader(template_folder()), _person_cache()


def _person_cache() -> BytecodeCache | None:
    root = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - Path.home() may raise
    folder = Path(root) / "aisearch-deploy"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder))


def _unprintable(value: object) -> str:
    raise AssertionError(f"{value!r} is a constant: write it in the template")
