"""update.sh and rollback.sh under traffic, with an app that takes 12 s to start, beside the guide's way."""

from __future__ import annotations

import pytest

from tests.e2e.compose import app_image
from tests.e2e.compose.app_image import NEXT, VERSION
from tests.e2e.compose.config import Object
from tests.e2e.compose.updates.service import RATE, Service, assert_unnoticed, tell

pytestmark = pytest.mark.drill
REQUESTS = 3000
START = 12  # seconds
# Each replica that starts from then on, of either version.
SLOW: Object = {"app": {"startup": "15s", "env": {"START_DELAY": str(START)}}}


def test_an_update_and_a_rollback_lose_nothing_and_nobody_waits(service: Service) -> None:
    old = service.replicas()
    service.render(SLOW, {"image": {"tag": NEXT}})
    updated, seconds = service.during(lambda: service.follow("Update"))
    tell(f"update to {NEXT}", updated, seconds)
    assert_unnoticed(updated)
    assert list(updated.versions) == [VERSION, NEXT]
    assert images(service) == [app_image.name(NEXT)] * 2
    assert not set(old) & set(service.replicas())

    back, seconds = service.during(lambda: service.follow("Roll back"), REQUESTS - updated.sent)
    tell(f"rollback to {VERSION}", back, seconds)
    assert_unnoticed(back)
    assert updated.sent + back.sent >= REQUESTS
    assert list(back.versions) == [NEXT, VERSION]
    assert images(service) == [app_image.name(VERSION)] * 2


def test_g30_the_guides_way_loses_requests(service: Service) -> None:
    """`docker compose up -d --no-deps --build app`, behind our edge, with two replicas where the guide has one."""
    service.render(SLOW)
    command = ["up", "--detach", "--no-deps", "app"]
    new = {"APP_IMAGE": app_image.name(NEXT)}
    record, seconds = service.during(lambda: service.stack.compose(*command, variables=new), (START + 5) * RATE)
    tell("the guide's way, docker compose up -d --no-deps app", record, seconds)
    assert images(service) == [app_image.name(NEXT)] * 2
    assert len(record.lost) > START * RATE / 2


def images(service: Service) -> list[str]:
    return [each["Config"]["Image"] for each in service.stack.containers("app")]
