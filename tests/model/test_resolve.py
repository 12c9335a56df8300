"""Which layer wins, and where each value says that it comes from."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from aisearch_deploy.config.load import ConfigPath, dotted
from aisearch_deploy.errors import ConfigInvalid, UsageError
from aisearch_deploy.findings import Position
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.layers import Origin
from aisearch_deploy.model.places import value_at
from tests.model.deployments import COMPOSE, K8S, deployment, example

# Every layer that can set load.streams, from the one that wins to the one that always gives way, each with its number.
LAYERS: dict[str, tuple[str, int]] = {
    "the environment's target block": ("{targets: {k8s: {override: {load: {streams: 9}}}}}", 9),
    "the target's block": ("targets: {k8s: {override: {load: {streams: 8}}}}", 8),
    "the environment": ("{load: {streams: 7}}", 7),
    "the base": ("load: {streams: 6}", 6),
    "the environment's preset": ("{preset: large}", 500),
    "the base's preset": ("preset: medium", 100),
}
IN_ENVIRONMENT = {name for name in LAYERS if name.startswith("the environment")}


def with_layers(names: tuple[str, ...]) -> Deployment:
    base = "".join(f"{LAYERS[name][0]}\n" for name in names if name not in IN_ENVIRONMENT)
    inner = [LAYERS[name][0].removeprefix("{").removesuffix("}") for name in names if name in IN_ENVIRONMENT]
    return deployment(f"{base}environments: {{production: {{{', '.join(inner)}}}}}\n", K8S, "production")


@pytest.mark.parametrize(
    "names", [pair for size in (1, 2, 3, 6) for pair in combinations(LAYERS, size)], ids=lambda names: " > ".join(names)
)
def test_the_higher_layer_wins(names: tuple[str, ...]) -> None:
    assert with_layers(names).config.load.streams == LAYERS[names[0]][1]


def test_without_any_layer_the_smallest_preset_counts() -> None:
    assert deployment().config.preset == "small"
    assert deployment().config.load.streams == 20


def test_mappings_are_merged_and_lists_are_replaced() -> None:
    config = deployment(
        """\
labels: {team: search, tier: front}
environments: {staging: {labels: {tier: back}, domains: [staging.example.com]}}
""",
        environment="staging",
    ).config
    assert config.labels == {"team": "search", "tier": "back"}
    assert config.domains == ["staging.example.com"]


def test_null_takes_an_optional_block_away() -> None:
    more = "api_keys: {}\nrate_limit: {requests: 5}\nenvironments: {dev: {api_keys: null, rate_limit: null}}\n"
    config = deployment(more, environment="dev").config
    assert config.api_keys is None
    assert config.rate_limit is None


def test_an_override_of_one_target_does_not_touch_another() -> None:
    more = "targets: {compose: {override: {scaling: {max: 5}}}, k8s: {}}\npreset: medium\n"
    assert deployment(more, COMPOSE).config.scaling.max == 5
    assert deployment(more, K8S).config.scaling.max == 10


def test_the_contract_lies_between_presets_and_what_is_written() -> None:
    local = "preset: medium\ncontract: local-state\n"
    assert deployment(local).config.scaling.max == 1  # not the preset's 10
    assert deployment(local + "logs: {max_files: 3}\napp: {workers: 2}\n").config.app.workers == 2


@pytest.mark.parametrize(
    ("more", "environment"),
    [
        ("contract: local-state\n", None),
        ("contract: {extends: local-state}\n", None),
        ("environments: {dev: {contract: local-state}}\n", "dev"),
        ("contract: shared-state\nenvironments: {dev: {contract: {extends: local-state}}}\n", "dev"),
        ("targets: {compose: {override: {contract: local-state}}}\n", None),
    ],
)
def test_every_layer_can_choose_the_contract(more: str, environment: str | None) -> None:
    config = deployment(more, environment=environment).config
    assert config.contract.extends == "local-state"
    assert config.database.engine == "sqlite"


def test_a_contract_of_ones_own_starts_from_one_of_ours() -> None:
    contract = deployment("contract: {port: 9000, state: {uploads: /data/up}}\n").config.contract
    assert (contract.port, contract.state.uploads, contract.state.models) == (9000, "/data/up", "/app/.cache")


@pytest.mark.parametrize(
    ("written", "request_", "limit"),
    [("7Gi", 7 * 2**30, 7 * 2**30), ("{request: 2Gi}", 2 * 2**30, 4 * 2**30), ("{limit: 8Gi}", 4 * 2**30, 8 * 2**30)],
)
def test_memory_in_short_and_in_part(written: str, request_: int, limit: int) -> None:
    memory = deployment(f"app: {{memory: {written}}}\n").config.app.memory
    assert (memory.request, memory.limit) == (request_, limit)


@pytest.mark.parametrize(("written", "millicores"), [("2", 2000), ("1.5", 1500), ('"1.5"', 1500), ("500m", 500)])
def test_cores_in_short(written: str, millicores: int) -> None:
    cpu = deployment(f"app: {{cpu: {written}}}\n").config.app.cpu
    assert (cpu.request, cpu.limit) == (millicores, millicores)


# Where a value comes from: (what is written from line 6 on, path, origin, detail, position)
EVERYWHERE = """\
preset: medium
scaling: {min: 4}
app: {memory: 7Gi}
secrets:
  names: [A, B]
targets:
  compose:
    override: {logs: {level: DEBUG}}
environments:
  production:
    preset: large
    cache: {ttl: 2h}
    targets: {compose: {override: {logs: {max_files: 9}}}}
"""
SOURCES: list[tuple[str, ConfigPath, Origin, str, tuple[int, int] | None]] = [
    ("base", ("scaling", "min"), Origin.BASE, "", (7, 16)),
    ("base, in a list", ("secrets", "names", 1), Origin.BASE, "", (10, 14)),
    ("base, a whole block", ("secrets",), Origin.BASE, "", (10, 3)),
    ("shorthand stands for what it means", ("app", "memory", "limit"), Origin.BASE, "", (8, 15)),
    ("required settings", ("image", "tag"), Origin.BASE, "", (5, 53)),
    ("environment", ("cache", "ttl"), Origin.ENVIRONMENT, "production", (17, 18)),
    ("environment's choice of preset", ("preset",), Origin.ENVIRONMENT, "production", (16, 13)),
    ("the environment's preset", ("scaling", "max"), Origin.PRESET, "large", None),
    ("contract", ("contract", "port"), Origin.CONTRACT, "shared-state", None),
    ("target", ("logs", "level"), Origin.TARGET, "compose", (13, 30)),
    ("target in an environment", ("logs", "max_files"), Origin.TARGET, "compose", (18, 54)),
    ("default of the schema", ("logs", "format"), Origin.DEFAULT, "schema", None),
    ("formula", ("app", "workers"), Origin.FORMULA, "min(2 x cores + 1", None),
    ("formula", ("database", "pooler"), Origin.FORMULA, "workers x (pool.size", None),
]


@pytest.mark.parametrize(
    ("path", "origin", "detail", "place"), [row[1:] for row in SOURCES], ids=[r[0] for r in SOURCES]
)
def test_source(path: ConfigPath, origin: Origin, detail: str, place: tuple[int, int] | None) -> None:
    source = deployment(EVERYWHERE, environment="production").source(path)
    assert source.origin is origin
    assert source.detail.startswith(detail)
    assert source.position == (Position("aisearch.yaml", *place) if place else None)


def test_a_number_that_a_person_wrote_is_no_formula() -> None:
    found = deployment("app: {workers: 4}\ndatabase: {pooler: none}\n")
    assert found.source(("app", "workers")).origin is Origin.BASE
    assert found.source(("database", "pooler")).origin is Origin.BASE


def leaves(tree: Any, path: ConfigPath = ()) -> list[ConfigPath]:
    if isinstance(tree, dict) and tree:
        return [leaf for key, below in tree.items() for leaf in leaves(below, (*path, key))]
    return [path]


@pytest.mark.parametrize(
    ("name", "environment"),
    [("small", None), ("seed", None), ("repaired", None), ("local-state", None), ("large", "production")],
)
def test_every_leaf_of_an_example_has_a_source(name: str, environment: str | None) -> None:
    found = example(name, K8S, environment)
    for path in leaves(found.merged.tree):
        source = found.source(path)
        written = source.origin in (Origin.BASE, Origin.ENVIRONMENT, Origin.TARGET)
        assert written == (source.position is not None), dotted(path)


def test_formulas_name_inputs_that_exist() -> None:
    found = deployment("preset: medium\n", K8S)
    for path, source in found.formulas.items():
        assert source.inputs, path
        for name in source.inputs:
            assert value_at(found.merged.tree, tuple(name.split("."))) is not None, name


def test_positions_repeat_the_name_that_the_person_gave() -> None:
    found = example("small", COMPOSE)
    position = found.source(("name",)).position
    assert position is not None
    assert position.file.endswith("examples/small/aisearch.yaml")


# What resolve refuses before it looks at the rest.


def test_environments_need_a_choice() -> None:
    with pytest.raises(UsageError) as caught:
        deployment("environments: {staging: {}, production: {}}\n")
    assert caught.value.message == "aisearch.yaml has environments: staging, production."
    assert caught.value.fix == "Choose one with -e staging, or --all-environments."


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("environments: {production: {}}\n", "aisearch.yaml has no environment prodution. Did you mean production?"),
        ("environments: {dev: {}, qa: {}}\n", "aisearch.yaml has no environment prodution. There are dev, qa."),
        ("", "aisearch.yaml has no environments."),
    ],
)
def test_an_unknown_environment(more: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        deployment(more, environment="prodution")
    assert caught.value.message == message
    assert caught.value.fix


def test_all_findings_come_at_once_in_the_order_of_the_file() -> None:
    with pytest.raises(ConfigInvalid) as caught:
        deployment(
            """\
scaling: {min: 0}
nmae: x
app: {memmory: 6Gi, workers: many}
environments: {compose: {}, dev: {logs: {level: LOUD}}}
labels: {key: AKIAABCDEFGHIJKLMNOP}
""",
            environment="dev",
        )
    assert [finding.path for finding in caught.value.findings] == [
        "scaling.min",
        "nmae",
        "app.memmory",
        "app.workers",
        "environments.compose",
        "environments.dev.logs.level",
        "labels.key",
    ]


@pytest.mark.parametrize("key", ["version", "edition", "environments"])
def test_what_an_environment_may_not_change(key: str) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        deployment(f"environments: {{dev: {{{key}: 1}}}}\n", environment="dev")
    found = [(finding.path, finding.message) for finding in caught.value.findings]
    assert found == [(f"environments.dev.{key}", "cannot differ between environments.")]


@pytest.mark.parametrize("key", ["version", "edition", "environments", "preset", "targets"])
@pytest.mark.parametrize("root", ["", "environments.dev."])
def test_what_an_override_may_not_change(key: str, root: str) -> None:
    block = f"targets: {{compose: {{override: {{{key}: large}}}}}}"
    more = f"environments: {{dev: {{{block}}}}}\n" if root else f"{block}\n"
    with pytest.raises(ConfigInvalid) as caught:
        deployment(more, environment="dev" if root else None)
    found = [(finding.path, finding.message) for finding in caught.value.findings]
    assert found == [(f"{root}targets.compose.override.{key}", "cannot differ for one target.")]
