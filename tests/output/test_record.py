from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisearch_deploy.output.record import NAME, Record, config_hash, dumps, loads, ours, read
from aisearch_deploy.output.writer import write_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.output.conftest import Render

A, B, C = "a" * 64, "b" * 64, "c" * 64
HEAD = f"tool 1.0.0\nedition 2026.11\nconfig {A}\n"

digests = st.text("0123456789abcdef", min_size=64, max_size=64)
segments = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="/\\") | st.just(" "), min_size=1)
paths = st.lists(segments.filter(lambda part: part not in (".", "..")), min_size=1, max_size=3).map("/".join)
words = st.text(st.characters(categories=["L", "N", "P"]), min_size=1)


@st.composite
def records(draw: st.DrawFn) -> Record:
    files = draw(st.dictionaries(paths.filter(lambda path: path != NAME), digests))
    executable = frozenset(path for path in files if draw(st.booleans()))
    return Record(draw(words), draw(words), draw(digests), draw(st.dictionaries(paths, digests)), files, executable)


@given(records())
def test_a_record_reads_back(record: Record) -> None:
    assert loads(dumps(record)) == record


def test_the_text() -> None:
    record = Record("1.0.0", "2026.11", A, {"patches/k8s/b.yaml": B}, {"z.sh": B, "a b.yaml": C}, frozenset({"z.sh"}))
    lines = [line for line in dumps(record).splitlines() if not line.startswith("#")]
    assert lines == [*HEAD.splitlines(), f"input {B} patches/k8s/b.yaml", f"{C}  a b.yaml", f"{B} *z.sh"]


def test_one_changed_file_changes_one_line() -> None:
    files = {f"{name}.yaml": A for name in "abcde"}
    before = dumps(Record("1", "1", A, {}, files)).splitlines()
    after = dumps(Record("1", "1", A, {}, files | {"c.yaml": B})).splitlines()
    assert [line for line in after if line not in before] == [f"{B}  c.yaml"]
    assert len(after) == len(before)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1"),
        ("\n" + HEAD, "line 1"),
        (HEAD + "\n" + f"{A}  a\n", "line 4"),
        ("edition 2026.11\nconfig " + A, "`tool ...` is missing"),
        ("tool 1\nconfig " + A, "`edition ...` is missing"),
        ("tool 1\nedition 1\n", "`config ...` is missing"),
        ("tool\nedition 1\nconfig " + A, "`tool ...` is missing"),
        (HEAD + "tool 1.0.1\n", "line 4: a second line for tool"),
        ("tool 1\nedition 1\nconfig " + "A" * 64, "not a SHA-256"),
        ("tool 1\nedition 1\nconfig " + "a" * 63, "not a SHA-256"),
        ("tool 1\x1b[2J\nedition 1\nconfig " + A, "line 1: control characters"),
        (HEAD + f"{A} a.yaml\n", "line 4: not a line"),
        (HEAD + f"{A}\n", "line 4: not a line"),
        (HEAD + f"{A[1:]}  a.yaml\n", "line 4: not a line"),
        (HEAD + f"{'G' * 64}  a.yaml\n", "line 4: not a line"),
        (HEAD + f"{A}  {NAME}\n", "line 4: not a line"),
        (HEAD + f"input {A}\n", "line 4"),
        (HEAD + f"input {A[1:]} a.yaml\n", "line 4: not a line"),
        (HEAD + f"{A}  a.yaml\n{B}  a.yaml\n", "line 5: a second line for a.yaml"),
        (HEAD + f"{A}  a.yaml\n{A} *a.yaml\n", "line 5: a second line"),
        (HEAD + f"input {A} a.yaml\ninput {A} a.yaml\n", "line 5: a second line"),
        (HEAD + f"{A}  \n", "unsafe path ''"),
        (HEAD + f"{A}  /etc/passwd\n", "unsafe path '/etc/passwd'"),
        (HEAD + f"{A}  ../a\n", "unsafe path"),
        (HEAD + f"{A}  a/../../b\n", "unsafe path"),
        (HEAD + f"{A}  ./a\n", "unsafe path"),
        (HEAD + f"{A}  a//b\n", "unsafe path"),
        (HEAD + f"{A}  a/\n", "unsafe path"),
        (HEAD + f"{A}  a\\b\n", "unsafe path"),
        (HEAD + f"{A}  a\tb\n", "unsafe path"),
        (HEAD + f"{A}  a\r\n", "unsafe path"),
        (HEAD + f"{A}  a\x85b\n", "unsafe path"),
        (HEAD + f"{A}  a\u2028b\n", "unsafe path"),
        (HEAD + f"{A}  a\u202eb\n", "unsafe path"),
        (HEAD + f"{A}  a\udc80\n", "unsafe path"),
        (HEAD + f"input {A} ../secret\n", "unsafe path"),
        (HEAD + f"input {A} /etc/passwd\n", "unsafe path"),
        (HEAD + "<<<<<<< HEAD\n", "line 4: not a line"),
    ],
)
def test_a_damaged_record_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        loads(text)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (Record("1", "1", A, {}, {"../a": A}), "unsafe path"),
        (Record("1", "1", A, {"/etc/passwd": A}, {}), "unsafe path"),
        (Record("1", "1", A, {}, {NAME: A}), "not a line of a record"),
        (Record("1", "1", A, {}, {"a": A}, frozenset({"b"})), "cannot be written"),
        (Record("1\nedition 2", "1", A, {}, {}), "a second line"),
        (Record("", "1", A, {}, {}), "missing"),
        (Record("1", "1", "a", {}, {}), "not a SHA-256"),
    ],
)
def test_what_would_not_read_back_is_not_written(record: Record, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dumps(record)


def test_the_config_hash_covers_content_and_environment() -> None:
    contents = [b"a: 1\n", b"a: 2\n", b""]
    environments = [None, "", "base", "production", "staging"]
    hashes = {config_hash(content, name) for content in contents for name in environments}
    assert len(hashes) == len(contents) * len(environments)
    assert config_hash(b"a", None) == config_hash(b"a", None)
    assert len(config_hash(b"a", None)) == 64


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_ours_is_one_side_of_a_conflict(style: str) -> None:
    base = f"||||||| 1234567\nconfig {C}\n" if style == "diff3" else ""
    text = f"tool 1\nedition 1\n<<<<<<< HEAD\nconfig {A}\n{base}=======\nconfig {B}\n>>>>>>> other\n{A}  a\n"
    assert ours(text) == f"tool 1\nedition 1\nconfig {A}\n{A}  a\n"


def test_ours_leaves_a_whole_record_alone() -> None:
    text = dumps(Record("1", "1", A, {}, {"a": A}))
    assert ours(text) == text


def test_reading_a_folder(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    assert read(tmp_path / "nowhere") is None
    record = Record("1", "1", A, {}, {"a": A})
    (tmp_path / NAME).write_text(dumps(record))
    assert read(tmp_path) == record


def test_reading_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(dumps(Record("1", "1", A, {}, {"a": A})))
    (tmp_path / NAME).symlink_to("elsewhere")
    with pytest.raises(ValueError, match="not a regular file"):
        read(tmp_path)


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="needs coreutils")
def test_sha256sum_can_check_it(tmp_path: Path, render: Render) -> None:
    folder = tmp_path / "compose"
    content = render({"compose.yaml": "a\n", "bin/verify.sh": "b\n"})
    write_folder(folder, content.files, content.record, overwrite=False)
    check = ["sha256sum", "--check", NAME]
    done = subprocess.run(check, cwd=folder, capture_output=True, text=True, check=True, env={"LC_ALL": "C"})
    assert done.stdout == "bin/verify.sh: OK\ncompose.yaml: OK\n"
    assert content.record.files["compose.yaml"] == hashlib.sha256(b"a\n").hexdigest()
    (folder / "compose.yaml").write_text("c\n")
    assert subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode == 1
