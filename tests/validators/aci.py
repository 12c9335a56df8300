"""Container groups against Azure's resource schema, kept in ``data/aci.json`` with where it came from.

The schema calls every number an int and marks ``type`` and ``apiVersion``, which the command line needs, read-only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).parent / "data" / "aci.json"
ROOT = "Microsoft.ContainerInstance/containerGroups"

# https://learn.microsoft.com/azure/templates/microsoft.containerinstance/containergroups: numbers with a fraction.
FRACTIONS = {"cpu", "memoryInGB"}
WRITTEN = {"type", "apiVersion"}
# https://learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits
MOST_CORES = 4
MOST_MEMORY = 16
MOST_PORTS = 5


def problems(group: Mapping[str, Any], *, filled: bool = True) -> list[str]:
    """What is wrong with one container group, a line each; `filled`: with the secrets in it."""
    found = list(_object(ROOT, group, ""))
    if group.get("type") != ROOT or group.get("apiVersion") != schema()["apiVersion"]:
        found.append(f"type and apiVersion are not {ROOT} of {schema()['apiVersion']}")
    return found or list(_meant(group, filled=filled))


@cache
def schema() -> dict[str, Any]:
    """The kept schema."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text())
    return found


def _object(name: str, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{path}: {value!r} is no {name}"
        return
    described = schema()["types"][name]
    properties = described["properties"]
    for key, below in properties.items():
        if "Required" in below.get("flags", "") and key not in value:
            yield f"{path}/{key}: required"
    for key, below in value.items():
        if "additionalPropertiesType" in described:
            yield from _value(described["additionalPropertiesType"], below, f"{path}/{key}", key)
        elif key not in properties:
            yield f"{path}/{key}: unknown"
        elif "ReadOnly" in properties[key].get("flags", "") and not (path == "" and key in WRITTEN):
            yield f"{path}/{key}: Azure's own"
        else:
            yield from _value(properties[key]["type"], below, f"{path}/{key}", key)


def _value(kind: str, value: object, path: str, key: str) -> Iterator[str]:
    if path in ("/type", "/apiVersion") or kind == "any":
        return
    if kind.endswith("[]"):
        if not isinstance(value, list):
            yield f"{path}: {value!r} is no list"
            return
        for number, item in enumerate(value):
            yield from _value(kind.removesuffix("[]"), item, f"{path}/{number}", key)
    elif kind in schema()["types"]:
        yield from _object(kind, value, path)
    elif " | " in kind:
        # "| string" only says that more may come: these are the ones there are.
        choices = set(kind.split(" | ")) - {"string"}
        if value not in choices:
            yield f"{path}: {value!r} is none of {', '.join(sorted(choices))}"
    elif not _is(kind, value, key):
        yield f"{path}: {value!r} is no {kind}"


def _is(kind: str, value: object, key: str) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "int":
            numbers = (int, float) if key in FRACTIONS else (int,)
            return isinstance(value, numbers) and not isinstance(value, bool)
    raise ValueError(f"the schema has a type that is not known here: {kind}")


def _meant(group: Mapping[str, Any], *, filled: bool) -> Iterator[str]:
    """Limits and references that the schema does not know."""
    properties = group["properties"]
    containers = properties["containers"]
    everything = [*containers, *properties.get("initContainers", [])]
    names = [container["name"] for container in everything]
    if len(names) != len(set(names)):
        yield "two containers have one name"
    volumes = {volume["name"]: volume for volume in properties.get("volumes", [])}
    mounted = set()
    for container in everything:
        inside = container["properties"]
        mounted |= {mount["name"] for mount in inside.get("volumeMounts", [])}
        yield from _container(container["name"], inside, filled=filled)
    yield from (f"no volume {name}" for name in sorted(mounted - set(volumes)))
    yield from (f"volume {name} is mounted nowhere" for name in sorted(set(volumes) - mounted))
    for name, volume in volumes.items():
        if len(volume) != 2:
            yield f"volume {name} has not exactly one source"
        if filled and "azureFile" in volume and not volume["azureFile"].get("storageAccountKey"):
            yield f"volume {name} has no key"
        if filled and "secret" in volume and not volume["secret"]:
            yield f"volume {name} is empty"
    yield from _address(properties, containers)
    yield from _sizes(containers)


def _container(name: str, inside: Mapping[str, Any], *, filled: bool) -> Iterator[str]:
    variables = inside.get("environmentVariables", [])
    keys = [variable["name"] for variable in variables]
    yield from (f"{name}: {key} is there twice" for key in sorted({key for key in keys if keys.count(key) > 1}))
    for variable in variables:
        if ("value" in variable) == ("secureValue" in variable):
            yield f"{name}: {variable['name']} has both or neither"
        if not filled and "secureValue" in variable:
            yield f"{name}: {variable['name']} is a secret in a file"
    paths = [mount["mountPath"] for mount in inside.get("volumeMounts", [])]
    if len(paths) != len(set(paths)):
        yield f"{name}: two volumes at one path"
    for kind in ("livenessProbe", "readinessProbe"):
        if kind in inside and len({"exec", "httpGet"} & set(inside[kind])) != 1:
            yield f"{name}: {kind} asks in exactly one way"


def _address(properties: Mapping[str, Any], containers: list[Mapping[str, Any]]) -> Iterator[str]:
    opened = [port["port"] for container in containers for port in container["properties"].get("ports", [])]
    public = [port["port"] for port in properties.get("ipAddress", {}).get("ports", [])]
    if len(opened) != len(set(opened)):
        yield "two containers open one port"
    if set(public) - set(opened):
        yield "a public port that no container opens"
    if len(public) > MOST_PORTS:
        yield f"more than {MOST_PORTS} public ports"


def _sizes(containers: list[Mapping[str, Any]]) -> Iterator[str]:
    for container in containers:
        resources = container["properties"]["resources"]
        limits = resources.get("limits", {})
        for key, asked in resources["requests"].items():
            if limits.get(key, asked) < asked:
                yield f"{container['name']}: {key} is limited below what it asks for"
    asked = [container["properties"]["resources"]["requests"] for container in containers]
    if sum(each["cpu"] for each in asked) > MOST_CORES or sum(each["memoryInGB"] for each in asked) > MOST_MEMORY:
        yield f"more than {MOST_CORES} cores or {MOST_MEMORY} GB in all"
