"""Reads `aisearch.yaml` strictly: what two YAML readers could take differently is an error that shows the plain form.

Imports no pydantic: an unchanged `render --check` needs the document and nothing after it.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from aisearch_deploy.config.characters import MOST_BYTES, decode
from aisearch_deploy.config.paths import ConfigPath, dotted
from aisearch_deploy.config.tree import Tree
from aisearch_deploy.errors import ConfigInvalid, FileProblem
from aisearch_deploy.findings import Position

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Mapping

    from aisearch_deploy.findings import Finding

__all__ = ["ConfigPath", "Document", "content_of", "dotted", "load", "parse", "read"]

# The same parser in C, some twenty times faster; wheels of PyYAML have it on all common platforms.
LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Document(NamedTuple):
    """A config file as it was written: values, and where each of them stands."""

    file: str
    """The name of the file as the person gave it; positions repeat it."""
    content: bytes
    data: dict[str, Any]
    """Plain dicts, lists, strings, numbers, booleans and None; keys are always strings."""
    values: Mapping[ConfigPath, Position]
    """Where each value starts; `()` is the whole file. An empty value stands right after its colon."""
    keys: Mapping[ConfigPath, Position]
    """Where each key starts, by the path of its value."""
    plain: Mapping[ConfigPath, str]
    """The text of each unquoted value: `1.10` where `data` has 1.1."""


def load(path: pathlib.Path) -> Document:
    """Reads a file. FileProblem when there is no file to read, ConfigInvalid when its content is no config."""
    return parse(content_of(path), str(path))


def content_of(path: pathlib.Path) -> bytes:
    """The bytes of a config file, at most one more than a config may have. FileProblem when there is none to read."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise _not_a_file(path, mode)
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def parse(content: bytes, file: str) -> Document:
    """Reads the content of a file. ConfigInvalid carries all that is wrong with it, in the order of the lines."""
    document, findings = read(content, file)
    if document is None or findings:
        raise ConfigInvalid(findings)
    return document


def read(content: bytes, file: str) -> tuple[Document | None, list[Finding]]:
    """Everything that could be read, and what is wrong with it, in the order of the lines.

    The document is None where the rest of the file is unknown: what is missing in it may stand further below. Raises
    ConfigInvalid when there is no text at all.
    """
    text, findings = decode(content, file)
    tree = Tree(file)
    is_whole = False
    try:
        is_whole = tree.read(_events(text))
    except yaml.YAMLError as error:
        from aisearch_deploy.config.syntax import explain  # not loaded for a config that is well-formed

        findings.append(explain(error, text, tree))
    findings += tree.findings
    start = Position(file, 1, 1)
    findings.sort(key=lambda finding: finding.position or start)
    if not is_whole:
        return None, findings
    return Document(file, content, tree.root, tree.values, tree.keys, tree.plain), findings


def _events(text: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=LOADER)
    except (ValueError, OverflowError) as error:
        # PyYAML's own parser lets them through from `chr` and `int`: for "\\U00110000", as an example.
        raise yaml.YAMLError(str(error)) from None


def _not_a_file(path: pathlib.Path, mode: int) -> FileProblem:
    if not stat.S_ISDIR(mode):
        return FileProblem(f"{path} is not a regular file.", "Save its content to a file, and name that with -c FILE.")
    inside = path / "aisearch.yaml"
    fix = f"Name the file in it: -c {inside}" if inside.is_file() else "Name a file with -c FILE."
    return FileProblem(f"{path} is a directory.", fix)


def _unreadable(path: pathlib.Path, error: OSError | ValueError) -> FileProblem:
    if isinstance(error, FileNotFoundError):
        if path.is_symlink():
            target = path.readlink()
            return FileProblem(
                f"{path} is a link to {target}, which does not exist.", "Restore it, or name a file with -c FILE."
            )
        return FileProblem(f"{path} does not exist.", "Create it with aisearch-deploy init, or name one with -c FILE.")
    if isinstance(error, PermissionError):
        return FileProblem(f"{path} may not be read by this user.", "Let this user read it and enter its folders.")
    reason = error.strerror if isinstance(error, OSError) else error
    return FileProblem(f"{path} cannot be read: {reason}.", "Name a readable file with -c FILE.")
