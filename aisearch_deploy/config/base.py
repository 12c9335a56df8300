"""What every section of the config shares: strict types, no unknown keys, frozen; and the quantities."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from aisearch_deploy.formats import quantities


class Section(BaseModel):
    """One block of aisearch.yaml. A field's description is the one text that the schema, `init` and the docs show."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, protected_namespaces=(), defer_build=True)


class WhenGiven:
    """Marks a block whose validator is made when a config has it: most have few, and all cost too much."""

    def __get_pydantic_core_schema__(self, source: type[Section], _: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(source.model_validate)

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        section = schema["function"]["function"].__self__
        section.model_rebuild()
        return handler(section.__pydantic_core_schema__)


def _reader(parse: Callable[[str], int], example: str) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, int | float) and not isinstance(value, bool):
            raise PydanticCustomError(
                "unit", "{value} has no unit. Write it as {example}", {"value": value, "example": example}
            )
        if not isinstance(value, str):
            raise PydanticCustomError("quantity", "not a quantity. Write it as {example}", {"example": example})
        try:
            return parse(value)
        except ValueError as error:
            raise PydanticCustomError("quantity", "{problem}", {"problem": str(error)}) from None

    return read


def _read_cores(value: object) -> int:
    """Cores have no unit, so a bare number is one; anything else is read as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return _reader(quantities.parse_millicores, '"2" or "500m"')(value)


def _text_schema(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


# For editors; the parsers say more, and say it better.
BYTES = r"^[0-9]+(Ki|Mi|Gi|Ti|kB|MB|GB|TB)$"
SECONDS = r"^[0-9]+[smhdy]$"
RATE = r"^[0-9]+/(s|min)$"
PERCENT = r"^[0-9]{1,3}%$"
MILLICORES = r"^([0-9]{1,6}m|[0-9]{1,4}([.][0-9]{1,3})?)$"

Bytes = Annotated[
    int,
    BeforeValidator(_reader(quantities.parse_bytes, "512Mi, 6Gi or 10MB")),
    _text_schema(BYTES, "512Mi", "6Gi", "10MB"),
]
Seconds = Annotated[
    int,
    BeforeValidator(_reader(quantities.parse_seconds, "30s, 5m, 24h, 30d or 2y")),
    _text_schema(SECONDS, "30s", "24h", "30d"),
]
Rate = Annotated[
    int,
    BeforeValidator(_reader(quantities.parse_rate, "20/s or 30/min")),
    _text_schema(RATE, "20/s", "30/min"),
]
Percent = Annotated[
    int,
    BeforeValidator(_reader(quantities.parse_percent, "70%")),
    _text_schema(PERCENT, "70%"),
]
Millicores = Annotated[
    int,
    BeforeValidator(_read_cores),
    WithJsonSchema({"type": ["string", "number"], "pattern": MILLICORES, "examples": ["2", "1.5", "500m"]}),
]
