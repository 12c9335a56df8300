"""It starts as RUNBOOK.md says, and its own check from the outside agrees."""

from __future__ import annotations

import pytest

from tests.e2e.compose.client import Client
from tests.e2e.compose.stack import Stack

pytestmark = pytest.mark.e2e


def test_every_container_is_healthy(stack: Stack) -> None:
    containers = stack.containers()
    states = {each["Name"].strip("/"): each["State"]["Health"]["Status"] for each in containers}
    print(f"\n{states}")
    services = [each["Config"]["Labels"]["com.docker.compose.service"] for each in containers]
    assert sorted(services) == ["app", "app", "app", "cache", "db", "edge", "pooler"]
    assert set(states.values()) == {"healthy"}
    assert all(each["RestartCount"] == 0 for each in containers)


def test_verify_says_that_all_is_well(stack: Stack) -> None:
    found = stack.script("verify.sh")
    print(f"\n{found.stdout}")
    assert "FAIL" not in found.stdout
    assert found.stdout.count("  ok  ") >= 11


def test_starting_again_changes_nothing(stack: Stack) -> None:
    before = [each["Id"] for each in stack.containers()]
    stack.up()
    assert [each["Id"] for each in stack.containers()] == before


def test_the_app_keeps_and_finds_documents(caller: Client) -> None:
    """Through the edge, the pooler and the database; the second answer is the cache's."""
    new = b'{"documents": [{"title": "Heron", "body": "A grey bird."}]}'
    assert caller.ask("POST", "/documents", body=new, headers={"Content-Type": "application/json"}).status == 201
    answers = [caller.query("grey herons") for _ in range(2)]
    assert [answer.json()["results"][0]["title"] for answer in answers] == ["Heron", "Heron"]
    assert [answer.header("X-Cache") for answer in answers] == [["miss"], ["hit"]]
