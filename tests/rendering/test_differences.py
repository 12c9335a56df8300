"""Where two renderings differ."""

from __future__ import annotations

import pytest

from aisearch_deploy.render.differences import differences
from aisearch_deploy.targets.base import File


def found(one: dict[str, bytes], other: dict[str, bytes], *files: File) -> list[tuple[str, str]]:
    return list(differences(one, other, {file.path: file for file in files}))


@pytest.mark.parametrize(
    ("one", "other", "pointers"),
    [
        (b"a: 1\n", b"a: 1\n", []),
        (b"a: 1\n", b"# said otherwise\na: 1\n", []),
        (b"a: 1\nb: {c: [1, 2]}\n", b"a: 1\nb: {c: [1, 3]}\n", ["/b/c/1"]),
        (b"a: 1\n", b'a: "1"\n', ["/a"]),
        (b"a: [1]\n", b"a: [1, 2, 3]\n", ["/a/1", "/a/2"]),
        (b"a: {c: 1}\n", b"a: {d: 1}\n", ["/a/c", "/a/d"]),
        (b"a: {x/y~z: 1}\n", b"a: {x/y~z: 2}\n", ["/a/x~1y~0z"]),
        (b"a: [1]\n", b"a: {x: 1}\n", ["/a"]),
    ],
)
def test_each_leaf_that_differs_has_its_pointer(one: bytes, other: bytes, pointers: list[str]) -> None:
    wanted = [("file.yaml", pointer) for pointer in pointers]
    assert found({"file.yaml": one}, {"file.yaml": other}, File("file.yaml", "")) == wanted


def test_a_file_that_one_of_them_has_is_a_place() -> None:
    assert found({"a.yaml": b"a: 1\n"}, {}, File("a.yaml", "")) == [("a.yaml", "")]


def test_prose_is_none_and_a_copied_file_is_one() -> None:
    one, other = {"README.md": b"# One\n", "ca.pem": b"1"}, {"README.md": b"# Two\n", "ca.pem": b"2"}
    files = File("README.md", "", "markdown"), File("ca.pem", "", content=b"1")
    assert found(one, other, *files) == [("ca.pem", "")]
