"""kubernetes-validate: the API server's own schemas, strict, for each supported minor version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import kubernetes_validate
import yaml

from tests.validators.crds import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator

MINORS = ("1.35", "1.36", "1.37")

Document = dict[str, Any]


class _StrictLoader(yaml.SafeLoader):
    """Refuses a key written twice, where kubectl's parser refuses too and PyYAML silently takes the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} is written twice", node.start_mark)
        return super().construct_mapping(node, deep)


def problems(text: str) -> list[str]:
    """What the schemas of every supported minor object to, in each document of a manifest.

    Custom resources of a group in ``crds.GROUPS`` are left to ``crds.problems`` (take them with ``custom_resources``).
    Any other kind that Kubernetes does not have is a problem, and so is a file without a single object.
    """
    try:
        objects = documents(text)
    except yaml.YAMLError as error:
        return [f"not YAML: {error}"]
    if not objects:
        return ["no object in the file"]
    return [problem for number, document in enumerate(objects, start=1) for problem in _of_one(number, document)]


def custom_resources(text: str) -> list[Document]:
    """The objects of a manifest that ``problems`` leaves to ``crds.problems``."""
    return [document for document in documents(text) if isinstance(document, dict) and is_custom(document)]


def documents(text: str) -> list[Any]:
    """The YAML documents of a manifest, without empty ones."""
    return [document for document in yaml.load_all(text, Loader=_StrictLoader) if document is not None]


def is_custom(document: Document) -> bool:
    """Whether an object belongs to a group that custom resource definitions bring."""
    group, slash, _version = str(document.get("apiVersion", "")).rpartition("/")
    return bool(slash) and group in GROUPS


def _of_one(number: int, document: object) -> Iterator[str]:
    if not isinstance(document, dict):
        yield f"document {number}: a {type(document).__name__}, not an object"
        return
    if "apiVersion" not in document or "kind" not in document:
        yield f"document {number}: without apiVersion and kind"
        return
    if is_custom(document):
        return
    metadata = document.get("metadata")
    name = f"{document['kind']}/{metadata.get('name', '?') if isinstance(metadata, dict) else '?'}"
    for minor in MINORS:
        try:
            seen = kubernetes_validate.validate(document, minor, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{name} ({minor}): {'.'.join(str(key) for key in error.path)}: {error.message}"
        except kubernetes_validate.SchemaNotFoundError as error:
            yield f"{name} ({minor}): {error.message}"
        else:
            if seen != minor:
                yield f"{name}: no schemas for {minor}: {seen} was used"
