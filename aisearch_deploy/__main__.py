"""The command's entry: an unchanged `render --check` answers before anything heavy is loaded."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn

UNWRITABLE = 3


def main() -> NoReturn:
    """Runs the command line and exits with its code."""
    # A run lasts a fraction of a second: collecting and freeing objects one by one would be a tenth of it.
    gc.disable()
    _open_streams()
    code = 0
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass  # nobody is listening any more: `aisearch-deploy schema | head`
    except OSError as error:
        code = UNWRITABLE
        with suppress(OSError):
            print(f"Standard output cannot be written: {error.strerror}.", file=sys.stderr, flush=True)
    os._exit(code)


def _open_streams() -> None:
    """Python has None for a stream that the caller closed (`>&-`)."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: PTH123, SIM115


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
