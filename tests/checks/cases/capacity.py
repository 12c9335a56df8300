"""Rules on connections, memory and replicas."""

from __future__ import annotations

from tests.checks.cases.sound import Case

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
)
