"""The virtual environment the app runs in: what its requirements.txt pins, and nothing of ours.

`python -m tests.reference_app.environment` makes it. It stays in .cache until the requirements change.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
APP = CHECKOUT / "examples" / "reference_app"


def python() -> Path:
    """The environment's interpreter, made now if it is not there."""
    requirements = (APP / "requirements.txt").read_bytes()
    key = hashlib.sha256(requirements + sys.version.encode() + str(CHECKOUT).encode()).hexdigest()[:16]
    folder = CHECKOUT / ".cache" / "reference_app" / key
    found = folder / "bin" / "python"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip: list[str | Path] = [found, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", APP / "requirements.txt"], check=True)
        (folder / "complete").touch()
    return found


if __name__ == "__main__":
    print(python())
