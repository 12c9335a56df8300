"""Schemas of our own for custom resources whose types no package brings.

They follow the projects' API types: the fields that a deployment of ours may use, with their types, enumerations and
bounds. Any other field is refused, so a new one is looked up in its source before it is rendered:

- CloudNativePG: ``api/v1/cluster_types.go``, ``scheduledbackup_types.go``, ``pooler_types.go``
- its Barman Cloud plugin: ``ObjectStore`` in the API reference of barmancloud.cnpg.io/v1
- Envoy Gateway: ``api/v1alpha1/backendtrafficpolicy_types.go``, ``ratelimit_types.go``, ``timeout_types.go``
- NGINX Gateway Fabric: ``config/crd/bases/gateway.nginx.org_ratelimitpolicies.yaml``
"""

from __future__ import annotations

from typing import Any

import jsonschema

Schema = dict[str, Any]


def _object(*required: str, **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _list(items: Schema, **bounds: int) -> Schema:
    return {"type": "array", "items": items, **bounds}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _one_of(*values: str) -> Schema:
    return {"enum": list(values)}


def _whole(minimum: int = 0, maximum: int = 2**31 - 1) -> Schema:
    return {"type": "integer", "minimum": minimum, "maximum": maximum}


TEXT: Schema = {"type": "string", "minLength": 1}
FLAG: Schema = {"type": "boolean"}
NAME: Schema = {"type": "string", "pattern": r"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$"}
QUANTITY: Schema = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$"}
# Gateway API's Duration: GEP-2257.
DURATION: Schema = {"type": "string", "pattern": r"^([0-9]{1,5}(h|m|s|ms)){1,4}$"}
NAMED = _object("name", name=NAME)
SECRET_KEY = _object("name", "key", name=NAME, key=TEXT)
METADATA = _object(
    "name", name=NAME, namespace=NAME, labels=_map({"type": "string"}), annotations=_map({"type": "string"})
)
RESOURCES = _object(limits=_map(QUANTITY), requests=_map(QUANTITY))
STORAGE = _object("size", size=QUANTITY, storageClass=NAME, resizeInUseVolumes=FLAG)
GATEWAY_TARGET = _object(
    "group",
    "kind",
    "name",
    group=_one_of("gateway.networking.k8s.io"),
    kind=_one_of("Gateway", "HTTPRoute", "GRPCRoute"),
    name=NAME,
    sectionName=NAME,
)

CLUSTER = _object(
    "instances",
    "storage",
    instances=_whole(1),
    imageName=TEXT,
    imagePullPolicy=_one_of("Always", "IfNotPresent", "Never"),
    imagePullSecrets=_list(NAMED),
    inheritedMetadata=_object(labels=_map({"type": "string"}), annotations=_map({"type": "string"})),
    storage=STORAGE,
    walStorage=STORAGE,
    resources=RESOURCES,
    bootstrap=_object(
        initdb=_object(
            database=TEXT,
            owner=TEXT,
            secret=NAMED,
            dataChecksums=FLAG,
            encoding=TEXT,
            localeCollate=TEXT,
            localeCType=TEXT,
            postInitApplicationSQL=_list(TEXT),
            postInitSQL=_list(TEXT),
        ),
        recovery=_object(source=TEXT, database=TEXT, owner=TEXT, secret=NAMED, recoveryTarget=_object(targetTime=TEXT)),
    ),
    # A parameter is text, a number too: `max_connections: 100` without quotes is refused by the API server.
    postgresql=_object(
        parameters=_map({"type": "string"}),
        pg_hba=_list(TEXT),
        shared_preload_libraries=_list(TEXT),
        synchronous=_object(
            "method",
            "number",
            method=_one_of("any", "first"),
            number=_whole(1),
            dataDurability=_one_of("required", "preferred"),
        ),
    ),
    plugins=_list(_object("name", name=TEXT, enabled=FLAG, isWALArchiver=FLAG, parameters=_map({"type": "string"}))),
    externalClusters=_list(
        _object("name", name=TEXT, plugin=_object("name", name=TEXT, parameters=_map({"type": "string"})))
    ),
    affinity=_object(
        enablePodAntiAffinity=FLAG,
        topologyKey=TEXT,
        podAntiAffinityType=_one_of("preferred", "required"),
        nodeSelector=_map({"type": "string"}),
        tolerations=_list({"type": "object"}),
    ),
    topologySpreadConstraints=_list({"type": "object"}),
    priorityClassName=NAME,
    primaryUpdateStrategy=_one_of("unsupervised", "supervised"),
    primaryUpdateMethod=_one_of("switchover", "restart"),
    enableSuperuserAccess=FLAG,
    enablePDB=FLAG,
    startDelay=_whole(),
    stopDelay=_whole(),
    monitoring=_object(enablePodMonitor=FLAG),
    logLevel=_one_of("error", "warning", "info", "debug", "trace"),
)

SCHEDULED_BACKUP = _object(
    "schedule",
    "cluster",
    # Six fields, seconds first. Cron's five are accepted with a warning and read from the seconds on: "0 2 * * *" is
    # two minutes past every hour (the operator's internal/webhook/v1/scheduledbackup_webhook.go).
    schedule={"type": "string", "pattern": r"^\S+( \S+){5}$"},
    cluster=NAMED,
    immediate=FLAG,
    suspend=FLAG,
    backupOwnerReference=_one_of("none", "self", "cluster"),
    method=_one_of("barmanObjectStore", "volumeSnapshot", "plugin"),
    pluginConfiguration=_object("name", name=TEXT, parameters=_map({"type": "string"})),
    target=_one_of("primary", "prefer-standby"),
)

POOLER = _object(
    "cluster",
    "pgbouncer",
    cluster=NAMED,
    type=_one_of("rw", "ro", "r"),
    instances=_whole(),
    template={"type": "object"},
    deploymentStrategy={"type": "object"},
    monitoring=_object(enablePodMonitor=FLAG),
    pgbouncer=_object(
        poolMode=_one_of("session", "transaction"), parameters=_map({"type": "string"}), pg_hba=_list(TEXT), paused=FLAG
    ),
)

OBJECT_STORE = _object(
    "configuration",
    retentionPolicy={"type": "string", "pattern": r"^[1-9][0-9]*[dwm]$"},
    instanceSidecarConfiguration=_object(resources=RESOURCES, retentionPolicyIntervalSeconds=_whole(1)),
    configuration=_object(
        "destinationPath",
        destinationPath=TEXT,
        endpointURL=TEXT,
        endpointCA=SECRET_KEY,
        s3Credentials=_object(
            accessKeyId=SECRET_KEY,
            secretAccessKey=SECRET_KEY,
            sessionToken=SECRET_KEY,
            region=SECRET_KEY,
            inheritFromIAMRole=FLAG,
        ),
        googleCredentials=_object(applicationCredentials=SECRET_KEY, gkeEnvironment=FLAG),
        azureCredentials=_object(
            connectionString=SECRET_KEY, storageAccount=SECRET_KEY, storageKey=SECRET_KEY, inheritFromAzureAD=FLAG
        ),
        wal=_object(
            compression=_one_of("bzip2", "gzip", "lz4", "snappy", "xz", "zstd"),
            encryption=_one_of("AES256", "aws:kms"),
            maxParallel=_whole(1),
        ),
        data=_object(
            compression=_one_of("bzip2", "gzip", "snappy"),
            encryption=_one_of("AES256", "aws:kms"),
            jobs=_whole(1),
            immediateCheckpoint=FLAG,
        ),
    ),
)

ENVOY_RULE = _object(
    "limit",
    clientSelectors=_list(
        _object(
            headers=_list(
                _object(
                    "name",
                    type=_one_of("Exact", "RegularExpression", "Distinct"),
                    name=TEXT,
                    value={"type": "string"},
                    invert=FLAG,
                ),
                maxItems=16,
            ),
            methods=_list(
                _object("value", value=_one_of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"), invert=FLAG)
            ),
            path=_object("value", type=_one_of("Exact", "PathPrefix", "RegularExpression"), value=TEXT, invert=FLAG),
            sourceCIDR=_object("value", type=_one_of("Exact", "Distinct"), value=TEXT),
        )
        | {"minProperties": 1},
        maxItems=8,
    ),
    limit=_object(
        "requests",
        "unit",
        requests=_whole(0, 2**32 - 1),
        unit=_one_of("Second", "Minute", "Hour", "Day", "Month", "Year"),
    ),
    shared=FLAG,
)

BACKEND_TRAFFIC_POLICY = _object(
    "targetRefs",
    targetRefs=_list(GATEWAY_TARGET, minItems=1),
    mergeType=_one_of("StrategicMerge", "JSONMerge"),
    rateLimit=_object(
        **{
            "local": _object("rules", rules=_list(ENVOY_RULE, maxItems=16)),
            "global": _object("rules", rules=_list(ENVOY_RULE, maxItems=128)),
        },
        type=_one_of("Local", "Global"),
    ),
    timeout=_object(
        tcp=_object(connectTimeout=DURATION),
        http=_object(
            requestTimeout=DURATION,
            connectionIdleTimeout=DURATION,
            maxConnectionDuration=DURATION,
        ),
    ),
    loadBalancer=_object(
        "type",
        type=_one_of("ConsistentHash", "LeastRequest", "Random", "RoundRobin"),
        consistentHash=_object("type", type=_one_of("SourceIP", "Header", "Cookie"), tableSize=_whole(2, 5000011)),
    ),
)

RATE_LIMIT_POLICY = _object(
    "targetRefs",
    targetRefs=_list(GATEWAY_TARGET, minItems=1, maxItems=16),
    rateLimit=_object(
        local=_object(
            rules=_list(
                _object(
                    "key",
                    "rate",
                    key=TEXT,
                    rate={"type": "string", "pattern": r"^[0-9]+r/[sm]$"},
                    burst=_whole(),
                    delay=_whole(),
                    noDelay=FLAG,
                    dryRun=FLAG,
                    logLevel=_one_of("info", "notice", "warn", "error"),
                    rejectCode=_whole(400, 599),
                    zoneSize={"type": "string", "pattern": r"^[0-9]{1,4}[kmg]?$"},
                )
            )
        )
    ),
)

SPECS = {
    ("barmancloud.cnpg.io/v1", "ObjectStore"): OBJECT_STORE,
    ("gateway.envoyproxy.io/v1alpha1", "BackendTrafficPolicy"): BACKEND_TRAFFIC_POLICY,
    ("gateway.nginx.org/v1alpha1", "RateLimitPolicy"): RATE_LIMIT_POLICY,
    ("postgresql.cnpg.io/v1", "Cluster"): CLUSTER,
    ("postgresql.cnpg.io/v1", "Pooler"): POOLER,
    ("postgresql.cnpg.io/v1", "ScheduledBackup"): SCHEDULED_BACKUP,
}

GROUPS = frozenset(api.partition("/")[0] for api, _ in SPECS)


def problems(document: dict[str, Any]) -> list[str]:
    """What is wrong with one custom resource; that there is no schema for it is a problem too."""
    spec = SPECS.get((str(document.get("apiVersion")), str(document.get("kind"))))
    if spec is None:
        return [f"no schema for {document.get('kind')} of {document.get('apiVersion')}"]
    schema = _object("apiVersion", "kind", "metadata", "spec", apiVersion=TEXT, kind=TEXT, metadata=METADATA, spec=spec)
    found = jsonschema.Draft202012Validator(schema).iter_errors(document)
    return sorted(f"/{'/'.join(str(key) for key in error.absolute_path)} {error.message}" for error in found)
