"""Cloud Run's manifests against Google's API description, the document that ``google-api-python-client`` ships.

The description has types but no required fields and few limits; those are here, each from Google's documentation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from google.cloud.run_v2.types import Container
from google.protobuf.json_format import ParseDict, ParseError

from tests.validators.tools import packaged

KINDS = {("serving.knative.dev/v1", "Service"): "Service", ("run.googleapis.com/v1", "Job"): "Job"}

# https://cloud.google.com/run/docs/reference/yaml/v1, and what we always want written.
REQUIRED: dict[str, set[str]] = {
    "Service": {"apiVersion", "kind", "metadata", "spec"},
    "Job": {"apiVersion", "kind", "metadata", "spec"},
    "ObjectMeta": set(),
    "ServiceSpec": {"template", "traffic"},
    "RevisionTemplate": {"metadata", "spec"},
    "RevisionSpec": {"containers", "containerConcurrency", "timeoutSeconds", "serviceAccountName"},
    "JobSpec": {"template"},
    "ExecutionTemplateSpec": {"spec"},
    "ExecutionSpec": {"template"},
    "TaskTemplateSpec": {"spec"},
    "TaskSpec": {"containers", "serviceAccountName", "timeoutSeconds"},
    "Container": {"name", "image", "resources"},
    "ContainerPort": {"containerPort"},
    "ResourceRequirements": {"limits"},
    "EnvVar": {"name"},
    "EnvVarSource": {"secretKeyRef"},
    "SecretKeySelector": {"name", "key"},
    "Volume": {"name"},
    "VolumeMount": {"name", "mountPath"},
    "CSIVolumeSource": {"driver", "volumeAttributes"},
    "SecretVolumeSource": {"secretName", "items"},
    "KeyToPath": {"key", "path"},
    "HTTPGetAction": {"path", "port"},
    "TCPSocketAction": {"port"},
    "TrafficTarget": {"percent"},
}
# https://cloud.google.com/run/docs/reference/yaml/v1: annotations of the service and of a revision.
SERVICE_ANNOTATIONS = {
    "run.googleapis.com/ingress": {"all", "internal", "internal-and-cloud-load-balancing"},
    "run.googleapis.com/invoker-iam-disabled": {"true", "false"},
    "run.googleapis.com/default-url-disabled": {"true", "false"},
}
TEMPLATE_ANNOTATIONS: dict[str, set[str] | None] = {
    "autoscaling.knative.dev/minScale": None,
    "autoscaling.knative.dev/maxScale": None,
    "run.googleapis.com/execution-environment": {"gen1", "gen2"},
    "run.googleapis.com/startup-cpu-boost": {"true", "false"},
    "run.googleapis.com/cpu-throttling": {"true", "false"},
    "run.googleapis.com/container-dependencies": None,
    "run.googleapis.com/network-interfaces": None,
    "run.googleapis.com/vpc-access-egress": {"all-traffic", "private-ranges-only"},
    "run.googleapis.com/sessionAffinity": {"true", "false"},
}
# https://cloud.google.com/run/docs/container-contract#env-vars
RESERVED = {"PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION"}
MOST_STARTUP = 240
GOOGLE = ("run.googleapis.com/", "autoscaling.knative.dev/")


def problems(manifest: Mapping[str, Any]) -> list[str]:
    """What is wrong with one Service or Job, a line each."""
    schema = KINDS.get((str(manifest.get("apiVersion")), str(manifest.get("kind"))))
    if schema is None:
        return [f"{manifest.get('apiVersion')} {manifest.get('kind')} is neither a Service nor a Job"]
    found = list(_typed(schema, manifest, ""))
    return found or [*_meant(manifest, schema), *_protobuf(manifest, schema)]


@cache
def schemas() -> dict[str, Any]:
    """Google's schemas by name."""
    path = packaged("google-api-python-client", "discovery_cache/documents/run.v1.json")
    found: dict[str, Any] = json.loads(path.read_text())["schemas"]
    return found


def _typed(name: str, value: object, path: str) -> Iterator[str]:
    """Unknown and missing keys, and values of another type."""
    if not isinstance(value, Mapping):
        yield f"{path}: {value!r} is no {name}"
        return
    properties = schemas()[name]["properties"]
    yield from (f"{path}/{key}: required" for key in sorted(REQUIRED.get(name, set()) - set(value)))
    for key, below in value.items():
        if key in properties:
            yield from _value(properties[key], below, f"{path}/{key}")
        else:
            yield f"{path}/{key}: unknown"


def _value(schema: Mapping[str, Any], value: object, path: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from _typed(schema["$ref"], value, path)
    elif schema["type"] == "array":
        if not isinstance(value, list):
            yield f"{path}: {value!r} is no list"
            return
        for number, item in enumerate(value):
            yield from _value(schema["items"], item, f"{path}/{number}")
    elif schema["type"] == "object":
        if not isinstance(value, Mapping):
            yield f"{path}: {value!r} is no map"
            return
        for key, item in value.items():
            yield from _value(schema["additionalProperties"], item, f"{path}/{key}")
    elif not _is(schema, value):
        yield f"{path}: {value!r} is no {schema.get('format') or schema['type']}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {', '.join(schema['enum'])}"


def _is(schema: Mapping[str, Any], value: object) -> bool:
    match schema["type"], schema.get("format"):
        case "string", "int64":
            return isinstance(value, str) and value.lstrip("-").isdigit()
        case "string", _:
            return isinstance(value, str)
        case "boolean", _:
            return isinstance(value, bool)
        case "integer", "int32":
            return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31
        case "number", _:
            return isinstance(value, int | float) and not isinstance(value, bool)
    return False


def _meant(manifest: Mapping[str, Any], schema: str) -> Iterator[str]:
    """Limits and references that the description does not know."""
    template, spec = _inside(manifest, schema)
    if len(manifest["metadata"].get("name", "")) not in range(1, 50):
        yield "the name has 1 to 49 characters"
    annotations = template.get("metadata", {}).get("annotations", {})
    yield from _annotations(manifest["metadata"].get("annotations", {}), SERVICE_ANNOTATIONS)
    yield from _annotations(annotations, TEMPLATE_ANNOTATIONS)
    containers = spec["containers"]
    names = [container["name"] for container in containers]
    if len(names) != len(set(names)):
        yield "two containers have one name"
    if schema == "Service":
        yield from _service(manifest, spec, annotations)
    yield from _volumes(spec)
    for container in containers:
        yield from (f"{container['name']}: {problem}" for problem in _container(container))


def _inside(manifest: Mapping[str, Any], schema: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The template with annotations, and the part with containers."""
    template = manifest["spec"]["template"]
    return template, template["spec"] if schema == "Service" else template["spec"]["template"]["spec"]


def _annotations(given: Mapping[str, str], known: Mapping[str, set[str] | None]) -> Iterator[str]:
    for key, value in given.items():
        if not key.startswith(GOOGLE):
            continue
        allowed = known.get(key, set())
        if key not in known:
            yield f"annotation {key}: unknown here"
        elif allowed is not None and value not in allowed:
            yield f"annotation {key}: {value} is none of {', '.join(sorted(allowed))}"


def _service(manifest: Mapping[str, Any], spec: Mapping[str, Any], annotations: Mapping[str, str]) -> Iterator[str]:
    containers = {container["name"]: container for container in spec["containers"]}
    if sum("ports" in container for container in containers.values()) != 1:
        yield "exactly one container has ports"
    if not 1 <= spec["containerConcurrency"] <= 1000:
        yield "containerConcurrency is 1 to 1000"
    if not 1 <= spec["timeoutSeconds"] <= 3600:
        yield "timeoutSeconds is 1 to 3600"
    if sum(target["percent"] for target in manifest["spec"]["traffic"]) != 100:
        yield "the traffic is not 100 percent"
    if int(annotations["autoscaling.knative.dev/minScale"]) > int(annotations["autoscaling.knative.dev/maxScale"]):
        yield "minScale is more than maxScale"
    for name, needed in json.loads(annotations.get("run.googleapis.com/container-dependencies", "{}")).items():
        for other in [name, *needed]:
            if "startupProbe" not in containers.get(other, {}):
                yield f"container-dependencies: {other} is no container with a startup probe"
    for interface in json.loads(annotations.get("run.googleapis.com/network-interfaces", "[]")):
        if set(interface) != {"network", "subnetwork"}:
            yield f"network-interfaces: {interface}"


def _volumes(spec: Mapping[str, Any]) -> Iterator[str]:
    volumes = [volume["name"] for volume in spec.get("volumes", [])]
    mounts = [mount for container in spec["containers"] for mount in container.get("volumeMounts", [])]
    if len(volumes) != len(set(volumes)):
        yield "two volumes have one name"
    yield from (f"no volume {mount['name']}" for mount in mounts if mount["name"] not in volumes)
    yield from (
        f"volume {name} is mounted nowhere" for name in volumes if name not in {mount["name"] for mount in mounts}
    )
    for volume in spec.get("volumes", []):
        if len(volume) != 2:
            yield f"volume {volume['name']} has not exactly one source"


def _container(container: Mapping[str, Any]) -> Iterator[str]:
    registry = container["image"].partition("/")[0]
    if not registry.endswith("-docker.pkg.dev"):
        yield f"{registry} is not Artifact Registry"
    variables = [variable["name"] for variable in container.get("env", [])]
    yield from (f"{name} is there twice" for name in {name for name in variables if variables.count(name) > 1})
    yield from (f"{name} is reserved" for name in variables if name in RESERVED)
    yield from (
        f"{v['name']} has both or neither" for v in container.get("env", []) if ("value" in v) == ("valueFrom" in v)
    )
    paths = [mount["mountPath"] for mount in container.get("volumeMounts", [])]
    if len(paths) != len(set(paths)) or any(path.split("/")[1] in ("dev", "proc", "sys") for path in paths):
        yield "mount paths are taken"
    if set(container["resources"]["limits"]) != {"cpu", "memory"}:
        yield "limits are cpu and memory"
    for kind in ("startupProbe", "livenessProbe"):
        probe = container.get(kind)
        if probe is None:
            continue
        if len({"httpGet", "tcpSocket", "grpc"} & set(probe)) != 1:
            yield f"{kind} asks in exactly one way"
        if probe["timeoutSeconds"] > probe["periodSeconds"]:
            yield f"{kind}: the timeout is longer than the period"
        if kind == "startupProbe" and probe["periodSeconds"] * probe["failureThreshold"] > MOST_STARTUP:
            yield f"{kind} waits longer than {MOST_STARTUP} s"


def _protobuf(manifest: Mapping[str, Any], schema: str) -> Iterator[str]:
    """Containers as the second version of the API has them, where only references to secrets are called otherwise."""
    for container in _inside(manifest, schema)[1]["containers"]:
        changed = dict(container)
        if "env" in changed:
            changed["env"] = [_variable(variable) for variable in changed["env"]]
        try:
            ParseDict(changed, Container.pb(Container()))
        except ParseError as error:
            yield f"{container['name']}: {error}"


def _variable(variable: Mapping[str, Any]) -> Mapping[str, Any]:
    if "valueFrom" not in variable:
        return variable
    reference = variable["valueFrom"]["secretKeyRef"]
    source = {"secretKeyRef": {"secret": reference["name"], "version": reference["key"]}}
    return {"name": variable["name"], "valueSource": source}
