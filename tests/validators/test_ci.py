"""The parts of .ci: reading the README's test command, and failing a run in which a test did not run."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.validators.tools import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

CI = CHECKOUT / ".ci"

README = """\
# A title

```sh
aisearch-deploy render
```

<!-- test-command -->
```sh
# in a fresh clone
python3 -m venv .venv
.venv/bin/pip install -e . \\
  --group test
.venv/bin/pytest
```
"""


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=cwd, capture_output=True, text=True, check=False, timeout=60)


def test_the_readmes_test_command_is_read_a_command_a_line(tmp_path) -> None:
    (tmp_path / "README.md").write_text(README)
    finished = run(CI / "readme-command", "README.md", cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines() == [
        "python3 -m venv .venv",
        ".venv/bin/pip install -e .    --group test",
        ".venv/bin/pytest",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "README.md is not there"),
        ("", "0 fenced blocks"),
        (README.replace("<!-- test-command -->\n", "<!-- test-command -->\n\nRun:\n"), "0 fenced blocks"),
        (README + README, "2 fenced blocks"),
        (README.replace(".venv/bin/pytest\n", ""), "does not run pytest"),
    ],
)
def test_a_readme_without_one_test_command_fails_loudly(tmp_path, text, complaint) -> None:
    if text is not None:
        (tmp_path / "README.md").write_text(text)
    finished = run(CI / "readme-command", "README.md", cwd=tmp_path)
    assert finished.returncode == 1
    assert complaint in finished.stderr
    assert finished.stdout == ""


HIDDEN = "import pytest\n\nif False:\n    @pytest.mark.e2e\n    def test_it():\n        pass\n"
MARKED = "import pytest\n\n@pytest.mark.e2e\ndef test_it():\n    "


@pytest.mark.parametrize(
    ("files", "code", "complaint"),
    [
        ({"test_a.py": MARKED + "pass\n"}, 0, None),
        ({"test_a.py": MARKED + "assert 0\n"}, 1, None),
        ({"test_a.py": MARKED + "pytest.skip('no tool')\n"}, 1, "test_a.py::test_it: skipped"),
        ({"test_a.py": MARKED.replace("@", "@pytest.mark.xfail\n@") + "assert 0\n"}, 1, "expected to fail"),
        ({"test_a.py": "import pytest\npytest.importorskip('nothing_of_this_name')\n"}, 1, "while collecting"),
        ({"test_a.py": "def test_it():\n    pass\n"}, 1, "no test ran at all"),
        (
            {"test_a.py": MARKED + "pass\n", "test_b.py": HIDDEN},
            1,
            "tests/test_b.py: has e2e tests, ran none",
        ),
    ],
)
def test_a_test_that_did_not_run_fails_the_run(tmp_path, files, code, complaint) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / ".ci" / "every_test_ran.py").write_text((CI / "every_test_ran.py").read_text())
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = e2e\npythonpath = .ci\n")
    for name, text in files.items():
        (tmp_path / "tests" / name).write_text(text)
    finished = run("-m", "pytest", "-p", "every_test_ran", "-m", "e2e", cwd=tmp_path)
    assert finished.returncode == code, finished.stdout + finished.stderr
    assert (complaint or "") in finished.stdout
    assert ("this fails the run" in finished.stdout) == (complaint is not None)
