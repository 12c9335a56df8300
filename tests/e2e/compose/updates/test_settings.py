"""Other settings of the same version, by the runbook's own steps."""

from __future__ import annotations

import pytest

from tests.e2e.compose.updates.service import Service, assert_unnoticed, tell
from tests.e2e.net.internet import Machine

pytestmark = pytest.mark.drill


def test_an_edge_that_cannot_start_is_refused_before_anything_is_touched(service: Service) -> None:
    before = {each["Id"] for each in service.stack.containers()}
    configuration = service.stack.folder / "edge" / "nginx.conf"
    configuration.write_text(configuration.read_text().replace("events {", "event {"))
    done = []
    record, seconds = service.during(lambda: done.append(service.update()))
    tell("update.sh with an nginx.conf that is none", record, seconds)
    print(f"it says:\n{done[0].stderr}")
    assert done[0].returncode == 1
    assert 'unknown directive "event"' in done[0].stderr
    assert_unnoticed(record)
    assert {each["Id"] for each in service.stack.containers()} == before


def test_a_setting_of_the_app_and_one_of_the_edge_are_taken_up_unnoticed(service: Service, alice: Machine) -> None:
    """Compose does not make a container anew because a mounted file has changed, such as nginx.conf: update.sh looks.

    What the chapter says about files of other services is not needed for these.
    """
    client = service.stack.client(alice)
    before = {each["Id"] for each in service.stack.containers()}
    assert client.ask("GET", "/").header("Strict-Transport-Security")[0].startswith("max-age=63072000")

    service.render({"logs": {"level": "DEBUG"}, "edge": {"hsts": "90d"}})
    record, seconds = service.during(lambda: service.follow("Change a setting", without="--force-recreate"))
    tell("another log level of the app, another header of the edge", record, seconds)

    assert_unnoticed(record)
    replicas = service.stack.containers("app")
    assert all("LOG_LEVEL=DEBUG" in each["Config"]["Env"] for each in replicas)
    assert client.ask("GET", "/").header("Strict-Transport-Security")[0].startswith("max-age=7776000")
    kept = {each["Id"] for each in service.stack.containers()}
    assert len(before - kept) == len(replicas) == 2, "everything else went on"


def test_what_needs_a_new_edge_gets_one(running: Service, alice: Machine) -> None:
    """The first API keys: a running edge has no file with them, so its new nginx.conf would not load."""
    key = "0123456789abcdef0123456789abcdef"
    (running.stack.secrets / "API_KEYS").write_text(f"alice {key}\n")
    running.render({"api_keys": {}, "scaling": {"min": 1}})
    done = running.update()
    print(f"\nit says:\n{done.stderr}")
    assert done.returncode == 0
    assert "The edge is made anew" in done.stderr
    client = running.stack.client(alice)
    assert client.ask("GET", "/whoami").status == 401
    assert client.ask("GET", "/whoami", headers={"X-API-Key": key}).status == 200
