"""`init`: the config that it writes, and the questions that it asks on a terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from aisearch_deploy.config.load import parse
from tests.cli.conftest import Cli
from tests.cli.folders import picture

DEFAULTS = {
    "version": 1,
    "edition": "2026.11",
    "name": "ai-search",
    "domains": ["search.example.com"],
    "preset": "small",
    "image": {"repository": "ghcr.io/example/ai-search", "tag": "1.4.2"},
    "tls": {"from": "self-signed"},
    "secrets": {"names": ["DASHSCOPE_API_KEY"]},
    "backup": {"schedule": "0 2,14 * * *", "keep": "30d"},
    "targets": {"compose": {}},
}
DIGEST = "sha256:" + "0123456789abcdef" * 4


def test_yes_takes_defaults_and_the_result_is_valid_and_renders(cli: Cli, tmp_path: Path) -> None:
    ran = cli("init", "--yes")
    assert (ran.code, ran.err) == (0, "")
    assert set(picture(tmp_path)) == {"aisearch.yaml", "aisearch.schema.json"}
    content = (tmp_path / "aisearch.yaml").read_bytes()
    assert parse(content, "f").data == DEFAULTS
    lines = content.decode().count("\n")
    assert ran.out == (
        f"Wrote aisearch.yaml ({lines} lines, every setting explained) and aisearch.schema.json for your editor.\n"
        "Change the domain and the image in it: so far an example, which no registry or name server knows.\n"
        "Next:  aisearch-deploy render     write deploy/compose/\n"
        "       aisearch-deploy validate   after you changed something\n"
    )
    assert cli("validate").code == 0
    assert cli("render").code == 0


# (flags, what differs from the defaults)
FLAGS: list[tuple[list[str], dict[str, object]]] = [
    (["--name", "a-b"], {"name": "a-b"}),
    (["--domain", "a.example"], {"domains": ["a.example"]}),
    (["--preset", "large"], {"preset": "large"}),
    (["--image", "r.example:5000/a/b:1.10"], {"image": {"repository": "r.example:5000/a/b", "tag": "1.10"}}),
    (["--image", f"a/b@{DIGEST}"], {"image": {"repository": "a/b", "digest": DIGEST}}),
    (["--image", f"a/b:2@{DIGEST}"], {"image": {"repository": "a/b", "tag": "2", "digest": DIGEST}}),
    (["--email", "ops@a.example"], {"tls": {"from": "letsencrypt", "email": "ops@a.example"}}),
    (["-t", "k8s", "-t", "compose"], {"targets": {"k8s": {}, "compose": {}}}),
]


@pytest.mark.parametrize(("flags", "different"), FLAGS, ids=[" ".join(flags) for flags, _ in FLAGS])
def test_flags(flags: list[str], different: dict[str, object], cli: Cli, tmp_path: Path) -> None:
    assert cli("init", "-y", *flags).code == 0
    assert parse((tmp_path / "aisearch.yaml").read_bytes(), "f").data == DEFAULTS | different
    assert cli("validate").code == 0


@pytest.mark.parametrize("flags", [[], ["--email", "a@b.example"], ["--image", f"a/b:2@{DIGEST}", "-t", "k8s"]])
def test_every_setting_follows_a_comment_that_explains_it(flags: list[str], cli: Cli, tmp_path: Path) -> None:
    assert cli("init", "--yes", *flags).code == 0
    lines = (tmp_path / "aisearch.yaml").read_text().splitlines()
    for above, line in pairwise(lines):
        if line and not line.lstrip().startswith("#"):
            assert above.lstrip().startswith("# "), line
            assert len(above) - len(above.lstrip()) == len(line) - len(line.lstrip()), line
    assert lines[0] == "# yaml-language-server: $schema=./aisearch.schema.json"
    assert max(map(len, lines)) <= 120


def test_another_name_and_a_folder_that_does_not_exist_yet(cli: Cli, tmp_path: Path) -> None:
    ran = cli("init", "--yes", "my search/config.yaml")
    assert ran.code == 0
    assert set(picture(tmp_path)) == {"my search", "my search/config.yaml", "my search/aisearch.schema.json"}
    assert "aisearch-deploy render -c 'my search/config.yaml'" in ran.out
    assert cli("validate", "-c", "my search/config.yaml").code == 0


@pytest.mark.parametrize("kind", ["file", "folder", "link", "broken link"])
def test_what_is_there_already_is_not_replaced(kind: str, cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "aisearch.yaml"
    if kind == "file":
        path.write_text("mine")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("elsewhere.yaml")
        if kind == "link":
            (tmp_path / "elsewhere.yaml").write_text("mine")
    before = picture(tmp_path)
    ran = cli("init", "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == ("aisearch.yaml exists; nothing written.\nChoose another name, or replace it with --overwrite.\n")
    assert picture(tmp_path) == before
    ran = cli("init", "--yes", "--overwrite")
    assert ran.code == (0 if kind == "file" else 3)
    assert kind == "file" or picture(tmp_path) == before


def test_a_schema_that_cannot_be_written_leaves_no_config_behind(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "aisearch.schema.json").mkdir()
    before = picture(tmp_path)
    ran = cli("init", "--yes")
    assert (ran.code, ran.out) == (3, "")
    assert "aisearch.schema.json is a directory." in ran.err
    assert picture(tmp_path) == before


class Terminal:
    """`aisearch-deploy init` in a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.screen = ""
        self.fd, inner = pty.openpty()
        environment = os.environ | {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "200"}
        command = [sys.executable, "-m", "aisearch_deploy", "init", *arguments]
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=inner, stdout=inner, stderr=inner, start_new_session=True
        )
        os.close(inner)

    def wait_for(self, text: str) -> None:
        """Reads until `text` is on the screen, and forgets what was before its end."""
        end = time.monotonic() + 20
        while text not in self.screen:
            ready, _, _ = select.select([self.fd], [], [], max(0, end - time.monotonic()))
            chunk = self._read() if ready else ""
            assert chunk, f"{text!r} did not come, but: {self.screen!r}"
            self.screen += chunk
        self.screen = self.screen.partition(text)[2]

    def answer(self, question: str, answer: str) -> None:
        self.wait_for(question)
        self.wait_for(": ")
        os.write(self.fd, f"{answer}\n".encode())

    def rest(self) -> str:
        while chunk := self._read():
            self.screen += chunk
        self.process.wait(timeout=20)
        return self.screen.replace("\r\n", "\n")

    def _read(self) -> str:
        try:
            return os.read(self.fd, 4096).decode()
        except OSError:  # Linux says so when the last process has closed its side
            return ""


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        os.close(terminal.fd)
        terminal.process.kill()
        terminal.process.wait()


def test_on_a_terminal_it_asks_until_each_answer_fits(terminals: list[Terminal], tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminals.append(terminal)
    terminal.answer("Name (ai-search)", "my-search")
    terminal.answer("Domain (search.example.com)", "https://A.example/")
    terminal.wait_for("without scheme, port or path. Write a.example.")
    terminal.answer("Domain (search.example.com)", "a.example")
    terminal.answer("How many users?", "many")
    terminal.wait_for("Answer 1, 2 or 3.")
    terminal.answer("How many users?", "2")
    terminal.answer("Image (ghcr.io/example/ai-search:1.4.2)", "")
    terminal.answer("Email for Let's Encrypt", "ops@a.example")
    terminal.answer("Where does it run? compose, k8s", "compose, heroku")
    terminal.wait_for("There is no target heroku.")
    terminal.answer("Where does it run?", "compose, k8s")
    said = terminal.rest()
    assert terminal.process.returncode == 0
    assert "Wrote aisearch.yaml (" in said
    assert "Next:  aisearch-deploy render     write deploy/compose/ and deploy/k8s/\n" in said
    assert parse((tmp_path / "aisearch.yaml").read_bytes(), "f").data == DEFAULTS | {
        "name": "my-search",
        "domains": ["a.example"],
        "preset": "medium",
        "tls": {"from": "letsencrypt", "email": "ops@a.example"},
        "targets": {"compose": {}, "k8s": {}},
    }


def test_what_a_flag_answers_is_not_asked(terminals: list[Terminal], tmp_path: Path) -> None:
    flags = ["--name", "a", "--preset", "large", "--image", "a/b:1", "--email", "a@b.example", "-t", "k8s"]
    terminal = Terminal(tmp_path, *flags)
    terminals.append(terminal)
    terminal.answer("  Domain", "a.example")
    assert "Wrote aisearch.yaml" in terminal.rest()
    assert parse((tmp_path / "aisearch.yaml").read_bytes(), "f").data["domains"] == ["a.example"]


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["interrupt", "end of input"])
def test_leaving_in_the_middle_writes_nothing(key: str, terminals: list[Terminal], tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminals.append(terminal)
    terminal.wait_for("Name")
    terminal.wait_for(": ")
    if key == "\x03":
        terminal.process.send_signal(2)
    else:
        os.write(terminal.fd, key.encode())
    said = terminal.rest()
    assert terminal.process.returncode == 130
    assert said.strip().endswith("Interrupted; nothing is half written.")
    assert picture(tmp_path) == {}
