"""Files beside the config: what is read, and what is said when it cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aisearch_deploy.config.load import parse
from aisearch_deploy.errors import FileProblem
from aisearch_deploy.model.resolve import resolve
from tests.model.deployments import COMPOSE, K8S, MINIMAL

NAMED = "network: {ca_bundle: ./corporate-ca.pem}\ndatabase: {mode: external, host: db.example.com, ca: db-ca.pem}\n"


def read(folder: Path, more: str, target: str = "compose") -> dict[str, bytes]:
    document = parse((MINIMAL + more).encode(), str(folder / "aisearch.yaml"))
    return dict(resolve(document, None, {"compose": COMPOSE, "k8s": K8S}[target]).inputs)


def problem(folder: Path, more: str) -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        read(folder, more)
    assert caught.value.exit_code == 3
    assert caught.value.fix
    return caught.value


def test_nothing_is_read_unless_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "corporate-ca.pem").write_bytes(b"a")
    assert read(tmp_path, "") == {}


def test_authorities_and_patches_by_their_place_beside_the_config(tmp_path: Path) -> None:
    (tmp_path / "corporate-ca.pem").write_bytes(b"a")
    (tmp_path / "db-ca.pem").write_bytes(b"b\xff")
    for target in ("compose", "k8s"):
        (tmp_path / "patches" / target / "deep").mkdir(parents=True)
        (tmp_path / "patches" / target / "deep" / "x.yaml").write_bytes(target.encode())
    assert read(tmp_path, NAMED) == {
        "corporate-ca.pem": b"a",
        "db-ca.pem": b"b\xff",
        "patches/compose/deep/x.yaml": b"compose",
    }
    assert read(tmp_path, "", "k8s") == {"patches/k8s/deep/x.yaml": b"k8s"}


def test_every_missing_file_is_named_with_the_setting_that_names_it(tmp_path: Path) -> None:
    config = tmp_path / "aisearch.yaml"
    assert problem(tmp_path, NAMED).message.splitlines() == [
        f"{config}:6:22  network.ca_bundle: corporate-ca.pem does not exist.",
        f"{config}:7:54  database.ca: db-ca.pem does not exist.",
    ]


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop", "large"])
def test_what_is_no_small_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "db-ca.pem"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)  # opening it would wait for a writer
    elif kind == "loop":
        path.symlink_to(path)
    else:
        path.write_bytes(b"x" * (2**20 + 1))
    expected = {
        "folder": "is not a file",
        "pipe": "is not a file",
        "loop": "cannot be read: Too many levels of symbolic links",
        "large": "is larger than 1 MiB",
    }
    more = "database: {mode: external, host: db.example.com, ca: db-ca.pem}\n"
    assert f"db-ca.pem {expected[kind]}." in problem(tmp_path, more).message
