"""The command as a process of its own: what only a real process shows."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aisearch_deploy import __version__
from tests.cli.folders import MINIMAL, config, picture

NOBODY = 65534
COMMAND = [sys.executable, "-m", "aisearch_deploy"]


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "aisearch.yaml").write_text(MINIMAL)
    return tmp_path


# (arguments, config, exit code, on standard output, on standard error)
ENDS: list[tuple[list[str], str, int, str, str]] = [
    (["--version"], MINIMAL, 0, f"aisearch-deploy {__version__}\n", ""),
    (["validate"], MINIMAL, 0, "aisearch.yaml is valid (compose).\n", ""),
    (["validate"], config("nmae: x"), 2, "", "aisearch.yaml:7:1  nmae: unknown key. Did you mean name?"),
    (["validate"], config("name: no"), 2, "", 'Write "no" for the text'),
    (["render", "-c", "none.yaml"], MINIMAL, 3, "", "none.yaml does not exist."),
    (["render", "-c", "."], MINIMAL, 3, "", "Name the file in it: -c aisearch.yaml"),
    (["render", "--check"], MINIMAL, 1, "missing", "differences."),
    (["render", "--check", "-c", "none.yaml"], MINIMAL, 3, "", "none.yaml does not exist."),
    (["render", "--check"], config("nmae: x"), 2, "", "nmae: unknown key."),
    (["render", "-t", "compse"], MINIMAL, 2, "", "Did you mean compose?"),
    (["init"], MINIMAL, 1, "", "aisearch.yaml exists; nothing written."),
    (["init", "new.yaml"], MINIMAL, 2, "", "there is nobody to ask."),
    (["rendr"], MINIMAL, 2, "", "Did you mean 'render'?"),
    ([], MINIMAL, 2, "", "Usage: aisearch-deploy"),
]


@pytest.mark.parametrize(("arguments", "text", "code", "out", "err"), ENDS, ids=[" ".join(end[0]) for end in ENDS])
def test_exit_codes_and_streams(arguments: list[str], text: str, code: int, out: str, err: str, folder: Path) -> None:
    (folder / "aisearch.yaml").write_text(text)
    before = picture(folder)
    ran = run(folder, *arguments)
    assert ran.returncode == code
    assert out in ran.stdout
    assert err in ran.stderr
    assert bool(ran.stdout) == bool(out)
    assert bool(ran.stderr) == bool(err)
    assert "Traceback" not in ran.stderr
    assert picture(folder) == before


@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1", "TERM": "xterm"}, {"LC_ALL": "C"}])
def test_nothing_but_text_where_there_is_no_terminal(variables: dict[str, str], folder: Path) -> None:
    (folder / "aisearch.yaml").write_text(config("name: \u0430"), encoding="utf-8")
    ran = run(folder, "validate", **variables)
    assert ran.returncode == 2
    assert "\x1b" not in ran.stderr
    assert "U+0430, CYRILLIC SMALL LETTER A" in ran.stderr


@pytest.mark.parametrize("arguments", [["render", "--stdout"], ["schema"], ["targets"], ["--help"], ["validate"]])
def test_a_reader_that_has_left_is_no_error(arguments: list[str], folder: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [*COMMAND, *arguments]
    ran = subprocess.run(command, cwd=folder, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=20, check=False)
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("line", ["validate", "schema", "--help", "targets", "render --check", "render --stdout"])
def test_a_full_disk_behind_standard_output(line: str, folder: Path) -> None:
    assert run(folder, "render").returncode == 0
    command = f"{shlex.join(COMMAND)} {line} > /dev/full"
    ran = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=20, check=False)
    assert (ran.returncode, ran.stderr) == (3, "Standard output cannot be written: No space left on device.\n")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("validate >&-", 0),
        ("validate 2>&-", 0),
        ("validate <&- >&- 2>&-", 0),
        ("validate -c none.yaml 2>&-", 3),
        ("validate -c none.yaml 2>/dev/full", 3),
        ("render --check >&-", 1),
        ("init x.yaml <&-", 2),
    ],
)
def test_streams_that_the_caller_closed(line: str, code: int, folder: Path) -> None:
    command = f"{shlex.join(COMMAND)} {line}"
    ran = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=20, check=False)
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "bug" not in ran.stderr


def test_a_bug_of_ours_says_so_and_shows_where_only_when_asked(folder: Path) -> None:
    script = (
        "import sys; from aisearch_deploy import cli; from aisearch_deploy.commands import validate\n"
        "validate.run = lambda *_: 1 / 0\n"
        "sys.exit(cli.run(['validate']))"
    )
    for variables, shows in (({}, False), ({"AISEARCH_DEPLOY_DEBUG": "1"}, True)):
        environment = {key: value for key, value in os.environ.items() if key != "AISEARCH_DEPLOY_DEBUG"} | variables
        ran = subprocess.run(
            [sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert (ran.returncode, ran.stdout) == (70, "")
        assert "A bug in aisearch-deploy (ZeroDivisionError); nothing was written." in ran.stderr
        assert ("Traceback" in ran.stderr) is shows


def as_nobody(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a command as a user who may read the folder and not write it; everything is loaded before the change."""
    script = (
        "import encodings.unicode_escape, os, sys; from aisearch_deploy.cli import run\n"
        "warm = sys.argv[1]; run(['init', '--yes', f'{warm}/aisearch.yaml']); run(['validate', '-c', f'{warm}/none'])\n"
        "run(['render', '-c', f'{warm}/aisearch.yaml', '-o', f'{warm}/out', '-t', 'compose'])\n"
        "print('====', flush=True); print('====', file=sys.stderr, flush=True)\n"
        f"os.geteuid() or (os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY}))\n"
        "sys.exit(run(sys.argv[2:]))\n"
    )
    command = [sys.executable, "-c", script, str(folder.parent / "warm"), *arguments]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    ran.stdout = ran.stdout.partition("====\n")[2]
    ran.stderr = ran.stderr.partition("====\n")[2]
    return ran


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder with a config that another user may read and not write."""
    for path in (tmp_path, *tmp_path.parents[:2]):  # pytest's own folders are closed to others
        path.chmod(path.stat().st_mode | 0o055)
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "aisearch.yaml").write_text(MINIMAL)
    folder.chmod(0o555)
    return folder


@pytest.mark.parametrize("arguments", [["render", "-t", "compose"], ["init", "new.yaml", "--yes"]])
def test_a_folder_that_may_not_be_written(arguments: list[str], closed: Path) -> None:
    before = picture(closed)
    ran = as_nobody(closed, *arguments)
    assert (ran.returncode, ran.stdout) == (3, ""), ran.stderr
    assert "Permission denied" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert picture(closed) == before


def test_a_config_that_may_not_be_read(closed: Path) -> None:
    (closed / "aisearch.yaml").chmod(0)
    ran = as_nobody(closed, "validate")
    assert (ran.returncode, ran.stdout) == (3, ""), ran.stderr
    assert ran.stderr == ("aisearch.yaml may not be read by this user.\nLet this user read it and enter its folders.\n")


def test_ctrl_c_leaves_with_130(folder: Path) -> None:
    script = (
        "import os, signal, sys; from aisearch_deploy import cli; from aisearch_deploy.commands import validate\n"
        "validate.run = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.exit(cli.run(['validate']))"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 128 + signal.SIGINT
    assert ran.stderr.strip() == "Interrupted; nothing is half written."
