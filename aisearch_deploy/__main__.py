"""The command's entry: an unchanged `render --check` answers before anything heavy is loaded."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs the command line and exits with its code."""
    # pydantic would search every installed distribution for plugins at start-up.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    arguments = sys.argv[1:]
    if arguments[:1] == ["render"] and "--check" in arguments:
        from aisearch_deploy.commands.unchanged import answer

        if answer(arguments[1:]):
            return
    from aisearch_deploy.cli import run

    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
