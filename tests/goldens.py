"""Where the goldens are and how they are made. `python -m tests.goldens` renders them anew; CI only compares."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from aisearch_deploy.config.load import Document, parse
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.named import environment_names
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.render.pipeline import render
from aisearch_deploy.targets.registry import TARGETS, target_named

CHECKOUT = Path(__file__).resolve().parent.parent
EXAMPLES = CHECKOUT / "examples"
GOLDENS = CHECKOUT / "tests" / "golden"
# The guide's own numbers: rendered and validated, but nothing to hold on to.
WITHOUT_GOLDENS = frozenset({"seed"})


class Case(NamedTuple):
    """One target folder of one example."""

    example: str
    environment: str | None
    target: str

    @property
    def folder(self) -> Path:
        """Where its golden is."""
        return GOLDENS / self.example / (self.environment or "base") / self.target

    def __str__(self) -> str:
        return f"{self.example}-{self.environment or 'base'}-{self.target}"


def examples() -> list[str]:
    """Every example with a config."""
    return sorted(path.parent.name for path in EXAMPLES.glob("*/aisearch.yaml"))


def cases(names: list[str] | None = None) -> Iterator[Case]:
    """Every environment of every example on every target that can carry it."""
    for example in names or examples():
        for environment in environment_names(document(example)) or [None]:
            for target in TARGETS:
                case = Case(example, environment, target)
                if target_named(target).refuses(deployment(case)) is None:
                    yield case


def document(example: str) -> Document:
    """The example's config, under a name that is the same on every machine."""
    path = EXAMPLES / example / "aisearch.yaml"
    return parse(path.read_bytes(), str(path))


def deployment(case: Case) -> Deployment:
    """The resolved deployment of one case."""
    return resolve(document(case.example), case.environment, target_named(case.target).TRAITS)


def rendered(case: Case) -> dict[str, bytes]:
    """What the tool renders now, by path."""
    return render(case.target, target_named(case.target).plan(deployment(case)))


def executable(case: Case) -> set[str]:
    """The paths that are rendered executable."""
    return {file.path for file in target_named(case.target).plan(deployment(case)).files if file.executable}


def golden_cases() -> list[Case]:
    """The cases that have goldens."""
    return list(cases([name for name in examples() if name not in WITHOUT_GOLDENS]))


def main() -> None:
    """Replaces every golden."""
    for case in golden_cases():
        shutil.rmtree(case.folder, ignore_errors=True)
        runnable = executable(case)
        for path, content in rendered(case).items():
            place = case.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            place.chmod(0o755 if path in runnable else 0o644)
        print(case.folder.relative_to(CHECKOUT))


if __name__ == "__main__":
    main()
