"""`schema`: what an editor accepts and refuses, with an independent reader of JSON Schema."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from aisearch_deploy.config.json_schema import json_schema
from aisearch_deploy.config.load import parse
from tests.cli.conftest import Cli
from tests.cli.folders import MINIMAL, config

EXAMPLES = Path(__file__).parents[2] / "examples"
SCHEMA = json_schema()
READER = jsonschema.Draft202012Validator(SCHEMA)


def data(text: str) -> dict[str, Any]:
    return parse(text.encode(), "f").data


def test_it_is_json_schema(cli: Cli) -> None:
    ran = cli("schema")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == SCHEMA
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_setting_is_described_for_the_editor() -> None:
    for name, definition in {"": SCHEMA, **SCHEMA["$defs"]}.items():
        assert definition["additionalProperties"] is False, name
        assert definition["description"], name
        for key, entry in definition["properties"].items():
            section = SCHEMA["$defs"].get(entry.get("$ref", "").rpartition("/")[2], {})
            assert entry.get("description") or section.get("description"), f"{name}.{key}"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/aisearch.yaml")), ids=lambda path: path.parent.name)
def test_the_examples_are_valid(path: Path) -> None:
    READER.validate(parse(path.read_bytes(), str(path)).data)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--preset", "large", "-t", "compose", "-t", "k8s", "--email", "ops@example.com"),
        ("--image", "ghcr.io/example/ai-search@sha256:" + "0123456789abcdef" * 4),
    ],
)
def test_what_init_writes_is_valid(arguments: tuple[str, ...], cli: Cli, tmp_path: Path) -> None:
    assert cli("init", "--yes", *arguments).code == 0
    assert json.loads((tmp_path / "aisearch.schema.json").read_text()) == SCHEMA
    READER.validate(parse((tmp_path / "aisearch.yaml").read_bytes(), "f").data)


RIGHT = {
    "the smallest": MINIMAL,
    "shorthand": config("app: {memory: 6Gi, cpu: 2}") + "contract: local-state\n",
    "cores in text": config('app: {cpu: "1.5", memory: {request: 2Gi}}'),
    "millicores": config("app: {cpu: {request: 500m}}"),
    "no limit": config("rate_limit: null"),
    "part of a block": config("database: {pool: {size: 3}}"),
    "an environment": config("environments: {staging: {preset: small, domains: [a.example.com]}}"),
    "an environment's part": config("environments: {staging: {image: {digest: null}, app: {memory: 2Gi}}}"),
    "an override": config("targets: {compose: {override: {scaling: {min: 2}}}}"),
    "an override in an environment": config(
        "environments: {staging: {targets: {k8s: {override: {logs: {level: DEBUG}}}}}}"
    ),
}
WRONG = {
    "unknown key": config("nmae: x"),
    "unknown key in a section": config("app: {memmory: 6Gi}"),
    "unknown key in a target": config("targets: {k8s: {namespce: x}}"),
    "unknown key in a list": config("scheduling: {tolerations: [{kee: x}]}"),
    "unknown key in an environment": config("environments: {staging: {nmae: x}}"),
    "unknown key in an override": config("targets: {compose: {override: {scaling: {mim: 2}}}}"),
    "version in an environment": config("environments: {staging: {version: 1}}"),
    "preset in an override": config("targets: {compose: {override: {preset: large}}}"),
    "environment in capitals": config("environments: {Staging: {}}"),
    "environment that is nothing": config("environments: {staging: }"),
    "wrong type": config("domains: search.example.com"),
    "no domain": config("domains: []"),
    "wrong choice": config("preset: huge"),
    "out of range": config("scaling: {min: 0}"),
    "quantity without unit": config("app: {memory: 6}"),
    "quantity in a wrong unit": config("cache: {ttl: 3600ms}"),
    "cores in words": config("app: {cpu: 2 cores}"),
    "scheme in a domain": config("domains: [https://search.example.com]"),
    "capitals in a name": config("name: AI"),
    "version in text": config('version: "1"'),
    "no version": MINIMAL.partition("\n")[2],
    "no repository": config('image: {tag: "1"}'),
    "null for a block": config("uploads: null"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_it_accepts(name: str, cli: Cli, tmp_path: Path) -> None:
    READER.validate(data(RIGHT[name]))
    (tmp_path / "aisearch.yaml").write_text(RIGHT[name])
    assert cli("validate").code == 0


@pytest.mark.parametrize("name", WRONG)
def test_it_refuses(name: str, cli: Cli, tmp_path: Path) -> None:
    assert not READER.is_valid(data(WRONG[name]))
    (tmp_path / "aisearch.yaml").write_text(WRONG[name])
    assert cli("validate").code == 2


@pytest.mark.parametrize("name", [name for name, entry in SCHEMA["properties"].items() if "default" in entry])
def test_defaults_at_the_top_are_valid(name: str) -> None:
    READER.validate(data(MINIMAL) | {name: SCHEMA["properties"][name]["default"]})


@pytest.mark.parametrize("definition", SCHEMA["$defs"])
def test_defaults_and_examples_of_every_section_are_valid(definition: str) -> None:
    for key, entry in SCHEMA["$defs"][definition]["properties"].items():
        schema = deepcopy(entry) | {"$defs": SCHEMA["$defs"]}
        values = [*entry.get("examples", []), *([entry["default"]] if "default" in entry else [])]
        for value in values:
            assert jsonschema.Draft202012Validator(schema).is_valid(value), f"{definition}.{key}: {value}"
