"""The command's entry: an unchanged `render --check` answers before anything heavy is loaded."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """Runs the command line and exits with its code."""
    # A run lasts a fraction of a second: collecting and freeing objects one by one would be a tenth of it.
    gc.disable()
    code = _run(sys.argv[1:])
    # Nobody may be listening any more: `aisearch-deploy schema | head`.
    with suppress(BrokenPipeError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _run(arguments: list[str]) -> int:
    # pydantic would search every installed distribution for plugins at start-up.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    if arguments[:1] == ["render"] and "--check" in arguments:
        from aisearch_deploy.commands.unchanged import answer

        if answer(arguments[1:]):
            return 0
    from aisearch_deploy.cli import run

    return run(arguments)


if __name__ == "__main__":
    main()
