"""RUNBOOK.md and a person's own additions: complete, and about what is really there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from aisearch_deploy.config.load import load
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.render.pipeline import render
from aisearch_deploy.targets import compose
from tests.targets.composed import CASES, case, config


@pytest.fixture(params=CASES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_runbook_is_complete(name: str) -> None:
    text = case(name)[0]["RUNBOOK.md"]
    headings = set(re.findall(r"^## (.+)$", text, re.MULTILINE))
    assert headings == {
        "Deploy",
        "Secrets",
        "Verify",
        "Update",
        "Roll back",
        "Scale",
        "Change a setting",
        "Back up",
        "Restore",
        "Rotate secrets",
        "Certificates",
        "It does not start",
        "High memory",
        "Slow answers",
        "Certificate errors",
        "Maintenance",
        "How far this is proven",
    }
    for anchor in re.findall(r"\]\(#([a-z-]+)\)", text):
        assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
    assert not re.search(r"<[a-zA-Z ]+>|\bTODO\b|\bYOUR_", text.replace("<!--", ""))


def test_the_runbook_names_only_what_is_there(name: str) -> None:
    files, parsed = case(name)
    text = files["RUNBOOK.md"]
    for script in re.findall(r"\./([a-z/-]+\.sh)", text):
        assert script in files, script
    for service in re.findall(r"docker compose (?:logs(?: --\S+(?: \d+)?)*|exec|restart) ([a-z]+)\b", text):
        assert service in parsed["services"], service
    for service in re.findall(r"docker compose run --rm(?: -T)? ([a-z]+)\b", text):
        assert service in parsed["services"], service


def deployed_beside(place: Path, patch: str) -> Deployment:
    """A deployment with one file below patches/compose/."""
    file = place / "patches" / "compose" / patch
    file.parent.mkdir(parents=True)
    file.write_text("services: {}\n")
    (place / "aisearch.yaml").write_text(yaml.safe_dump(config()))
    return resolve(load(place / "aisearch.yaml"), None, compose.TRAITS)


def test_a_persons_override_is_copied_and_named(tmp_path: Path) -> None:
    deployment = deployed_beside(tmp_path, "compose.override.yaml")
    assert compose.refuses(deployment) is None
    plan = compose.plan(deployment)
    file = next(file for file in plan.files if file.path == "compose.override.yaml")
    assert file.content == b"services: {}\n"
    assert "patches/compose/compose.override.yaml" in file.about
    runbook = render("compose", plan)["RUNBOOK.md"].decode()
    assert "`compose.override.yaml` is your own" in runbook


def test_a_patch_that_nothing_would_read_is_refused(tmp_path: Path) -> None:
    assert "patches/compose/app.yaml" in (compose.refuses(deployed_beside(tmp_path, "app.yaml")) or "")
