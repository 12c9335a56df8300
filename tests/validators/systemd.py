"""systemd-analyze, from the distribution: units that load, and how much a service may do."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.validators.tools import complaint, run

if TYPE_CHECKING:
    from collections.abc import Mapping

# The programs are on the server, not here; that a script is rendered is another test's business.
_PROGRAM = re.compile(r"^(Exec[A-Z]\w*=)\S+", re.MULTILINE)
_OVERALL = re.compile(r"Overall exposure level for \S+: ([0-9.]+)")


def problems(units: Mapping[str, str]) -> list[str]:
    """What ``systemd-analyze verify`` says about units, given as name -> text.

    Without ``--recursive-errors=no`` an unknown key would be a warning that nobody sees.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, text in units.items():
            (Path(folder) / name).write_text(_PROGRAM.sub(r"\1/bin/true", text), encoding="utf-8")
        found = []
        for name in sorted(units):
            finished = run(
                ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", Path(folder) / name],
                cwd=Path(folder),
                variables={"SYSTEMD_UNIT_PATH": f"{folder}:"},
            )
            if finished.returncode or finished.stderr.strip():
                found += [line.replace(f"{folder}/", "") for line in complaint(finished)]
    return found


def exposure(name: str, text: str) -> float:
    """The overall exposure of one service, 0 (it may do nothing) to 10, as ``systemd-analyze security`` measures it.

    Raises:
        ValueError: it measured nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_text(text, encoding="utf-8")
        finished = run(["systemd-analyze", "security", "--offline=true", "--no-pager", file], cwd=Path(folder))
    overall = _OVERALL.search(finished.stdout)
    if overall is None:
        raise ValueError("\n".join(complaint(finished)))
    return float(overall[1])
