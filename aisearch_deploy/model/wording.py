"""Pydantic's errors in the words of somebody who writes configs: what is wrong, and what to write instead."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aisearch_deploy.config.examples import example_of, field_at, fields_of, flow, section_at
from aisearch_deploy.config.mending import mended, stranger
from aisearch_deploy.config.scalars import shown, write_quoted
from aisearch_deploy.config.schema import Config
from aisearch_deploy.config.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aisearch_deploy.config.load import ConfigPath


@dataclass(frozen=True, slots=True)
class Wrong:
    """One error of the schema.

    `path` is the config path; `value` what stands there (with `is_key` its last key), and `plain` its unquoted text as
    the person wrote it, None for what was quoted or is no scalar. `kind`, `context` and `said` are pydantic's.
    """

    kind: str
    context: Mapping[str, Any]
    said: str
    path: ConfigPath
    value: Any
    plain: str | None
    is_key: bool = False


def words(wrong: Wrong) -> tuple[str, str]:
    """What is wrong and what to do. The value itself is only repeated where it cannot be a secret in a wrong place."""
    context = wrong.context
    if wrong.value is None and wrong.kind != "missing":
        return "empty." if not wrong.plain else "null.", _write(wrong.path)
    match wrong.kind:
        case "extra_forbidden":
            return "unknown key.", _did_you_mean(wrong.path)
        case "missing":
            field = field_at(wrong.path)
            return "missing.", f"{field.description if field else ''} {_write(wrong.path)}".strip()
        case "string_type":
            return _not_a_text(wrong)
        case "string_pattern_mismatch":
            return _not_of_shape(wrong)
        case "literal_error":
            return _not_a_choice(wrong, str(context["expected"]))
        case "int_type" | "int_parsing" | "int_from_float":
            return _not_a_number(wrong)
        case "bool_type":
            return "not true or false.", "Write true or false, without quotes."
        case "list_type":
            return "not a list.", _write(wrong.path)
        case "dict_type" | "model_type" | "model_attributes_type":
            return "not a block of keys and values.", _write(wrong.path)
        case "string_too_long":
            return f"longer than {context['max_length']} characters.", "Shorten it."
        case "too_short":
            return "empty.", _write(wrong.path)
        case "greater_than_equal":
            return f"less than {context['ge']}.", f"Write at least {context['ge']}."
        case "less_than_equal":
            return f"more than {context['le']}.", f"Write at most {context['le']}."
    message, _, fix = wrong.said.partition(". Write ")
    return _sentence(message), _sentence(f"Write {fix}") if fix else _write(wrong.path)


def _not_of_shape(wrong: Wrong) -> tuple[str, str]:
    pattern, text = wrong.context["pattern"], str(wrong.value)
    shape = SHAPES.get(pattern)
    unseen = stranger(text)
    message = f"not {shape.what if shape else 'of the right form'}{f': {unseen}' if unseen else ''}."
    better = mended(pattern, text)
    if better is not None:
        return message, f"Write {flow(better)}."
    example = _example_key(wrong.path) if wrong.is_key else _example(wrong.path)
    if isinstance(example, str):
        return message, f"Write something like {flow(example)}."
    return message, f"Write something like {shape.example}." if shape else _write(wrong.path)


def _not_a_text(wrong: Wrong) -> tuple[str, str]:
    if wrong.plain is None:
        return "not a text.", _write(wrong.path)
    kind = "truth value" if isinstance(wrong.value, bool) else "number"
    return f"{shown(wrong.plain)} reads as the {kind} {flow(wrong.value)}.", write_quoted(wrong.plain)


def _not_a_number(wrong: Wrong) -> tuple[str, str]:
    if isinstance(wrong.value, str) and wrong.value.isascii() and wrong.value.isdigit():
        return "a text in quotes, not a number.", f"Write {wrong.value[:20]}, without quotes."
    return "not a whole number.", _write(wrong.path)


def _not_a_choice(wrong: Wrong, expected: str) -> tuple[str, str]:
    choices = expected.replace(" or ", ", ").split(", ")
    texts = [choice.strip("'") for choice in choices]
    listed = ", ".join(flow(text) if text != choice else text for text, choice in zip(texts, choices, strict=True))
    if not isinstance(wrong.value, str) and wrong.plain in texts:
        return _not_a_text(wrong)
    if texts == choices:  # numbers
        return ("a text, not a number." if str(wrong.value) in choices else f"not {listed}."), _write(wrong.path)
    by_small_letters = {text.lower(): text for text in texts}
    if len(texts) == 1:
        return f"not {listed}, the only one that this version knows.", _write(wrong.path)
    near = difflib.get_close_matches(str(wrong.value).lower(), by_small_letters, n=1, cutoff=0.6)
    return f"not one of {listed}.", f"Did you mean {flow(by_small_letters[near[0]])}?" if near else _write(wrong.path)


def _did_you_mean(path: ConfigPath) -> str:
    section = section_at(path[:-1])
    if section is None:
        return "Remove it."
    names = [*fields_of(section), *(["environments"] if section is Config else [])]
    near = difflib.get_close_matches(str(path[-1]), names, n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else f"Known keys: {', '.join(names)}."


def _write(path: ConfigPath) -> str:
    """`Write domains: [search.example.com].`, from the schema's own example."""
    example = _example(path)
    if example is None:
        return "Remove it."
    if path and isinstance(path[-1], str):
        return f"Write {path[-1]}: {flow(example)}."
    return f"Write {flow(example)}."


def _example(path: ConfigPath) -> Any:
    """Of the field, of one item of its list, or of one value of its open map."""
    field = field_at(path)
    if field is None:
        above = field_at(path[:-1]) if len(path) > 1 else None
        example = example_of(above) if above is not None else None
        return next(iter(example.values()), None) if isinstance(example, dict) else None
    example = example_of(field)
    return example[0] if path and isinstance(path[-1], int) and isinstance(example, list) and example else example


def _example_key(path: ConfigPath) -> Any:
    """A key of the open map that holds `path`."""
    field = field_at(path[:-1])
    example = example_of(field) if field is not None else None
    return next(iter(example), None) if isinstance(example, dict) else None


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."
