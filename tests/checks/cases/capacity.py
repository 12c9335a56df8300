"""Rules on connections, memory and replicas."""

from __future__ import annotations

from tests.checks.cases.sound import Case
from tests.rendering.configs import overlaid

MANY = {"database": {"max_connections": 430}}
BUSY = {"load": {"streams": 100, "peak_requests": "20/s"}}
POOLED = {"database": {"pooler": "pgbouncer"}}
ALONE = {"scaling": {"min": 1, "max": 1}}

CASES: tuple[Case, ...] = (
    Case(
        "AID101",
        "database.pooler",
        "none",
        "pgbouncer",
        {
            "app": {"workers": 4, "memory": "8Gi"},
            "scaling": {"min": 3, "max": 10},
            "database": {"max_connections": 100},
        },
        says=("4 workers x (", "x 10 replicas", "97"),
    ),
    Case(
        "AID101",
        "database.max_connections",
        31,
        38,
        {
            "app": {"workers": 1},
            "scaling": {"min": 2, "max": 2},
            "database": {"pool": {"size": 5, "overflow": 5}, "pooler": "none"},
        },
        severity="warning",
        says=("2 + 1 surging", "= 35", "28"),
    ),
    Case("AID102", "app.workers", 4, 1, {"app": {"memory": "4Gi"}}, says=("4 workers x 1100Mi", "4.0 GiB")),
    Case(
        "AID102",
        "app.memory",
        "2600Mi",
        "4Gi",
        {"app": {"workers": 1}, "scaling": {"min": 3, "max": 3}},
        severity="warning",
        says=("1 workers x 1100Mi",),
    ),
    Case(
        "AID103",
        "scaling.memory",
        "80%",
        None,
        {"app": {"workers": 2, "memory": {"request": "2Gi", "limit": "6Gi"}}},
        says=("107 %",),
    ),
    Case("AID104", "database.max_connections", 451, 450, severity="warning", says=("451", "450", "4,294,967,296")),
    Case(
        "AID104",
        "targets.ecs.database_class",
        "db.t4g.micro",
        "db.t4g.medium",
        {"database": {"max_connections": 200}},
        target="ecs",
        severity="warning",
        says=("112", "db.t4g.micro"),
    ),
    Case("AID104", "database.memory", "1Gi", "4Gi", MANY, target="cloudrun", severity="warning", says=("422",)),
    Case("AID104", "database.memory", "1Gi", "8Gi", MANY, target="aci", severity="warning", says=("225",)),
    Case(
        "AID105",
        "app.memory.request",
        "1Gi",
        "3300Mi",
        {"app": {"workers": 3, "memory": {"limit": "6Gi"}}},
        severity="warning",
        says=("3 workers x 1100Mi = 3300Mi",),
    ),
    Case("AID106", "scaling.max", 150, 60, POOLED, target="cloudrun", says=("150", "= 156", "97")),
    Case("AID106", "scaling.max", 92, 91, POOLED, target="cloudrun", severity="warning", says=("93 poolers", "= 98")),
    Case("AID106", "scaling.max", 200, 20, POOLED, target="ecs", says=("200 poolers",)),
    Case(
        "AID107", "scaling.max", 119, 120, BUSY, target="lambda", severity="warning", says=("100 streams + 20", "119")
    ),
    Case(
        "AID107",
        "targets.cloudrun.concurrency",
        11,
        12,
        {**BUSY, "targets": {"cloudrun": {"project": "example-project", "region": "europe-west1"}}},
        target="cloudrun",
        severity="warning",
        says=("120 requests at once", "10 instances x 11 requests = 110"),
    ),
    Case(
        "AID107",
        "load.streams",
        5000,
        0,
        {"scaling": {"max": 30}},
        target="lambda",
        severity="warning",
        says=("5,020",),
    ),
    Case(
        "AID108",
        "targets.ecs.cache_node",
        "cache.t4g.micro",
        "cache.t4g.medium",
        target="ecs",
        severity="warning",
        says=("384 MiB", "1536Mi"),
    ),
    Case(
        "AID108",
        "targets.ecs.database_class",
        "db.t4g.micro",
        "db.t4g.medium",
        target="ecs",
        severity="warning",
        says=("1Gi", "4Gi"),
    ),
    Case(
        "AID109",
        "sandbox.memory",
        "4Gi",
        "512Mi",
        {"sandbox": {"mode": "gvisor"}},
        severity="warning",
        says=("6.0 GiB",),
    ),
    Case("AID110", "scaling.max", 901, 900, target="lambda", severity="warning", says=("901", "900")),
    Case("AID111", "app.memory", "12Gi", "8Gi", target="cloudrun", severity="info", says=("4 cores", "given 2")),
    Case("AID111", "app.memory", "20Gi", "8Gi", target="ecs", severity="info", says=("4 cores",)),
    Case(
        "AID111",
        "app.memory",
        "20Gi",
        "8Gi",
        {"targets": {"ecs": {"cpu": "2"}}},
        target="ecs",
        severity="info",
        says=("given 2", "aisearch.yaml"),
    ),
    Case("AID112", "scaling.cpu", "91%", "90%", {"app": {"cpu": "2"}}, says=("2.00 cores", "2 at most")),
    Case("AID112", "app.cpu", "2", {"request": "1", "limit": "2"}, {"scaling": {"cpu": "100%"}}, target="helm"),
    Case("AID113", "app.gpu.count", 2, 0, severity="info", says=("(10 replicas + 1 surging) x 2 = 22",)),
    Case("AID114", "database.max_connections", 20, 25, ALONE, target="aci", says=("20 connections", "25 to 5,000")),
    Case("AID114", "database.max_connections", 5001, 5000, ALONE, target="aci", says=("5,001",)),
    Case(
        "AID114",
        "database.max_connections",
        29,
        30,
        overlaid(ALONE, {"app": {"workers": 1}, "database": {"pooler": "none"}}),
        target="aci",
        says=("15 connections are asked for", "14 are left", "29 - 15"),
    ),
)
