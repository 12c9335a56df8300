"""What holds for every setting: it is described, shown by an example that works, and never open to hostile text."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from copy import deepcopy
from typing import Annotated, Any, NamedTuple, get_args, get_origin

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from aisearch_deploy.config import base, shapes
from aisearch_deploy.config.editions import EDITIONS, edition_named
from aisearch_deploy.config.examples import example_of, field_at, fields_of, flow, section_in
from aisearch_deploy.config.json_schema import json_schema
from aisearch_deploy.config.load import ConfigPath, dotted, parse
from aisearch_deploy.config.mending import mended
from aisearch_deploy.config.schema import Config
from aisearch_deploy.config.shapes import SHAPES
from aisearch_deploy.formats import quantities
from aisearch_deploy.model.layers import Layer, Origin, expand_shorthand, merge

MINIMAL = """\
version: 1
edition: "2026.11"
name: ai-search
domains: [search.example.com]
image: {repository: ghcr.io/example/ai-search, tag: "1.4.2"}
"""
STRICT = ConfigDict(strict=True)
SHORTHAND = {("app", "cpu"), ("app", "memory"), ("contract",)}


class Leaf(NamedTuple):
    path: ConfigPath
    section: type[BaseModel]
    field: FieldInfo
    is_block: bool


def every_field(section: type[BaseModel] = Config, path: ConfigPath = ()) -> Iterator[Leaf]:
    """Every setting with its path; an item of a list stands at 0."""
    for key, field in fields_of(section).items():
        here = (*path, key)
        below = section_in(field.annotation)
        yield Leaf(here, section, field, is_block=below is not None)
        if below is not None:
            yield from every_field(below, (*here, 0) if get_origin(field.annotation) is list else here)


FIELDS = list(every_field())
LEAVES = [leaf for leaf in FIELDS if not leaf.is_block]
SECTIONS = sorted({leaf.section for leaf in FIELDS}, key=lambda section: section.__name__)


def of(leaves: list[Leaf]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("leaf", leaves, ids=[dotted(leaf.path) for leaf in leaves])


def resolved(preset: str = "small", contract: str = "shared-state") -> dict[str, Any]:
    """The merged tree of the smallest config."""
    edition = edition_named("2026.11")
    own = Layer(Origin.BASE, "", parse(MINIMAL.encode(), "f").data | {"contract": contract})
    below = [
        Layer(Origin.PRESET, preset, edition.presets[preset]),
        Layer(Origin.CONTRACT, contract, edition.contracts[contract]),
    ]
    return merge([*below, own]).tree


def placed(path: ConfigPath, value: Any) -> dict[str, Any]:
    """The tree with `value` at `path`; blocks and items on the way are made from their own examples."""
    tree = deepcopy(resolved())
    below: Any = tree
    for number, part in enumerate(path[:-1]):
        if isinstance(below, dict) and not below.get(str(part)):
            field = field_at(path[: number + 1])
            assert field is not None
            below[str(part)] = deepcopy(example_of(field))
        below = below[part]
    below[path[-1]] = value
    return expand_shorthand(tree)


def test_the_tree_that_the_examples_are_placed_in_is_valid() -> None:
    Config.model_validate(resolved())


@of(FIELDS)
def test_every_setting_is_described_in_one_sentence_or_more(leaf: Leaf) -> None:
    description = leaf.field.description or ""
    assert description.endswith("."), "a description is a sentence"
    assert description.isascii()
    assert "\n" not in description


@of(LEAVES)
def test_every_leaf_has_an_example(leaf: Leaf) -> None:
    assert leaf.field.examples


@of([leaf for leaf in FIELDS if leaf.field.examples and leaf.path not in SHORTHAND])
def test_examples_are_valid_where_they_stand(leaf: Leaf) -> None:
    for example in leaf.field.examples or ():
        Config.model_validate(placed(leaf.path, example))


@pytest.mark.parametrize("path", sorted(SHORTHAND), ids=dotted)
def test_examples_of_shorthand_are_valid_once_expanded(path: ConfigPath) -> None:
    field = field_at(path)
    assert field is not None
    assert field.examples
    for example in field.examples:
        content: Any = example
        for part in reversed(path):
            content = {part: content}
        Config.model_validate(merge([Layer(Origin.BASE, "", resolved()), Layer(Origin.BASE, "", content)]).tree)


@of([leaf for leaf in FIELDS if leaf.is_block])
def test_blocks_can_be_made_from_their_examples(leaf: Leaf) -> None:
    """What the messages of wrong blocks propose."""
    if leaf.path not in SHORTHAND:
        Config.model_validate(placed(leaf.path, example_of(leaf.field)))


@of([leaf for leaf in LEAVES if leaf.field.examples])
def test_examples_survive_being_written_as_yaml(leaf: Leaf) -> None:
    for example in leaf.field.examples or ():
        assert parse(f"a: {flow(example)}\n".encode(), "f").data == {"a": example}


def schema_entries() -> Iterator[tuple[str, dict[str, Any]]]:
    schema = json_schema()
    for name, definition in {"": schema, **schema["$defs"]}.items():
        for key, entry in definition["properties"].items():
            yield f"{name}.{key}", entry


ENTRIES = dict(schema_entries())
DEFAULTS = {name: entry for name, entry in ENTRIES.items() if entry.get("default") is not None}


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_default_is_valid_as_a_person_would_write_it(name: str) -> None:
    """Defaults are not validated by pydantic, so they are written down and read back here."""
    section_name, _, key = name.partition(".")
    section = next((section for section in SECTIONS if section.__name__ == section_name), Config)
    field = fields_of(section)[key]
    kind: Any = Annotated[field.annotation, *(field.metadata or [None])]
    reader: TypeAdapter[Any] = TypeAdapter(kind, config=None if section_in(field.annotation) else STRICT)
    assert reader.validate_python(DEFAULTS[name]["default"]) == field.get_default(call_default_factory=True)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_section_is_strict_closed_and_frozen(section: type[BaseModel]) -> None:
    assert section.model_config.get("extra") == "forbid"
    assert section.model_config.get("strict") is True
    assert section.model_config.get("frozen") is True
    assert section.__doc__


@of(FIELDS)
def test_nothing_is_nested_deeper_than_three_inside_its_section(leaf: Leaf) -> None:
    keys = [part for part in leaf.path if isinstance(part, str)]
    assert len(keys) <= 4


def test_names_of_settings_are_words_with_underscores() -> None:
    for leaf in FIELDS:
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", str(leaf.path[-1])), dotted(leaf.path)


# Shapes: every allow-list by its pattern, and the type that enforces it.

TYPES: dict[str, Any] = {}
for _name, _alias in vars(shapes).items():
    for _part in get_args(_alias) if get_origin(_alias) is Annotated else ():
        if isinstance(_part, StringConstraints):
            TYPES[_name] = _alias
PATTERNS = {
    name: next(str(part.pattern or "") for part in get_args(alias) if isinstance(part, StringConstraints))
    for name, alias in TYPES.items()
}

HOSTILE = {
    "newline": "a\nb",
    "trailing newline": "a\n",
    "carriage return": "a\rb",
    "tab": "a\tb",
    "NUL": "a\0b",
    "escape": "a\x1b[31m",
    "delete": "a\x7f",
    "next line": "a\x85b",
    "line separator": "a\u2028b",
    "right-to-left override": "a\u202eb",
    "zero-width space": "a\u200bb",
    "byte order mark": "\ufeffa",
    "fullwidth": "\uff41",
    "look-alike": "\u0430",
    "umlaut": "\u00fc",
    "lone surrogate": "a\ud800",
    "very long": "a" * 20_000,
}
# What one line of printable ASCII may hold and an identifier may not.
PRINTABLE = {
    "double quote": 'a"b',
    "single quote": "a'b",
    "backslash": "a\\b",
    "space": "a b",
    "leading space": " a",
    "trailing space": "a ",
    "Jinja": "{{ a }}",
    "Jinja statement": "{% a %}",
    "shell variable": "${A}",
    "shell substitution": "$(a)",
    "backticks": "`a`",
    "systemd specifier": "%H",
    "semicolon": "a; b",
    "brace": "a}",
    "hash": "a #b",
    "pipe": "a|b",
    "ampersand": "a&b",
    "redirect": "a>b",
    "comma": "a,b",
    "climbing": "a/../../etc/passwd",
    "option": "--privileged",
}
LINES = ("Line", "Reason")


@pytest.mark.parametrize("name", TYPES)
def test_every_shape_has_words_and_an_example_that_it_accepts(name: str) -> None:
    pattern = PATTERNS[name]
    if not pattern:
        assert name == "Schedule", "a shape without a pattern has a parser of its own"
        return
    shape = SHAPES[pattern]
    example = parse(f"a: {shape.example}\n".encode(), "f").data["a"]
    assert TypeAdapter(TYPES[name]).validate_python(example)


def patterns_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for below in schema.values():
            yield from patterns_in(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from patterns_in(below)


def test_no_pattern_is_without_words() -> None:
    quantity = {base.BYTES, base.SECONDS, base.RATE, base.PERCENT, base.MILLICORES}
    assert set(patterns_in(Config.model_json_schema())) <= quantity | set(SHAPES)


def refuses(alias: Any, text: str) -> bool:
    try:
        TypeAdapter(alias).validate_python(text)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", TYPES)
def test_no_shape_accepts_hostile_text(name: str, text: str) -> None:
    assert refuses(TYPES[name], text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", [name for name in TYPES if PATTERNS[name]])
def test_no_shape_accepts_hostile_text_around_its_example(name: str, text: str) -> None:
    example = SHAPES[PATTERNS[name]].example.strip('"')
    assert refuses(TYPES[name], example + text)
    assert refuses(TYPES[name], text + example)


@pytest.mark.parametrize("text", PRINTABLE.values(), ids=PRINTABLE)
@pytest.mark.parametrize("name", [name for name in TYPES if name not in LINES])
def test_no_identifier_accepts_what_has_a_meaning_elsewhere(name: str, text: str) -> None:
    assert refuses(TYPES[name], text)


@pytest.mark.parametrize("name", [name for name in TYPES if PATTERNS[name]])
def test_patterns_are_fast_in_engines_that_backtrack(name: str) -> None:
    """Editors run the JSON Schema's patterns in such an engine."""
    pattern = re.compile(PATTERNS[name])
    start = time.perf_counter()
    for start_with in ("", "/", "a.", "s3://a", "http://", "a@", "a:", "10."):
        for repeated in ("a", "a-", "a.", "/a", "a_", "1", "-", ":a"):
            pattern.match(start_with + repeated * 200 + "!")
    assert time.perf_counter() - start < 0.5


# (shape, what was written, what is proposed instead)
MENDED = [
    (shapes.NAME, "AI_Search", "ai-search"),
    (shapes.NAME, "\u0430i-search", None),
    (shapes.DOMAIN, "https://Search.Example.com/path", "search.example.com"),
    (shapes.DOMAIN, "search.example.com:8443", "search.example.com"),
    (shapes.DOMAIN, "search.example.com.", "search.example.com"),
    (shapes.DOMAIN, "b\u00fccher.example", "xn--bcher-kva.example"),
    (shapes.DOMAIN, "\uff53earch.example.com", None),
    (shapes.DOMAIN, "s\u0435arch.example.com", None),
    (shapes.DOMAIN, "stra\u00dfe.example", None),
    (shapes.DOMAIN, "10.0.0.1", None),
    (shapes.IMAGE, "https://GHCR.io/example/app:1.4.2", "ghcr.io/example/app"),
    (shapes.IMAGE, "registry.example.com:5000/app:1", "registry.example.com:5000/app"),
    (shapes.ORIGIN, "search.example.com", "https://search.example.com"),
    (shapes.ORIGIN, "https://search.example.com/", "https://search.example.com"),
    (shapes.URL_PATH, "chat/stream?x=1", "/chat/stream"),
    (shapes.FILE_PATH, "/app/data/", "/app/data"),
    (shapes.SQL_NAME, "My-DB", "my_db"),
    # The name of a secret is where people write the secret itself: nothing of it is ever repeated.
    (shapes.VARIABLE, "hunter2", None),
]


@pytest.mark.parametrize(("pattern", "written", "proposed"), MENDED)
def test_what_was_meant(pattern: str, written: str, proposed: str | None) -> None:
    assert mended(pattern, written) == proposed


# Editions


def test_editions_of_the_schema_are_those_that_have_data() -> None:
    assert set(get_args(Config.model_fields["edition"].annotation)) == set(EDITIONS)


@pytest.mark.parametrize("contract", ["shared-state", "local-state"])
@pytest.mark.parametrize("preset", ["small", "medium", "large"])
def test_every_preset_is_complete_with_every_contract(preset: str, contract: str) -> None:
    config = Config.model_validate(resolved(preset, contract))
    assert config.contract.extends == contract


def test_presets_and_contracts_are_those_that_can_be_chosen() -> None:
    edition = edition_named("2026.11")
    assert set(edition.presets) == set(get_args(Config.model_fields["preset"].annotation))
    contract = section_in(Config.model_fields["contract"].annotation)
    assert contract is not None
    assert set(edition.contracts) == set(get_args(contract.model_fields["extends"].annotation))


@pytest.mark.parametrize("part", edition_named("2026.11").images)
def test_default_images_have_exact_tags(part: str) -> None:
    reference = edition_named("2026.11").images[part].format(version=18)
    TypeAdapter(shapes.ImageReference).validate_python(reference)


# Quantities

QUANTITIES = [field for field in LEAVES if any(isinstance(part, BeforeValidator) for part in field.field.metadata)]


@of([leaf for leaf in QUANTITIES if leaf.path != ("app", "workers") and leaf.path[-1] != "cpu"])
def test_a_bare_number_where_a_unit_is_needed_is_refused_with_the_unit(leaf: Leaf) -> None:
    if "cpu" in leaf.path:
        return
    with pytest.raises(ValidationError) as caught:
        Config.model_validate(placed(leaf.path, 30))
    assert "30 has no unit. Write it as" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(2**30, "1Gi"), (10**7, "10MB"), (3 * 2**20, "3Mi"), (1000, "1kB")],
)
def test_amounts_are_written_as_a_person_would(value: int, text: str) -> None:
    assert quantities.written_bytes(value) == text
    assert quantities.parse_bytes(text) == value
