"""The strict reader of aisearch.yaml, through `parse` and `load`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aisearch_deploy.config import load as load_module
from aisearch_deploy.config.load import Document, load, parse
from aisearch_deploy.errors import ConfigInvalid, FileProblem
from aisearch_deploy.findings import Position

MIB = 1 << 20
LOADERS = {"PyYAML": yaml.SafeLoader} | ({"libyaml": yaml.CSafeLoader} if yaml.__with_libyaml__ else {})

CONFIG = """\
# yaml-language-server: $schema=./aisearch.schema.json
version: 1
name: 'ai-search'

domains: [search.example.com, "*.example.com"]
image:
    tag: 1.10
    "digest":
load: {peak_requests: 20/s, streams: 1_OO, share: 70%, "on": true}
backup:
- schedule: 0 2,14 * * *
  note: |
    no
- ~
"""


@pytest.mark.usefixtures("either_loader")
def test_a_document_knows_values_and_places():
    document = parse(CONFIG.encode(), "dir/aisearch.yaml")
    assert document.file == "dir/aisearch.yaml"
    assert document.content == CONFIG.encode()
    assert document.data == {
        "version": 1,
        "name": "ai-search",
        "domains": ["search.example.com", "*.example.com"],
        "image": {"tag": 1.1, "digest": None},
        "load": {"peak_requests": "20/s", "streams": "1_OO", "share": "70%", "on": True},
        "backup": [{"schedule": "0 2,14 * * *", "note": "no\n"}, None],
    }
    assert list(document.data) == ["version", "name", "domains", "image", "load", "backup"]
    assert places(document.values) == {
        (): "2:1",
        ("version",): "2:10",
        ("name",): "3:7",
        ("domains",): "5:10",
        ("domains", 0): "5:11",
        ("domains", 1): "5:31",
        ("image",): "7:5",
        ("image", "tag"): "7:10",
        ("image", "digest"): "8:14",
        ("load",): "9:7",
        ("load", "peak_requests"): "9:23",
        ("load", "streams"): "9:38",
        ("load", "share"): "9:51",
        ("load", "on"): "9:62",
        ("backup",): "11:1",
        ("backup", 0): "11:3",
        ("backup", 0, "schedule"): "11:13",
        ("backup", 0, "note"): "12:9",
        ("backup", 1): "14:3",
    }
    assert places(document.keys) == {
        ("version",): "2:1",
        ("name",): "3:1",
        ("domains",): "5:1",
        ("image",): "6:1",
        ("image", "tag"): "7:5",
        ("image", "digest"): "8:5",
        ("load",): "9:1",
        ("load", "peak_requests"): "9:8",
        ("load", "streams"): "9:29",
        ("load", "share"): "9:44",
        ("load", "on"): "9:56",
        ("backup",): "10:1",
        ("backup", 0, "schedule"): "11:3",
        ("backup", 0, "note"): "12:3",
    }
    assert document.plain == {
        ("version",): "1",
        ("domains", 0): "search.example.com",
        ("image", "tag"): "1.10",
        ("image", "digest"): "",
        ("load", "peak_requests"): "20/s",
        ("load", "streams"): "1_OO",
        ("load", "share"): "70%",
        ("load", "on"): "true",
        ("backup", 0, "schedule"): "0 2,14 * * *",
        ("backup", 1): "~",
    }


def places(positions: dict[tuple[str | int, ...], Position]) -> dict[tuple[str | int, ...], str]:
    assert {position.file for position in positions.values()} == {"dir/aisearch.yaml"}
    return {path: f"{position.line}:{position.column}" for path, position in positions.items()}


def test_columns_count_characters_and_lines_count_line_feeds():
    document = parse("é: {\U0001f600: ä, b: c}\r\nd: 1\n".encode(), "f")
    assert document.values["é", "b"] == Position("f", 1, 14)
    assert document.values["d",] == Position("f", 2, 4)


# Each is a file that is slow, large or fatal for a reader that trusts its parser.
HOSTILE = {
    "brackets": 100_000 * b"[",
    "closed brackets": 100_000 * b"[" + 100_000 * b"]",
    "brackets in a key": b"? " + 100_000 * b"[",
    "braces": 100_000 * b"{",
    "braces with keys": 100_000 * b"{a: ",
    "dashes": 100_000 * b"- ",
    "question marks": 100_000 * b"? ",
    "mixed": 100_000 * b"[{? ",
    "a megabyte of brackets": MIB * b"[",
    "a megabyte of values": b"a: [" + (MIB // 2 - 4) * b"1," + b"]",
    "a megabyte of mappings": b"a: [" + (MIB // 4 - 4) * b"{b}," + b"]",
    "a megabyte of deep values": b"a: " + 48 * b"[" + (MIB // 2 - 100) * b"1," + 48 * b"]",
    "a megabyte of tag directives": b"".join(b"%%TAG !%05x! x\n" % number for number in range(MIB // 15)),
    "a megabyte of documents": MIB // 4 * b"---\n",
    "a megabyte of duplicates": MIB // 5 * b"a: 1\n",
    "a megabyte of control characters": MIB * b"\x01",
    "a megabyte of digits": b"a: " + (MIB - 3) * b"1",
    "a megabyte of hexadecimal digits": b"a: 0x" + (MIB - 5) * b"f",
    "a megabyte of fractions": b"a: 1." + (MIB - 6) * b"1",
    "a megabyte of sixtieths": b"a: 1" + (MIB // 3 - 2) * b":01",
    "a megabyte of underscores": b"a: 1" + (MIB - 4) * b"_",
    "problems under a long key": b"? " + 900_000 * b"k" + b"\n: [" + 40_000 * b"no," + b"]",
    "alias bomb": b"a: &a [x]\n" + b"".join(b"b%d: &b%d [*b%d, *b%d]\n" % (n + 1, n + 1, n, n) for n in range(400)),
    "day that does not exist": b"a: 2024-02-30\n",
    "year that does not exist": b"%YAML 1." + 5000 * b"9" + b"\n---\na: 1\n",
    "escape of no character": b'a: "\\UFFFFFFFF"\n',
    "escape of half a character": b'a: "\\uD800"\n? "\\uD800"\n: 1',
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_answered_within_two_seconds(content):
    started = time.perf_counter()
    read_or_refuse(content)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("case", [name for name in HOSTILE if "megabyte" not in name])
def test_hostile_files_without_libyaml(case, monkeypatch):
    monkeypatch.setattr(load_module, "LOADER", yaml.SafeLoader)
    assert read_or_refuse(HOSTILE[case]) is None


def read_or_refuse(content: bytes) -> Document | None:
    """Fails on any exception but ConfigInvalid."""
    try:
        return parse(content, "f")
    except ConfigInvalid:
        return None


def plain_only(value: object) -> bool:
    if type(value) is dict:
        return all(type(key) is str for key in value) and all(map(plain_only, value.values()))
    if type(value) is list:
        return all(map(plain_only, value))
    return type(value) in (str, int, float, bool, type(None))


PIECES = [*"a[]{}'\"\\#%@~&*!\n\t\r\0é", "b: ", "- ", "? ", ": ", ", ", "\n ", "\n  ", "&x ", "*x ", "!t ", "| ", ">\n"]
PIECES += [" #", "no", "0644", "1.10", "<<", "=", "---\n", "...\n", "a: ", "\nc: "]
YAML = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
VALUE = st.text("ab01:.-_+eExo~ #\n[]{},'", max_size=12).map("k: {}".format)
CONTENT = st.binary(max_size=300) | st.one_of(st.text(max_size=100), YAML, VALUE).map(str.encode)


@pytest.mark.parametrize("loader", LOADERS)
@settings(deadline=2000, max_examples=500)
@given(content=CONTENT)
def test_any_bytes_become_a_document_or_findings(loader, content):
    with mock.patch.object(load_module, "LOADER", LOADERS[loader]):
        document = read_or_refuse(content)
    if document is not None:
        assert plain_only(document.data)
        assert document.values.keys() - {()} >= document.keys.keys()
        assert document.plain.keys() <= document.values.keys()


@pytest.mark.skipif("libyaml" not in LOADERS, reason="PyYAML has no libyaml here")
@given(content=CONTENT)
@settings(max_examples=500, deadline=2000)
def test_what_we_accept_means_the_same_to_pyyaml(content):
    """Whoever reads the same file with PyYAML (YAML 1.1) sees the same values."""
    document = read_or_refuse(content)
    if document is not None:
        assert repr(yaml.load(content, LOADERS["libyaml"])) == repr(document.data)  # noqa: S506


TREES = st.recursive(
    st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=20,
)


@settings(deadline=2000)
@given(tree=st.dictionaries(st.text(), TREES))
def test_double_quoted_strings_load_back_identical(tree):
    text = yaml.safe_dump(tree, default_style='"')
    assert parse(text.encode(), "f").data == tree


def test_load_names_the_file_as_it_was_given(tmp_path, monkeypatch):
    (tmp_path / "aisearch.yaml").write_text("a: 1\n")
    (tmp_path / "link.yaml").symlink_to("aisearch.yaml")
    monkeypatch.chdir(tmp_path)
    assert load(Path("aisearch.yaml")).file == "aisearch.yaml"
    document = load(Path("link.yaml"))
    assert (document.data, document.content) == ({"a": 1}, b"a: 1\n")
    assert str(document.values["a",]) == "link.yaml:1:4"


def test_load_reads_no_more_than_a_mebibyte(tmp_path):
    path = tmp_path / "aisearch.yaml"
    path.touch()
    os.truncate(path, 1 << 36)  # sparse
    with pytest.raises(ConfigInvalid, match="1 problems") as caught:
        load(path)
    assert caught.value.findings[0].message == "the file is larger than 1 MiB."


def missing(path: Path) -> None:
    pass


def dangling(path: Path) -> None:
    path.symlink_to("gone.yaml")


def circular(path: Path) -> None:
    path.symlink_to(path.name)


def directory_with_a_config(path: Path) -> None:
    path.mkdir()
    (path / "aisearch.yaml").write_text("a: 1\n")


@pytest.mark.parametrize(
    ("make", "message", "fix"),
    [
        (missing, "does not exist.", "Create it with aisearch-deploy init, or name one with -c FILE."),
        (dangling, "is a link to gone.yaml, which does not exist.", "Restore it, or name a file with -c FILE."),
        (circular, "cannot be read: Too many levels of symbolic links.", "Name a readable file with -c FILE."),
        (Path.mkdir, "is a directory.", "Name a file with -c FILE."),
        (directory_with_a_config, "is a directory.", "Name the file in it: -c x.yaml/aisearch.yaml"),
        (os.mkfifo, "is not a regular file.", "Save its content to a file, and name that with -c FILE."),
        (
            lambda path: path.symlink_to("/dev/zero"),
            "is not a regular file.",
            "Save its content to a file, and name that with -c FILE.",
        ),
    ],
    ids=["missing", "dangling link", "circular link", "directory", "directory with a config", "FIFO", "device"],
)
def test_load_of_what_is_no_file(make, message, fix, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path("x.yaml")
    make(path)
    with pytest.raises(FileProblem) as caught:
        load(path)
    assert (caught.value.message, caught.value.fix) == (f"x.yaml {message}", fix)
    assert caught.value.exit_code == 3


def test_load_below_a_file(tmp_path):
    (tmp_path / "x").touch()
    with pytest.raises(FileProblem, match="cannot be read: Not a directory"):
        load(tmp_path / "x" / "aisearch.yaml")


def test_load_without_permission(tmp_path, monkeypatch):
    """Through a stand-in for the system's answer, since root may read everything."""
    path = tmp_path / "aisearch.yaml"
    path.write_text("a: 1\n")
    monkeypatch.setattr(Path, "open", mock.Mock(side_effect=PermissionError(13, "Permission denied")))
    with pytest.raises(FileProblem) as caught:
        load(path)
    assert caught.value.message == f"{path} may not be read by this user."


def test_load_imports_nothing_heavy():
    code = (
        "import sys, aisearch_deploy.config.load; print({'pydantic', 'jinja2', 'typer', 'json'} & sys.modules.keys())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


@pytest.mark.skipif("libyaml" not in LOADERS, reason="PyYAML has no libyaml here")
def test_three_hundred_lines_take_under_ten_milliseconds():
    part = "s{0}:\n  a: 'x'\n  b: {{c: 2Gi, d: 20/s, e: 70%}}\n  f: [1, 2, 1.5, true]\n  g: 0 2 * * *\n  h: 30d\n"
    content = "".join(part.format(number) for number in range(50)).encode()
    assert content.count(b"\n") == 300
    times = []
    for _ in range(7):
        started = time.perf_counter()
        parse(content, "f")
        times.append(time.perf_counter() - started)
    assert min(times) < 0.010
